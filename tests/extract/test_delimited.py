"""CSV: cells are spans of the text as it stands in the file."""

import pytest

from annals.extract import extract_bytes
from annals.extract.delimited import segment_rows


def cells(text: str) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for passage in segment_rows(text):
        for cell in passage.cells:
            rows.setdefault(cell.row, []).append(text[cell.start : cell.end])
    return list(rows.values())


def test_quotes_hold_separators_and_line_breaks() -> None:
    text = '项目,数量\r\n"讲座,\r\n含线上","1,200"\r\n'
    assert cells(text) == [["项目", "数量"], ["讲座,\r\n含线上", "1,200"]]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_found(separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (["项目", "数量"], ["讲座", "12"], ["驿站", "3"]))
    assert cells(text) == [["项目", "数量"], ["讲座", "12"], ["驿站", "3"]]


def test_the_text_is_the_files_own() -> None:
    text = "项目,数量\r\n讲座,12\r\n"
    assert extract_bytes("a.csv", text.encode()).text == text


def test_an_open_quote_costs_no_more_than_its_length() -> None:
    text = '"' + "讲座,12\n" * 20_000
    assert segment_rows(text)
