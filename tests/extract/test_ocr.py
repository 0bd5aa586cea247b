"""Recognition, on the scanned sample and on pictures made from it: turned, askew, in columns, beside a text layer."""

import io
import re
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from annals.errors import Unreadable
from annals.extract import extract_bytes
from annals.extract.agreement import compare
from annals.model import Document, Passage
from tests.extract.pdfs import pdf, say

ROOT = Path(__file__).resolve().parents[2]
SCANNED = ROOT / "samples/site/xxgk/202301/P020230116518.pdf"
TRUTH = ROOT / "samples/text/2022-review.txt"


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache
def page() -> Image.Image:
    """The first page of the scanned sample, as its image is."""
    return pypdfium2.PdfDocument(SCANNED)[0].render(scale=200 / 72).to_pil().convert("L")


def picture(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind, dpi=(200, 200))
    return out.getvalue()


def errors(truth: str, read: str) -> int:
    """How many characters must change (Levenshtein)."""
    row = list(range(len(read) + 1))
    for i, character in enumerate(truth, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(read, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (character != other))
    return row[-1]


@cache
def upright() -> Document:
    return extract_bytes("扫描.png", picture(page()))


def test_a_scanned_pdf_is_read_with_under_two_errors_in_a_hundred() -> None:
    document = extract_bytes(SCANNED.name, SCANNED.read_bytes())
    truth = bare(TRUTH.read_text())
    assert errors(truth, bare(document.text)) <= 0.02 * len(truth)
    assert all(sheet.method == "ocr" and (sheet.confidence or 0) > 0.9 for sheet in document.pages)
    assert all(passage.box is not None and passage.confidence is not None for passage in document.passages)
    assert re.findall(r"\d+(?:\.\d+)?", document.text) == re.findall(r"\d+(?:\.\d+)?", TRUTH.read_text())


def test_an_image_is_a_document_of_paragraphs() -> None:
    document = upright()
    assert document.media_type == "image/png"
    text = bare(TRUTH.read_text())
    paragraphs = [bare(document.text[passage.start : passage.end]) for passage in document.passages]
    assert sum(paragraph in text for paragraph in paragraphs) >= len(paragraphs) - 2
    assert max(len(paragraph) for paragraph in paragraphs) > 60


@pytest.mark.parametrize("degrees", [90, 180, 270, 4])
def test_a_turned_page_is_made_upright(degrees: int) -> None:
    turned = page().rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    document = extract_bytes("扫描.jpg", picture(turned, "JPEG"))
    expected = bare(upright().text)
    assert errors(expected, bare(document.text)) <= 0.02 * len(expected)
    if degrees != 4:
        assert document.pages[0].rotation == 360 - degrees


def test_two_columns_of_an_image_are_read_one_after_the_other() -> None:
    rows = page().resize((1, page().height), Image.Resampling.BOX)
    blank = max(
        range(page().height // 3, page().height // 2), key=lambda y: min(rows.getpixel((0, y + d)) for d in range(8))
    )
    half = page().crop((0, 0, page().width, blank + 4))
    beside = Image.new("L", (half.width * 2 - 300, half.height), 255)
    beside.paste(half.crop((150, 0, half.width - 100, half.height)), (0, 0))
    beside.paste(half.crop((150, 0, half.width - 100, half.height)), (half.width - 150, 0))
    once = bare(extract_bytes("半页.png", picture(half)).text)
    both = bare(extract_bytes("两栏.png", picture(beside)).text)
    assert errors(once * 2, both) <= 0.03 * len(both)


def test_frames_of_a_tiff_are_pages() -> None:
    part = page().crop((0, 200, page().width, 700))
    out = io.BytesIO()
    part.save(out, "TIFF", save_all=True, append_images=[part], dpi=(200, 200))
    document = extract_bytes("传真.tif", out.getvalue())
    assert [sheet.number for sheet in document.pages] == [1, 2]
    assert {passage.page for passage in document.passages} == {1, 2}


def test_an_image_of_nothing_and_a_broken_one_are_unreadable() -> None:
    with pytest.raises(Unreadable, match="no text"):
        extract_bytes("空.png", picture(Image.new("L", (800, 600), 255)))
    with pytest.raises(Unreadable, match="damaged"):
        extract_bytes("坏.png", picture(page())[:5000])


def test_an_image_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Unreadable, match="pixels"):
        extract_bytes("大.png", picture(Image.new("1", (20_000, 20_000))))


def test_a_scanner_s_mark_over_an_image_is_not_taken_for_its_text() -> None:
    def scanned(canvas) -> None:
        canvas.drawInlineImage(page(), 0, 0, 595, 842)
        say(canvas, "Scanned by CamScanner", 200, 835, 8)

    document = extract_bytes("扫描.pdf", pdf(scanned))
    assert document.pages[0].method == "ocr"
    assert "惠及公众" in bare(document.text)


def test_numbers_that_the_image_does_not_show_are_doubtful_alone() -> None:
    text = "全年办讲座126场，惠及公众4.8万人次，培训教师350名。"
    document = Document(
        name="a.pdf",
        media_type="application/pdf",
        text=text,
        passages=(Passage(kind="paragraph", start=0, end=len(text), page=1),),
    )
    (caution,) = compare(document, 1, ["全年办讲座128场，惠及公众", "4.8万人次，培训教师350名。"])
    assert caution.code == "ocr_disagrees"
    assert caution.start is not None and text[caution.start : caution.end] == "126"
    assert "126" in caution.message and "128" in caution.message
    assert not list(compare(document, 1, ["惠及公众4.8万人次，培训教师350名。", "全年办讲座126场，"]))


def test_a_text_layer_under_an_image_is_compared_with_it() -> None:
    seen = upright()

    def layered(canvas) -> None:
        canvas.drawInlineImage(page(), 0, 0, 595, 842)
        text = canvas.beginText()
        text.setTextRenderMode(3)
        text.setFont("STSong-Light", 9)
        for index, line in enumerate(seen.text.replace("134.6", "184.6").splitlines()):
            for part in range(0, len(line), 50):
                text.setTextOrigin(60, 780 - 24 * index - 12 * (part // 50))
                text.textOut(line[part : part + 50])
        canvas.drawText(text)

    document = extract_bytes("双层.pdf", pdf(layered))
    assert document.pages[0].method == "text"
    doubtful = [
        document.text[caution.start : caution.end] for caution in document.cautions if caution.code == "ocr_disagrees"
    ]
    assert "184.6" in doubtful
    assert len(doubtful) <= 2


def test_a_page_whose_fonts_do_not_say_their_characters_is_recognised() -> None:
    told = (ROOT / "samples/site/xxgk/202202/P020220221402.pdf").read_bytes()
    mute = re.sub(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found.group()), told)
    assert mute != told
    document = extract_bytes("无名字体.pdf", mute)
    expected = bare(extract_bytes("原件.pdf", told).text)
    assert {sheet.method for sheet in document.pages} == {"ocr"}
    assert errors(expected, bare(document.text)) <= 0.02 * len(expected)
    assert {caution.code for caution in document.cautions} == {"ocr"}
