"""Corrections that live in git: applied at publication, guarded, expiring, and exported from decisions."""

from decimal import Decimal
from pathlib import Path

import pytest

from annals.cli import main
from annals.errors import ConfigurationError
from annals.review import corrections, listing
from annals.review.listing import Filter
from annals.review.settle import Refused, Values, settle
from annals.warehouse.connect import Connection
from tests.checks.sound import figure, notice
from tests.reviewing import NEXT_YEAR, Fault, press, publish, states, value_of, withheld

PRESS = press()
SHARE = Fault("share_within_0_100", PRESS, 1)
MONEY = Fault("jump", PRESS, 2, "warning")
SHA256 = PRESS.capture.sha256
ENTRY = f"""\
- notice: press-2023
  sha256: "{SHA256[:12]}"
  find: {{raw: 118%, value: 118}}
  correct: {{value: 11.8}}
  reason: a decimal point is lost in print
  by: 王敏
  expires: {NEXT_YEAR}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of corrections of the test's own, in the place of the project's."""
    held = tmp_path / "corrections"
    held.mkdir()
    monkeypatch.setattr(corrections, "FOLDER", held)
    return held


def test_a_file_corrects_its_figure_and_settles_its_findings(connection: Connection, folder: Path) -> None:
    (folder / "yunchuan.yaml").write_text(ENTRY, encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE, MONEY])
    assert value_of(connection, SHARE.figure_id) == (Decimal("11.8"),) * 3 + (118, "passed")
    assert states(connection) == {"share_within_0_100": "corrected", "jump": "open"}
    assert withheld(connection) == set()
    one = listing.finding(connection, SHARE.finding_id)
    assert one is not None
    assert one.origin == "include/corrections/yunchuan.yaml entry 1"


def test_a_correction_stands_through_later_runs_and_settlings(connection: Connection, folder: Path) -> None:
    (folder / "yunchuan.yaml").write_text(ENTRY, encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE, MONEY])
    publish(connection, "r2", [press("another")])
    settle(connection, MONEY.finding_id, "accepted", who="李宁", reason="查过", expires=NEXT_YEAR)
    assert value_of(connection, SHARE.figure_id) == (Decimal("11.8"),) * 3 + (118, "passed")
    assert states(connection) == {"share_within_0_100": "corrected", "jump": "accepted"}


def test_what_a_file_corrects_is_settled_in_the_file(connection: Connection, folder: Path) -> None:
    (folder / "yunchuan.yaml").write_text(ENTRY, encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE])
    with pytest.raises(Refused, match=r"corrected by include/corrections/yunchuan.yaml entry 1; change it there"):
        settle(connection, SHARE.finding_id, "open", who="李宁", reason="再查")


def test_the_command_checks_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "yunchuan.yaml").write_text(ENTRY, encoding="utf-8")
    assert main(["corrections", "check"]) == 0
    assert capsys.readouterr().out == "yunchuan: 1 corrections\n"
    (folder / "yunchuan.yaml").write_text(ENTRY.replace("reason:", "raeson:"), encoding="utf-8")
    assert main(["corrections", "check"]) == 1
    assert "yunchuan.yaml:5" in capsys.readouterr().err


def test_an_entry_that_is_taken_out_no_longer_corrects(connection: Connection, folder: Path) -> None:
    file = folder / "yunchuan.yaml"
    file.write_text(ENTRY, encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE])
    file.unlink()
    publish(connection, "r2", [press("another")])
    assert states(connection) == {"share_within_0_100": "open"}
    assert withheld(connection) == {SHARE.figure_id}


def test_an_expired_entry_no_longer_corrects(connection: Connection, folder: Path) -> None:
    (folder / "yunchuan.yaml").write_text(ENTRY.replace(str(NEXT_YEAR), "2024-01-01"), encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE])
    assert states(connection) == {"share_within_0_100": "open"}
    assert withheld(connection) == {SHARE.figure_id}


def test_entries_of_another_source_do_not_hinder(connection: Connection, folder: Path) -> None:
    (folder / "elsewhere.yaml").write_text(ENTRY.replace("118%", "no such figure"), encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE])
    assert states(connection) == {"share_within_0_100": "open"}


UNMATCHED = {
    "unknown notice": ("notice: press-2023", "notice: press-1923", "the warehouse knows no notice press-1923"),
    "changed text": (SHA256[:12], "0123456789ab", f"is now version {SHA256[:12]}, not 0123456789ab: its text was"),
    "no such figure": ("raw: 118%", "raw: 119%", "has no figure '119%'"),
    "read otherwise": ("value: 118}", "value: 1.18}", "has '118%' read as 118, not 1.18"),
    "elsewhere": ("value: 118}", "value: 118, start: 3}", "not at that place, but at "),
}  # fmt: skip


@pytest.mark.parametrize("case", UNMATCHED)
def test_an_entry_that_finds_nothing_stops_the_publication(connection: Connection, folder: Path, case: str) -> None:
    old, new, why = UNMATCHED[case]
    assert old in ENTRY
    (folder / "yunchuan.yaml").write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        publish(connection, "r1", [PRESS], [SHARE])
    assert str(told.value).startswith("include/corrections/yunchuan.yaml entry 1: finds nothing: ")
    assert why in str(told.value)
    assert connection.execute("SELECT count(*) FROM core.publication").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM mart.figure").fetchone() == (0,)


def test_an_entry_that_means_several_figures_asks_which(connection: Connection, folder: Path) -> None:
    twice = notice("twice", "总结\n\n上年40场，今年40场。\n", [figure("40场", 40), figure("40场", 40)])
    entry = ENTRY.replace("press-2023", "twice").replace(SHA256[:12], twice.capture.sha256[:12])
    entry = entry.replace("raw: 118%, value: 118", "raw: 40场, value: 40")
    (folder / "yunchuan.yaml").write_text(entry, encoding="utf-8")
    places = [one.start for one in twice.figures]
    with pytest.raises(
        ConfigurationError, match=rf"means 2 figures; say which by find.start, one of {places[0]}, {places[1]}"
    ):
        publish(connection, "r1", [twice])
    entry = entry.replace("value: 40}", f"value: 40, start: {places[1]}}}")
    (folder / "yunchuan.yaml").write_text(entry, encoding="utf-8")
    publish(connection, "r2", [twice])
    values = connection.execute("SELECT value FROM mart.figure ORDER BY char_start").fetchall()
    assert values == [(40,), (Decimal("11.8"),)]


BAD_FILES = {
    "unknown key": ("reason:", "raeson:", "did you mean 'reason'?"),
    "no reason": ('reason: a decimal point is lost in print\n  by: 王敏', "by: 王敏", "reason: is missing"),
    "bare hash": (f'"{SHA256[:12]}"', "123456789012", "expected str, found int"),
    "short hash": (SHA256[:12], "12ab", "8 to 64 hexadecimal digits"),
    "empty correction": ("correct: {value: 11.8}", "correct: {}", "entry 1: correct is empty; give value, year"),
    "no number": ("value: 118}", "value: many}", "entry 1: find.value: expected a number, found 'many'"),
    "no day": (str(NEXT_YEAR), "soon", "expires"),
    "no region": ("{value: 11.8}", "{region: 乌有县}", "entry 1: correct.region: no region is named 乌有县"),
    "no list": ("- notice", "notice", "expected"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_with_an_error_says_where_and_nothing_is_published(
    connection: Connection, folder: Path, case: str
) -> None:
    old, new, why = BAD_FILES[case]
    assert old in ENTRY
    text = ENTRY.replace(old, new)
    (folder / "yunchuan.yaml").write_text(text.replace("\n  ", "\n") if case == "no list" else text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        publish(connection, "r1", [PRESS])
    assert str(folder / "yunchuan.yaml") in str(told.value)
    assert why in str(told.value)
    assert connection.execute("SELECT count(*) FROM mart.figure").fetchone() == (0,)


def test_a_decision_exported_corrects_alike_in_another_warehouse(connection: Connection, folder: Path) -> None:
    publish(connection, "r1", [PRESS], [SHARE, MONEY])
    who = {"who": "王敏", "expires": NEXT_YEAR}
    settle(
        connection, SHARE.finding_id, "corrected", reason="a point is lost", values=Values(value=Decimal("11.8")), **who
    )
    settle(connection, MONEY.finding_id, "corrected", reason="亿 for 万", values=Values(value=Decimal(905000)), **who)
    decided = value_of(connection, SHARE.figure_id), value_of(connection, MONEY.figure_id)
    assert corrections.export(connection, folder) == (folder / "yunchuan.yaml",)
    (share, money) = corrections.load(folder)["yunchuan"]
    assert (share.notice, share.rule, share.by, share.expires) == (
        "press-2023",
        "share_within_0_100",
        "王敏",
        NEXT_YEAR,
    )
    assert (money.find.raw, money.reason) == ("90.5亿元", "亿 for 万")

    connection.execute("TRUNCATE audit.decision")  # the other warehouse, which knows of no decision
    publish(connection, "r2", [PRESS], [SHARE, MONEY])
    assert (value_of(connection, SHARE.figure_id), value_of(connection, MONEY.figure_id)) == decided
    assert states(connection) == {"share_within_0_100": "corrected", "jump": "corrected"}


def test_export_adds_what_is_new_and_keeps_what_people_wrote(connection: Connection, folder: Path) -> None:
    file = folder / "yunchuan.yaml"
    file.write_text("# reviewed each January\n" + ENTRY, encoding="utf-8")
    publish(connection, "r1", [PRESS], [SHARE, MONEY])
    assert corrections.export(connection, folder) == ()
    values = Values(value=Decimal(9050000))
    settle(connection, MONEY.finding_id, "corrected", who="李宁", reason="亿 for 万", expires=NEXT_YEAR, values=values)
    assert corrections.export(connection, folder) == (file,)
    assert file.read_text(encoding="utf-8").startswith("# reviewed each January\n" + ENTRY)
    assert [entry.by for entry in corrections.load(folder)["yunchuan"]] == ["王敏", "李宁"]
    assert corrections.export(connection, folder) == ()


def test_a_figure_that_is_written_twice_is_exported_with_its_place(connection: Connection, folder: Path) -> None:
    twice = notice("twice", "总结\n\n上年40场，今年40场。\n", [figure("40场", 40), figure("40场", 40)])
    second = Fault("unchanged", twice, 1, "warning")
    publish(connection, "r1", [twice], [second])
    values = Values(value=Decimal(45))
    settle(connection, second.finding_id, "corrected", who="王敏", reason="查过", expires=NEXT_YEAR, values=values)
    corrections.export(connection, folder)
    assert [entry.find.start for entry in corrections.load(folder)["yunchuan"]] == [twice.figures[1].start]
    publish(connection, "r2", [twice], [second])
    assert connection.execute("SELECT value FROM mart.figure ORDER BY char_start").fetchall() == [(40,), (45,)]
    assert listing.findings(connection, Filter())[0].origin == "include/corrections/yunchuan.yaml entry 1"


def test_the_project_s_own_corrections_can_be_read() -> None:
    corrections.load(corrections.FOLDER)
