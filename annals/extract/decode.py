"""Bytes → text. Chinese pages name the wrong charset, or none, often enough that the bytes are asked first."""

import codecs
import re

from annals.errors import Unreadable

# Written by everyone in any text; rare characters of a wrong decoding are not among them.
_COMMON = frozenset("的一是在和年月日人了有中大為为不會会於于国國与與及、，。：；（）")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,20})""", re.IGNORECASE)
_TOLERATED = 1 / 200  # bad sequences a character


def decode(data: bytes, declared: str | None = None) -> tuple[str, str, int]:
    """The text, the codec that read it, and how many sequences it could not read (they are U+FFFD).

    In order: byte order mark, UTF-8 (a few bad bytes tolerated), the declared charset, GB18030 or Big5,
    whichever gives the more common characters. The whole of the data is judged, never a slice. The mark itself is
    left out of the text.

    >>> decode("云川市".encode("gb18030"))[:2]
    ('云川市', 'gb18030')
    >>> decode("臺北市的年會與報告。".encode("big5"))[:2]
    ('臺北市的年會與報告。', 'big5hkscs')
    """
    for mark, marked in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            text = data[len(mark) :].decode(marked, "replace")
            return text, marked, text.count("\ufffd")
    for codec in ("utf-8", _codec(declared)):
        if codec is not None:
            text, bad = _attempt(data, codec)
            if bad <= len(text) * _TOLERATED and (codec != "utf-8" or bad * 20 <= _wide(text)):
                return text, codec, bad
    candidates = [(*_attempt(data, chosen), chosen) for chosen in ("utf-8", "gb18030", "big5hkscs")]
    text, bad, chosen = max(candidates, key=lambda found: _plausibility(found[0], found[1]))
    if bad > max(len(text) >= 10, len(text) * 4 * _TOLERATED):
        raise Unreadable("the file is not text in UTF-8, GB18030 or Big5")
    return text, chosen, bad


def declared_charset(data: bytes) -> str | None:
    """The charset that a page's own head names.

    >>> declared_charset(b'<meta http-equiv=Content-Type content="text/html; charset=gb2312">')
    'gb2312'
    """
    found = _DECLARED.search(data[:4096])
    return found.group(1).decode("ascii") if found else None


def _codec(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        return None
    # Pages that say gb2312 use characters of its supersets; a Latin codec reads anything, and so says nothing.
    if codec in ("gb2312", "gbk", "hz", "gb18030"):
        return None
    if codec in ("big5", "cp950", "big5hkscs"):
        return "big5hkscs"
    return codec if codec.startswith("utf-16") and codec != "utf-16" else None


def _attempt(data: bytes, codec: str) -> tuple[str, int]:
    text = data.decode(codec, "replace")
    return text, text.count("\ufffd")


def _wide(text: str) -> int:
    return sum(character > "\x7f" and character != "\ufffd" for character in text)


def _plausibility(text: str, bad: int) -> tuple[float, int]:
    wide = _wide(text)
    common = sum(character in _COMMON for character in text)
    return (common / wide if wide else 0.0) - 4 * bad / max(1, len(text)), -bad
