"""Blocks in reading order → one `Document`: the only place where text is joined and offsets are counted."""

import re
from collections.abc import Iterable, Sequence

from annals.errors import Unreadable
from annals.extract.limits import LIMITS, Limits
from annals.extract.text import segment
from annals.model import Aside, Box, Caution, Cell, Document, Link, Metadata, Page, Passage, PassageKind, Record

# Invisible in print, and fatal in the middle of a number: controls, zero-width marks, soft hyphens.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
_LONGEST_HEADING = 60
_NUMBERED = re.compile(r"[第（(一二三四五六七八九十\d①-⑳●■◆]")
_SPACES = re.compile("[ \t\r\n\x0b\x0c\xa0\u2002-\u200a\u202f\u205f]+")


def clean(text: str) -> str:
    """One line without invisible characters; ideographic spaces inside stay, they are the author's.

    >>> clean(' 培训\\u200b 12\\xa0场\\n次 ')
    '培训 12 场 次'
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip(" \u3000")


class CellDraft(Record, frozen=True, kw_only=True):
    """A table cell before it has offsets."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    page: int | None = None
    box: Box | None = None
    path: str | None = None


class Composer:
    """Takes blocks in reading order; a block is one line of the document's text, a table one line a row.

    >>> composer = Composer()
    >>> composer.add("heading", "一、科普", level=1)
    >>> composer.add_table([CellDraft(row=0, column=0, text="场次"), CellDraft(row=0, column=1, text="12")])
    >>> composer.document("a.docx", "x/y").text
    '一、科普\\n场次\\t12\\n'
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._passages: list[Passage] = []
        self.pages: list[Page] = []
        self.asides: list[Aside] = []
        self.links: list[Link] = []
        self.cautions: list[Caution] = []

    @property
    def end(self) -> int:
        """How many characters the text has so far: where the next block will start."""
        return self._length

    def add(
        self,
        kind: PassageKind,
        text: str,
        *,
        level: int | None = None,
        page: int | None = None,
        box: Box | None = None,
        path: str | None = None,
        confidence: float | None = None,
    ) -> None:
        """Add one block; an empty one is nothing. A paragraph numbered like a heading or an item becomes one."""
        line = clean(text)
        if line:
            if kind == "paragraph":
                kind, level = _shape(line)
            start = self._append(line + "\n")
            self._passages.append(
                Passage(
                    kind=kind,
                    start=start,
                    end=start + len(line),
                    level=level,
                    page=page,
                    box=box,
                    path=path,
                    confidence=confidence,
                )
            )

    def add_table(
        self,
        cells: Iterable[CellDraft],
        *,
        page: int | None = None,
        box: Box | None = None,
        path: str | None = None,
        confidence: float | None = None,
    ) -> None:
        """Add a table: a line for each row, cells parted by tabs; a merged cell stands once, where it begins."""
        start = self._length
        placed: list[Cell] = []
        row = None
        for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
            if row is not None:
                self._append("\n" if cell.row != row else "\t")
            row = cell.row
            text = clean(cell.text)
            begin = self._append(text)
            placed.append(
                Cell(
                    row=cell.row,
                    column=cell.column,
                    start=begin,
                    end=begin + len(text),
                    row_span=cell.row_span,
                    column_span=cell.column_span,
                    header=cell.header,
                    page=cell.page,
                    box=cell.box,
                    path=cell.path,
                )
            )
        if row is not None:
            end = self._length
            self._append("\n")
            self._passages.append(
                Passage(
                    kind="table",
                    start=start,
                    end=end,
                    page=page,
                    box=box,
                    path=path,
                    confidence=confidence,
                    cells=tuple(placed),
                )
            )

    @property
    def passages(self) -> Sequence[Passage]:
        """What has been added so far."""
        return self._passages

    def document(self, name: str, media_type: str, metadata: Metadata | None = None) -> Document:
        """The document so far. One without any text is `Unreadable`: empty is never silently a result."""
        if not self._passages:
            why = f" ({self.cautions[0].message})" if self.cautions else ""
            raise Unreadable(f"no text was found in it{why}")
        return Document(
            name=name,
            media_type=media_type,
            text="".join(self._parts),
            passages=tuple(self._passages),
            pages=tuple(self.pages),
            metadata=metadata or Metadata(),
            links=tuple(self.links),
            asides=tuple(self.asides),
            cautions=tuple(self.cautions),
        )

    def _append(self, text: str) -> int:
        start = self._length
        self._length += len(text)
        if self._length > self._limits.characters:
            raise Unreadable(f"more than {self._limits.characters:,} characters of text")
        self._parts.append(text)
        return start


def _shape(line: str) -> tuple[PassageKind, int | None]:
    """What a line by itself is, by the rules that hold for plain text; a title it is not for being alone."""
    if len(line) > _LONGEST_HEADING and not _NUMBERED.match(line):
        return "paragraph", None
    found = segment(line, False)
    if len(found) == 1 and found[0].kind in ("heading", "item", "caption", "note"):
        return found[0].kind, found[0].level
    return "paragraph", None
