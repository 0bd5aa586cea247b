"""A stand-in for fonts that a PDF names without holding them, where the system has none of their script.

pdfium passes text over whose glyphs have no extent, and a system without Chinese fonts has no extent for any. The
stand-in has one: a square, for every character there is. Pictures show squares then; text is read as it stands.
"""

import ctypes
import struct
from collections.abc import Mapping
from functools import cache
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_CHARSETS = (
    pdfium.FXFONT_GB2312_CHARSET,
    pdfium.FXFONT_CHINESEBIG5_CHARSET,
    pdfium.FXFONT_SHIFTJIS_CHARSET,
    pdfium.FXFONT_HANGEUL_CHARSET,
)
_NAME = b"Squares\0"
_EM = 1000
_ASCENT, _DESCENT = 880, -120
_HANDLE = 0x5AFE  # stands for the font when pdfium asks for it; never looked behind


class _Fonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """The system's fonts, and the stand-in where these have none of an East Asian script."""

    def MapFont(  # noqa: N802 - pdfium's own names
        self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        found: int | None = super().MapFont(_, weight, italic, charset, pitch, face, exact)
        return _HANDLE if not found and charset in _CHARSETS else found

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _HANDLE:
            return int(super().GetFontData(_, font, table, buffer, size))
        return _give(b"" if table else squares(), buffer, size)  # table 0 is the whole file

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:  # noqa: N802
        return _give(_NAME, buffer, size) if font == _HANDLE else int(super().GetFaceName(_, font, buffer, size))

    def GetFontCharset(self, _: Any, font: int) -> int:  # noqa: N802
        return int(_CHARSETS[0] if font == _HANDLE else super().GetFontCharset(_, font))

    def DeleteFont(self, _: Any, font: int) -> None:  # noqa: N802
        if font != _HANDLE:
            super().DeleteFont(_, font)


@cache
def install() -> None:
    """Have pdfium ask us for fonts, from now on, in this process."""
    _Fonts().setup()


def squares() -> bytes:
    """A TrueType font whose every character is a square of nearly an em (OpenType 1.9, cmap format 13).

    >>> squares()[:4], len(squares()) < 1000
    (b'\\x00\\x01\\x00\\x00', True)
    """
    edge = _EM // 20
    low, high = _DESCENT + edge, _ASCENT - edge
    outline = struct.pack(">hhhhhHH", 1, edge, low, _EM - edge, high, 3, 0)
    outline += bytes([1, 1, 1, 1])  # four points on the curve
    outline += struct.pack(">4h", edge, 0, _EM - 2 * edge, 0) + struct.pack(">4h", low, high - low, 0, low - high)
    outline += bytes(-len(outline) % 4)
    every = struct.pack(">HHIIIIII", 13, 0, 28, 0, 1, 0x20, 0x10FFFF, 1)
    return _file(
        {
            b"OS/2": struct.pack(">HhHHH", 4, _EM, 400, 5, 0) + bytes(86),
            b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + every,
            b"glyf": outline,
            b"head": struct.pack(">IIIIHH", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM)
            + bytes(16)
            + struct.pack(">hhhhHHhhh", edge, low, _EM - edge, high, 0, 8, 2, 1, 0),
            b"hhea": struct.pack(">IhhhH", 0x10000, _ASCENT, _DESCENT, 0, _EM) + bytes(22) + struct.pack(">H", 1),
            b"hmtx": struct.pack(">Hhh", _EM, edge, edge),
            b"loca": struct.pack(">3I", 0, 0, len(outline)),  # the glyph of what is missing is empty
            b"maxp": struct.pack(">IH", 0x10000, 2) + struct.pack(">HH", 4, 1) + bytes(22),
            b"post": struct.pack(">I", 0x30000) + bytes(28),
        }
    )


def _file(tables: Mapping[bytes, bytes]) -> bytes:
    """A font file of these tables, which stand in the order of their names. Checksums are left at 0."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", 0x10000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    at = len(head) + 16 * count
    directory, body = b"", b""
    for name, table in tables.items():
        directory += name + struct.pack(">III", 0, at + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + directory + body


def _give(data: bytes, buffer: Any, size: int) -> int:
    """Hand over data as pdfium takes it: its size, and the data itself where there is room for them."""
    if buffer and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)
