"""What the fence and its workers say to each other: a length of 8 bytes, then a record in MessagePack."""

import struct

from annals.extract.limits import Options
from annals.model import Document, Record


class Request(Record, frozen=True, tag=True):
    """A document to read."""

    name: str
    data: bytes
    options: Options


class Show(Record, frozen=True, tag=True):
    """A document that was read, and the stretch of its text to show in its place."""

    document: Document
    data: bytes
    options: Options
    start: int
    end: int


class Shown(Record, frozen=True, tag=True):
    """A picture or a piece of HTML."""

    media_type: str
    data: bytes
    spent: bool = False


class Read(Record, frozen=True, tag=True):
    """It was read. `spent` asks for another worker."""

    document: Document
    spent: bool


class Refused(Record, frozen=True, tag=True):
    """It cannot be read."""

    reason: str
    spent: bool


class Grant(Record, frozen=True, tag=True):
    """The next step may take so many seconds."""

    seconds: float


Reply = Read | Shown | Refused | Grant
HEADER = struct.Struct("<Q")
