"""Workbooks read as people see them: formats applied, hidden parts left out and named."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from annals.errors import Unreadable
from annals.extract import extract, extract_bytes
from annals.model import Document, Passage


def workbook(fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def budget(book: openpyxl.Workbook) -> None:
    sheet = book.active
    sheet.title = "经费"
    sheet.append(["云川市科学普及协会经费表"])
    sheet.merge_cells("A1:C1")
    sheet.append(["单位：万元"])
    sheet.append(["项目", "2022年", "占比"])
    sheet.append(["科普活动", 1234.5, 0.618])
    sheet.append(["科技馆", 764, 0.382])
    sheet.append(["注：决算数"])
    sheet["B4"].number_format = "#,##0.00"
    sheet["C4"].number_format = sheet["C5"].number_format = "0.0%"


def cell_texts(document: Document, table: Passage) -> dict[str, str]:
    return {str(cell.path): document.text[cell.start : cell.end] for cell in table.cells}


def test_numbers_are_read_as_they_are_printed() -> None:
    document = extract_bytes("经费.xlsx", workbook(budget))
    (table,) = [passage for passage in document.passages if passage.kind == "table"]
    texts = cell_texts(document, table)
    assert texts["经费!B4"] == "1,234.50"
    assert texts["经费!C4"] == "61.8%"
    assert texts["经费!C5"] == "38.2%"
    assert {cell.path for cell in table.cells if cell.header} == {"经费!A3", "经费!B3", "经费!C3"}
    assert table.path == "经费!A3:C5"


def test_captions_and_notes_stand_apart_from_the_table() -> None:
    document = extract_bytes("经费.xlsx", workbook(budget))
    kinds = [(passage.kind, document.text[passage.start : passage.end]) for passage in document.passages]
    assert ("caption", "单位：万元") in kinds
    assert ("note", "注：决算数") in kinds


def test_hidden_sheets_rows_and_columns_are_left_out_and_named() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        budget(book)
        book.active.row_dimensions[5].hidden = True
        book.create_sheet("底稿").append(["不公开", 99])
        book["底稿"].sheet_state = "hidden"

    document = extract_bytes("经费.xlsx", workbook(fill))
    assert "不公开" not in document.text
    assert "科技馆" not in document.text
    messages = [caution.message for caution in document.cautions]
    assert any("底稿" in message for message in messages)
    assert any("3 cells in hidden rows" in message for message in messages)


def test_a_lone_cell_far_out_is_read_not_filled_up_to() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["A1"] = "起"
        book.active["XFD1048576"] = "止"

    assert extract_bytes("远.xlsx", workbook(fill)).text == "起\n止\n"


def test_a_document_type_definition_is_refused() -> None:
    source = io.BytesIO(workbook(budget))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            data = old.read(member)
            if member == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data.split(b"?>", 1)[-1]
            new.writestr(member, data)
    with pytest.raises(Unreadable, match="declares a DTD"):
        extract_bytes("实体.xlsx", out.getvalue())


def test_a_workbook_cut_in_half_is_unreadable() -> None:
    data = workbook(budget)
    with pytest.raises(Unreadable):
        extract_bytes("半.xlsx", data[: len(data) // 2])


def test_the_old_format_reads_the_same() -> None:
    document = extract(Path(__file__).parents[1] / "fixtures" / "office" / "budget.xls")
    (table,) = [passage for passage in document.passages if passage.kind == "table"]
    texts = cell_texts(document, table)
    assert texts["经费!B4"] == "1,234.50"
    assert texts["经费!C4"] == "61.8%"
    assert texts["经费!D4"] == "2022-03-15"
    assert "不公开" not in document.text
    assert any("底稿" in caution.message for caution in document.cautions)
