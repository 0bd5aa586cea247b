"""Columns of tables that end or begin with their total."""

import re
from collections import defaultdict
from collections.abc import Iterator

from annals.checks.precision import stated
from annals.checks.quoting import squeezed
from annals.model import Cell, Passage, Reading, Record

_TOTAL = re.compile(r"(?:合|总|共)计|总[数量额]|(?:全市|全省|全县|全区)?合计")
_NESTED = re.compile(r"其中|小计|编码|代码|科目|[#＃*]|(?:合计|总计).*(?:合计|总计)", re.DOTALL)
_LAYERED = re.compile(r"^(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|\d+[.．、])")
_NUMBER = re.compile(r"[-+\d.,，%]+")
_NOTHING = re.compile(r"[-—–/\\0.]*")
_FEWEST = 2  # parts


class Column(Record, frozen=True, kw_only=True):
    """One column: places in the figures of the notice, of the parts by their rows, and of the total of them."""

    rows: tuple[int, ...]
    parts: tuple[int, ...]
    total: int
    header: str
    labels: tuple[str, ...]


def totalled(reading: Reading) -> Iterator[list[Column]]:
    """For each table with one row of totals, first or last, its columns of exact numbers without a gap.

    Tables that take a row apart again (其中, 小计, numbered layers) add up to more than their total, and have none.
    """
    if "计" not in reading.text or not any(passage.kind == "table" for passage in reading.passages):
        return
    figures = {figure.start: index for index, figure in enumerate(reading.figures)}
    for passage in reading.passages:
        if passage.kind == "table" and "计" in reading.text[passage.start : passage.end]:
            columns = _columns(reading, passage, figures)
            if columns:
                yield columns


def _columns(reading: Reading, table: Passage, figures: dict[int, int]) -> list[Column]:
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    for cell in table.cells:
        rows[cell.row][cell.column] = cell
    order = sorted(rows)
    text = reading.text

    def said(cell: Cell | None) -> str:
        return "" if cell is None else squeezed(text[cell.start : cell.end])

    def figure(cell: Cell | None) -> int | None:
        if cell is None:
            return None
        return next((figures[at] for at in range(cell.start, cell.end) if at in figures), None)

    labels = {
        row: next((one for at in sorted(rows[row]) if (one := said(rows[row][at])) and not _NUMBER.fullmatch(one)), "")
        for row in order
    }
    totals = [row for row in order if _TOTAL.fullmatch(labels[row])]
    data = [row for row in order if any(figure(cell) is not None for cell in rows[row].values())]
    if len(totals) != 1 or len(data) <= _FEWEST or totals[0] not in (data[0], data[-1]):
        return []
    total, parts = totals[0], [row for row in order[order.index(data[0]) :] if row != totals[0]]
    names = [labels[row] for row in parts]
    if _NESTED.search(text, table.start, table.end) or len(set(names)) < len(names) or not all(names):
        return []
    if any(map(_LAYERED.search, names)):
        return []
    found = []
    for column, cell in rows[total].items():
        whole = figure(cell)
        if whole is None:
            continue
        held = [(row, figure(rows[row].get(column))) for row in parts]
        if any(one is None and not _NOTHING.fullmatch(said(rows[row].get(column))) for row, one in held):
            continue
        own = [(row, one) for row, one in held if one is not None]
        like = reading.figures[whole]
        if len(own) < _FEWEST or stated(like) is None or any(stated(reading.figures[one]) is None for _, one in own):
            continue
        if any(
            (one.unit, one.kind, one.measure, one.year, one.role)
            != (like.unit, like.kind, like.measure, like.year, like.role)
            for one in (reading.figures[index] for _, index in own)
        ):
            continue
        found.append(
            Column(
                rows=(*(row for row, _ in own), total),
                parts=tuple(one for _, one in own),
                total=whole,
                header=" ".join(said(rows[row].get(column)) for row in order if row < data[0]),
                labels=tuple(labels[row] for row, _ in own),
            )
        )
    return found
