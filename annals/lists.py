"""Numbered lists with a stated or implied count: forty projects in a table, ten events under ten headings."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from annals.model import Cell, Document, ListItem, Passage

_COUNT = re.compile(
    r"(?P<count>[二三四五六七八九]?十[一二三四五六七八九]?|[三四五六七八九]|\d{1,3})(?P<noun>(?:大|件|项|个|条|批|佳)[一-龥]{1,8})"
)
# Where one list's name ends and the next begins: 十件大事|十大亮点.
_BOUNDARY = re.compile(r"(?<=[一-龥])(?<![一二三四五六七八九十])(?=[二三四五六七八九十]{1,3}[大件项佳])")
_MARK = re.compile(
    r"[*_#\s]*(?:[（(]?\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:[）)]|[、．.](?!\d))|第\s*(\d{1,3})\s*[条项])\s*"
)
_NUMERAL = {d: i for i, d in enumerate("零一二三四五六七八九十")}
_SERIAL = re.compile(r"序\s*号|编\s*号|^号$|^No\.?$")
_NAME = re.compile(r"名\s*称|项\s*目|事\s*项|内\s*容|任\s*务|活\s*动|举\s*措|工\s*作|指\s*标|要\s*点|标\s*题")
_DEPARTMENT = re.compile(r"责任|牵头|部\s*[门室]|单\s*位|负责|承办|主办|落实|配合")
_QUANTITY = re.compile(r"数$|数量|额|金额|经费|比例|率|[（(](?:万元|元|个|项|人|次|场|%|万人|亩|家)[）)]")
_DIVIDERS = re.compile(r"[、，,；;\r\n\t]+|\s{2,}")
_TITLE = 60


class _Entry(Struct, frozen=True):
    """A numbered heading or item, in the order of the document."""

    position: int
    title: str
    start: int
    end: int
    index: int  # of its passage


def numbered_lists(document: Document, title: str | None) -> tuple[ListItem, ...]:
    """The entries of all lists, in the order of the document.

    A list's `title` is its own heading, or the words that name it where one heading names several lists.
    """
    found = _of_headings(document, title)
    above: Passage | None = None
    for passage in document.passages:
        if passage.kind == "table":
            found += _of_table(document, passage, _text(document, above.start, above.end) if above else "")
        elif passage.kind in ("title", "heading", "caption"):
            above = passage
    return tuple(sorted(found, key=lambda item: item.start))


# --- tables --------------------------------------------------------------------------------------


def _of_table(document: Document, table: Passage, heading: str) -> Iterator[ListItem]:
    """Rows that a column of serial numbers counts; a row of one cell is the title of the rows below it."""
    rows = [
        sorted(row, key=lambda cell: cell.column) for _, row in groupby(_by_row(table.cells), lambda cell: cell.row)
    ]
    columns = _columns(document, rows)
    if columns is None:
        return
    serial, name, department = columns
    for row in rows:
        texts = {cell.column: _text(document, cell.start, cell.end) for cell in row}
        filled = [text for text in texts.values() if text]
        if len(filled) == 1 and not filled[0].isdecimal():
            heading = filled[0]
            continue
        number = texts.get(serial, "")
        if not re.fullmatch(r"\d{1,3}", number) or not texts.get(name):
            continue
        bodies = next((cell for cell in row if cell.column == department), None)
        yield ListItem(
            list=heading,
            position=int(number),
            title=texts[name],
            departments=_departments(document.text[bodies.start : bodies.end]) if bodies else (),
            start=min(cell.start for cell in row),
            end=max(cell.end for cell in row),
        )


def _by_row(cells: Sequence[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _columns(document: Document, rows: Sequence[Sequence[Cell]]) -> tuple[int, int, int | None] | None:
    """The columns of the serial number, the name and the departments, from the header row; None without a serial."""
    for row in rows[:3]:
        texts = [(cell.column, _text(document, cell.start, cell.end)) for cell in row]
        serial = next((column for column, text in texts if _SERIAL.search(text)), None)
        if serial is None or len(texts) < 2:
            continue
        rest = [(column, text) for column, text in texts if column != serial]
        rest = [(column, text) for column, text in rest if not _QUANTITY.search(text)]
        department = next((column for column, text in rest if _DEPARTMENT.search(text)), None)
        names = [column for column, text in rest if _NAME.search(text) and column != department]
        others = [column for column, _ in rest if column != department]
        if names or others:
            return serial, (names or others)[0], department
    return None


def _departments(text: str) -> tuple[str, ...]:
    """Who is responsible, one by one, what stands in parentheses kept with its own.

    >>> _departments("办公室\\n\\n宣传部、学术部（国际部、外事办）")
    ('办公室', '宣传部', '学术部（国际部、外事办）')
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\x00{len(kept) - 1}\x01"

    masked = re.sub(r"[（(][^（()）]*[）)]", keep, text)
    parts = [part.strip() for part in _DIVIDERS.split(masked)]
    return tuple(re.sub("\x00(\\d+)\x01", lambda m: kept[int(m.group(1))], part) for part in parts if part)


# --- headings and items --------------------------------------------------------------------------


def _of_headings(document: Document, title: str | None) -> list[ListItem]:
    passages = document.passages
    found: list[ListItem] = []
    used: set[str] = set()
    named = _counts(title or "")
    end_of_last = 0
    for run in _runs(document):
        before = passages[end_of_last : run[0].index]
        name = _name_of(document, before, len(run), used) or _unused(named, len(run), used)
        end_of_last = run[-1].index + 1
        if name is None:
            continue
        used.add(_noun(name))
        found += [
            ListItem(list=name, position=entry.position, title=entry.title, start=entry.start, end=entry.end)
            for entry in run
        ]
    if not found:
        found = _of_plain_headings(document, named)
    return found


def _runs(document: Document) -> Iterator[list[_Entry]]:
    """Stretches of headings or items numbered 1, 2, 3 … without a gap, whatever stands between them."""
    passages = document.passages
    ends = _ends_of_entries(passages)
    open_runs: dict[tuple[str, int | None], list[_Entry]] = {}
    for index, passage in enumerate(passages):
        if passage.kind not in ("heading", "item"):
            continue
        match = _MARK.match(document.text, passage.start, min(passage.end, passage.start + 16))
        if match is None:
            continue
        number = _number(match.group(1) or match.group(2))
        key = (passage.kind, passage.level)
        run = open_runs.setdefault(key, [])
        if run and number != run[-1].position + 1:
            if len(run) >= 3:
                yield run
            run = open_runs[key] = []
        if run or number == 1:
            run.append(_entry(document, passage, index, number, match.end(), ends[index]))
    for run in sorted(open_runs.values(), key=lambda run: run[0].start if run else 0):
        if len(run) >= 3:
            yield run


def _entry(document: Document, passage: Passage, index: int, position: int, start: int, end: int) -> _Entry:
    text = _text(document, start, passage.end)
    if passage.kind == "item":
        text = re.split(r"[。；;]", text, maxsplit=1)[0]
    return _Entry(position, text.strip("* "), passage.start, end, index)


def _ends_of_entries(passages: Sequence[Passage]) -> list[int]:
    """By passage, where the text under it ends: an item's with itself, else before the next heading, item or title."""
    ends = [passage.end for passage in passages]
    for index in range(len(passages) - 2, -1, -1):
        if passages[index].kind != "item" and passages[index + 1].kind not in ("heading", "item", "title"):
            ends[index] = ends[index + 1]
    return ends


def _name_of(document: Document, before: Sequence[Passage], size: int, used: set[str]) -> str | None:
    """The nearest words above a list that state its count."""
    for passage in reversed(before[-8:]):
        if passage.kind in ("heading", "title"):
            text = _text(document, passage.start, passage.end)
        elif passage.kind == "paragraph" and passage is before[-1]:
            text = _text(document, max(passage.start, passage.end - 80), passage.end)
            if not text.endswith(("：", ":")):
                continue
            text = re.split(r"[。；]", text.rstrip("：:"))[-1]
        else:
            continue
        counts = _counts(text)
        fitting = _unused(counts, size, used)
        if fitting:
            return text if len(counts) == 1 else fitting
    return None


def _unused(named: Sequence[tuple[int, str]], size: int, used: set[str]) -> str | None:
    """The first list with that many entries that has none yet; one or two off is a slip, of which a check will tell."""
    free = [(abs(count - size), words) for count, words in named if _noun(words) not in used]
    for slack in (0, 1, 2):
        for off, words in free:
            if off == slack and off * 3 <= size:
                return words
    return None


def _of_plain_headings(document: Document, named: Sequence[tuple[int, str]]) -> list[ListItem]:
    """A title that names lists of N and M entries over N + M headings without numbers: the entries in order."""
    heads = [
        (index, passage)
        for index, passage in enumerate(document.passages)
        if passage.kind == "heading" and not _counts(_text(document, passage.start, passage.end))
    ]
    stated = [(count, words) for count, words in dict.fromkeys(named) if count >= 3]
    if not stated or sum(count for count, _ in stated) != len(heads):
        return []
    found: list[ListItem] = []
    ends = _ends_of_entries(document.passages)
    remaining = iter(heads)
    for count, words in stated:
        for position in range(1, count + 1):
            index, passage = next(remaining)
            found.append(
                ListItem(
                    list=words,
                    position=position,
                    title=_text(document, passage.start, passage.end),
                    start=passage.start,
                    end=ends[index],
                )
            )
    return found


def _counts(text: str) -> list[tuple[int, str]]:
    """The lists that words announce: how many entries, and by what name.

    >>> _counts("2021年度“十件大事”“十大亮点”"), _counts("一、书屋10个重大活动")
    ([(10, '十件大事'), (10, '十大亮点')], [(10, '10个重大活动')])
    """
    found = []
    for piece in re.split(r"[“”\"「」、，\s]", _BOUNDARY.sub(" ", text)):
        match = _COUNT.search(piece)
        if match:
            found.append((_number(match["count"]), match.group()))
    return found


def _noun(words: str) -> str:
    match = _COUNT.search(words)
    return match["noun"] if match else words


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERAL.get(text, 0)
    return (_NUMERAL.get(tens, 0) or 1) * 10 + _NUMERAL.get(ones, 0)


def _text(document: Document, start: int, end: int) -> str:
    text = re.sub(r"(?<=[^\x00-\x7f])[ \t　]*[\r\n]+\s*(?=[^\x00-\x7f])", "", document.text[start:end])
    return re.sub(r"\s+", " ", text).strip()
