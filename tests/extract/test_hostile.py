"""Broken, odd and malicious documents: each becomes text or one clear line, soon, and never a call to the network."""

import io
import random
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from annals.errors import Unreadable
from annals.extract import Limits, Options, extract, extract_bytes, fence
from annals.model import Document
from tests.extract.pdfs import column, pdf, say

PROJECT = Path(__file__).resolve().parents[2]
HOSTILE = PROJECT.parent / "shared" / "corpus" / "hostile"
SAID = "全年举办科普讲座126场，惠及公众4.8万人次。"
PAGE = f"<html><body><p>{SAID}</p></body></html>".encode()
LIMITS = Limits(seconds=5, ocr_seconds_per_page=20)

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_O = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_PARAGRAPH = f"<w:p><w:r><w:t>{SAID}</w:t></w:r></w:p>"
_ENTITIES = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(97 + i)} '{f'&{chr(96 + i)};' * 10}'>" for i in range(1, 12)
)
_ENTITIES += "]>"


@pytest.fixture(scope="module")
def fenced() -> Iterator[fence.Fence]:
    own = fence.Fence(LIMITS)
    yield own
    own.close()


def outcome(fenced: fence.Fence, name: str, data: bytes, password: str | None = None) -> Document | str:
    """The document or the reason, after the promises that hold for any file."""
    began = time.monotonic()
    try:
        document = fenced.read(name, data, Options(limits=LIMITS, password=password))
    except Unreadable as error:
        assert error.reason.strip() and "\n" not in error.reason and " at 0x" not in error.reason
        assert "the reader failed" not in error.reason, "a reader raised what it does not expect"
        return error.reason
    finally:
        assert time.monotonic() - began < LIMITS.seconds + 25
    assert document.text.strip()
    assert all(document.text[p.start : p.end].strip() for p in document.passages)
    return document


def archive(members: Iterable[tuple[str | zipfile.ZipInfo, bytes | str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in members:
            target.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(body: str, *, before: str = "", parts: Iterable[tuple[str, str]] = (), codec: str = "utf-8") -> bytes:
    document = f"{before}<w:document {_W}><w:body>{body}</w:body></w:document>"
    return archive([("[Content_Types].xml", "<x/>"), ("word/document.xml", document.encode(codec)), *parts])


def xlsx(sheet: str, *, before: str = "") -> bytes:
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return archive(
        [
            (
                "[Content_Types].xml",
                f'<Types xmlns="{_P}/content-types"><Override PartName="/xl/workbook.xml" '
                f'ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
                f'ContentType="{types}.worksheet+xml"/></Types>',
            ),
            (
                "_rels/.rels",
                f'<Relationships xmlns="{_P}/relationships"><Relationship Id="a" Type="{_R}/officeDocument" '
                'Target="xl/workbook.xml"/></Relationships>',
            ),
            (
                "xl/workbook.xml",
                f'<workbook {_S} xmlns:r="{_R}"><sheets><sheet name="s" sheetId="1" r:id="a"/></sheets></workbook>',
            ),
            (
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{_P}/relationships"><Relationship Id="a" Type="{_R}/worksheet" '
                'Target="worksheets/sheet1.xml"/></Relationships>',
            ),
            ("xl/worksheets/sheet1.xml", f"{before}<worksheet {_S}>{sheet}</worksheet>"),
        ]
    )


def cell(place: str, text: str = "甲") -> str:
    row = "".join(filter(str.isdigit, place))
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def ofd(page: str, *, before: str = "") -> bytes:
    return archive(
        [
            (
                "OFD.xml",
                f"<ofd:OFD {_O}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            ),
            (
                "D/Document.xml",
                f'<ofd:Document {_O}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
            ),
            ("D/P.xml", f"{before}<ofd:Page {_O}>{page}</ofd:Page>"),
        ]
    )


def raw_pdf(content: bytes, *, box: str = "0 0 595 842", entries: str = "", more: Iterable[bytes] = ()) -> bytes:
    """One page and the objects from 6 on, without a cross-reference table, which readers rebuild."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{entries}>>>>".encode(),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ]
    numbered = (b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer<</Root 1 0 R>>\n%%EOF"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def flated(data: bytes) -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode")


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# --- bombs ---------------------------------------------------------------------------------------------


def lying_zip() -> bytes:
    """A member that states 100 bytes and unpacks to 40 MiB."""
    data = bytearray(archive([("a.txt", b"0" * (40 << 20))]))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(mark) + offset
        data[at : at + 4] = struct.pack("<I", 100)
    return bytes(data)


def nested_zip() -> bytes:
    data = archive([("文.txt", SAID)])
    for _ in range(4):
        data = archive([(f"{index}.zip", data) for index in range(10)])
    return data


BOMBS = {
    "zip whose sizes lie": ("a.zip", lying_zip, "Bad CRC|unpacks to more"),
    "zips in zips": ("a.zip", nested_zip, "archives in archives"),
    "zip of too many members": ("a.zip", lambda: archive((str(i), b"") for i in range(10_001)), "limit is 10,000"),
    "entities in docx": ("a.docx", lambda: docx("&l;", before=_ENTITIES), "declares a DTD"),
    "entities behind a long comment": (
        "a.docx",
        lambda: docx("&l;", before="<!--" + "x" * 120_000 + "-->" + _ENTITIES),
        "declares a DTD",
    ),
    "a DTD in UTF-16": (
        "a.docx",
        lambda: docx(_PARAGRAPH, before="<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a []>", codec="utf-16-be"),
        "declares a DTD|broken XML",
    ),
    "entities in xlsx": (
        "a.xlsx",
        lambda: xlsx(f"<sheetData>{cell('A1', '&l;')}</sheetData>", before=_ENTITIES),
        "declares a DTD",
    ),
    "entities in ofd": ("a.ofd", lambda: ofd("<x>&l;</x>", before=_ENTITIES), "declares a DTD"),
    "a text node of 10 MiB": ("a.docx", lambda: docx(_PARAGRAPH.replace(SAID, "讲座" * 3_000_000)), "5,000,000 char"),
    "deep XML": ("a.docx", lambda: docx("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), "broken XML|nested"),
    "tables in tables": (
        "a.docx",
        lambda: docx("<w:tbl><w:tr><w:tc>" * 600 + _PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 600),
        None,
    ),
    "a word for a number": (
        "a.docx",
        lambda: docx(
            f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="zwei"/></w:tcPr>{_PARAGRAPH}</w:tc></w:tr></w:tbl>'
        ),
        "is damaged",
    ),
    "merged cells without end": (
        "a.xlsx",
        lambda: xlsx(f'<sheetData>{cell("A1")}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merges 17,179,869,184 cells",
    ),
    "deep xlsx": ("a.xlsx", lambda: xlsx("<a>" * 20_000 + "</a>" * 20_000), "broken XML"),
    "spans upon spans": (
        "a.html",
        lambda: b"<table><tr>" + b"<td rowspan=1000 colspan=1000>1</td><td>2</td>" * 300 + b"</tr></table>",
        None,
    ),
    "100,000 divs": ("a.html", lambda: b"<div>" * 100_000 + SAID.encode(), "took longer|processor time"),
    "comments": ("a.html", lambda: b"<!--" * 200_000 + b"<html><body>a", "no text"),
    "attributes": ("a.html", lambda: b"<p " + b" ".join(b"a%d=1" % i for i in range(20_000)) + b">" + PAGE, None),
    "a page that is its own parent": (
        "a.pdf",
        lambda: (
            b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"
            b"endobj\ntrailer<</Root 1 0 R>>"
        ),
        "no text|damaged",
    ),
    "an object that is itself": ("a.pdf", lambda: b"%PDF-1.7\n1 0 obj 1 0 R endobj\ntrailer<</Root 1 0 R>>", "damaged"),
    "nested arrays": ("a.pdf", lambda: raw_pdf(b"[" * 200_000), None),
    "a page of a million kilometres": ("a.pdf", lambda: raw_pdf(stream(b"0 0 m 9 9 l S"), box="0 0 1e9 1e9"), None),
    "a page of no size": ("a.pdf", lambda: raw_pdf(stream(b"0 0 m 9 9 l S"), box="0 0 0 0"), None),
    "a form that calls itself": (
        "a.pdf",
        lambda: raw_pdf(
            stream(b"/X Do"),
            entries="/XObject<</X 6 0 R>>",
            more=[stream(b"/X Do /X Do", b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")],
        ),
        None,
    ),
    "a content stream without end": ("a.pdf", lambda: raw_pdf(flated(b"0 0 m 100 100 l S\n" * 150_000)), None),
    "cross-references in a circle": (
        "a.pdf",
        lambda: b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF",
        "damaged",
    ),
    "an image of 60,000 by 60,000": ("a.png", lambda: png(60_000, 60_000), "60,000 by 60,000 pixels"),
    "an image that is cut off": ("a.png", lambda: png(3_000, 3_000)[:-40], "damaged|no text"),
}


@pytest.mark.parametrize("named", BOMBS)
def test_a_bomb_is_text_or_one_line(fenced: fence.Fence, named: str) -> None:
    name, make, expected = BOMBS[named]
    data = make()
    assert len(data) < 2 << 20
    got = outcome(fenced, name, data)
    if expected is not None:
        assert isinstance(got, str)
        assert any(part in got for part in expected.split("|")), got
    assert SAID in fenced.read("next.html", PAGE, Options(limits=LIMITS)).text


def test_far_cells_cost_nothing(fenced: fence.Fence) -> None:
    data = xlsx(f"<sheetData>{cell('A1', '始')}{cell('XFD1048576', '末')}</sheetData>")
    got = outcome(fenced, "a.xlsx", data)
    assert isinstance(got, Document) and got.text == "始\n末\n"


def test_a_sheet_of_words_is_read_in_time_that_grows_with_its_rows(fenced: fence.Fence) -> None:
    rows = "".join(
        f'<row r="{i}">' + cell(f"A{i}")[len(f'<row r="{i}">') : -6] + cell(f"B{i}")[len(f'<row r="{i}">') :]
        for i in range(1, 8001)
    )
    got = outcome(fenced, "a.xlsx", xlsx(f"<sheetData>{rows}</sheetData>"))
    assert isinstance(got, Document) and got.text.count("甲") == 16_000


def test_many_paragraphs_are_read(fenced: fence.Fence) -> None:
    got = outcome(fenced, "a.docx", docx(_PARAGRAPH * 10_000))
    assert isinstance(got, Document) and got.text.count("126场") == 10_000


def test_pages_beyond_the_limit_are_named_in_a_caution(fenced: fence.Fence) -> None:
    kids = b"3 0 R " * 100_000
    data = raw_pdf(stream(b"BT /F 12 Tf 72 700 Td (held 126 lectures) Tj ET"))
    data = data.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[" + kids + b"]/Count 100000")
    got = outcome(fenced, "a.pdf", data)
    assert isinstance(got, Document)
    assert [caution.code for caution in got.cautions] == ["pages_cut"]
    assert "first 400 of 100000 pages" in got.cautions[0].message


def test_frames_beyond_the_limit_are_named_in_a_caution(fenced: fence.Fence) -> None:
    frame = Image.new("L", (300, 60), 255)
    ImageDraw.Draw(frame).text((10, 10), "LECTURES 126", fill=0, font_size=32)
    blank = Image.new("L", (8, 8), 255)
    out = io.BytesIO()
    frame.save(out, "TIFF", save_all=True, append_images=[blank] * 1_000)
    got = outcome(fenced, "a.tif", out.getvalue())
    assert isinstance(got, Document) and "126" in got.text
    assert "only the first 60 of 1001 pages" in got.cautions[-1].message


def test_a_scanned_table_with_rules_is_read(fenced: fence.Fence) -> None:
    """The rules come from image processing, whose numbers are not Python's own."""
    paper = Image.new("RGB", (900, 600), "white")
    draw = ImageDraw.Draw(paper)
    for x in (50, 350, 650, 850):
        draw.line((x, 50, x, 350), "black", 3)
    for y in (50, 150, 250, 350):
        draw.line((50, y, 850, y), "black", 3)
    for row in range(3):
        for col, x in enumerate((90, 390, 690)):
            draw.text((x, 75 + 100 * row), f"{row + 1}{col + 1}7", fill="black", font_size=44)
    out = io.BytesIO()
    paper.save(out, "PNG", dpi=(150, 150))
    got = outcome(fenced, "a.png", out.getvalue())
    assert isinstance(got, Document)
    (table,) = [passage for passage in got.passages if passage.kind == "table"]
    assert len(table.cells) == 9


# --- names in archives, links, duplicates ----------------------------------------------------------------


def test_names_that_climb_out_of_a_zip_are_only_names(fenced: fence.Fence, tmp_path: Path) -> None:
    climbing = ["../../climbed.txt", "/climbed.txt", "a\nb.txt"]
    got = outcome(fenced, "a.zip", archive((name, SAID) for name in climbing))
    assert isinstance(got, Document)
    assert got.text.count("126场") == 3 and "a b.txt" in got.text
    assert not Path("/climbed.txt").exists() and not (Path.cwd().parent.parent / "climbed.txt").exists()


def test_links_in_a_zip_are_not_followed(fenced: fence.Fence) -> None:
    link = zipfile.ZipInfo("链接.txt")
    link.external_attr = 0o120777 << 16
    got = outcome(fenced, "a.zip", archive([(link, "/etc/passwd"), ("文.txt", SAID)]))
    assert isinstance(got, Document)
    assert "/etc/passwd" not in got.text and "链接.txt: it is a link" in got.cautions[0].message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_all_read(fenced: fence.Fence) -> None:
    got = outcome(fenced, "a.zip", archive([("文.txt", "讲座1场。"), ("文.txt", "讲座2场。")]))
    assert isinstance(got, Document) and "讲座1场" in got.text and "讲座2场" in got.text


def test_a_file_name_with_a_line_break_stays_in_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "坏\n名.pdf"
    bad.write_bytes(b"")
    command = [sys.executable, "-m", "annals.cli", "read", str(bad)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"annals: {tmp_path}/坏\\n名.pdf: the file is empty"]


# --- pages that are no notices, formats that are not read --------------------------------------------------

REFUSED = {
    "error page": (
        "a.html",
        "<html><head><title>404 - 云川市科学普及协会</title></head><body><p>您访问的内容不在这里</p></body></html>",
        "error or login page",
    ),
    "login page": (
        "a.html",
        "<html><body><h1>用户登录</h1><form>用户名<input>密码<input></form></body>",
        "error or login",
    ),
    "script page": (
        "a.html",
        "<html><body><div id=app></div><script src=app.js></script></body></html>",
        "its scripts",
    ),
    "forwarding page": (
        "a.html",
        '<html><head><meta http-equiv="refresh" content="0;url=/xxgk/1.html"></head><body></body></html>',
        "forwards to '/xxgk/1.html'",
    ),
    "framed page": ("a.html", "<html><body><iframe src=/1.html></iframe></body></html>", "in a frame"),
    "RTF": ("a.rtf", "{\\rtf1\\ansi held 126 lectures}", "RTF document; save it as"),
    "e-mail": ("a.eml", "From: a@b.example\nMIME-Version: 1.0\n\nheld 126 lectures", "e-mail or a web archive"),
    "MHTML": ("a.mht", "From: <Saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n<html>", "save what it shows as PDF"),
    "Word XML": ("a.doc", '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?><w/>', "save it as DOCX"),
    "PPTX": ("a.pptx", archive([("[Content_Types].xml", "<x/>"), ("ppt/presentation.xml", "<x/>")]), "save it as PDF"),
    "XLSB": ("a.xlsb", archive([("[Content_Types].xml", "<x/>"), ("xl/workbook.bin", "x")]), "XLSB); save it as XLSX"),
    "RAR": ("a.rar", b"Rar!\x1a\x07\x01\0" + bytes(100) + b"x", "a RAR archive"),
    "an image of nothing": ("a.png", png(300, 300), "no text|damaged"),
    "half a docx": ("a.docx", docx(_PARAGRAPH * 2)[:300], "cut off"),
    "ideographic blanks": ("a.txt", "　　\n　" * 30, "no text|blanks"),
}


@pytest.mark.parametrize("named", REFUSED)
def test_what_cannot_be_read_says_why_and_what_to_do(fenced: fence.Fence, named: str) -> None:
    name, content, expected = REFUSED[named]
    got = outcome(fenced, name, content if isinstance(content, bytes) else content.encode())
    assert isinstance(got, str)
    assert any(part in got for part in expected.split("|")), got


@pytest.mark.parametrize("said", ["全年举办讲座403场。", "受理来信404件，办结404件。"])
def test_numbers_of_errors_are_numbers_in_a_notice(said: str) -> None:
    page = f"<html><body><h1>云川市科学普及协会工作情况</h1><p>{said}</p></body></html>"
    assert said in extract_bytes("a.html", page.encode()).text


def test_a_page_that_breaks_off_says_so() -> None:
    whole = extract_bytes("a.html", PAGE)
    cut = extract_bytes("a.html", PAGE[: PAGE.index(b"</p>")])
    assert [caution.code for caution in whole.cautions] == []
    assert [caution.code for caution in cut.cautions] == ["cut_off"]


def test_encrypted_pdfs_open_with_their_password(fenced: fence.Fence) -> None:
    data = pdf(lambda canvas: column(canvas, SAID, 90, 100), password="云川2023")
    assert "needs a password" in str(outcome(fenced, "a.pdf", data))
    assert "password does not open it" in str(outcome(fenced, "a.pdf", data, "wrong"))
    got = outcome(fenced, "a.pdf", data, "云川2023")
    assert isinstance(got, Document) and "126场" in got.text


# --- damage ------------------------------------------------------------------------------------------------


def good_files() -> dict[str, bytes]:
    def notice(canvas: Canvas) -> None:
        say(canvas, "云川市科学普及协会2022年工作总结", 180, 80)
        column(canvas, SAID * 3, 90, 120)

    office = PROJECT / "tests" / "fixtures" / "office"
    return {
        "a.pdf": pdf(notice),
        "a.docx": docx(_PARAGRAPH * 20),
        "a.xlsx": xlsx("<sheetData>" + "".join(cell(f"A{i}") for i in range(1, 30)) + "</sheetData>"),
        "a.ofd": ofd('<ofd:TextObject Boundary="20 20 90 5" Size="5"><ofd:TextCode X="0" Y="4">讲座</ofd:TextCode>'
                     "</ofd:TextObject>"),
        "a.zip": archive([("一.txt", SAID), ("二.html", PAGE)]),
        "a.html": PAGE * 3,
        "a.txt": (SAID * 20).encode("gb18030"),
        "a.csv": ("项目,数量\n" + "讲座,126\n" * 20).encode(),
        "a.doc": (office / "plan.doc").read_bytes(),
        "a.xls": (office / "budget.xls").read_bytes(),
    }  # fmt: skip


@pytest.mark.parametrize("name", good_files())
def test_damaged_files_are_text_or_one_line(fenced: fence.Fence, name: str) -> None:
    chance = random.Random(name)
    data = good_files()[name]
    damaged = [data[: len(data) // 2], data[len(data) // 2 :], data[:-1], data[1:]]
    for count in (1, 3, 10, len(data) // 20):
        changed = bytearray(data)
        for _ in range(count):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        damaged.append(bytes(changed))
    middle = bytearray(data)
    middle[len(data) // 3 : len(data) // 2] = chance.randbytes(len(data) // 2 - len(data) // 3)
    for part in (*damaged, bytes(middle)):
        outcome(fenced, name, part)


SUFFIXES = (".pdf", ".docx", ".xlsx", ".doc", ".xls", ".ofd", ".zip", ".html", ".txt", ".md", ".csv", ".png", ".tif")
HEADS = (
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
    b"GIF89a",
)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_random_bytes_under_any_name_are_one_line(fenced: fence.Fence, suffix: str) -> None:
    chance = random.Random(suffix)
    for head in HEADS:
        for size in (0, 1, 7, 3000):
            got = outcome(fenced, "a" + suffix, head + chance.randbytes(size))
            assert isinstance(got, str) or size < 10
    assert outcome(fenced, "a" + suffix, b"") == "the file is empty"
    assert "blanks" in str(outcome(fenced, "a" + suffix, bytes(3000)))
    assert "blanks" in str(outcome(fenced, "a" + suffix, b" \r\n\t" * 300))


def test_a_wrong_name_does_not_mislead(fenced: fence.Fence) -> None:
    for name, data in good_files().items():
        told = outcome(fenced, name, data)
        again = outcome(fenced, "a.bin" if name.endswith((".csv", ".txt")) else "a.jpg", data)
        assert isinstance(told, Document) and isinstance(again, Document)
        assert told.text == again.text


# --- the network -------------------------------------------------------------------------------------------


def test_no_document_makes_its_reader_call_anyone(fenced: fence.Fence) -> None:
    """A server on loopback that every document points at hears nothing."""
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                heard.append(address)
                connection.close()

        listener = threading.Thread(target=listen)
        listener.start()
        there = f"http://127.0.0.1:{server.getsockname()[1]}"
        relation = f'<Relationships xmlns="{_P}/relationships"><Relationship Id="a" TargetMode="External"'
        template = f'{relation} Type="{_R}/attachedTemplate" Target="{there}/t.dotx"/></Relationships>'
        link = f"<</Type/Annot/Subtype/Link/A<</S/URI/URI({there})>>/Rect[0 0 9 9]>>".encode()
        documents = {
            "a.html": f'<html><head><base href="{there}"><link rel=stylesheet href="{there}/a.css"></head><body>'
            f'<img src="{there}/a.png"><iframe src="{there}"></iframe><script src="{there}"></script>'
            f"<p>{SAID}</p></body>",
            "a.docx": docx(_PARAGRAPH, parts=[("word/_rels/document.xml.rels", template)]),
            "b.docx": docx("&x;", before=f'<!DOCTYPE a [<!ENTITY x SYSTEM "{there}/x">]>'),
            "c.docx": docx(_PARAGRAPH, before=f'<!--{"x" * 120_000}--><!DOCTYPE a SYSTEM "{there}/a.dtd">'),
            "a.xlsx": xlsx(
                f"<sheetData>{cell('A1')}</sheetData>", before=f'<!--{"x" * 120_000}--><!DOCTYPE a SYSTEM "{there}/a">'
            ),
            "a.ofd": ofd("<x/>", before=f'<?xml-stylesheet href="{there}/a.xsl"?>'),
            "a.pdf": raw_pdf(stream(b"BT /F 12 Tf 72 700 Td (held 126 lectures) Tj ET"), more=[link]),
            "a.txt": f"{SAID}{there}",
        }
        try:
            for name, data in documents.items():
                outcome(fenced, name, data if isinstance(data, bytes) else data.encode())
            with socket.create_connection(server.getsockname()):
                pass  # the server does hear who calls
            deadline = time.monotonic() + 5
            while not heard and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            stop.set()
            listener.join()
    assert len(heard) == 1


@pytest.mark.parametrize(
    "call", ["socket.socket()", "socket.getaddrinfo('localhost', 80)", "socket.gethostbyname('a')"]
)
def test_a_worker_refuses_any_socket(call: str) -> None:
    code = f"import sys, socket; from annals.extract import worker; sys.addaudithook(worker._refuse_network); {call}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "reading it called for the network, which is refused" in done.stderr


# --- others' broken documents --------------------------------------------------------------------------------


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the broken documents of other projects are not beside this one")
def test_the_broken_documents_of_other_projects_are_text_or_one_line() -> None:
    paths = sorted(HOSTILE.iterdir())
    assert len(paths) > 100
    results = list(fence.extract_all(paths, workers=2))
    assert [path for path, _ in results] == paths
    for path, result in results:
        if isinstance(result, Unreadable):
            assert result.reason and "\n" not in result.reason, path
            assert "the reader failed" not in result.reason, path
    assert sum(isinstance(result, Document) for _, result in results) > 50


def test_an_office_file_with_a_password_says_so(tmp_path: Path) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path = tmp_path / "a.docx"
    path.write_bytes(head + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(100))
    with pytest.raises(Unreadable, match="is encrypted; remove its password"):
        extract(path)
