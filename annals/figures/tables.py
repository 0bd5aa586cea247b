"""Figures in tables: row and column headers give subject, year, unit and kind of statement.

A cell of prose is read like any paragraph; a cell that holds a number alone takes its meaning from its headers.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from annals.figures.flow import Paragraph, unwrap
from annals.figures.mentions import Mention, find_mentions
from annals.model import Cell, Document, FigureKind, Measure, Passage, Role

_INDEX = re.compile(
    r"^(?:序号|编号|次序|排名|名次|位次|位居|代码|编码|行次|栏次|电话|联系.*|邮编|年份|年度|时间|日期|文号|备注|页码|.*(?:代码|编码|编号|排名|位次|电话|日期))$"
)
_UNIT = re.compile(
    r"[（(【\[]\s*(?:单位[:：])?\s*([^（）()【】\[\]]{1,12})\s*[)）】\]]|[,，/]\s*(?:单位[:：]?)?(%|万元|亿元|元|人|万人)$"
)
_COUNTED = re.compile(r"(人次|场次|[件个家人户次项条份篇名所处场台辆册张套批起宗笔座对支])数$")
_UNIT_HEAD = re.compile(r"^(?:计量|计算)?单\s*位$")
_CAPTION_UNIT = re.compile(r"单位\s*[:：]\s*([^\s，。；;()（）|]{1,12})")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?")
_GROWTH = re.compile(r"增长|增速|同比|增减率|增幅|涨跌|±\s*%|\+-%|增减\s*[（(]?%")
_CHANGE = re.compile(r"增减|增加|变化|比上年|较上年")
_SHARE = re.compile(r"占比|比重|比例|占.*%|率$|构成")
_TARGET = re.compile(r"计划|目标|预算(?!执行)|预期|任务")
_ACTUAL = re.compile(r"完成|实际|实绩|决算|执行")
_WIDEST = 500  # columns
_INDEX_LIMIT = 200  # list numbers and ages of rows, not amounts
_GENERIC = re.compile(
    r"^(?:年末数?|期末数?|指\s*数|数量|数值|绝对[数量额]|指标值?|合计|总计|小计|本年|今年|上年|去年|全年|累计|本期|数据|结果|金额|.{0,4}完成情况|实绩|实际|计划|目标|预算数?|决算数?|执行数|情况)?$"
)
_TOTAL = re.compile(r"[合总小共]\s*计")
_LEAD = re.compile(
    r"^(?:其中\s*[:：]?|#|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[、.．](?!\d)|[-—·•])\s*"
)


_PROSE = re.compile(r"[，。；]|.{16}")
_Grid = dict[int, dict[int, tuple[Paragraph, Mention | None, Cell]]]


class Reading(NamedTuple):
    """One number alone in a cell, with what its headers say; None where they say nothing."""

    mention: Mention  # offsets into the cell's paragraph
    paragraph: Paragraph
    subject: str
    place: str  # the row's header, where it may name a region
    column: str
    unit: str
    kind: FigureKind
    scale: Decimal
    measure: Measure
    year: int | None
    role: Role | None
    quote: str


def prose_cells(document: Document, table: Passage) -> Iterator[Paragraph]:
    """The cells that say something in words, as paragraphs; headers of columns and rows are left to `numbers`."""
    grid = _grid(document, table)
    heads = _header_rows(grid)
    measured = {row for row, cells in grid.items() if any(m and not _is_index(m) for _, m, _ in cells.values())}
    for row, cells in grid.items():
        if row in heads and measured:
            continue
        for paragraph, mention, _ in cells.values():
            if mention is None and (row not in measured or _PROSE.search(paragraph.text)):
                yield paragraph


def numbers(document: Document, table: Passage, caption: str, base_year: int | None) -> Iterator[Reading]:
    """The cells that hold a number alone, as their headers explain it; numbers without any header are left out."""
    grid = _grid(document, table)
    heads = _header_rows(grid)
    headers = _column_headers(grid, heads)
    stated = _CAPTION_UNIT.search(caption)
    for row in sorted(grid):
        if row in heads:
            found = _CAPTION_UNIT.search(" ".join(p.text for p, _, _ in grid[row].values()))
            stated = found or stated
            continue
        label = next((p.text for c, (p, m, _) in sorted(grid[row].items()) if m is None and not p.text.isdigit()), "")
        units = (p.text for c, (p, m, _) in grid[row].items() if m is None and _UNIT_HEAD.match(headers.get(c, "")))
        own = next(units, "")
        level = ""  # the header of the amounts that a growth to their right belongs to
        for column, (paragraph, mention, _) in sorted(grid[row].items()):
            if mention is None:
                continue
            over = headers.get(column, "")
            if not _GROWTH.search(over):
                level = over
            if _INDEX.match(over) or (not over and not label) or (not over and column == 0):
                continue
            if mention.bare and not over and not label:
                continue
            unit = own or (stated[1] if stated else "")
            yield _reading(paragraph, mention, label, over, level, unit, base_year)


def _reading(
    paragraph: Paragraph,
    mention: Mention,
    label: str,
    over: str,
    level: str,
    caption_unit: str,
    base_year: int | None,
) -> Reading:
    unit, kind, scale = mention.unit, mention.kind, Decimal(1)
    if mention.bare:
        for words in (
            _unit_in(over),
            _unit_in(label),
            _counted_in(over),
            "%" if _GROWTH.search(over) or "%" in over else "",
            caption_unit,
        ):
            known = _unit(words) if words else None
            if known is not None:
                unit, kind, scale = known
                break
    growth = _GROWTH.search(over) is not None
    measure: Measure = "level"
    if unit == "百分点":
        measure = "change"
    elif kind == "percent":
        measure = "growth" if growth or (_CHANGE.search(over) and not _SHARE.search(over)) else "share"
    elif _CHANGE.search(over) and not growth:
        measure = "change"
    elif "新增" in over or "新增" in label:
        measure = "added"
    year = _year_of(over, base_year) or _year_of(label, base_year)
    role: Role | None = None
    if _TARGET.search(over) and not _ACTUAL.search(over):
        role = "target"
    elif _ACTUAL.search(over):
        role = "actual"
    return Reading(
        mention=mention,
        paragraph=paragraph,
        subject=_subject(label, level if growth else over),
        place=_bare(label),
        column=_bare(over),
        unit=unit,
        kind=kind,
        scale=scale,
        measure=measure,
        year=year,
        role=role,
        quote=" | ".join(part for part in (label, over, paragraph.written(0, len(paragraph.text))) if part),
    )


def _subject(label: str, over: str) -> str:
    row, column = _bare(label), _bare(over)
    if not row or _YEAR.fullmatch(row) or (_TOTAL.fullmatch(row) and column):
        return column
    if _GENERIC.match(column) or _SHARE.search(column) or _GROWTH.search(over) or _CHANGE.search(over):
        return row
    return row + column if column not in row else row


def _bare(header: str) -> str:
    """A header without its unit, year, number and marks: 1.粮食产量（万吨） → 粮食产量."""
    text = _UNIT.sub("", header)
    text = _YEAR.sub("", text)
    text = _LEAD.sub("", text.strip())
    return re.sub(r"(?:比上年|同比|较上年)?(?:增长|增速|增减)?\s*[（(]?[±+\-]*%?[)）]?$", "", text).strip(" 　:：*")


def _unit_in(header: str) -> str:
    match = _UNIT.search(header)
    return (match[1] or match[2] or "") if match else ""


def _counted_in(header: str) -> str:
    """The measure word in the name of a count: 现行有效件数 → 件."""
    match = _COUNTED.search(header)
    return match[1] if match else ""


@lru_cache(maxsize=512)
def _unit(words: str) -> tuple[str, FigureKind, Decimal] | None:
    """(unit, kind, scale) of a unit as headers write it: 万元 → 元, money, 10000."""
    found = find_mentions("1" + words.strip(), cell=True)
    if len(found) != 1 or found[0].raw_end != len(words.strip()) + 1 or found[0].bare:
        return None
    return found[0].unit, found[0].kind, found[0].value


def _year_of(header: str, base_year: int | None) -> int | None:
    match = _YEAR.search(header)
    if match:
        return int(match[1])
    if base_year is not None and re.match(r"(?:上年|去年)(?!.*增)", header):
        return base_year - 1
    return None


def _header_rows(grid: _Grid) -> set[int]:
    """The rows at the top that hold no numbers but years, and whatever the table itself marks as header."""
    heads: set[int] = set()
    for row in sorted(grid):
        cells = grid[row].values()
        numeric = [p.text for p, mention, _ in cells if mention is not None]
        years = all(_YEAR.fullmatch(text) for text in numeric)
        marked = all(cell.header for _, _, cell in cells)
        if marked or (years and (len(numeric) > 1 or not numeric) and len(cells) > 1):
            heads.add(row)
        elif len(cells) > 1 or numeric:
            break
    return heads


def _column_headers(grid: _Grid, heads: set[int]) -> dict[int, str]:
    """What stands over each column, from the top down; a wide cell stands over all that it spans."""
    words: dict[int, list[str]] = {}
    for row in sorted(heads):
        for at, (paragraph, _, cell) in grid[row].items():
            for column in range(at, at + min(cell.column_span, _WIDEST)):
                over = words.setdefault(column, [])
                if paragraph.text not in over:
                    over.append(paragraph.text)
    return {column: "".join(over) for column, over in words.items()}


def _grid(document: Document, table: Passage) -> _Grid:
    grid: _Grid = {}
    for cell in table.cells:
        paragraph = _cell(document, table, cell)
        if paragraph is not None:
            grid.setdefault(cell.row, {})[cell.column] = (paragraph, _alone(paragraph.text), cell)
    return grid


def _cell(document: Document, table: Passage, cell: Cell) -> Paragraph | None:
    if cell.start >= cell.end:
        return None
    return unwrap(document.text, [Passage(kind="table", start=cell.start, end=cell.end, page=table.page)])


def _is_index(mention: Mention) -> bool:
    return mention.bare and mention.value == mention.value.to_integral_value() and mention.value < _INDEX_LIMIT


def _alone(text: str) -> Mention | None:
    """The number that a cell holds and nothing else besides."""
    if len(text) > 24:
        return None
    found = find_mentions(text, cell=True)
    if len(found) == 1 and found[0].raw_end - found[0].raw_start >= len(text.strip(" *　")) - 1:
        return found[0]
    return None
