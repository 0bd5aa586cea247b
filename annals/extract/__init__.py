"""Bytes → `Document`: every format that publishers post, told by content, read behind a fence."""

from pathlib import Path

from annals.errors import Unreadable
from annals.extract import detect
from annals.extract.formats import parse
from annals.extract.limits import LIMITS, Limits, Options, Selectors
from annals.model import Document

__all__ = ["LIMITS", "VERSION", "Limits", "Options", "Selectors", "extract", "extract_bytes", "read_bytes"]

# Part of a reading's identity: what was unreadable is tried again only when this changes.
VERSION = "1"


def extract(path: Path, *, password: str | None = None) -> Document:
    """Read a file. Raises `Unreadable` with a reason of one line when it cannot be turned into text."""
    return extract_bytes(path.name, read_bytes(path), password=password)


def read_bytes(path: Path) -> bytes:
    """A file's bytes, `Unreadable` when it is too large or cannot be opened."""
    try:
        size = path.stat().st_size
        if size > LIMITS.file_bytes:
            raise Unreadable(f"the file has {size >> 20} MiB; the limit is {LIMITS.file_bytes >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the file cannot be opened: {error.strerror}") from error


def extract_bytes(
    name: str,
    data: bytes,
    *,
    password: str | None = None,
    url: str | None = None,
    selectors: Selectors | None = None,
) -> Document:
    """Read a document that is in memory; `url` and `selectors` help with HTML pages of a known source."""
    options = Options(password=password, url=url, selectors=selectors or Selectors())
    if detect.is_plain(name, data):
        return parse(detect.media_type(name, data), name, data, options)
    from annals.extract import fence  # plain text starts faster without it

    return fence.read(name, data, options)
