"""Plain text, Markdown and CSV: the text is the file's own, unchanged; only its passages are found."""

import codecs

from annals.errors import Unreadable
from annals.extract import detect
from annals.extract.decode import decode
from annals.extract.delimited import segment_rows
from annals.extract.limits import Options
from annals.extract.text import segment
from annals.model import Caution, Document


def read(name: str, data: bytes, options: Options) -> Document:
    """Decode and segment; no newline is translated."""
    text, codec, bad = decode(data)
    if data.startswith(codecs.BOM_UTF8):
        text = f"\ufeff{text}"  # a character like any other to who reads the file as UTF-8: offsets count it
    if len(text) > options.limits.characters:
        raise Unreadable(f"more than {options.limits.characters:,} characters of text")
    media_type = detect.media_type(name, data)
    cautions: tuple[Caution, ...] = ()
    if bad:
        at = text.index("\ufffd")
        message = f"{bad} places could not be decoded as {codec}; the first is at character {at}"
        cautions = (Caution(code="mojibake", message=message, start=at, end=at + 1),)
    passages = segment_rows(text) if media_type == detect.CSV else segment(text, media_type == detect.MARKDOWN)
    if not passages:
        raise Unreadable("no text was found in it")
    return Document(name=name, media_type=media_type, text=text, passages=passages, cautions=cautions)
