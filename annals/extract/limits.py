"""What one document may cost, and what a caller may say about it: plain records, cheap to import."""

from annals.model import Record

MEBIBYTE = 1 << 20


class Limits(Record, frozen=True, kw_only=True):
    """Caps on one document. What is cut short is said in a caution; what cannot be cut short is `Unreadable`."""

    file_bytes: int = 256 * MEBIBYTE
    unpacked_bytes: int = 512 * MEBIBYTE  # of all members of a zip together
    members: int = 10_000
    nesting: int = 3  # archives in archives
    pages: int = 400  # read in full; the rest is named in a caution
    ocr_pages: int = 60
    characters: int = 5_000_000
    pixels: int = 50_000_000  # of one image or rendered page
    seconds: float = 90.0  # for a document without recognition; both of wall clock and of processor
    ocr_seconds_per_page: float = 90.0  # 3 s on a free core; machines are shared
    memory_bytes: int = 3 * 1024 * MEBIBYTE  # address space of a worker


LIMITS = Limits()


class Selectors(Record, frozen=True, kw_only=True):
    """CSS selectors for the pages of one source; each None is left to the general rules."""

    content: str | None = None
    title: str | None = None
    published_on: str | None = None
    number: str | None = None
    issuer: str | None = None
    remove: tuple[str, ...] = ()


class Options(Record, frozen=True, kw_only=True):
    """What the caller knows about a document beside its bytes."""

    password: str | None = None
    url: str | None = None  # where an HTML page came from; its links are made absolute with it
    selectors: Selectors = Selectors()
    limits: Limits = LIMITS
