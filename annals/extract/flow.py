"""Lines and tables of pages → paragraphs, headings and tables of one document.

Pages are layout: a paragraph, a table goes on over the page break, and what is printed on every page is none of it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, structs

from annals.extract.compose import CellDraft, Composer
from annals.extract.layout import Line, Run, read_lines, row_text
from annals.extract.ruling import TableDraft
from annals.model import Aside, Box

_BAND = 0.125  # of the page's height, at its head and foot
_PAGE_NUMBER = re.compile(
    r"[-—–―─·.．•\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*页)?(?:\s*[,，/／]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[-—–―─·.．•\s]*"
)
_TERMINAL = re.compile(r"[。！？；：…!?;:][”’』」》）)】]*$")
_MARKER = re.compile(
    r"(?:第[一二三四五六七八九十百\d]{1,4}[编章部篇节条]|[一二三四五六七八九十]{1,3}\s*[、．]|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|\d{1,3}\s*(?:[、．]|\.(?!\d))|[（(]\d{1,3}[）)]|[①-⑳●■◆]|[附注][：:件])"
)
_TOKEN = re.compile(r"[（《“‘〔【(]*(?:[A-Za-z0-9.,%‰:/+\-]+|.)[，。、；：）》”’！？〕】%‰)]*")
_DATE = re.compile(r"[（(]?\d{4}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?[）)]?")
_DIGITS = re.compile(r"(?<!\d)\d{1,3}(?!\d)")  # page numbers; years make a line another
_LATIN_END = re.compile(r"[A-Za-z][,.;:)]?$")


_HOLDER = "\ufffc"  # stands for a table among the runs of its page


class PageDraft(Struct):
    """A page before its furniture is known; `runs` are outside `tables`."""

    number: int
    width: float
    height: float
    runs: list[Run]
    tables: list[TableDraft]


class _Piece(Struct):
    """A line or a table in reading order."""

    page: int
    line: Line
    table: TableDraft | None


def compose_pages(pages: Sequence[PageDraft], composer: Composer) -> None:
    """Add the text of all pages to the composer, furniture to its asides."""
    furniture = _set_apart(pages, composer)
    pieces = _pieces(pages, furniture)
    sizes: Counter[float] = Counter()
    for piece in pieces:
        if piece.table is None:
            sizes[round(piece.line.size * 2) / 2] += len(piece.line.text)
    body = max(sizes, key=lambda size: sizes[size], default=12.0)
    pitches = _pitches(pieces)
    waiting: list[_Piece] = []
    for piece in pieces:
        if waiting and not _joins(waiting, piece, body, pitches):
            _say(waiting, body, composer)
            waiting = []
        waiting.append(piece)
    _say(waiting, body, composer)


# --- furniture -------------------------------------------------------------------------------------


def _set_apart(pages: Sequence[PageDraft], composer: Composer) -> set[int]:
    """The runs (by identity) that are page numbers, or stand at the head or foot of several pages alike."""
    rows = [(page, row) for page in pages for row in _band_rows(page)]
    seen: Counter[tuple[str, int]] = Counter()
    for page, row in rows:
        for key in set(_keys(page, row)):
            seen[key] += 1
    needed = 2 if len(pages) < 8 else 3
    furniture: set[int] = set()
    for page, row in rows:
        text = row_text(row)
        repeated = len(pages) > 1 and any(seen[key] >= needed for key in _keys(page, row))
        if repeated or (_PAGE_NUMBER.fullmatch(text) and _is_outermost(page, row)):
            furniture.update(id(run) for run in row)
            composer.asides.append(Aside(text=text, page=page.number, box=box_of(row)))
    return furniture


def _band_rows(page: PageDraft) -> list[list[Run]]:
    depth = _BAND * page.height
    rows: list[list[Run]] = []
    for run in sorted(page.runs, key=lambda run: run.baseline):
        if run.bottom > depth and run.top < page.height - depth:
            continue
        if rows and run.baseline - rows[-1][0].baseline < 0.4 * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _keys(page: PageDraft, row: list[Run]) -> list[tuple[str, int]]:
    """What a row looks like with its digits masked, and about where it stands."""
    masked = _DIGITS.sub("#", row_text(row).replace(" ", ""))
    place = round(row[0].baseline / 6)
    edge = page.height - row[0].baseline
    return [(masked, place), (masked, place + 1), (masked, 100_000 + round(edge / 6))]


def _is_outermost(page: PageDraft, row: list[Run]) -> bool:
    if row[0].baseline < page.height / 2:
        return all(run.baseline >= row[0].baseline - 2 for run in page.runs)
    tables = max((table.box.bottom for table in page.tables), default=0.0)
    return all(run.baseline <= row[-1].baseline + 2 for run in page.runs) and tables < row[0].baseline


# --- lines and tables in reading order ---------------------------------------------------------------


def _pieces(pages: Sequence[PageDraft], furniture: set[int]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for page in pages:
        holders = [_holder(table, index) for index, table in enumerate(page.tables)]
        lines = read_lines([run for run in page.runs if id(run) not in furniture] + holders)
        for line in lines:
            if _HOLDER not in line.text:
                pieces.append(_Piece(page=page.number, line=line, table=None))
                continue
            for index in re.findall(f"{_HOLDER}(\\d+)", line.text):
                table = page.tables[int(index)]
                before = pieces[-1] if pieces else None
                first_on_page = before is None or before.page != page.number
                if not (first_on_page and before and before.table and _append_table(before.table, table, page.number)):
                    table.cells = [structs.replace(cell, page=page.number) for cell in table.cells]
                    pieces.append(_Piece(page=page.number, line=line, table=table))
                else:
                    before.page = page.number  # so that a table over three pages goes on
            rest = re.sub(f"{_HOLDER}\\d+", "", line.text).strip()
            if rest:  # text beside a table, on the line of its upper edge
                line.text = rest
                pieces.append(_Piece(page=page.number, line=line, table=None))
    return pieces


def _holder(table: TableDraft, index: int) -> Run:
    box = table.box
    return Run(
        text=f"{_HOLDER}{index}",
        left=box.left,
        top=box.top,
        right=box.right,
        bottom=box.bottom,
        baseline=box.top + 9,
        size=10.0,
        lefts=[],
        rights=[],
    )


def _append_table(table: TableDraft, more: TableDraft, page: int) -> bool:
    """Continue a table with one from the next page that has the same columns; its repeated head is left out."""
    if len(table.columns) != len(more.columns) or any(
        abs(one - other) > 4 for one, other in zip(table.columns, more.columns, strict=True)
    ):
        return False
    head = _repeated_rows(table, more)
    rest = [cell for cell in more.cells if cell.row >= head]
    at = table.rows
    first = {cell.column: cell for cell in rest if cell.row == head}
    last = {cell.column: cell for cell in table.cells if cell.row + cell.row_span == at}
    if head == 0 and _is_rest_of_row(last, first):
        for column, cell in first.items():
            above = last[column]
            table.cells[table.cells.index(above)] = structs.replace(above, text=above.text + cell.text)
        rest = [cell for cell in rest if cell.row > 0]
        head = 1
    table.cells += [structs.replace(cell, row=cell.row + at - head, page=page) for cell in rest]
    table.rows += more.rows - head
    return True


def _repeated_rows(table: TableDraft, more: TableDraft) -> int:
    """How many rows at the top of `more` repeat those at the top of `table`."""
    rows = 0
    while rows < min(table.rows, more.rows, 4):
        above = sorted((cell.column, cell.text) for cell in table.cells if cell.row == rows)
        below = sorted((cell.column, cell.text) for cell in more.cells if cell.row == rows)
        if above != below or not any(text for _, text in above):
            break
        rows += 1
    return rows


def _is_rest_of_row(last: dict[int, CellDraft], first: dict[int, CellDraft]) -> bool:
    """Whether a row is the lower part of one that a page break cut: its first cell empty, prose that went on."""
    if set(last) != set(first) or len(first) < 2:
        return False
    ordered = [(last[column].text, first[column].text) for column in sorted(first)]
    going_on = [above for above, below in ordered if below and len(above) > 6 and not _TERMINAL.search(above)]
    return ordered[0][1] == "" and ordered[0][0] != "" and len(going_on) == sum(bool(below) for _, below in ordered) > 0


# --- which lines are one paragraph ---------------------------------------------------------------------


def _pitches(pieces: Sequence[_Piece]) -> dict[tuple[int, int], float]:
    """The usual distance of lines in each block of each page; among few lines, the smallest."""
    steps: dict[tuple[int, int], list[float]] = {}
    for one, other in pairwise(pieces):
        key = (one.page, one.line.block)
        if key == (other.page, other.line.block) and one.table is None and other.table is None:
            step = other.line.bottom - one.line.bottom
            if step > 0.6 * one.line.size:
                steps.setdefault(key, []).append(step)
    return {key: sorted(found)[len(found) // 4] for key, found in steps.items()}


def _joins(waiting: Sequence[_Piece], piece: _Piece, body: float, pitches: dict[tuple[int, int], float]) -> bool:
    """Whether a line goes on with what the lines before it say."""
    before = waiting[-1]
    one, other = before.line, piece.line
    if before.table is not None or piece.table is not None:
        return False
    if abs(one.size - other.size) > 0.12 * max(one.size, other.size):
        return False
    apart = before.page != piece.page or other.bottom < one.bottom - 0.5 * one.size
    same_block = before.page == piece.page and one.block == other.block
    if not apart:
        pitch = pitches.get((piece.page, other.block), 2.0 * other.size)
        if not same_block:
            return False
        step = other.bottom - one.bottom
        if _centred(one, body) and _centred(other, body) and one.size > 1.12 * body:
            # A title over several lines; what follows it smaller, or is a date, is not part of it.
            return step < 2.6 * one.size and not _DATE.fullmatch(other.text)
        if step > max(1.35 * pitch, pitch + 0.5 * other.size):
            return False
    if _centred(one, body) or _centred(other, body):
        return False
    if apart and (one.size < 0.9 * body or one.size > 1.12 * body):
        return False
    terminal = bool(_TERMINAL.search(one.text))
    marked = bool(_MARKER.match(other.text))
    indent = other.left - other.column_left
    if terminal and marked:
        return False
    if not _is_full(one, other):
        # Set ragged: a paragraph whose first line alone is indented goes on at the margin.
        start = waiting[0].line
        ragged = start.left - start.column_left > 1.2 * start.size and indent < 0.5 * other.size
        long = one.right - one.column_left > 0.75 * (one.column_right - one.column_left)
        return ragged and long and not terminal and not marked
    if indent > 1.2 * other.size and not apart:
        hanging = len(waiting) > 1 and abs(one.left - other.left) < 0.6 * other.size
        first_hangs = len(waiting) == 1 and _MARKER.match(one.text) and one.left < other.left - 0.6 * other.size
        return not terminal and not marked and bool(hanging or first_hangs)
    return not (apart and indent > 1.2 * other.size)


def _is_full(one: Line, other: Line) -> bool:
    """Whether a line was broken for want of room: what begins the next would not have fitted behind it."""
    token = _TOKEN.match(other.text)
    width = sum(0.5 if character.isascii() else 1.0 for character in token.group()) if token else 1.0
    return one.column_right - one.right < (width + 0.6) * one.size


def _centred(line: Line, body: float) -> bool:
    before, after = line.left - line.column_left, line.column_right - line.right
    # A first line of body text is indented too, by two characters, and may end as far from the margin.
    least = (1.0 if line.size > 1.12 * body else 2.5) * line.size
    return before > least and after > least and abs(before - after) < 1.2 * line.size


# --- paragraphs → the composer -----------------------------------------------------------------------


def _say(pieces: Sequence[_Piece], body: float, composer: Composer) -> None:
    if not pieces:
        return
    first = pieces[0]
    if first.table is not None:
        pages = [cell.page for cell in first.table.cells if cell.page is not None]
        composer.add_table(first.table.cells, page=min(pages, default=first.page), box=first.table.box)
        return
    text = join_lines([piece.line.text for piece in pieces])
    lines = [piece.line for piece in pieces if piece.page == first.page]
    known = [piece.line.confidence for piece in pieces if piece.line.confidence is not None]
    box = Box(
        left=min(line.left for line in lines),
        top=min(line.top for line in lines),
        right=max(line.right for line in lines),
        bottom=max(line.bottom for line in lines),
    )
    large = first.line.size > 1.15 * body and len(text) < 100 and not text.endswith(("。", "；"))
    large = large and not _DATE.fullmatch(text)
    titled = first.page > 2 or any(passage.kind == "title" for passage in composer.passages)
    if large and not titled and first.line.size > 1.3 * body:
        composer.add("title", text, page=first.page, box=box, confidence=min(known, default=None))
    elif large:
        composer.add("heading", text, level=1, page=first.page, box=box, confidence=min(known, default=None))
    else:
        composer.add("paragraph", text, page=first.page, box=box, confidence=min(known, default=None))


def join_lines(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one line: Chinese without blanks, Latin words with them, hyphens taken back.

    >>> join_lines(["全年开展活动30", "万场，增长4.", "8%，", "an eco-", "nomic", "plan"])
    '全年开展活动30万场，增长4.8%，an economic plan'
    """
    text = ""
    for line in lines:
        if text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower():
            text = text[:-1] + line
        elif (text[-1:].isascii() and _LATIN_END.search(text) and _is_latin(line[:1])) or (
            text[-1:].isdigit() and line[:1].isascii() and line[:1].isalpha()
        ):
            text += " " + line
        else:
            text += line
    return text


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "(")


def box_of(runs: Sequence[Run]) -> Box:
    """What the runs cover together."""
    return Box(
        left=min(run.left for run in runs),
        top=min(run.top for run in runs),
        right=max(run.right for run in runs),
        bottom=max(run.bottom for run in runs),
    )


def inside(run: Run, box: Box) -> bool:
    """Whether the middle of a run is in the box, or all but."""
    x, y = (run.left + run.right) / 2, run.baseline - 0.36 * run.size
    return box.left - 2 < x < box.right + 2 and box.top - 2 < y < box.bottom + 2
