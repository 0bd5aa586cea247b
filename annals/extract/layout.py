"""Runs of text on a page → lines in reading order.

The page is cut along its gutters: a strip of rows that share one becomes columns, each read on its own (after Nagy's
XY-cut, but driven by rows, so that a headline over some of the columns does no harm). What is not cut is read row by
row. The same cutting serves characters of a PDF and boxes of recognised lines.
"""

import itertools
import re
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

_GUTTER = 0.8  # em; narrower gaps between words and numbers are common
_ROWS = 4  # rows on either side that a gutter must part
_COLUMN = 6.0  # em; narrower columns hold list numbers and the like
_FILLED = 0.6  # share of its column that a typical line of prose fills; cells of a table are shorter
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTER_SPACED = re.compile(r"[\u3400-\u9fff]{1,2}(?:\s+[\u3400-\u9fff（）〔〕、，：0-9]{1,2})+")


class Run(Struct, gc=False):
    """Characters of one line that stand together, with the left and right edge of each (points, from above left)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    lefts: list[float]
    rights: list[float]
    spaced: bool = False  # whether the file has a blank before it
    confidence: float | None = None
    angle: int = 0  # degrees, against the clock


class Line(Struct, gc=False):
    """A line in its column. `column_left` and `column_right` are the margins it is set to; `block` counts columns."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    column_left: float
    column_right: float
    block: int
    confidence: float | None = None


class _Row(Struct):
    """Runs on one baseline, and their stretches parted by gaps that could be gutters."""

    runs: list[Run]
    stretches: list[tuple[float, float]]


def read_lines(runs: Sequence[Run]) -> list[Line]:
    """All lines of the runs in reading order."""
    if not runs:
        return []
    em = median(run.size for run in runs for _ in run.text)
    blocks: list[list[_Row]] = []
    _cut(_rows(runs, em), em, blocks)
    lines: list[Line] = []
    for number, rows in enumerate(blocks):
        lines += _lines(rows, number)
    return lines


def _rows(runs: Sequence[Run], em: float) -> list[_Row]:
    rows: list[list[Run]] = []
    base = None
    for run in sorted(runs, key=lambda run: run.baseline):
        if base is None or run.baseline - base > 0.4 * min(run.size, rows[-1][0].size):
            rows.append([])
            base = run.baseline
        rows[-1].append(run)
    return [_row(row, em) for row in rows]


def _row(runs: list[Run], em: float) -> _Row:
    runs.sort(key=lambda run: run.left)
    stretches: list[tuple[float, float]] = []
    for run in runs:
        if stretches and run.left - stretches[-1][1] < _GUTTER * em:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], run.right))
        else:
            stretches.append((run.left, run.right))
    return _Row(runs=runs, stretches=stretches)


class _Strip(Struct, frozen=True):
    """Rows `first` to before `last`, parted at `x` into columns."""

    first: int
    last: int
    x: float


def _cut(rows: list[_Row], em: float, blocks: list[list[_Row]], known: tuple[float, ...] = ()) -> None:
    """Append the blocks of these rows in reading order; `known` are gutters of the rows around them, which hold for
    strips too short to prove one of their own."""
    if not rows or (not any(len(row.stretches) > 1 for row in rows) and _is_one_column(rows, em)):
        blocks += [rows] if rows else []
        return
    known = (*known, *(strip.x for strip in _strips(rows, em, known)))
    strip = _longest_strip(rows, em, known)
    if strip is None:
        blocks.append(rows)
        return
    _cut(rows[: strip.first], em, blocks, known)
    for side in (False, True):
        part = []
        for row in rows[strip.first : strip.last]:
            runs = [run for run in row.runs if (run.left + run.right > 2 * strip.x) == side]
            if runs:
                part.append(_row(runs, em))
        _cut(part, em, blocks, known)
    _cut(rows[strip.last :], em, blocks, known)


def _longest_strip(rows: list[_Row], em: float, known: tuple[float, ...]) -> _Strip | None:
    strips = _strips(rows, em, known)
    # A headline over some columns ends the gutters beside it too: what is below it is read after what is above.
    parted = [
        part
        for strip in strips
        for part in _part_at(strip, [row for row in range(strip.first, strip.last) if _is_headline(rows, row, strips)])
        if _holds(rows[part.first : part.last], part.x, em, known)
    ]
    return max(parted, key=lambda strip: strip.last - strip.first, default=None)


def _is_one_column(rows: list[_Row], em: float) -> bool:
    left = min(row.stretches[0][0] for row in rows)
    right = max(row.stretches[-1][1] for row in rows)
    return all(
        row.stretches[0][0] < (left + right) / 2 < row.stretches[-1][1] or row.stretches[0][0] < left + 4 * em
        for row in rows
    )


def _strips(rows: list[_Row], em: float, known: tuple[float, ...]) -> list[_Strip]:
    """All series of rows that a gutter parts into columns of prose."""
    left = min(row.stretches[0][0] for row in rows)
    strips: list[_Strip] = []
    for x in sorted({*known, *_candidates(rows, left, em)}):
        first = None
        for index in range(len(rows) + 1):
            free = index < len(rows) and not _crosses(rows[index], x, em / 8)
            if free and first is None:
                first = index
            if not free and first is not None:
                start, end = _trim(rows, first, index, x)
                if _holds(rows[start:end], x, em, known):
                    strips.append(_Strip(start, end, x))
                first = None
    return strips


def _crosses(row: _Row, x: float, margin: float) -> bool:
    return any(run.left - margin < x < run.right + margin for run in row.runs)


def _is_headline(rows: list[_Row], index: int, strips: list[_Strip]) -> bool:
    """Whether a row stands alone at its height and goes over a gutter that is right above or below it."""
    row = rows[index]
    if len(row.stretches) != 1:
        return False
    for neighbour in rows[max(0, index - 1) : index] + rows[index + 1 : index + 2]:
        one, other = row.runs[0], neighbour.runs[0]
        if min(one.bottom, other.bottom) - max(one.top, other.top) > 0.3 * min(one.size, other.size):
            return False
    start, end = row.stretches[0]
    return any(
        start < strip.x < end and (strip.last == index or strip.first == index + 1)
        for strip in strips
        if end - strip.x > row.runs[0].size < strip.x - start
    )


def _part_at(strip: _Strip, cuts: list[int]) -> list[_Strip]:
    edges = [strip.first - 1, *cuts, strip.last]
    return [_Strip(one + 1, other, strip.x) for one, other in itertools.pairwise(edges) if other > one + 1]


def _candidates(rows: list[_Row], left: float, em: float) -> list[float]:
    """Just before the stretches that begin in mid-page, as often as two rows agree: where gutters can be."""
    starts = [start for row in rows for start, _ in row.stretches[1:]]
    starts += [row.stretches[0][0] for row in rows if row.stretches[0][0] > left + _COLUMN * em]
    groups: list[list[float]] = []
    for start in sorted(starts):
        if groups and start - groups[-1][-1] < em / 4:  # recognised lines begin a little here and there
            groups[-1].append(start)
        else:
            groups.append([start])
    return [group[0] - _GUTTER * em / 2 for group in groups if len(group) >= 2]


def _trim(rows: list[_Row], first: int, last: int, x: float) -> tuple[int, int]:
    """Leave out rows at the ends of a strip that are on its left alone and do not belong to the column there."""
    start, end = first, last
    while start < end and rows[start].stretches[-1][1] < x and _apart(rows, start):
        start += 1
    while end > start and rows[end - 1].stretches[-1][1] < x and _apart(rows, end - 2):
        end -= 1
    return start, end


def _apart(rows: list[_Row], index: int) -> bool:
    """Whether the row after this one stands farther off than lines of a paragraph do, or is set in another size."""
    if not 0 <= index < len(rows) - 1:
        return False
    here, after = rows[index].runs[0], rows[index + 1].runs[0]
    return (
        after.baseline - here.baseline > 2.4 * min(here.size, after.size)
        or abs(here.size - after.size) > 0.2 * here.size
    )


def _holds(rows: list[_Row], x: float, em: float, known: tuple[float, ...]) -> bool:
    """Whether rows parted at x are columns of running text and not a table without rules."""
    proven = any(abs(x - other) < em for other in known)
    for side in (False, True):
        spans = []
        for row in rows:
            part = [run for run in row.runs if (run.left > x) == side]
            if part:
                spans.append((part[0].left, part[-1].right, sum(run.right - run.left for run in part)))
        if len(spans) < (1 if proven else _ROWS):
            return False
        if proven:
            continue
        width = max(span[1] for span in spans) - min(span[0] for span in spans)
        if width < _COLUMN * em or median(span[2] for span in spans) < _FILLED * width:
            return False
    return True


# --- rows → lines ----------------------------------------------------------------------------------


def _lines(rows: list[_Row], block: int) -> list[Line]:
    left = _margin([row.runs[0].left for row in rows], smallest=True)
    right = _margin([row.runs[-1].right for row in rows], smallest=False)
    lines = []
    for row in rows:
        text = row_text(row.runs)
        if text:
            known = [run.confidence for run in row.runs if run.confidence is not None]
            lines.append(
                Line(
                    text=text,
                    left=row.runs[0].left,
                    top=min(run.top for run in row.runs),
                    right=max(run.right for run in row.runs),
                    bottom=max(run.bottom for run in row.runs),
                    size=max(row.runs, key=lambda run: len(run.text)).size,
                    column_left=left,
                    column_right=right,
                    block=block,
                    confidence=min(known, default=None),
                )
            )
    return lines


def _margin(edges: list[float], *, smallest: bool) -> float:
    """The margin of a column: its outermost edge that is not alone."""
    ordered = sorted(edges, reverse=not smallest)
    for edge, following in itertools.pairwise(ordered):
        if abs(edge - following) < 3.0:
            return edge
    return ordered[0]


def row_text(runs: list[Run]) -> str:
    """The text of runs on one baseline, from left to right, each character once."""
    if any(after.left < before.right - 0.3 * before.size for before, after in itertools.pairwise(runs)):
        runs = _untangle(runs)
    # Characters set wide apart are one word: 通　知 in a title, not two.
    wide = len(runs) > 2 and all(len(run.text) == 1 and _HAN.match(run.text) for run in runs)
    text = runs[0].text
    for before, after in itertools.pairwise(runs):
        gap = (after.left - before.right) / max(before.size, after.size)
        blank = after.spaced or gap > (0.15 if _is_word(text[-1]) and _is_word(after.text[0]) else 0.9)
        text += (" " if blank and not wide else "") + after.text
    return join_letter_spaced(text)


def join_letter_spaced(text: str) -> str:
    """
    >>> join_letter_spaced("工 作 要 点")
    '工作要点'
    >>> join_letter_spaced("云川市科协 办公室")
    '云川市科协 办公室'
    """
    if " " in text and _LETTER_SPACED.fullmatch(text):
        parts = text.split()
        if sum(len(part) == 1 for part in parts) > 0.7 * len(parts):
            return "".join(parts)
    return text


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _untangle(runs: list[Run]) -> list[Run]:
    """Overlapping runs, printed over each other for boldness or shadow, as one; each character once, by place."""
    glyphs = []
    for run in runs:
        if len(run.lefts) != len(run.text):
            return runs  # recognised lines know no characters; they do not double them either
        glyphs += [
            (left, right, character, run.baseline)
            for left, right, character in zip(run.lefts, run.rights, run.text, strict=True)
            if character != " "
        ]
    size = max(run.size for run in runs)
    kept: list[tuple[float, float, str, float]] = []
    for glyph in sorted(glyphs):
        if not any(glyph[2] == other[2] and glyph[0] - other[0] < 0.2 * size for other in kept[-6:]):
            kept.append(glyph)
    first = runs[0]
    out: list[Run] = []
    for left, right, character, baseline in kept:
        if out and left - out[-1].right < 0.5 * size:
            run = out[-1]
            run.text += character
            run.lefts.append(left)
            run.rights.append(right)
            run.right = max(run.right, right)
        else:
            out.append(
                Run(
                    text=character,
                    left=left,
                    top=first.top,
                    right=right,
                    bottom=first.bottom,
                    baseline=baseline,
                    size=size,
                    lefts=[left],
                    rights=[right],
                )
            )
    return out
