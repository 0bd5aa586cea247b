"""What the errors of the checks have to tell: new, open still, resolved; each once, whoever is killed in between."""

import multiprocessing
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from annals.alerts import Alert, changes, undelivered
from annals.alerts.changes import CHANGES, News, note, relay
from annals.alerts.wording import CHAT_BYTES, Links, of_findings
from annals.archive import Archive
from annals.review.settle import Refused, Values, settle
from annals.review.silence import lift, silence
from annals.settings import PROJECT, Settings
from annals.sources import Source, read
from annals.warehouse import connect, note_listing
from annals.warehouse.connect import Connection
from tests.checks.sound import notice
from tests.reviewing import NEXT_YEAR, Fault, press, publish, withheld

PRESS = press()
SHARE = Fault("share_within_0_100", PRESS, 1)
MONEY = Fault("jump", PRESS, 2)
WARNING = Fault("unchanged", PRESS, 0, "warning")
LINKS = Links(run="http://ui/run", checks="http://ui/run/checks", runbook="http://ui/dag", review="http://ui/annals")
SOURCES = {"yunchuan": read(PROJECT / "include" / "sources" / "yunchuan.yaml", environment={})}
WHO: dict[str, Any] = {"who": "王敏", "reason": "看过原件", "expires": NEXT_YEAR}
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(str(tmp_path / "archive"))


def run(connection: Connection, name: str, *faults: Fault, readings: Any = (PRESS,)) -> Alert | None:
    """A run that finds these faults and tells; the alert it wrote down, None where it had nothing to tell."""
    publish(connection, name, readings, faults)
    return tell(connection, name)


def tell(connection: Connection, name: str, sources: dict[str, Source] = SOURCES) -> Alert | None:
    made: list[Alert] = []

    def compose(news: News) -> Alert:
        made.append(of_findings(news, run=name, links=LINKS, remind_after_days=7))
        return made[-1]

    note(connection, name, sources, compose)
    assert len(made) < 2
    return made[0] if made else None


def subject(alert: Alert | None) -> str | None:
    return None if alert is None else alert.subject.removeprefix("[annals] 云川市科学普及协会: ")


def days_pass(connection: Connection, days: int) -> None:
    """Everything that was told, found or silenced is so many days older."""
    for table, columns in (
        ("told", ("told_at",)),
        ("finding", ("first_seen_at", "last_seen_at", "resolved_at")),
        ("silence", ("silenced_at", "ended_at", "expires_on")),
    ):
        moved = ", ".join(
            f"{name} = {name} - {days}" + (" * interval '1 day'" if name != "expires_on" else "") for name in columns
        )
        connection.execute(f"UPDATE audit.{table} SET {moved}".encode())


def test_an_error_is_told_when_it_is_new_and_a_run_without_news_says_nothing(connection: Connection) -> None:
    assert subject(run(connection, "r1", SHARE, WARNING)) == "1 new error"
    assert run(connection, "r2", SHARE, WARNING) is None
    assert subject(run(connection, "r3", SHARE, MONEY)) == "1 new error"


def test_a_run_without_errors_says_nothing_and_warnings_are_not_told_of(connection: Connection) -> None:
    assert run(connection, "r1", WARNING) is None


def test_the_alert_carries_the_case(connection: Connection) -> None:
    alert = run(connection, "r1", SHARE, WARNING)
    assert alert is not None
    assert alert.level == "warning"
    today = datetime.now(UTC).date()
    for words in (
        "全年新建宣传栏40个，覆盖率达到【118%】，投入90.5亿元。",
        "Share outside 0–100%",
        "占比超出",
        "at most 100%",
        "118% 宣传栏覆盖率",
        str(today),
        "云川市科学普及协会2023年工作总结",
        f"http://ui/annals/findings/{SHARE.finding_id}",
        "数据组 <data@yunchuan.invalid>",
        "the layout … has changed",
        "1 warning, 1 new in this run",
        "Withheld from the marts: 1 figure",
        "Look at the page.",
        LINKS.run,
        LINKS.checks,
    ):
        assert words in alert.text, words
    for words in (
        "<mark><b>118%</b></mark>",
        f'<a href="http://ui/annals/findings/{SHARE.finding_id}">',
        "<strong>&quot;the layout … has changed&quot;</strong>",
        "data@yunchuan.invalid",
        str(today),
    ):
        assert words in alert.html, words


def test_what_a_publisher_writes_is_shown_not_run(connection: Connection) -> None:
    from tests.checks.sound import figure

    nasty = notice("nasty", "<script>alert(1)</script>总结\n\n<img src=x>新建40个。\n", [figure("40个", 40)])
    alert = run(connection, "r1", Fault("jump", nasty, 0), readings=[nasty])
    assert alert is not None
    assert "<script" not in alert.html
    assert "<img" not in alert.html


def test_an_error_that_stands_is_told_again_when_it_is_due_and_then_ever_more_seldom(connection: Connection) -> None:
    run(connection, "r0", SHARE)
    told = []
    for day in range(1, 31):
        days_pass(connection, 1)
        alert = run(connection, f"r{day}", SHARE)
        if alert is not None:
            told.append((day, subject(alert)))
    assert told == [(7, "1 error still open"), (14, "1 error still open"), (28, "1 error still open")]


def test_nobody_is_reminded_of_a_notice_that_was_withdrawn_until_it_is_back(connection: Connection) -> None:
    notices = [PRESS.capture.notice_id]
    assert subject(run(connection, "r1", SHARE)) == "1 new error"
    note_listing(connection, "r1", seen=(), gone=notices)
    days_pass(connection, 7)
    assert tell(connection, "r1") is None
    assert withheld(connection) == {SHARE.figure_id}
    note_listing(connection, "r1", seen=notices)
    assert subject(tell(connection, "r1")) == "1 error still open"


def test_an_error_in_a_withdrawn_notice_that_a_person_settles_is_told_as_gone(connection: Connection) -> None:
    assert subject(run(connection, "r1", SHARE)) == "1 new error"
    note_listing(connection, "r1", seen=(), gone=[PRESS.capture.notice_id])
    settle(connection, SHARE.finding_id, "accepted", **WHO)
    assert subject(tell(connection, "r1")) == "1 error resolved"


def test_a_reminder_says_since_when_and_when_the_next_one_comes(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    days_pass(connection, 9)
    alert = run(connection, "r2")  # a run that finds nothing new, and no longer looks at the notice either
    assert subject(alert) == "1 error resolved"
    run(connection, "r3", SHARE)
    days_pass(connection, 9)
    publish(connection, "r4", [press("another")])
    alert = tell(connection, "r4")
    assert subject(alert) == "1 error still open"
    assert alert is not None
    first_seen = (datetime.now(UTC) - timedelta(days=18)).date()
    assert f"{first_seen}, told 9 days ago; told again after 18 days" in alert.text


def test_the_source_says_after_how_many_days(connection: Connection) -> None:
    publish(connection, "r1", [PRESS], [SHARE])
    tell(connection, "r1")
    days_pass(connection, 2)
    publish(connection, "r2", [press("another")])
    assert tell(connection, "r2") is None
    assert subject(tell(connection, "r2", {"yunchuan": replace(SOURCES["yunchuan"], remind_after_days=2)})) is not None


def test_a_source_whose_file_is_gone_is_told_of_all_the_same(connection: Connection) -> None:
    publish(connection, "r1", [PRESS], [SHARE])
    alert = tell(connection, "r1", {})
    assert alert is not None
    assert "Duty desk" in alert.text


def test_the_publisher_mends_the_text(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    alert = run(connection, "r2", readings=[press(share="18%", day=2)])
    assert subject(alert) == "1 error resolved"
    assert alert is not None
    assert alert.level == "success"
    assert "no longer found: the publisher changed the text" in alert.text
    assert "gone with the earlier text" in alert.text
    assert run(connection, "r3", readings=[press(share="18%", day=2)]) is None


def test_a_sentence_changed_to_another_fault_is_one_gone_and_one_new(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    changed = press(share="128%", day=2)
    alert = run(connection, "r2", Fault("share_within_0_100", changed, 1), readings=[changed])
    assert subject(alert) == "1 new error, 1 resolved"


def test_the_same_text_read_otherwise(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    alert = run(connection, "r2")
    assert subject(alert) == "1 error resolved"
    assert alert is not None
    assert "the text is the same" in alert.text
    assert "in the marts again" in alert.text


def test_a_person_settles(connection: Connection) -> None:
    run(connection, "r1", SHARE, MONEY)
    settle(connection, SHARE.finding_id, "accepted", **WHO)
    settle(connection, MONEY.finding_id, "corrected", values=Values(value=Decimal(9050000)), **WHO)
    alert = run(connection, "r2", SHARE, MONEY)
    assert subject(alert) == "2 errors resolved"
    assert alert is not None
    today = datetime.now(UTC).date()
    assert f"accepted by 王敏 on {today}, until {NEXT_YEAR}: “看过原件”" in alert.text
    assert f"corrected by 王敏 on {today}" in alert.text
    assert run(connection, "r3", SHARE, MONEY) is None


def test_a_file_corrects(connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from annals.review import corrections

    run(connection, "r1", SHARE)
    (tmp_path / "yunchuan.yaml").write_text(
        f'- {{notice: "{PRESS.capture.notice_id}", sha256: "{PRESS.capture.sha256[:12]}", '
        "find: {raw: 118%, value: 118}, correct: {value: 11.8}, reason: 小数点漏印, by: 李宁, expires: "
        f"{NEXT_YEAR}}}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(corrections, "FOLDER", tmp_path)
    alert = run(connection, "r2", SHARE)
    assert alert is not None
    assert "corrected by 李宁, in include/corrections/yunchuan.yaml entry 1" in alert.text


def test_an_error_that_comes_back_is_new(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    run(connection, "r2")
    assert subject(run(connection, "r3", SHARE)) == "1 new error"
    settle(connection, SHARE.finding_id, "accepted", **WHO)
    run(connection, "r4", SHARE)
    connection.execute("UPDATE audit.decision SET expires_on = current_date - 1")
    assert subject(run(connection, "r5", SHARE)) == "1 new error"


def test_an_error_that_becomes_a_warning_is_gone(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    alert = run(connection, "r2", SHARE._replace(severity="warning"))
    assert subject(alert) == "1 error resolved"
    assert alert is not None
    assert "counts as warning now" in alert.text


def test_a_whole_notice_that_is_withheld(connection: Connection) -> None:
    alert = run(connection, "r1", Fault("notice_year_plausible", PRESS, None))
    assert alert is not None
    assert "the whole notice: 3 figures" in alert.text


def test_many_errors_are_one_alert_that_shows_the_first_and_counts_the_rest(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "SHOWN", 2)
    faults = [Fault(rule, PRESS, figure) for rule in ("share_within_0_100", "jump") for figure in range(3)]
    alert = run(connection, "r1", *faults)
    assert subject(alert) == "6 new errors"
    assert alert is not None
    assert "… and 4 more" in alert.text
    assert connection.execute("SELECT count(*) FROM audit.told").fetchone() == (6,)
    assert run(connection, "r2", *faults) is None


def test_errors_in_notices_of_another_source_are_told_as_its_own(connection: Connection) -> None:
    """A rule over the whole warehouse finds, in a run of one source, what is wrong with another."""
    run(connection, "r1")
    other = press("elsewhere")
    connection.execute("INSERT INTO core.source (source, owner, publisher) VALUES ('hesheng', 'Their desk', '河声市')")
    publish(connection, "r2", [other], [Fault("share_within_0_100", other, 1), SHARE])
    connection.execute("UPDATE core.notice SET source = 'hesheng' WHERE notice_id = %s", (other.capture.notice_id,))
    made: list[News] = []

    def compose(news: News) -> Alert:
        made.append(news)
        return of_findings(news, run="r2", links=LINKS, remind_after_days=7)

    told = note(connection, "r2", SOURCES, compose)
    assert {name: counts["new"] for name, counts in told.items()} == {"hesheng": 1, "yunchuan": 1}
    assert {one.source: one.owner for one in made} == {"hesheng": "Their desk", "yunchuan": "数据组"}


# --- silence -----------------------------------------------------------------------------------


def test_no_alert_speaks_of_a_silenced_error_and_its_figure_stays_withheld(connection: Connection) -> None:
    run(connection, "r1", SHARE, MONEY)
    silence(connection, SHARE.finding_id, who="王敏", reason="等发布方答复", expires=NEXT_YEAR)
    assert withheld(connection) == {SHARE.figure_id, MONEY.figure_id}
    days_pass(connection, 8)
    alert = run(connection, "r2", SHARE, MONEY)
    assert subject(alert) == "1 error still open"
    assert alert is not None
    assert "118%】" not in alert.text
    assert "1 error silenced" in alert.text


def test_an_error_silenced_before_anybody_was_told_is_new_when_the_silence_is_over(connection: Connection) -> None:
    publish(connection, "r1", [PRESS], [SHARE])
    silence(connection, SHARE.finding_id, who="王敏", reason="等", expires=NEXT_YEAR)
    assert tell(connection, "r1") is None
    connection.execute("UPDATE audit.silence SET expires_on = current_date - 1")
    assert subject(run(connection, "r2", SHARE)) == "1 new error"


def test_when_its_day_has_passed_a_silenced_error_is_told_as_still_open(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    silence(connection, SHARE.finding_id, who="王敏", reason="等", expires=NEXT_YEAR)
    days_pass(connection, 2)
    assert run(connection, "r2", SHARE) is None
    connection.execute("UPDATE audit.silence SET expires_on = current_date")
    assert run(connection, "r3", SHARE) is None, "the last day counts"
    connection.execute("UPDATE audit.silence SET expires_on = current_date - 1")
    alert = run(connection, "r4", SHARE)
    assert subject(alert) == "1 error still open"
    assert alert is not None
    assert "told 2 days ago; its silence is over; told again after 7 days" in alert.text
    assert run(connection, "r5", SHARE) is None


def test_a_silence_ends_with_the_case_it_was_for(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    silence(connection, SHARE.finding_id, who="王敏", reason="等", expires=NEXT_YEAR)
    alert = run(connection, "r2", SHARE._replace(expected="at most 99%"))
    assert subject(alert) == "1 error still open"
    ended = connection.execute("SELECT ended FROM audit.silence").fetchall()
    assert ended == [("changed",)]


def test_a_silence_ends_with_the_text_it_was_for(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    silence(connection, SHARE.finding_id, who="王敏", reason="等", expires=NEXT_YEAR)
    assert subject(run(connection, "r2", readings=[press(share="18%", day=2)])) == "1 error resolved"
    assert subject(run(connection, "r3", SHARE, readings=[press(day=3)])) == "1 new error"


def test_who_settles_a_silenced_error_ends_its_silence(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    silence(connection, SHARE.finding_id, who="王敏", reason="等", expires=NEXT_YEAR)
    settle(connection, SHARE.finding_id, "dismissed", **WHO)
    assert connection.execute("SELECT ended FROM audit.silence").fetchall() == [("settled",)]
    assert subject(run(connection, "r2", SHARE)) == "1 error resolved"


def test_a_silence_that_was_lifted_leaves_reminders_as_they_were(connection: Connection) -> None:
    run(connection, "r1", SHARE)
    silence(connection, SHARE.finding_id, who="王敏", reason="等", expires=NEXT_YEAR)
    lift(connection, SHARE.finding_id, who="李宁")
    assert run(connection, "r2", SHARE) is None
    days_pass(connection, 7)
    assert subject(run(connection, "r3", SHARE)) == "1 error still open"
    assert connection.execute("SELECT ended, lifted_by FROM audit.silence").fetchall() == [("lifted", "李宁")]
    with pytest.raises(Refused, match="is not silenced"):
        lift(connection, SHARE.finding_id, who="李宁")


YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reason": " "}, "a decision needs a reason"),
        ({"expires": None}, "needs the day on which it expires"),
        ({"expires": YESTERDAY}, "is not in the future"),
        ({"expires": NEXT_YEAR + timedelta(days=9)}, "lasts 366 days at most"),
        ({"seen": "open-else"}, "settled or changed meanwhile"),
        ({"finding_id": "nowhere"}, "there is no finding nowhere"),
        ({"finding_id": WARNING.finding_id}, "alerts speak of errors only"),
        ({"finding_id": MONEY.finding_id}, "the finding is not open"),
    ],
)
def test_what_cannot_be_silenced(connection: Connection, given: dict[str, Any], why: str) -> None:
    publish(connection, "r1", [PRESS], [SHARE, WARNING, MONEY])
    settle(connection, MONEY.finding_id, "accepted", **WHO)
    asked = {"finding_id": SHARE.finding_id, "who": "王敏", "reason": "等", "expires": NEXT_YEAR, **given}
    with pytest.raises(Refused, match=why):
        silence(connection, **asked)
    assert connection.execute("SELECT count(*) FROM audit.silence").fetchone() == (0,)


def test_nothing_is_silenced_twice_and_what_is_gone_not_at_all(connection: Connection) -> None:
    asked: dict[str, Any] = {"who": "王敏", "reason": "等", "expires": NEXT_YEAR}
    publish(connection, "r1", [PRESS], [SHARE])
    silence(connection, SHARE.finding_id, **asked)
    with pytest.raises(Refused, match="silenced already, by 王敏"):
        silence(connection, SHARE.finding_id, **asked)
    publish(connection, "r2", [PRESS])
    with pytest.raises(Refused, match="is not open"):
        silence(connection, SHARE.finding_id, **asked)


# --- killed in between, and side by side -------------------------------------------------------

TO = ("a@x.cn",)


def dies_at(moment: str, settings: Settings, archive: Archive) -> None:
    """Tell as a run does, in a process that ends at a moment."""

    def child() -> None:
        post, compose = changes.post, lambda news: of_findings(news, run="r1", links=LINKS, remind_after_days=7)

        def die(*arguments: Any) -> str:
            if moment == "after it has posted":
                post(*arguments)
            os._exit(9)

        changes.post = die  # type: ignore[assignment]
        with connect(settings) as connection:
            if moment == "before it is written down":
                note(connection, "r1", SOURCES, lambda news: os._exit(9))  # type: ignore[arg-type,return-value]
            note(connection, "r1", SOURCES, compose)
            relay(connection, archive, TO)

    process = FORK.Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode == 9


@pytest.mark.parametrize("moment", ["before it is written down", "before it posts", "after it has posted"])
@pytest.mark.parametrize("who", ["the same run", "the next run", "deliver_alerts"])
def test_a_run_killed_while_it_tells_neither_loses_nor_doubles(
    connection: Connection, warehouse: Settings, archive: Archive, moment: str, who: str
) -> None:
    publish(connection, "r1", [PRESS], [SHARE])
    dies_at(moment, warehouse, archive)
    assert len(undelivered(archive)) == (1 if moment == "after it has posted" else 0)

    if who == "the same run":
        tell(connection, "r1")
    elif who == "the next run":
        run(connection, "r2", SHARE)
    relay(connection, archive, TO)
    relay(connection, archive, TO)
    expected = 0 if moment == "before it is written down" and who == "deliver_alerts" else 1
    assert [subject(one.alert) for one in undelivered(archive).values()] == ["1 new error"] * expected
    assert connection.execute("SELECT count(*) FROM audit.told").fetchone() == (expected,)
    if not expected:  # deliver_alerts has nothing to go by; the next run has
        assert subject(run(connection, "r2", SHARE)) == "1 new error"


def test_runs_that_end_at_the_same_time_tell_once(
    connection: Connection, warehouse: Settings, archive: Archive
) -> None:
    publish(connection, "r1", [PRESS], [SHARE, MONEY])

    def one() -> None:
        with connect(warehouse) as mine:
            tell(mine, "r1")
            relay(mine, archive, TO)

    running = [FORK.Process(target=one) for _ in range(4)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * 4
    assert [subject(each.alert) for each in undelivered(archive).values()] == ["2 new errors"]


def test_who_begins_to_tell_first_and_has_to_wait_does_not_make_what_is_told_begin_anew(
    connection: Connection, warehouse: Settings
) -> None:
    with connect(warehouse) as slow, slow.transaction():  # it began before the others told, and goes on after them
        slow.execute("SELECT now()")
        assert subject(run(connection, "r1", SHARE)) == "1 new error"
        publish(connection, "r2", [PRESS])
        assert subject(tell(slow, "r2")) == "1 error resolved"
    assert tell(connection, "r3") is None


def test_an_alert_of_many_errors_fits_a_chat(connection: Connection) -> None:
    faults = [
        Fault(rule, PRESS, 1, expected="至多百分之一百，" * 20) for rule in ("share_within_0_100", "jump", "crowd")
    ]
    alert = run(connection, "r1", *faults)
    assert alert is not None
    assert len(alert.chat.encode()) <= CHAT_BYTES
    assert alert.chat.splitlines()[-1].startswith("http://ui/annals/findings?source=yunchuan")
    assert "118%" in alert.chat
    assert {"new", "open", "resolved"} == set(CHANGES)
