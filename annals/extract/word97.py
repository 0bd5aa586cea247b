"""DOC and WPS: the piece table of Word 97–2003, read exactly.

Offsets and property codes are those of Microsoft's open specification [MS-DOC], sections 2.5 (Fib),
2.8.35 (PlcPcd), 2.9.33 and 2.9.174 (FKP pages) and 2.6 (Sprm). Deleted and hidden text is left out: it is not printed.
"""

import io
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator

import olefile

from annals.errors import Unreadable
from annals.extract.compose import CellDraft, Composer
from annals.extract.detect import DOC
from annals.extract.limits import Options
from annals.model import Document, Record

_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CP1252 = 1 << 30
_PAGE = 512
# Property modifiers: deleted, hidden; in a table, end of a row, outline level.
_C_DELETED, _C_HIDDEN = 0x0800, 0x083C
_P_IN_TABLE, _P_ROW_END, _P_OUTLINE = 0x2416, 0x2417, 0x2640
_OPERAND = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes, by the top three bits of a modifier; 0: the next byte says
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*\x15|[\x14\x15]")
_MARKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\xa0": " "})


class _Piece(Record, frozen=True, kw_only=True):
    start: int  # character position in the document
    text: str
    offset: int  # of its first byte in the stream
    width: int  # bytes a character


class _Paragraph(Record, frozen=True, kw_only=True):
    text: str
    in_table: bool
    cell_end: bool
    row_end: bool
    level: int | None


def read(name: str, data: bytes, options: Options) -> Document:
    """Paragraphs, headings and tables of the main text, then its foot- and endnotes."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            stream = _Stream(ole)
    except (OSError, struct.error, IndexError, ValueError, TypeError) as error:
        raise Unreadable(f"the Word document is damaged ({error})") from error
    try:
        body, notes = stream.paragraphs()
    except (struct.error, IndexError, ValueError) as error:
        raise Unreadable(f"the Word document is damaged: its tables of contents point outside it ({error})") from error
    composer = Composer(options.limits)
    _compose(composer, body)
    for note in notes:
        composer.add("note", note.text)
    return composer.document(name, DOC)


class _Stream:
    """The document's stream with its piece table and its two property tables."""

    def __init__(self, ole: olefile.OleFileIO) -> None:
        self._main: bytes = ole.openstream("WordDocument").read()
        magic, version = struct.unpack_from("<HH", self._main, 0)
        flags = struct.unpack_from("<H", self._main, 0x0A)[0]
        if magic != _MAGIC or version < 101:
            raise Unreadable("the document was written before Word 97; open it in an office program and save it anew")
        if flags & _ENCRYPTED:
            raise Unreadable("the Word document is encrypted; remove its password and try again")
        self._table: bytes = ole.openstream("1Table" if flags & _TABLE_1 else "0Table").read()

    def paragraphs(self) -> tuple[list[_Paragraph], list[_Paragraph]]:
        """The main text's paragraphs, and those of its notes."""
        length, foot, heads, _, comments, ends = struct.unpack_from("<6i", self._main, 0x4C)
        pieces = self._pieces()
        text = "".join(piece.text for piece in pieces)
        if length <= 0 or length > len(text):
            raise Unreadable(f"the Word document is damaged: {length} characters announced, {len(text)} there")
        skipped = _Runs(self._main, self._table, 0xFA, paragraphs=False).unprinted()
        properties = _Runs(self._main, self._table, 0x102, paragraphs=True)
        visible = "".join(_without(piece, skipped) for piece in pieces)
        body = list(self._split(visible, 0, length, pieces, properties))
        first_end = length + foot + heads + comments
        notes = [
            paragraph
            for low, high in ((length, length + foot), (first_end, first_end + ends))
            for paragraph in self._split(visible, low, high, pieces, properties)
            if paragraph.text.strip("\x02 \n")
        ]
        return body, notes

    def _pieces(self) -> list[_Piece]:
        at, size = struct.unpack_from("<II", self._main, 0x01A2)
        end = at + size
        while at < end and self._table[at] == 1:  # property modifications saved fast; not text
            at += 3 + struct.unpack_from("<H", self._table, at + 1)[0]
        if at >= end or self._table[at] != 2:
            raise Unreadable("the Word document is damaged: it has no piece table")
        length = struct.unpack_from("<I", self._table, at + 1)[0]
        at += 5
        count = (length - 4) // 12
        if count <= 0 or at + length > len(self._table):
            raise Unreadable("the Word document is damaged: its piece table is cut off")
        starts = struct.unpack_from(f"<{count + 1}i", self._table, at)
        pieces = []
        for index in range(count):
            raw = struct.unpack_from("<I", self._table, at + 4 * (count + 1) + 8 * index + 2)[0]
            width = 1 if raw & _CP1252 else 2
            offset = (raw & ~_CP1252) // 2 if width == 1 else raw
            characters = starts[index + 1] - starts[index]
            chunk = self._main[offset : offset + characters * width]
            if characters < 0 or len(chunk) < characters * width:
                raise Unreadable("the Word document is damaged: a piece of its text lies outside the file")
            # A lone surrogate half takes the place of one character, so that positions keep.
            text = chunk.decode("cp1252" if width == 1 else "utf-16-le", "replace")
            if width == 2 and len(text) != characters:
                text = "".join(chr(unit) for unit in struct.unpack(f"<{characters}H", chunk))
            pieces.append(_Piece(start=starts[index], text=text, offset=offset, width=width))
        return pieces

    def _split(
        self, visible: str, low: int, high: int, pieces: list[_Piece], properties: "_Runs"
    ) -> Iterator[_Paragraph]:
        starts = [piece.start for piece in pieces]
        at = low
        for mark in re.finditer("[\r\x07]", visible[low:high]):
            position = low + mark.start()
            piece = pieces[bisect_right(starts, position) - 1]
            modifiers = properties.at(piece.offset + (position - piece.start) * piece.width)
            style = modifiers.get(-1, 0)
            outline = modifiers.get(_P_OUTLINE, 9)
            level = style if 1 <= style <= 9 else outline + 1 if outline < 9 else None
            yield _Paragraph(
                text=_printed(visible[at:position]),
                in_table=mark.group() == "\x07" or bool(modifiers.get(_P_IN_TABLE)),
                cell_end=mark.group() == "\x07",
                row_end=mark.group() == "\x07" and bool(modifiers.get(_P_ROW_END)),
                level=level,
            )
            at = position + 1
        if at < high and visible[at:high].strip("\0"):
            text = _printed(visible[at:high])
            yield _Paragraph(text=text, in_table=False, cell_end=False, row_end=False, level=None)


class _Runs:
    """Formatted runs: byte offset in the stream → the property modifiers that hold there. -1 is the style."""

    def __init__(self, main: bytes, table: bytes, entry: int, *, paragraphs: bool) -> None:
        self._starts: list[int] = []
        self._values: list[dict[int, int]] = []
        at, size = struct.unpack_from("<II", main, entry)
        count = (size - 4) // 8
        if count <= 0:
            return
        for number in struct.unpack_from(f"<{count}I", table, at + 4 * (count + 1)):
            page = main[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
            if len(page) == _PAGE:
                self._read(page, 13 if paragraphs else 1, paragraphs)

    def _read(self, page: bytes, stride: int, paragraphs: bool) -> None:
        runs = page[-1]
        offsets = struct.unpack_from(f"<{runs + 1}I", page, 0)
        for index in range(runs):
            where = page[4 * (runs + 1) + stride * index] * 2
            self._starts.append(offsets[index])
            self._values.append(_modifiers(page, where, paragraphs) if where else {})

    def at(self, offset: int) -> dict[int, int]:
        index = bisect_right(self._starts, offset) - 1
        return self._values[index] if index >= 0 else {}

    def unprinted(self) -> list[tuple[int, int]]:
        """The stretches of the stream, start and end, whose text is deleted or hidden."""
        ends = [*self._starts[1:], 1 << 62]
        return [
            (start, end)
            for start, end, modifiers in zip(self._starts, ends, self._values, strict=True)
            if modifiers.get(_C_DELETED) or modifiers.get(_C_HIDDEN)
        ]


def _modifiers(page: bytes, at: int, paragraphs: bool) -> dict[int, int]:
    size = page[at]
    at += 1
    found: dict[int, int] = {}
    if paragraphs:
        if size:
            end = at + 2 * size - 1
        else:
            end = at + 1 + 2 * page[at]
            at += 1
        found[-1] = struct.unpack_from("<H", page, at)[0]
        at += 2
    else:
        end = at + size
    end = min(end, _PAGE)
    while at + 3 <= end:
        code = struct.unpack_from("<H", page, at)[0]
        width = _OPERAND[code >> 13] or page[at + 2] + 1
        found[code] = page[at + 2]
        at += 2 + width
    return found


def _without(piece: _Piece, unprinted: list[tuple[int, int]]) -> str:
    """A piece's text with what is not printed blanked by NUL, one for one; paragraph marks stay."""
    text = piece.text
    for start, stop in unprinted:
        low = max(0, (start - piece.offset) // piece.width)
        high = min(len(text), (stop - piece.offset) // piece.width)
        if low < high:
            text = text[:low] + re.sub("[^\r\x07]", "\0", text[low:high]) + text[high:]
    return text


def _printed(text: str) -> str:
    """Without field codes, anchors and what is not printed.

    >>> _printed("见\\x13 HYPERLINK x \\x14附件\\x15，共\\x0012项")
    '见附件，共12项'
    """
    text = text.replace("\0", "")
    while True:
        shorter = _FIELD_CODE.sub("", text)
        if shorter == text:
            return text.translate(_MARKS)
        text = shorter


def _compose(composer: Composer, paragraphs: list[_Paragraph]) -> None:
    cells: list[CellDraft] = []
    row, column, pending = 0, 0, ""
    tables = 0

    def finish() -> None:
        nonlocal cells, row, column, pending, tables
        if cells:
            tables += 1
            composer.add_table(cells, path=f"table {tables}")
        cells, row, column, pending = [], 0, 0, ""

    for number, paragraph in enumerate(paragraphs, 1):
        if paragraph.row_end:
            row, column, pending = row + 1, 0, ""
        elif paragraph.in_table:
            pending = f"{pending} {paragraph.text}" if pending else paragraph.text
            if paragraph.cell_end:
                cells.append(CellDraft(row=row, column=column, text=pending, path=f"row {row + 1} cell {column + 1}"))
                column, pending = column + 1, ""
        else:
            finish()
            for line in paragraph.text.split("\n"):
                path = f"paragraph {number}"
                composer.add("heading" if paragraph.level else "paragraph", line, level=paragraph.level, path=path)
    finish()
