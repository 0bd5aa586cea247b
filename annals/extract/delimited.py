"""CSV and TSV: the rows of a text file as a table whose cells are spans of the unchanged text."""

import re

from annals.extract.numberformat import is_numeric
from annals.model import Cell, Passage

_SEPARATORS = ",\t;|，"


def segment_rows(text: str) -> tuple[Passage, ...]:
    """Rows of one filled field are captions; the runs of rows between them are tables, their first rows the head.

    >>> text = '经费,单位：万元\\n项目,2022年\\n"讲座,含线上",120\\n'
    >>> table = segment_rows(text)[-1]
    >>> [text[cell.start:cell.end] for cell in table.cells if not cell.header]
    ['讲座,含线上', '120']
    """
    passages: list[Passage] = []
    block: list[list[Cell]] = []
    separator = _separator(text)
    for fields in _rows(text, separator):
        filled = [field for field in fields if field[0] < field[1]]
        if len(filled) == 1:
            _close(text, block, passages)
            passages.append(Passage(kind="caption", start=filled[0][0], end=filled[0][1]))
        elif filled:
            row = len(block)
            block.append([Cell(row=row, column=i, start=low, end=high) for i, (low, high) in enumerate(fields)])
        else:
            _close(text, block, passages)
    _close(text, block, passages)
    return tuple(passages)


def _separator(text: str) -> str:
    """The sign that most lines of the head hold the same number of times, more than none."""
    lines = [re.sub('"[^"]*"', "", line) for line in text[:20_000].splitlines()[:50] if line.strip()]

    def agreement(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0), usual

    return max(_SEPARATORS, key=agreement)


def _rows(text: str, separator: str) -> list[list[tuple[int, int]]]:
    """The spans of all fields, without their quotes and outer blanks; a quoted field may hold line breaks."""
    field = re.compile(rf'[ ]*"((?:[^"]|"")*+)"[^{separator}\r\n]*+|([^{separator}\r\n]*+)')
    rows: list[list[tuple[int, int]]] = []
    row: list[tuple[int, int]] = []
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        found = field.match(text, at)
        assert found is not None  # the second branch matches nothing at all
        low, high = found.span(1) if found.group(1) is not None else found.span(2)
        while low < high and text[low].isspace():
            low += 1
        while low < high and text[high - 1].isspace():
            high -= 1
        row.append((low, high))
        at = found.end()
        ended = text[at : at + 1]
        at += 2 if text.startswith("\r\n", at) else 1
        if ended != separator:
            rows.append(row)
            row = []
    if row:
        rows.append(row)
    return rows


def _close(text: str, block: list[list[Cell]], passages: list[Passage]) -> None:
    if not block:
        return
    heads = next(
        (index for index, row in enumerate(block) if any(is_numeric(text[c.start : c.end]) for c in row[1:])), 1
    )
    cells = tuple(
        Cell(row=cell.row, column=cell.column, start=cell.start, end=cell.end, header=index < heads)
        for index, row in enumerate(block)
        for cell in row
    )
    passages.append(Passage(kind="table", start=cells[0].start, end=max(cell.end for cell in cells), cells=cells))
    block.clear()
