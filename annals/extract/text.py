"""Plain text and Markdown → passages: spans over the unchanged text, one for what is one paragraph to a reader.

Text comes hard-wrapped (a newline every eighteen characters, blank lines in mid-sentence), one line a paragraph, or as
Markdown cut from pages. Lines of one sentence are put together, whatever the layout did to them; everything is linear
in the length of the text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from annals.model import Cell, Passage, PassageKind

_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_TERMINAL = "。！？；：…!?;:"
_CLOSERS = "”’」』》）)】]*②③①④⑤⑥⑦⑧⑨"
_DANGLING = "，、,及和与或的在为对将由从《“（(‘—-"
# What may begin a heading or a list item. The groups are the depths of the numbering that official documents use.
_MARKER = re.compile(
    r"(?:\*\*|__)?\s*(?:"
    r"(?P<part>第[一二三四五六七八九十百零〇\d]{1,4}[编章部篇](?:分)?(?=[\s　、：:]|[^一二三四五六七八九十\d]))"
    r"|(?P<one>[一二三四五六七八九十百]{1,4}\s?(?:、|[．.](?!\d)))"
    r"|(?P<section>第[一二三四五六七八九十百零〇\d]{1,4}[节条](?=[\s　、：:]))"
    r"|(?P<two>[（(]\s?[一二三四五六七八九十百]{1,4}\s?[）)])"
    r"|(?P<three>\d{1,3}\s?(?:[、．]|\.(?!\d)))"
    r"|(?P<four>[（(]\s?\d{1,3}\s?[）)]|\d{1,2}\s?[)）])"
    r"|(?P<bullet>[•●◆■▪◦·○□◇➤※]|——?(?=[^\d—-])|[①-⑳]|[-+*](?=[ \t]))"
    r")"
)
_DEPTH = {"part": 1, "one": 1, "section": 2, "two": 2, "three": 3, "four": 4}
_MAY_MARK = frozenset("第一二三四五六七八九十（(0123456789•●◆■▪◦·○□◇➤※—-+*_①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_HASHES = re.compile(r"(#{1,6})[ \t　]+|(#{2,6})(?=[^#\s])")
_RULE = re.compile(r"(?:[-*_=]\s*){3,}$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)$|<img\b[^>]*>$|<!--.*-->$")
_DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")
_PIPE_CELL = re.compile(r"(?:[^|\\]|\\.)*")
_HTML_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr\s*>", re.S | re.I)
_HTML_CELL = re.compile(r"<(t[dh])\b([^>]*)>(.*?)</\1\s*>", re.S | re.I)
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?(\d{1,3})", re.I)
_DATE_LINE = re.compile(
    r"[（(]?(?:[（(]?[^，。；]{0,16}?)(?:\d{4}|[〇零○一二三四五六七八九]{4})\s*[年./-]\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月./-]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?[^，。；]{0,8}$"
)
_SENTENCE_START = re.compile(r"\d{1,4}\s?年|\d{1,2}\s?月")
_CAPTION = re.compile(r"(?:[附]?[图表]\s?[\d一二三四五六七八九十]{1,3}|(?:计量)?单位\s?[:：])")
_TITLE = re.compile(
    r"(?:通知|公报|报告|方案|要点|规划|意见|办法|决定|公告|通报|函|总结|条例|批复|预算|决算|计划|细则|纲要|公示|综述|清单"
    r"|年报|概况|简报|名单|目录|规定|令|倡议书|意见书|建议书|说明)(?:[（(][^（）()]{1,12}[）)]|摘要|全文)?\s?[①②*]?$"
)
# Lines about the document: its number, where and when it was delivered, where it was printed.
_FRONT_MATTER = re.compile(
    r"[〔\[［【(（]\s?(?:19|20)\d{2}\s?[〕\]］】)）]\s?\d{1,5}\s?号$|^——?\s?\d{4}\s?年|日在.{4,30}(?:会议?上|届)$"
    r"|^(?:来源|时间|日期|作者|编辑|责编|记者|发布|发文|索引号|浏览|字号|【字号)"
)
_HEADING_LENGTH = 50
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_AFTER_DIGITS = frozenset("万亿千百余多％%‰个名家人件项场次篇元所处只位户倍吨亩期支座册部种")


class _Line(Struct, gc=False):
    """A line that is not blank: its own extent without blanks, line breaks before it, width in half-width cells."""

    start: int
    end: int
    breaks: int
    indent: int
    width: int
    text: str
    hashes: int = 0
    marker: str = ""


class _Group:
    """Lines that make one passage, with what the decision to go on needs to know, kept up line by line."""

    __slots__ = ("balance", "comma", "first", "last", "length", "lines", "period")

    def __init__(self, line: _Line) -> None:
        self.first = self.last = line
        self.lines = 0
        self.length = 0
        self.balance = 0
        self.period = False
        self.comma = False
        self.add(line)

    def add(self, line: _Line) -> None:
        text = line.text
        self.last = line
        self.lines += 1
        self.length += len(text)
        self.period = self.period or "。" in text or "；" in text
        self.comma = self.comma or "，" in text
        for opening, closing in ("《》", "“”", "（）"):
            self.balance += text.count(opening) - text.count(closing)

    @property
    def finished(self) -> bool:
        bare = self.last.text.rstrip(_CLOSERS)
        return not bare or bare[-1] in _TERMINAL or (bare[-1] == "." and not bare[-2:-1].isdigit())

    @property
    def unfinished(self) -> bool:
        """Evidently prose that stops in mid-sentence; a heading without a full stop is not."""
        if self.finished:
            return False
        text = self.last.text
        return (
            self.period
            or self.balance > 0
            or text[-1] in _DANGLING
            or (self.comma and (self.lines > 2 or self.length > _HEADING_LENGTH or self.starts_sentence))
        )

    @property
    def starts_sentence(self) -> bool:
        return _SENTENCE_START.match(self.first.text) is not None


def segment(text: str, markdown: bool) -> tuple[Passage, ...]:
    """The passages of `text`, in order, none overlapping; blank text has none.

    >>> text = "关于举办培训班的通知\\n\\n全年培训12\\n万人次，\\n\\n覆盖9个县。\\n"
    >>> [(p.kind, text[p.start:p.end]) for p in segment(text, markdown=False)]
    [('title', '关于举办培训班的通知'), ('paragraph', '全年培训12\\n万人次，\\n\\n覆盖9个县。')]
    """
    lines = _lines(text, markdown)
    if not lines:
        return ()
    width = _wrap_width(lines)
    usual = _usual_breaks(lines)
    blocks = _blocks(lines)
    passages: list[Passage] = []
    groups: list[_Group | Passage] = []
    index, count = 0, len(lines)
    current: _Group | None = None
    tried = 0  # lines before this one are known not to begin a table
    while index < count:
        table, tried = _table(text, lines, index, markdown) if index >= tried else (None, tried)
        if table is not None:
            passage, index = table
            if current is not None:
                groups.append(current)
                current = None
            groups.append(passage)
            continue
        line = lines[index]
        if current is not None and _goes_on(current, line, lines, index, width, usual, blocks):
            current.add(line)
        else:
            if current is not None:
                groups.append(current)
            current = _Group(line)
        index += 1
    if current is not None:
        groups.append(current)
    passages = _classify(groups, usual, markdown)
    return tuple(_settle_lists(passages, text))


# --- lines ---------------------------------------------------------------------------------------


def _lines(text: str, markdown: bool) -> list[_Line]:
    found: list[_Line] = []
    previous = 0
    feed = "\n" if "\n" in text else "\r"
    for match in _LINE.finditer(text, 1 if text.startswith("\ufeff") else 0):
        raw = match.group()
        body = raw.strip()
        if not body:
            continue
        start = match.start() + raw.index(body[0])
        breaks = text.count(feed, previous, start) + text.count("\x0c", previous, start)
        previous = start + len(body)
        hashes = 0
        if markdown:
            if _RULE.match(body) or _IMAGE.match(body):
                continue
            if body[0] == "#" and (hash_match := _HASHES.match(body)):
                hashes = len(hash_match.group(1) or hash_match.group(2))
                rest = body[hash_match.end() :].rstrip("# ")
                start += body.index(rest, hash_match.end()) if rest else 0
                body = rest
            if body[:2] in ("**", "__") and len(body) > 4 and body.endswith(body[:2]) and body.count(body[:2]) == 2:
                hashes = hashes or 5
                inner = body[2:-2].strip()
                start += body.index(inner, 2) if inner else 0
                body = inner
            if body.startswith("> "):
                start += len(body) - len(body[1:].lstrip())
                body = body[1:].lstrip()
            if not body:
                continue
        marker = ""
        if body[0] in _MAY_MARK and (marked := _MARKER.match(body)):
            marker = marked.lastgroup or ""
        # UTF-8 takes one byte for a half-width character and three for a full-width one.
        width = (len(body) + len(body.encode("utf-8", "surrogatepass"))) // 2
        indent = start - match.start()
        found.append(_Line(start, start + len(body), breaks, indent, width, body, hashes, marker))
    return found


def _leads_to_page(text: str) -> bool:
    """Whether the line is an entry of a table of contents: a heading, leaders, a page number."""
    return text[-1].isdecimal() and ("……" in text or "...." in text or "····" in text)


def _doubled(text: str) -> bool:
    """Whether every stretch of a line stands twice in a row, as in type that was printed twice to look bold."""
    if not 12 <= len(text) <= 120 or text[:2] not in text[2:]:
        return False
    at = 0
    while at < len(text):
        size = next((n for n in range(2, (len(text) - at) // 2 + 1) if text.startswith(text[at : at + n], at + n)), 0)
        if not size:
            return False
        at += 2 * size
    return True


def _wrap_width(lines: Sequence[_Line]) -> int:
    """The width at which the text is hard-wrapped, in half-width cells; 0 where it is not.

    In wrapped text most lines that another line follows directly are nearly as wide as the widest of them.
    """
    widths = [line.width for line, after in pairwise(lines) if after.breaks <= 1 and line.width >= 16]
    if len(widths) < 3:
        return 0
    counted = Counter(widths)
    tally = sorted(counted)
    best, best_count = 0, 0
    for wide in tally:
        inside = sum(counted[w] for w in range(max(16, wide * 85 // 100), wide + 1)) if wide <= 160 else 0
        if inside >= best_count:
            best, best_count = wide, inside
    wider = sum(counted[w] for w in tally if w > best * 1.3)
    return best if best_count >= 0.5 * len(widths) and wider <= 0.15 * len(widths) else 0


def _usual_breaks(lines: Sequence[_Line]) -> int:
    """How many line breaks usually part two paragraphs: 2 where a blank line does."""
    counted = Counter(line.breaks for line in lines[1:] if line.breaks > 1)
    return min(counted, key=lambda breaks: (-counted[breaks], breaks)) if counted else 1


def _blocks(lines: Sequence[_Line]) -> list[tuple[int, int, bool]]:
    """For each line: widest line and number of lines of its block, and whether the block reads as prose."""
    found: list[tuple[int, int, bool]] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].breaks > 1:
            block = lines[start:index]
            prose = any("。" in line.text or "，" in line.text or "；" in line.text for line in block)
            found.extend([(max(line.width for line in block), len(block), prose)] * len(block))
            start = index
    return found


def _goes_on(
    group: _Group,
    line: _Line,
    lines: Sequence[_Line],
    index: int,
    width: int,
    usual: int,
    blocks: Sequence[tuple[int, int, bool]],
) -> bool:
    """Whether `line` continues the paragraph that `group` holds so far."""
    if line.hashes or group.last.hashes or _doubled(line.text) or _doubled(group.first.text):
        return False
    if _leads_to_page(line.text) or _leads_to_page(group.last.text):
        return False
    before = group.last
    if line.breaks <= 2 and before.text[-1] in _DIGITS and line.text[0] in _AFTER_DIGITS:
        return True  # a number parted from its magnitude or unit
    widest, size, _ = blocks[index - 1]
    # A paragraph's first line is two characters short where the layout's indent was lost.
    indent = 4 if group.lines == 1 and not before.indent else 0
    full = bool(width) and before.width + indent >= 0.82 * (min(width, widest) if size > 3 else width)
    if line.breaks <= 1 and width:
        if line.marker and (group.finished or not full or line.marker in ("one", "two", "part", "section")):
            return False
        if full:
            return not (group.finished and line.indent >= 2 and line.indent > before.indent)
        if _DATE_LINE.match(line.text) or _DATE_LINE.match(before.text):
            return False
        return (
            group.unfinished and not line.marker and (group.period or group.balance > 0 or before.text[-1] in _DANGLING)
        )
    if line.marker or line.breaks > max(2, usual):
        return False
    # A heading's last line is seldom full; one that follows another line directly is hardly a heading at all.
    full = full and before.width + indent >= 0.88 * width
    cut = full and not group.finished and (group.lines > 1 or group.first.breaks == 1)
    return (group.unfinished or cut) and blocks[index][2]


# --- tables --------------------------------------------------------------------------------------


_Found = tuple[Passage, int] | None  # a table, and the index of the line after it


def _table(text: str, lines: Sequence[_Line], index: int, markdown: bool) -> tuple[_Found, int]:
    """A table that begins at this line, if one does, and the line from which to look for the next."""
    line = lines[index]
    found: _Found = None
    if line.text[0] == "<" and line.text[:6].lower() == "<table":
        found = _html_table(text, lines, index)
        if found is None:
            return None, len(lines)  # no table is closed from here on
    elif "|" in line.text and index + 1 < len(lines) and _is_delimiter(lines[index + 1]):
        found = _pipe_table(lines, index)
    elif "\t" in line.text:
        found = _tab_table(text, lines, index)
    elif line.indent and text[line.start - line.indent] == "\t":
        return _cell_a_line_table(text, lines, index)
    return found, found[1] if found else index + 1


def _is_delimiter(line: _Line) -> bool:
    return "-" in line.text and "|" in line.text and line.breaks <= 1 and _DELIMITER.match(line.text) is not None


def _pipe_table(lines: Sequence[_Line], index: int) -> tuple[Passage, int]:
    cells: list[Cell] = []
    end = index
    row = 0
    while end < len(lines) and "|" in lines[end].text and (end == index or lines[end].breaks <= 1):
        if end != index + 1:
            cells.extend(_pipe_cells(lines[end], row, header=row == 0))
            row += 1
        end += 1
    passage = Passage(kind="table", start=lines[index].start, end=lines[end - 1].end, cells=tuple(cells))
    return passage, end


def _pipe_cells(line: _Line, row: int, header: bool) -> Iterable[Cell]:
    body, at = line.text, 0
    if body.startswith("|"):
        at = 1
    column = 0
    while at <= len(body):
        match = _PIPE_CELL.match(body, at)
        stop = match.end() if match else len(body)
        if stop == len(body) and not body[at:].strip():
            return
        yield _cell(line.start + at, body[at:stop], row, column, header)
        column += 1
        at = stop + 1


def _cell(offset: int, raw: str, row: int, column: int, header: bool) -> Cell:
    inner = raw.strip()
    start = offset + (len(raw) - len(raw.lstrip()) if inner else 0)
    return Cell(row=row, column=column, start=start, end=start + len(inner), header=header)


def _tab_table(text: str, lines: Sequence[_Line], index: int) -> _Found:
    """Rows of one line each, cells parted by tabs; the tabs that all rows begin with are the layout's."""
    end = index
    while end < len(lines) and "\t" in lines[end].text and (end == index or lines[end].breaks <= 2):
        end += 1
    if end - index < 2:
        return None
    cells: list[Cell] = []
    empty = [text.count("\t", line.start - line.indent, line.start) for line in lines[index:end]]
    indent = min(empty)
    for row in range(end - index):
        line = lines[index + row]
        at = 0
        for column, raw in enumerate(line.text.split("\t"), empty[row] - indent):
            cells.append(_cell(line.start + at, raw, row, column, header=row == 0))
            at += len(raw) + 1
    return Passage(kind="table", start=lines[index].start, end=lines[end - 1].end, cells=tuple(cells)), end


def _cell_a_line_table(text: str, lines: Sequence[_Line], index: int) -> tuple[_Found, int]:
    """A table as word processors dump it: a tab and one cell a line, a blank line after each row.

    A line without the tab goes on with the cell before it (a cell of several paragraphs).
    """

    def starts_cell(line: _Line) -> bool:
        return line.indent > 0 and text[line.start - line.indent] == "\t"

    end = index
    rows: list[list[list[int]]] = []
    while end < len(lines):
        line = lines[end]
        if starts_cell(line):
            if line.breaks > 1 or not rows:
                rows.append([])
            rows[-1].append([line.start, line.end])
        elif rows and line.breaks <= 2 and _is_cell_text(line):
            rows[-1][-1][1] = line.end
        else:
            break
        end += 1
    if sum(map(len, rows)) < 4 or len(rows) < 2:
        return None, end
    wide = max(map(len, rows))
    cells = [
        Cell(
            row=row,
            column=column,
            start=start,
            end=stop,
            header=row == 0 and len(parts) == wide,
            column_span=wide if len(parts) == 1 and wide > 1 else 1,
        )
        for row, parts in enumerate(rows)
        for column, (start, stop) in enumerate(parts)
    ]
    return (Passage(kind="table", start=lines[index].start, end=lines[end - 1].end, cells=tuple(cells)), end), end


def _is_cell_text(line: _Line) -> bool:
    return len(line.text) <= 40 and "。" not in line.text and not line.marker


def _html_table(text: str, lines: Sequence[_Line], index: int) -> _Found:
    """An HTML table inside Markdown, as document converters write it."""
    start = lines[index].start
    close = text.find("</table>", start)
    if close < 0:
        return None
    close += len("</table>")
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, row_match in enumerate(_HTML_ROW.finditer(text, start, close)):
        column = 0
        for match in _HTML_CELL.finditer(text, row_match.start(1), row_match.end(1)):
            while (row, column) in taken:
                column += 1
            spans = {name.lower(): int(value) for name, value in _SPAN.findall(match.group(2))}
            down, across = spans.get("row", 1), spans.get("col", 1)
            if down * across <= 10_000:
                taken.update((row + i, column + j) for i in range(down) for j in range(across))
            cell = _cell(match.start(3), match.group(3), row, column, match.group(1).lower() == "th")
            cells.append(
                Cell(
                    row=row,
                    column=column,
                    start=cell.start,
                    end=cell.end,
                    row_span=down,
                    column_span=across,
                    header=cell.header,
                )
            )
            column += across
    end = index
    while end < len(lines) and lines[end].start < close:
        end += 1
    return Passage(kind="table", start=start, end=close, cells=tuple(cells)), end


# --- kinds ---------------------------------------------------------------------------------------


def _classify(groups: Sequence[_Group | Passage], usual: int, markdown: bool) -> list[Passage]:
    passages: list[Passage] = []
    titled = False
    body = False
    numbered = 0
    outer = False  # headings without numbers stand above the numbered ones
    repeated = _repeated(groups)
    heading_list = _is_heading_list(groups)
    for index, group in enumerate(groups):
        if isinstance(group, Passage):
            passages.append(group)
            body = True
            continue
        after = groups[index + 1] if index + 1 < len(groups) else None
        kind, level = _kind(group, after, usual, 0 if outer else numbered, first=not passages)
        if kind in ("heading", "caption") and group.first.text in repeated and passages:
            kind, level = "note", None  # a running title that the pages left in the text
        outer = outer or (kind == "heading" and not group.first.marker and not group.first.hashes and not numbered)
        short = group.first.text if group.lines == 1 else ""
        if (
            kind == "heading"
            and not group.first.marker
            and ((group.first.hashes == 1 and not titled) or _TITLE.search(short or group.last.text))
        ):
            kind, level, numbered = "title", None, 0
        if kind == "heading" and group.first.marker:
            numbered = level or 0
        if kind == "heading" and not titled and not body and not group.first.marker and not heading_list:
            kind, level = "title", None
        titled = titled or kind == "title"
        body = body or kind in ("paragraph", "item")
        passages.append(Passage(kind=kind, start=group.first.start, end=group.last.end, level=level))
    return passages


def _repeated(groups: Sequence[_Group | Passage]) -> frozenset[str]:
    """Short lines that come three times or more, not counting what is numbered or marked as a heading."""
    counted = Counter(
        group.first.text
        for group in groups
        if isinstance(group, _Group) and group.lines == 1 and not group.first.marker and 8 <= group.length <= 60
    )
    return frozenset(text for text, count in counted.items() if count >= 3)


def _is_heading_list(groups: Sequence[_Group | Passage]) -> bool:
    """Whether a document opens with one of its headings rather than with a title: heading, text, heading, text, …"""
    if len(groups) < 2 or not isinstance(groups[1], _Group) or not groups[1].period:
        return False
    alike = 0
    for group, after in pairwise(groups[2:]):  # a signature and its date, at the end, are not alike
        if isinstance(group, _Group) and isinstance(after, _Group) and not group.first.marker and after.period:
            alike += group.length <= _HEADING_LENGTH and not (group.period or group.finished or group.unfinished)
    return alike >= 2


def _kind(
    group: _Group, after: _Group | Passage | None, usual: int, numbered: int, first: bool
) -> tuple[PassageKind, int | None]:
    line = group.first
    if _leads_to_page(line.text):
        return "note", None
    depth = _DEPTH.get(line.marker, 0)
    if line.hashes:
        # The numbering tells the depth better than the hashes, which converters guess from type sizes.
        return "heading", depth or line.hashes
    short = group.length <= _HEADING_LENGTH and not group.period
    if depth:
        heading = short and not group.finished and not (group.comma and depth > 2 and group.length > 36)
        return ("heading", depth) if heading else ("item", depth)
    if line.marker == "bullet":
        return "item", None
    if group.length <= 60 and not group.period and _FRONT_MATTER.search(line.text):
        return "note", None
    if _CAPTION.match(line.text) and group.length <= 60 and not group.period:
        return "caption", None
    if group.finished or group.unfinished or group.period or group.length > 60 or _DATE_LINE.match(line.text):
        return "paragraph", None
    if (
        isinstance(after, _Group)
        and _DATE_LINE.match(after.first.text)
        and not first
        and not _TITLE.search(group.last.text)
    ):
        return "paragraph", None  # who signs, above the date
    if not first and line.breaks > usual + 1 and line.breaks > 2 and not _TITLE.search(group.last.text):
        return "caption", None
    if group.length < 4:
        return "note", None
    return "heading", (min(numbered + 1, 6) if numbered else 1)


def _settle_lists(passages: list[Passage], text: str) -> list[Passage]:
    """Numbered headings that follow each other with nothing in between are a list."""
    settled = list(passages)
    start = 0
    for index in range(1, len(settled) + 1):
        same = (
            index < len(settled)
            and settled[index].kind == settled[start].kind == "heading"
            and settled[index].level == settled[start].level
            and _MARKER.match(text, settled[index].start) is not None
            and _MARKER.match(text, settled[start].start) is not None
            and (settled[start].level or 0) >= 3
        )
        if same:
            continue
        if index - start >= 3 and settled[start].kind == "heading":
            for at in range(start, index):
                settled[at] = Passage(
                    kind="item", start=settled[at].start, end=settled[at].end, level=settled[at].level
                )
        start = index
    return settled
