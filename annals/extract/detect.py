"""What a file is, told by its bytes. A name decides only between kinds of plain text, which have no marks."""

import io
import re
import zipfile
from pathlib import PurePath

from annals.errors import Unreadable

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
OFD = "application/ofd"
ZIP = "application/zip"
RTF = "application/rtf"
HTML = "text/html"
MARKDOWN = "text/markdown"
CSV = "text/csv"
TEXT = "text/plain"

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", RTF),
)
IMAGES = (*dict.fromkeys(kind for _, kind in _SIGNATURES if kind.startswith("image/")), "image/webp")
_NAMED = {  # told from plain text by marks below; the names serve the message only
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"\x1f\x8b": "gzip data",
    b"\x7fELF": "a program",
    b"MZ\x90\x00": "a program",
    b"SQLite format 3\x00": "a database",
}
_MAIL = re.compile(
    rb"(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Content-Type|X-[\w-]+):", re.IGNORECASE
)
_OFFICE_XML = re.compile(
    rb"progid=\"(?:Word|Excel)|schemas\.microsoft\.com/office/(?:word/2003|2006/xmlPackage)|office:spreadsheet"
)
_HEADLESS_PDF = re.compile(rb"[\s\x00-\x1f]*(?:%[^\r\n]*[\r\n]+)?\d+ 0 obj\b")  # readers open such files all the same
_MARKUP = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|span|section|article|style|script|center|font|h[1-6]|ul|a|br)\b",
    re.IGNORECASE | re.DOTALL,
)


def media_type(name: str, data: bytes) -> str:
    """The media type of a file's content; `Unreadable` when it is empty, encrypted or of no kind we know.

    >>> media_type("通知.pdf", "关于开展科普活动的通知".encode())
    'text/plain'
    >>> media_type("x", b"%PDF-1.7\\n...")
    'application/pdf'
    >>> media_type("x.txt", b"")
    Traceback (most recent call last):
    annals.errors.Unreadable: the file is empty
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("the file is empty" if not data else "the file holds nothing but blanks")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if b"%PDF-" in data[:1024] or _HEADLESS_PDF.match(data):
        return PDF
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and not (kind == "image/bmp" and data[6:10] != b"\0\0\0\0"):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    for signature, what in _NAMED.items():
        if data.startswith(signature):
            raise Unreadable(f"the file is {what}, not a document")
    return _text_kind(name, data)


def is_plain(name: str, data: bytes) -> bool:
    """Whether this is text, Markdown or CSV: what can be read without a parser that a document could mislead."""
    marked = (
        data.startswith((b"PK", b"\xd0\xcf\x11\xe0", *_NAMED)) or b"%PDF-" in data[:1024] or _HEADLESS_PDF.match(data)
    )
    return not marked and media_type(name, data) in (TEXT, MARKDOWN, CSV)


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        if b"PK\x05\x06" not in data[-66_000:]:
            raise Unreadable(
                "the file is a damaged zip or office document: it is cut off, its end is missing"
            ) from error
        raise Unreadable(f"the file is a damaged zip or office document ({error})") from error
    except (ValueError, NotImplementedError, OverflowError, UnicodeDecodeError) as error:
        raise Unreadable(f"the file is a damaged zip or office document ({error})") from error
    if "xl/workbook.bin" in names:
        raise Unreadable("the file is a binary Excel workbook (XLSB); save it as XLSX")
    for mark, kind in (
        ("word/", DOCX),
        ("xl/", XLSX),
        ("ppt/", PPTX),
    ):
        if "[Content_Types].xml" in names and any(name.startswith(mark) for name in names):
            return kind
    if "OFD.xml" in names:
        return OFD
    return ZIP


def _ole_kind(data: bytes) -> str:
    # The directory's names are UTF-16; looking for them needs no parser that a broken file could mislead.
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\0\0" in data

    if holds("EncryptedPackage"):
        raise Unreadable("the office document is encrypted; remove its password and try again")
    if holds("WordDocument"):
        return DOC
    if holds("Workbook") or holds("Book"):
        return XLS
    if holds("PowerPoint Document"):
        raise Unreadable("the file is a PowerPoint 97 presentation; save it as PDF")
    raise Unreadable("the file is an OLE container without a Word or Excel document in it")


def _text_kind(name: str, data: bytes) -> str:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    head = data[:4096]
    if not utf16:
        odd = sum(byte < 32 and byte not in (9, 10, 12, 13, 26, 27) for byte in head)
        if b"\0" in head or odd > len(head) // 100:
            raise Unreadable("the file is binary, of a kind that is not known")
    sample = head if not utf16 else head.decode("utf-16", "replace").encode()
    if _MAIL.match(head.lstrip()) and re.search(rb"^MIME-Version:", head, re.IGNORECASE | re.MULTILINE):
        raise Unreadable("the file is an e-mail or a web archive (EML, MHTML); save what it shows as PDF")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and _OFFICE_XML.search(head):
        raise Unreadable("the file is a Word or Excel document in plain XML; save it as DOCX or XLSX")
    if _MARKUP.match(sample.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    suffix = PurePath(name).suffix.lower()
    if suffix in (".md", ".markdown"):
        return MARKDOWN
    if suffix in (".html", ".htm", ".shtml", ".xhtml") and re.search(rb"</?(?:p|div|td|span|br|body)\b", data, re.I):
        return HTML
    return CSV if suffix in (".csv", ".tsv") else TEXT
