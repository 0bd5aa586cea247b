"""Settling findings, and what becomes of decisions when the same is read again, or something else."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from annals.model import Figure, Reading
from annals.review import listing
from annals.review import settle as settling
from annals.review.listing import Filter
from annals.review.settle import Outdated, Refused, Values, settle
from annals.settings import Settings
from annals.warehouse import connect
from annals.warehouse.connect import Connection
from annals.warehouse.migrate import LOCK
from tests.checks.sound import figure, notice
from tests.reviewing import NEXT_YEAR, Fault, press, publish, states, value_of, withheld

PRESS = press()
SHARE = Fault("share_within_0_100", PRESS, 1)
MONEY = Fault("jump", PRESS, 2)
WHO: dict[str, Any] = {"who": "王敏", "reason": "看过原件", "expires": NEXT_YEAR}


def reread(connection: Connection, run: str, *faults: Fault, reading: Reading = PRESS) -> None:
    publish(connection, run, [reading], faults)


def test_an_accepted_error_releases_its_figure_at_once(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    assert withheld(connection) == {SHARE.figure_id}
    assert settle(connection, SHARE.finding_id, "accepted", **WHO) == (SHARE.finding_id,)
    assert withheld(connection) == set()
    assert value_of(connection, SHARE.figure_id) == (118, 118, 118, None, "passed")
    (decided,) = listing.history(connection, SHARE.finding_id)
    assert (decided.state, decided.decided_by, decided.reason) == ("accepted", "王敏", "看过原件")
    assert decided.expires_on == NEXT_YEAR
    assert abs(decided.decided_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_settled_warning_no_longer_flags(connection: Connection) -> None:
    warning = SHARE._replace(severity="warning")
    reread(connection, "r1", warning)
    assert value_of(connection, SHARE.figure_id) == (118, 118, 118, None, "flagged")
    settle(connection, warning.finding_id, "dismissed", **WHO)
    assert value_of(connection, SHARE.figure_id) == (118, 118, 118, None, "passed")


def test_an_error_of_a_whole_notice_withholds_it_until_settled(connection: Connection) -> None:
    whole = Fault("notice_year_plausible", PRESS, None)
    reread(connection, "r1", whole)
    assert len(withheld(connection)) == 4
    settle(connection, whole.finding_id, "dismissed", **WHO)
    assert withheld(connection) == set()


def test_of_two_errors_on_a_figure_both_must_be_settled(connection: Connection) -> None:
    other = Fault("people_whole", PRESS, 1)
    reread(connection, "r1", SHARE, other)
    settle(connection, SHARE.finding_id, "accepted", **WHO)
    assert withheld(connection) == {SHARE.figure_id}
    settle(connection, other.finding_id, "dismissed", **WHO)
    assert withheld(connection) == set()


def test_a_correction_changes_the_value_keeps_the_original_and_settles_all_of_the_figure(
    connection: Connection,
) -> None:
    other = Fault("people_whole", PRESS, 1)
    reread(connection, "r1", SHARE, other, MONEY)
    settled = settle(connection, SHARE.finding_id, "corrected", values=Values(value=Decimal("11.8")), **WHO)
    assert set(settled) == {SHARE.finding_id, other.finding_id}
    assert value_of(connection, SHARE.figure_id) == (Decimal("11.8"),) * 3 + (118, "passed")
    assert states(connection) == {"share_within_0_100": "corrected", "people_whole": "corrected", "jump": "open"}
    assert withheld(connection) == {MONEY.figure_id}
    assert connection.execute("SELECT correction FROM mart.figure WHERE corrected").fetchall() == [("看过原件",)]


def test_a_correction_may_be_of_year_and_region(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "corrected", values=Values(year=2022, region="永川区"), **WHO)
    row = connection.execute(
        "SELECT value, year, region, region_code FROM mart.figure WHERE figure_id = %s", (SHARE.figure_id,)
    ).fetchone()
    assert row == (118, 2022, "永川区", "500118")
    kept = connection.execute("SELECT original_year, original_region FROM core.correction").fetchone()
    assert kept == (2023, "重庆市")


@pytest.mark.parametrize(
    ("read", "low", "high"),
    [
        ({"low": 40, "high": 40}, 80, 80),
        ({"low": 40, "high": None, "qualifier": "at_least"}, 80, None),
        ({"low": 36, "high": 44, "qualifier": "about"}, 72, 88),
        ({"low": 40, "high": 50, "value_high": 50}, 80, 80),
    ],
    ids=["exact", "at least", "about", "range"],
)
def test_bounds_move_with_a_corrected_value(
    connection: Connection, read: dict[str, Any], low: int, high: int | None
) -> None:
    numbers = {name: Decimal(value) if isinstance(value, int) else value for name, value in read.items()}
    first: Figure = replace(PRESS.figures[0], **numbers)
    reading = replace(PRESS, figures=(first, *PRESS.figures[1:]))
    fault = Fault("jump", reading, 0)
    reread(connection, "r1", fault, reading=reading)
    settle(connection, fault.finding_id, "corrected", values=Values(value=Decimal(80)), **WHO)
    assert value_of(connection, fault.figure_id) == (80, low, high, 40, "passed")


def test_opening_again_withholds_again_and_restores_what_was_read(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "corrected", values=Values(value=Decimal("11.8")), **WHO)
    settle(connection, SHARE.finding_id, "open", who="李宁", reason="再查")
    assert withheld(connection) == {SHARE.figure_id}
    assert connection.execute("SELECT value FROM core.figure WHERE figure_id = %s", (SHARE.figure_id,)).fetchone() == (
        118,
    )
    assert [one.state for one in listing.history(connection, SHARE.finding_id)] == ["open", "corrected"]
    reread(connection, "r2", SHARE)
    assert states(connection) == {"share_within_0_100": "open"}


@pytest.mark.parametrize("state", ["accepted", "dismissed", "corrected"])
def test_a_decision_stands_when_the_same_is_read_again_and_when_other_text_changes(
    connection: Connection, state: settling.State
) -> None:
    values = Values(value=Decimal("11.8")) if state == "corrected" else None
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, state, values=values, **WHO)
    value = 118 if values is None else Decimal("11.8")

    reread(connection, "r2", SHARE)
    assert states(connection) == {"share_within_0_100": state}
    said = value_of(connection, SHARE.figure_id)
    assert said is not None
    assert said[0] == value

    changed = press(opening="各村都有科普宣传栏。", day=2)
    same = Fault("share_within_0_100", changed, 1)
    assert same.finding_id == SHARE.finding_id
    assert same.figure_id != SHARE.figure_id
    reread(connection, "r3", same, reading=changed)
    assert states(connection) == {"share_within_0_100": state}
    said = value_of(connection, same.figure_id)
    assert said is not None
    assert said[0] == value
    assert withheld(connection) == set()


def test_a_correction_that_the_checks_no_longer_see_stays_in_force_and_on_record(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "corrected", values=Values(value=Decimal("11.8")), **WHO)
    reread(connection, "r2")  # the rules over the warehouse are given the corrected value
    assert states(connection) == {"share_within_0_100": "corrected"}
    assert value_of(connection, SHARE.figure_id) == (Decimal("11.8"),) * 3 + (118, "passed")


def test_a_better_reading_becomes_the_original_under_a_correction(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "corrected", values=Values(value=Decimal("11.8")), **WHO)
    better = replace(PRESS.figures[1], value=Decimal(18), low=Decimal(18), high=Decimal(18))
    reread(connection, "r2", SHARE, reading=replace(PRESS, figures=(PRESS.figures[0], better, PRESS.figures[2])))
    assert value_of(connection, SHARE.figure_id) == (Decimal("11.8"),) * 3 + (18, "passed")


def test_a_sentence_that_the_publisher_changed_is_open_anew(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "dismissed", **WHO)
    changed = press(share="128%", day=2)
    again = Fault("share_within_0_100", changed, 1)
    reread(connection, "r2", again, reading=changed)
    assert states(connection) == {"share_within_0_100": "open"}
    assert withheld(connection) == {again.figure_id}
    (earlier,) = listing.history(connection, again.finding_id)
    assert (earlier.state, earlier.own, earlier.evidence) == ("dismissed", False, SHARE.evidence)


def test_a_finding_whose_case_changed_is_open_again_and_says_why(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "accepted", **WHO)
    reread(connection, "r2", SHARE._replace(expected="118.5%: so says another notice now"))
    (one,) = listing.findings(connection, Filter())
    assert (one.state, one.reopened, one.decided_by) == ("open", "changed", "王敏")
    assert withheld(connection) == {SHARE.figure_id}


def test_an_expired_decision_opens_its_finding_at_the_next_publication_of_anything(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    settle(connection, SHARE.finding_id, "corrected", values=Values(value=Decimal("11.8")), **WHO)
    connection.execute("UPDATE audit.decision SET expires_on = current_date - 1")
    publish(connection, "r2", [press("another")])
    (one,) = listing.findings(connection, Filter())
    assert (one.state, one.reopened, one.corrected) == ("open", "expired", False)
    assert withheld(connection) == {SHARE.figure_id}


REFUSED: dict[str, tuple[settling.State, dict[str, Any], str]] = {
    "no reason": ("accepted", {"reason": " \n"}, "a decision needs a reason"),
    "no expiry": ("dismissed", {"expires": None}, "a decision needs the day on which it expires"),
    "past expiry": ("accepted", {"expires": date(2020, 1, 1)}, "2020-01-01 is not in the future"),
    "open already": ("open", {}, "the finding is open already"),
    "nothing corrected": ("corrected", {}, "a correction needs a value, a year or a region other than the present one"),
    "same value": ("corrected", {"values": Values(value=Decimal("118.0"))}, "other than the present one"),
    "no such region": ("corrected", {"values": Values(region="乌有县")}, "no region is named 乌有县"),
    "value with acceptance": ("accepted", {"values": Values(value=Decimal(1))}, "only a correction takes a value"),
    "seen otherwise": ("accepted", {"seen": "open-0123456789ab"}, "settled or changed meanwhile"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_decided_is_refused_and_leaves_everything_as_it_was(connection: Connection, case: str) -> None:
    state, changed, why = REFUSED[case]
    reread(connection, "r1", SHARE)
    with pytest.raises(Refused, match=why):
        settle(connection, SHARE.finding_id, state, **{**WHO, **changed})
    assert states(connection) == {"share_within_0_100": "open"}
    assert withheld(connection) == {SHARE.figure_id}
    assert listing.history(connection, SHARE.finding_id) == []


def test_a_finding_without_a_figure_or_none_at_all_takes_no_correction(connection: Connection) -> None:
    whole = Fault("notice_year_plausible", PRESS, None)
    reread(connection, "r1", whole)
    with pytest.raises(Refused, match="there is no figure to correct"):
        settle(connection, whole.finding_id, "corrected", values=Values(value=Decimal(1)), **WHO)
    with pytest.raises(Refused, match="there is no finding nowhere"):
        settle(connection, "nowhere", "accepted", **WHO)


def test_of_two_reviewers_the_second_is_told(connection: Connection) -> None:
    reread(connection, "r1", SHARE)
    (one,) = listing.findings(connection, Filter())
    settle(connection, one.finding_id, "accepted", seen=one.mark, **WHO)
    with pytest.raises(Outdated):
        settle(connection, one.finding_id, "dismissed", seen=one.mark, **WHO)
    assert states(connection) == {"share_within_0_100": "accepted"}


def test_nobody_settles_into_a_publication(
    connection: Connection, warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reread(connection, "r1", SHARE)
    monkeypatch.setattr(settling, "PATIENCE", "50ms")
    with connect(warehouse) as publishing, publishing.transaction():
        publishing.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        with pytest.raises(Refused, match="a run is being published"):
            settle(connection, SHARE.finding_id, "accepted", **WHO)
    settle(connection, SHARE.finding_id, "accepted", **WHO)
    assert states(connection) == {"share_within_0_100": "accepted"}


def test_findings_are_listed_by_what_is_asked(connection: Connection) -> None:
    other = press("press-2022", share="130%")
    late = Fault("jump", other, 2, "warning")
    publish(connection, "r1", [PRESS, other], [SHARE, Fault("share_within_0_100", other, 1), late])
    settle(connection, late.finding_id, "accepted", **WHO)

    def listed(**asked: str) -> set[str]:
        return {one.finding_id for one in listing.findings(connection, Filter(**asked))}

    assert len(listed()) == 3
    assert listed(state="accepted") == listed(rule="jump") == listed(severity="warning") == {late.finding_id}
    assert listed(search="118%") == {SHARE.finding_id}
    assert listed(search="100% of nothing_here") == listed(source="elsewhere") == set()
    assert len(listed(source="yunchuan")) == 3
    counted = listing.counts(connection, Filter(state="open"))
    assert counted["state"] == {"open": 2, "accepted": 1}
    assert counted["rule"] == {"share_within_0_100": 2}
    assert counted["all"] == {"": 2}


def test_pages_of_findings_go_on_where_the_last_ended(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    reread(connection, "r1", SHARE, MONEY, Fault("people_whole", PRESS, 0))
    pages = [[one.rule for one in listing.findings(connection, Filter(), page=page)] for page in (1, 2, 3)]
    assert pages == [["jump", "people_whole"], ["share_within_0_100"], []]


def test_the_digits_at_fault_are_marked_not_their_like(connection: Connection) -> None:
    reading = notice(
        "twice", "总结\n\n上年举办\n40场，今年举办40场。\n", [figure("40场", 40), figure("40场", 40, unit="场")]
    )
    second = replace(reading.figures[1], quote="上年举办40场，今年举办40场。")
    reading = replace(reading, figures=(reading.figures[0], second))
    publish(connection, "r1", [reading], [Fault("unchanged", reading, 1, "warning")])
    (one,) = listing.findings(connection, Filter())
    assert one.parts == ("上年举办40场，今年举办", "40场", "。")
    around = listing.context(connection, one.finding_id)
    assert around is not None
    assert (around.before[-4:], around.marked) == ("今年举办", "40")


def test_quarantine_names_figure_sentence_and_the_finding_to_settle(connection: Connection) -> None:
    reread(connection, "r1", SHARE, MONEY._replace(severity="warning"))
    (row,) = listing.quarantine(connection)
    assert (row["raw"], row["finding_id"], row["total"]) == ("118%", SHARE.finding_id, 1)
    assert listing.quarantine(connection, search="覆盖率")[0]["figure_id"] == SHARE.figure_id
    assert listing.quarantine(connection, search="nothing") == []
