"""DOC by its piece table: paragraphs, a table, and nothing that is not printed."""

from pathlib import Path

import pytest

from annals.errors import Unreadable
from annals.extract import extract, extract_bytes

PLAN = Path(__file__).parents[1] / "fixtures" / "office" / "plan.doc"


def test_headings_paragraphs_and_table_cells_in_order() -> None:
    document = extract(PLAN)
    assert document.text.splitlines()[0] == "云川市科学普及协会2022年工作要点"
    assert document.passages[0].kind == "heading"
    (table,) = [passage for passage in document.passages if passage.kind == "table"]
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(document.text[cell.start : cell.end])
    assert list(rows.values()) == [
        ["项目", "数量", "责任部门"],
        ["科普讲座", "120场次", "宣传部"],
        ["科普驿站", "18个", "基层部 普及部"],
    ]
    assert document.text.rstrip().endswith("2022年2月18日")


def test_hidden_text_is_left_out() -> None:
    assert "777".encode("utf-16-le") in PLAN.read_bytes()
    assert "专项经费86.5万元，较上年增长4.2%。" in extract(PLAN).text


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_cut_off_is_unreadable_or_shorter_but_no_crash(share: float) -> None:
    data = PLAN.read_bytes()
    try:
        document = extract_bytes("plan.doc", data[: int(len(data) * share)])
    except Unreadable as error:
        assert "\n" not in error.reason
    else:
        assert set(document.text.splitlines()) <= set(extract(PLAN).text.splitlines())


def test_random_bytes_in_the_middle_never_crash() -> None:
    import random

    source = random.Random(7)
    data = PLAN.read_bytes()
    outcomes = set()
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(40):
            broken[source.randrange(512, len(broken))] = source.randrange(256)
        try:
            extract_bytes("plan.doc", bytes(broken))
            outcomes.add("text")
        except Unreadable:
            outcomes.add("unreadable")
    assert outcomes
