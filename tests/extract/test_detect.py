"""Formats are told by content; names decide only between kinds of plain text."""

import io
import random
import zipfile

import pytest

from annals.errors import Unreadable
from annals.extract import detect, extract_bytes

EXTENSIONS = (
    "pdf",
    "docx",
    "xlsx",
    "doc",
    "xls",
    "wps",
    "ofd",
    "zip",
    "html",
    "txt",
    "md",
    "csv",
    "png",
    "jpg",
    "tif",
    "",
)


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("通知.doc", "<html><body><p>全年培训12万人次。</p></body></html>".encode(), detect.HTML),
        ("通知.html", b"%PDF-1.4\n", detect.PDF),
        ("通知.pdf", "全年培训12万人次。".encode(), detect.TEXT),
        ("通知.pdf", b"garbage before\n%PDF-1.4\n", detect.PDF),
        ("通知.txt", zipped("[Content_Types].xml", "word/document.xml"), detect.DOCX),
        ("通知.docx", zipped("[Content_Types].xml", "xl/workbook.xml"), detect.XLSX),
        ("通知.zip", zipped("OFD.xml"), detect.OFD),
        ("附件.docx", zipped("方案.txt"), detect.ZIP),
        ("扫描.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png"),
        ("扫描.pdf", b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
        ("通知.md", "# 通知".encode(), detect.MARKDOWN),
        ("通知.md", "<!-- 栏目 -->\n<div>通知</div>".encode(), detect.HTML),
    ],
)
def test_content_decides(name: str, data: bytes, expected: str) -> None:
    assert detect.media_type(name, data) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t\n", "nothing but blanks"),
        (b"\0" * 5000, "nothing but blanks"),
        (b"Rar!\x1a\x07\x00abc", "RAR archive"),
        (b"\x7fELF" + bytes(100), "a program"),
        (b"PK\x03\x04" + b"broken" * 20, "damaged zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "without a Word or Excel document"),
    ],
)
def test_what_is_no_document_says_so_in_one_line(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as caught:
        extract_bytes("通知.pdf", data)
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_random_bytes_are_refused_under_any_name(extension: str) -> None:
    data = random.Random(extension).randbytes(5000)
    with pytest.raises(Unreadable):
        extract_bytes(f"随机.{extension}", data)
