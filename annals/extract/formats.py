"""Which room reads which format. Runs inside the fence, or directly for plain text."""

from importlib import import_module
from typing import Protocol, cast

from annals.errors import Unreadable
from annals.extract import detect
from annals.extract.limits import Options
from annals.model import Document


class Reader(Protocol):
    """A reader turns bytes into a `Document` or raises `Unreadable`."""

    def __call__(self, name: str, data: bytes, options: Options) -> Document: ...


# Modules are imported when first needed: pdf and recognition are heavy, and most notices need neither.
_READERS = {
    detect.TEXT: "annals.extract.plain",
    detect.MARKDOWN: "annals.extract.plain",
    detect.CSV: "annals.extract.plain",
    detect.HTML: "annals.extract.html",
    detect.PDF: "annals.extract.pdf",
    **dict.fromkeys(detect.IMAGES, "annals.extract.image"),
    detect.DOCX: "annals.extract.word",
    detect.DOC: "annals.extract.word97",
    detect.XLSX: "annals.extract.sheets",
    detect.ZIP: "annals.extract.zipped",
    detect.OFD: "annals.extract.ofd",
    detect.XLS: "annals.extract.sheets",
}

_REFUSED = {
    detect.RTF: "the file is an RTF document; save it as DOCX or PDF",
    detect.PPTX: "the file is a presentation (PPTX); save it as PDF",
}


def parse(media_type: str, name: str, data: bytes, options: Options) -> Document:
    """Read a document of a known type, in this process: what the fence's workers do, and archives for their members."""
    module = _READERS.get(media_type)
    if module is None:
        raise Unreadable(_REFUSED[media_type])
    return cast(Reader, import_module(module).read)(name, data, options)
