"""The records that the rooms hand to each other: frozen, typed, and plain enough to be JSON.

Offsets are counts of characters (Python `str` indices) into `Document.text`, start inclusive, end exclusive.
Numbers of figures are `Decimal`; money is in its base unit (元, 美元), never in 万 or 亿.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

PassageKind = Literal["title", "heading", "paragraph", "item", "table", "caption", "note"]
Genre = Literal["plan", "review", "notice", "press", "communique", "report", "other"]
Qualifier = Literal["exact", "over", "at_least", "nearly", "about", "under", "at_most"]
FigureKind = Literal["count", "percent", "money", "duration", "ratio"]
Measure = Literal["level", "added", "share", "growth", "change"]
Role = Literal["actual", "target"]
Severity = Literal["error", "warning", "info"]


class Record(Struct, frozen=True):
    """The base of every record: immutable, compared by value, written and read as JSON by msgspec."""


# --- extract -----------------------------------------------------------------------------------


class Box(Record, frozen=True, kw_only=True):
    """A rectangle on a page, in points from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class Cell(Record, frozen=True, kw_only=True):
    """One cell of a table; `row` and `column` count from 0; its text is `Document.text[start:end]`."""

    row: int
    column: int
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    page: int | None = None  # where it is not the table's own: a table goes on over page breaks
    box: Box | None = None
    path: str | None = None  # "Sheet1!B3"


class Passage(Record, frozen=True, kw_only=True):
    """A stretch of a document: its text is `Document.text[start:end]`, line breaks of the layout included.

    `level` is a heading's depth (1 outermost). `path` locates the passage where there are no pages:
    "paragraph 12", "Sheet1!A1:D9", an element's path. `cells` is filled for tables only.
    """

    kind: PassageKind
    start: int
    end: int
    level: int | None = None
    page: int | None = None  # 1-based
    box: Box | None = None
    path: str | None = None
    confidence: float | None = None  # of OCR, 0–1
    cells: tuple[Cell, ...] = ()


class Page(Record, frozen=True, kw_only=True):
    """One page; `method` says whether its text was in the file or was recognised from the image."""

    number: int  # 1-based
    width: float  # points
    height: float
    method: Literal["text", "ocr"] = "text"
    rotation: int = 0  # degrees the image was turned to be upright
    confidence: float | None = None


class Aside(Record, frozen=True, kw_only=True):
    """Text set apart from the reading: running headers, footers, page numbers, watermarks."""

    text: str
    page: int | None = None
    box: Box | None = None


class Link(Record, frozen=True, kw_only=True):
    """A link that a document carries, attachments above all."""

    url: str
    label: str


class Caution(Record, frozen=True, kw_only=True):
    """Something a reader of the document should know: a code for programs, a message for people."""

    code: str  # "mojibake", "ocr_disagrees", "pages_cut"
    message: str
    page: int | None = None
    start: int | None = None
    end: int | None = None


class Metadata(Record, frozen=True, kw_only=True):
    """What the publisher's page states about the document, apart from its body."""

    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    published_on: date | None = None
    url: str | None = None


class Document(Record, frozen=True, kw_only=True):
    """A document as text. Every passage's text is a slice of `text`; for a text file `text` is the file's own."""

    name: str  # file name
    media_type: str
    text: str
    passages: tuple[Passage, ...]
    pages: tuple[Page, ...] = ()
    metadata: Metadata = Metadata()
    links: tuple[Link, ...] = ()
    asides: tuple[Aside, ...] = ()
    cautions: tuple[Caution, ...] = ()


# --- describe ----------------------------------------------------------------------------------


class Section(Record, frozen=True, kw_only=True):
    """A heading and the stretch it governs: from its own start to the next heading of its depth or above."""

    title: str
    level: int
    start: int
    end: int


class ListItem(Record, frozen=True, kw_only=True):
    """One entry of a numbered list with a stated or implied count."""

    list: str  # the list's own title: 一、普及宣传6项重点活动
    position: int
    title: str
    departments: tuple[str, ...] = ()
    start: int
    end: int


class Description(Record, frozen=True, kw_only=True):
    """What a document says of itself. `year` is the year reported on or planned for."""

    title: str | None = None
    number: str | None = None  # 渝科协发〔2022〕88号
    issuer: str | None = None
    recipients: tuple[str, ...] = ()
    published_on: date | None = None
    genre: Genre = "other"
    year: int | None = None
    region: str | None = None
    sections: tuple[Section, ...] = ()
    items: tuple[ListItem, ...] = ()


# --- figures -----------------------------------------------------------------------------------


class Figure(Record, frozen=True, kw_only=True):
    """A number that measures something, one record per mention. The keys are those of the contract.

    `low` and `high` bound what value and qualifier mean; None is open. `quote` is the clause or sentence.
    """

    start: int
    end: int
    raw: str
    value: Decimal | None
    value_high: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str
    qualifier: Qualifier
    kind: FigureKind
    measure: Measure
    year: int | None
    role: Role
    region: str | None
    subject: str
    indicator: str | None = None
    series: str | None = None
    page: int | None = None
    quote: str
    confidence: float


# --- discover, fetch ---------------------------------------------------------------------------


class NoticeRef(Record, frozen=True, kw_only=True):
    """A notice as a source's listing names it."""

    source: str
    url: str
    title: str | None = None
    published_on: date | None = None


class Response(Record, frozen=True, kw_only=True):
    """A publisher's answer: `url` is where redirects led, header names are in small letters."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes


class Capture(Record, frozen=True, kw_only=True):
    """One fetched version of a notice: its bytes lie in the archive under their hash."""

    notice: NoticeRef
    notice_id: str  # of source and url; the same in every version
    sha256: str
    path: str  # in the archive, relative to its root
    media_type: str | None
    size: int
    fetched_at: datetime
    name: str  # file name, with an ending that tells the format where that is known
    final_url: str  # where redirects led
    attachment_of: str | None = None  # notice_id of the page that links it
    headers: dict[str, str] = {}  # those of the answer that say something of the document, in small letters
    cautions: tuple[Caution, ...] = ()


class Reading(Record, frozen=True, kw_only=True):
    """All that was read from one capture: what staging takes. `unreadable` gives the reason when nothing could be.

    `text` and `passages` are the document's own: rules over documents and the review page quote from them.
    """

    capture: Capture
    text: str = ""
    passages: tuple[Passage, ...] = ()
    description: Description = Description()
    figures: tuple[Figure, ...] = ()
    cautions: tuple[Caution, ...] = ()
    characters: int = 0
    extractor: str = ""  # version of the code that read it
    unreadable: str | None = None


# --- checks ------------------------------------------------------------------------------------


class Finding(Record, frozen=True, kw_only=True):
    """What a rule has to say of a notice, or of one figure in it."""

    rule: str
    severity: Severity
    notice_id: str
    message: str
    expected: str
    seen: str
    evidence: str  # the sentence
    start: int | None = None
    end: int | None = None
    figure_id: str | None = None
    action: str = ""
    said: str | None = None  # JSON: the name of the message and what fills it, for other languages
