"""The tables of words around numbers are checked when they are loaded, and say where they are wrong."""

from pathlib import Path

import pytest

from annals.errors import ConfigurationError
from annals.figures import units
from annals.figures.units import Bound, MeasureWord, load_table, tables


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("word\tunit\nfoo\tfoo\n", "the columns are word, unit; expected word, unit, kind, hanzi"),
        ("word\tunit\tkind\thanzi\n个\t个\tcount\n", "个 has 3 columns; expected 4"),
        ("word\tunit\tkind\thanzi\n个\t个\tmany\tyes\n", "个: Invalid enum value 'many'"),
        ("word\tunit\tkind\thanzi\n个\t个\tcount\tyes\n个\t个\tcount\tno\n", "个 is listed twice"),
    ],
)
def test_a_wrong_table_is_named(content: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "words.tsv").write_text(content, encoding="utf-8")
    monkeypatch.setattr(units, "REFERENCE", tmp_path)
    with pytest.raises(ConfigurationError, match=complaint) as raised:
        load_table("words.tsv", MeasureWord)
    assert "words.tsv" in str(raised.value)


def test_words_that_bound_nothing_hide_a_shorter_one_that_does() -> None:
    rows = load_table("qualifiers.tsv", Bound)
    bounding = {
        position: [r.word for r in rows if r.position == position and r.qualifier != "exact"]
        for position in ("before", "after")
    }
    for row in rows:
        if row.qualifier == "exact":
            at_edge = str.endswith if row.position == "before" else str.startswith
            assert any(at_edge(row.word, word) and word != row.word for word in bounding[row.position]), row.word


def test_lookalikes_win_over_the_measure_words_they_begin_like() -> None:
    found = tables().units.at("12项目", 2)
    assert found is not None
    assert (found[0], found[1].unit) == ("项目", "")
