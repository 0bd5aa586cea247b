"""PDF: reading order, paragraphs, furniture, tables, and text layers that are not to be trusted."""

import io
import re
from itertools import zip_longest

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from annals.errors import Unreadable
from annals.extract import Limits, Options, detect, extract_bytes
from annals.extract.evidence import show
from annals.extract.formats import parse
from annals.model import Document
from tests.extract.pdfs import WIDTH, column, grid, lines, pdf, say

PROSE = "云川市科学普及协会全年举办科普讲座126场，惠及公众4.8万人次，其中乡村场次占三成，比上年提高五个百分点。"
OTHER = "流动科技馆巡展18站，走进42所乡村学校，近4200名学生动手做实验，行驶里程达到1.36万公里，创下新高。"


def passages(document: Document) -> list[str]:
    return [document.text[passage.start : passage.end] for passage in document.passages]


def read(data: bytes, **limits: int) -> Document:
    return parse(detect.PDF, "公报.pdf", data, Options(limits=Limits(**limits)))


def test_hard_wrapped_lines_are_one_paragraph_and_the_next_begins_with_its_indent() -> None:
    def page(canvas: Canvas) -> None:
        below = column(canvas, PROSE, 90, 100)
        column(canvas, OTHER, 90, below)

    document = read(pdf(page))
    assert passages(document) == [PROSE, OTHER]
    assert document.text == PROSE + "\n" + OTHER + "\n"


def test_a_number_broken_over_lines_is_whole() -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, "全市注册科技志愿者达到一万八千人，全年服务时长累计30", 90, 100)
        say(canvas, "万小时。", 90, 120)

    assert "累计30万小时。" in read(pdf(page)).text


def test_a_paragraph_goes_on_over_the_page_break() -> None:
    def first(canvas: Canvas) -> None:
        for line in range(20):
            say(canvas, "甲乙丙丁戊己庚辛壬癸" * 3, 90, 100 + 20 * line)
        say(canvas, "全年举办科普讲座，参加人数比上年增加，合计达到十二万", 114, 740)
        say(canvas, "—1—", 280, 810, 10)

    def second(canvas: Canvas) -> None:
        say(canvas, "3000人次。", 90, 100)
        column(canvas, OTHER, 90, 120)
        say(canvas, "—2—", 280, 810, 10)

    document = read(pdf(first, second))
    assert "合计达到十二万3000人次。\n" in document.text
    assert "—" not in document.text
    assert {aside.text for aside in document.asides} == {"—1—", "—2—"}


def test_two_columns_are_read_one_after_the_other_though_the_file_interleaves_them() -> None:
    left, right = PROSE * 2, OTHER * 2

    def page(canvas: Canvas) -> None:
        say(canvas, "云川科普报", 240, 70, 24)
        pairs = zip_longest(lines(left, 216, indent=0), lines(right, 216, indent=0), fillvalue="")
        for number, (one, other) in enumerate(pairs):
            say(canvas, one, 60, 130 + 20 * number)
            say(canvas, other, 310, 130 + 20 * number)

    assert read(pdf(page)).text == f"云川科普报\n{left}\n{right}\n"


def test_a_headline_over_all_columns_parts_the_articles() -> None:
    def article(canvas: Canvas, title: str, texts: tuple[str, str, str], top: float) -> None:
        say(canvas, title, 200, top, 22)
        for index, text in enumerate(texts):
            for line in range(len(text) // 14 + 1):
                say(canvas, text[line * 14 : line * 14 + 14], 40 + 180 * index, top + 40 + 20 * line)

    one, two = ("甲" * 70, "乙" * 70, "丙" * 70), ("丁" * 70, "戊" * 70, "己" * 70)

    def page(canvas: Canvas) -> None:
        article(canvas, "让科学走到群众身边去", one, 80)
        article(canvas, "流动科技馆开进山乡里", two, 320)

    text = read(pdf(page)).text
    assert [text.index(character) for character in "让甲乙丙流丁戊己"] == sorted(
        text.index(character) for character in "让甲乙丙流丁戊己"
    )


@pytest.mark.parametrize(("right", "down", "copies"), [(0.3, 0, 4), (1.2, 1.2, 2), (0, 0, 3)])
def test_characters_printed_over_each_other_are_read_once(right: float, down: float, copies: int) -> None:
    def page(canvas: Canvas) -> None:
        for copy in range(copies):
            say(canvas, "全年培训1122人次，覆盖11个区县", 90 + copy * right, 100 + copy * down, 14)

    assert read(pdf(page)).text == "全年培训1122人次，覆盖11个区县\n"


def test_letter_spaced_titles_are_joined() -> None:
    def page(canvas: Canvas) -> None:
        for index, character in enumerate("工作要点"):
            say(canvas, character, 150 + 60 * index, 90, 20)
        column(canvas, PROSE, 90, 140)

    assert passages(read(pdf(page)))[0] == "工作要点"


def test_text_is_read_whole_where_the_system_has_no_font_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypdfium2.PdfSysfontBase, "MapFont", lambda *_: None)

    def page(canvas: Canvas) -> None:
        for index, character in enumerate("增长6%，达到2万人"):
            say(canvas, character, 100 + 20 * index, 90, 20)
        column(canvas, PROSE, 90, 140)

    document = read(pdf(page))
    assert passages(document) == ["增长6%，达到2万人", PROSE]
    shown = show(document, pdf(page), Options(), 2, 4)
    crop = Image.open(io.BytesIO(shown.data)).convert("L")
    dark = sum(crop.histogram()[:100])
    assert dark > 0.05 * crop.width * crop.height  # squares, not blanks


def test_running_heads_are_set_apart_and_equal_body_lines_are_not() -> None:
    def sheet(number: int):
        def page(canvas: Canvas) -> None:
            say(canvas, "云川市统计公报", 90, 40, 9)
            say(canvas, f"第{number}页 共3页", 270, 815, 9)
            below = column(canvas, f"第{number}季度概述。" + PROSE, 90, 120)
            say(canvas, "单位：万人次", 400, below)

        return page

    document = read(pdf(sheet(1), sheet(2), sheet(3)))
    assert sorted(aside.text for aside in document.asides) == sorted(
        ["云川市统计公报"] * 3 + ["第1页 共3页", "第2页 共3页", "第3页 共3页"]
    )
    assert document.text.count("单位：万人次") == 3


def test_a_watermark_askew_is_an_aside() -> None:
    def page(canvas: Canvas) -> None:
        column(canvas, PROSE, 90, 100)
        canvas.saveState()
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.setFont("STSong-Light", 40)
        canvas.drawString(0, 0, "内部资料")
        canvas.restoreState()

    document = read(pdf(page))
    assert document.text == PROSE + "\n"
    assert [aside.text for aside in document.asides] == ["内部资料"]


def test_a_page_whose_text_stands_on_its_side_is_turned() -> None:
    def page(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(100, 500, "全年举办讲座126场，")
        canvas.drawString(100, 480, "惠及公众4.8万人次。")

    document = read(pdf(page))
    assert passages(document)[0].startswith("全年举办讲座126场，")
    assert document.pages[0].rotation == 90
    assert document.pages[0].width > document.pages[0].height


def test_radicals_are_folded_and_full_width_characters_kept() -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, "增长５０％，共12人", 90, 100)

    assert read(pdf(page)).text == "增长５０％，共12人\n"
    from annals.extract.glyphs import FOLDING

    assert (FOLDING[0x2F08], FOLDING[0x2EA0], FOLDING[0x2F64]) == ("人", "民", "用")
    assert ord("，") not in FOLDING


# --- tables ------------------------------------------------------------------------------------------


def table(document: Document) -> list[list[str]]:
    (found,) = [passage for passage in document.passages if passage.kind == "table"]
    rows: dict[int, list[str]] = {}
    for cell in found.cells:
        rows.setdefault(cell.row, []).append(document.text[cell.start : cell.end])
    return list(rows.values())


def test_a_ruled_table_with_merged_cells() -> None:
    xs, ys = [90, 200, 300, 400], [100, 125, 150, 175]

    def page(canvas: Canvas) -> None:
        canvas.line(90, 742, 400, 742)
        canvas.line(200, 717, 400, 717)  # the first cell goes over two rows, the second over two columns
        canvas.line(90, 692, 400, 692)
        canvas.line(90, 667, 400, 667)
        for x in (90, 200, 400):
            canvas.line(x, 742, x, 667)
        canvas.line(300, 717, 300, 667)
        for text, x, y in (
            ("地区", 95, 128),
            ("讲座", 205, 118),
            ("场次", 205, 142),
            ("人次", 305, 142),
            ("云溪桥区", 95, 167),
            ("126", 205, 167),
            ("48000", 305, 167),
        ):
            say(canvas, text, x, y)
        column(canvas, PROSE, 90, 230)

    document = read(pdf(page))
    assert table(document) == [["地区", "讲座"], ["场次", "人次"], ["云溪桥区", "126", "48000"]]
    (found,) = [passage for passage in document.passages if passage.kind == "table"]
    assert [(cell.row_span, cell.column_span) for cell in found.cells[:2]] == [(2, 1), (1, 2)]
    assert found.page == 1 and found.box is not None and found.box.left == pytest.approx(xs[0], abs=2)
    assert found.box.bottom == pytest.approx(ys[-1], abs=2)
    assert passages(document)[-1] == PROSE


def test_a_statistical_table_open_at_its_sides_with_rows_not_ruled() -> None:
    def page(canvas: Canvas) -> None:
        for y in (742, 717, 617):
            canvas.line(90, y, 400, y)
        canvas.line(250, 742, 250, 617)
        for line, (name, value) in enumerate([("指标", "数值"), ("讲座", "126"), ("展览", "18"), ("竞赛", "7")]):
            say(canvas, name, 95, 118 + 28 * line)
            say(canvas, value, 300, 118 + 28 * line)

    assert table(read(pdf(page))) == [["指标", "数值"], ["讲座", "126"], ["展览", "18"], ["竞赛", "7"]]


def test_a_table_goes_on_over_the_page_and_its_repeated_head_does_not() -> None:
    def sheet(rows: list[tuple[str, str]], top: float):
        def page(canvas: Canvas) -> None:
            grid(canvas, [90, 250, 400], [top + 25 * line for line in range(len(rows) + 1)])
            for line, (name, value) in enumerate(rows):
                say(canvas, name, 95, top + 17 + 25 * line)
                say(canvas, value, 255, top + 17 + 25 * line)

        return page

    head = ("指标", "数值")
    document = read(pdf(sheet([head, ("讲座", "126"), ("展览", "18")], 700), sheet([head, ("竞赛", "7")], 80)))
    assert table(document) == [["指标", "数值"], ["讲座", "126"], ["展览", "18"], ["竞赛", "7"]]
    (found,) = [passage for passage in document.passages if passage.kind == "table"]
    assert [cell.page for cell in found.cells] == [1, 1, 1, 1, 1, 1, 2, 2]


# --- limits and trust ----------------------------------------------------------------------------------


def test_pages_beyond_the_limit_are_named() -> None:
    pages = [lambda canvas: column(canvas, PROSE, 90, 100)] * 5
    document = read(pdf(*pages), pages=3)
    assert len(document.pages) == 3
    assert [caution.code for caution in document.cautions] == ["pages_cut"]
    assert "first 3 of 5 pages" in document.cautions[0].message


def test_an_encrypted_file_says_so_and_opens_with_its_password() -> None:
    data = pdf(lambda canvas: column(canvas, PROSE, 90, 100), password="yunchuan")
    with pytest.raises(Unreadable, match="encrypted and needs a password"):
        extract_bytes("密.pdf", data)
    with pytest.raises(Unreadable, match="password does not open it"):
        extract_bytes("密.pdf", data, password="wrong")
    assert extract_bytes("密.pdf", data, password="yunchuan").text == PROSE + "\n"


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.9])
def test_a_file_cut_short_is_text_or_a_reason(cut: float) -> None:
    data = pdf(lambda canvas: column(canvas, PROSE, 90, 100))
    try:
        document = extract_bytes("断.pdf", data[: int(len(data) * cut)])
    except Unreadable as error:
        assert re.fullmatch(r"(?:the PDF is damaged|no text).*", error.reason)
    else:
        assert document.text.strip()


def test_a_file_without_pages_with_text_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="no text"):
        extract_bytes("空.pdf", pdf(lambda canvas: canvas.rect(100, 100, 50, 50)))
