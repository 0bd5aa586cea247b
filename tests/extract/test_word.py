"""DOCX: what Word prints, numbers and notes included, deleted and hidden text not."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from annals.errors import Unreadable
from annals.extract import extract_bytes
from annals.extract.numbering import format_number
from annals.model import Document


def save(document: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def lines(document: Document) -> list[str]:
    return document.text.splitlines()


def with_xml(*paragraphs: str) -> bytes:
    document = docx.Document()
    body = document.element.body
    for text in paragraphs:
        body.insert(len(body) - 1, parse_xml(text.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    return save(document)


def test_headings_paragraphs_and_tables_with_merged_cells() -> None:
    document = docx.Document()
    document.add_heading("云川市科学普及协会2023年工作总结", 0)
    document.add_heading("一、主要指标", 1)
    document.add_paragraph("全年办讲座126场。")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "地区"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "场次"
    for (row, column), text in {(1, 1): "线上", (1, 2): "线下", (2, 0): "云溪桥区", (2, 1): "12", (2, 2): "3"}.items():
        table.cell(row, column).text = text
    document.add_paragraph("以上。")
    read = extract_bytes("总结.docx", save(document))
    assert [(passage.kind, passage.level) for passage in read.passages] == [
        ("title", None),
        ("heading", 1),
        ("paragraph", None),
        ("table", None),
        ("paragraph", None),
    ]
    assert read.text.endswith("地区\t场次\n线上\t线下\n云溪桥区\t12\t3\n以上。\n")
    cells = read.passages[3].cells
    assert [(cell.row_span, cell.column_span) for cell in cells[:2]] == [(2, 1), (1, 2)]
    assert cells[-1].path == "table 1 row 3 cell 3"
    assert read.passages[2].path == "paragraph 3"


def test_insertions_are_read_deletions_fields_and_hidden_text_are_not() -> None:
    data = with_xml(
        "<w:p><w:r><w:t>培训</w:t></w:r><w:ins w:id='1' w:author='a'><w:r><w:t>12</w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='a'><w:r><w:delText>15</w:delText></w:r></w:del><w:r><w:t>万人次</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>草稿</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>",
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>控件里的3场</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        "<w:p><w:r><w:t>第一行</w:t><w:br/><w:t>第二行</w:t></w:r></w:p>",
    )
    assert lines(extract_bytes("通知.docx", data)) == ["培训12万人次", "控件里的3场", "第一行", "第二行"]


def numbering(*levels: tuple[str, str]) -> bytes:
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/>'
        '<w:suff w:val="nothing"/></w:lvl>'
        for depth, (style, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="7">{inner}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    ).encode()


def numbered(data: bytes, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, part if name == "word/numbering.xml" else source.read(name))
        if "word/numbering.xml" not in source.namelist():
            target.writestr("word/numbering.xml", part)
    return out.getvalue()


def test_numbers_that_word_generates() -> None:
    def item(text: str, depth: int) -> str:
        return (
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="5"/></w:numPr></w:pPr>'
            f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        )

    data = with_xml(item("办讲座", 0), item("线上", 1), item("线下", 1), item("办展览", 0), item("巡展", 1))
    part = numbering(("chineseCounting", "%1、"), ("decimal", "（%2）"))
    assert lines(extract_bytes("要点.docx", numbered(data, part))) == [
        "一、办讲座",
        "（1）线上",
        "（2）线下",
        "二、办展览",
        "（1）巡展",
    ]


def test_styles_of_numbers() -> None:
    styles = ("decimal", "chineseCounting", "upperLetter", "lowerRoman", "decimalEnclosedCircle", "decimalZero")
    assert [format_number(11, style) for style in styles] == ["11", "十一", "K", "xi", "⑪", "11"]


def test_a_dtd_is_refused_and_nothing_is_resolved() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("word/document.xml", bomb)
    with pytest.raises(Unreadable, match="DTD"):
        extract_bytes("通知.docx", out.getvalue())


def test_a_file_cut_in_half_is_refused() -> None:
    data = with_xml("<w:p><w:r><w:t>全年办讲座126场。</w:t></w:r></w:p>")
    with pytest.raises(Unreadable, match="damaged"):
        extract_bytes("通知.docx", data[: len(data) // 2])
