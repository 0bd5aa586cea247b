"""Runs that fail or are late: told when it begins, reminded of seldom, told when over, whoever is killed in between."""

import multiprocessing
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from annals.alerts import Alert, Dispatch, spells, undelivered
from annals.alerts.spells import FOLDER, Spell, finish, went_well, went_wrong
from annals.alerts.wording import Links, of_spell
from annals.archive import Archive

DAG = "ingest_yunchuan"
TO = ("a@x.cn",)
START = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
LINKS = Links(run="http://ui/run", checks="http://ui/run/checks", runbook="http://ui/dag", review="http://ui/annals")
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(str(tmp_path))


def compose(spell: Spell, news: spells.News) -> Alert:
    what = "fetch failed" if spell.kind == "failing" else "late"
    return of_spell(
        spell, news, title="云川市", what=what, reason="no answer", owner="数据组", runbook="- Wait.", links=LINKS
    )


def fails(
    archive: Archive, day: float, reason: str = "fetch failed: no answer in 30.2 s", *, later_s: int = 0, every: int = 7
) -> None:
    run, now = f"{DAG}/{day}", START + timedelta(days=day, seconds=later_s)
    went_wrong(archive, "failing", DAG, run, reason, compose, to=TO, now=now, remind_after_days=every)


def works(archive: Archive, day: float, to: Sequence[str] = TO) -> None:
    went_well(archive, DAG, f"{DAG}/{day}", compose, to=to, now=START + timedelta(days=day))


def told(archive: Archive) -> list[str]:
    """The subjects of all that was posted, oldest first."""
    return [one.alert.subject.removeprefix("[annals] 云川市: ") for one in undelivered(archive).values()]


def test_a_source_that_begins_to_fail_is_told_once_and_again_when_it_works(archive: Archive) -> None:
    fails(archive, 0)
    fails(archive, 1, "fetch failed: no answer in 31.7 s")
    fails(archive, 2)
    assert told(archive) == ["fetch failed"]
    works(archive, 3)
    works(archive, 4)
    assert told(archive) == ["fetch failed", "works again"]
    assert archive.list(FOLDER) == ()
    fails(archive, 5)
    assert told(archive) == ["fetch failed", "works again", "fetch failed"]


def test_one_that_fails_on_is_reminded_of_when_its_time_has_doubled(archive: Archive) -> None:
    days = []
    for day in range(60):
        before = len(told(archive))
        fails(archive, day)
        if len(told(archive)) > before:
            days.append(day)
    assert days == [0, 7, 14, 28, 56]
    assert told(archive)[1:3] == ["fetch failed; so for 7 days, 8 runs", "fetch failed; so for 14 days, 15 runs"]


def test_the_source_says_when_to_remind(archive: Archive) -> None:
    for day in range(5):
        fails(archive, day, every=2)
    assert len(told(archive)) == 3


def test_another_reason_is_news_once(archive: Archive) -> None:
    for day, reason in enumerate(("no answer", "HTTP 503", "no answer", "HTTP 502", "the layout has changed")):
        fails(archive, day, reason)
    assert told(archive) == [
        "fetch failed",
        "fetch failed, for another reason than before",
        "fetch failed, for another reason than before",
    ]


def test_of_one_run_the_first_callback_tells(archive: Archive) -> None:
    fails(archive, 0)
    fails(archive, 0, "the run failed: it was killed or lost")
    assert told(archive) == ["fetch failed"]
    works(archive, 0)
    fails(archive, 0, later_s=90)
    assert told(archive) == ["fetch failed", "works again", "fetch failed"], "a run that was cleared and failed again"


def test_a_run_that_is_late_is_told_once_and_a_later_one_that_is_in_time(archive: Archive) -> None:
    def late(day: float) -> None:
        now = START + timedelta(days=day)
        went_wrong(archive, "late", DAG, f"{DAG}/{day}", "late: 2 hours", compose, to=TO, now=now)

    late(0)
    works(archive, 0)
    late(1)
    works(archive, 1)
    assert told(archive) == ["late"]
    works(archive, 2)
    assert told(archive) == ["late", "in time again"]


def test_dags_have_spells_of_their_own(archive: Archive) -> None:
    fails(archive, 0)
    went_wrong(archive, "failing", "refresh_marts", "refresh_marts/0", "no answer", compose, to=TO)
    went_well(archive, "refresh_marts", "refresh_marts/1", compose, to=TO)
    assert told(archive) == ["fetch failed", "fetch failed", "works again"]
    assert archive.list(FOLDER) == (f"{FOLDER}/{DAG}.failing.json",)


def test_where_nobody_is_named_the_first_who_is_hears_of_it(archive: Archive) -> None:
    run = f"{DAG}/0"
    assert went_wrong(archive, "failing", DAG, run, "no answer", compose, to=()) is None
    fails(archive, 1)
    works(archive, 2, to=())
    assert told(archive) == ["fetch failed"]
    assert archive.list(FOLDER) == ()


def test_failures_at_the_same_time_are_told_once(archive: Archive) -> None:
    """Mapped tasks of a run fail side by side, each in a process of its own."""

    def slowly(spell: Spell, news: spells.News) -> Alert:
        time.sleep(0.2)
        return compose(spell, news)

    def one(number: int) -> None:
        went_wrong(archive, "failing", DAG, f"{DAG}/0", f"fetch failed: batch {number}", slowly, to=TO)

    running = [FORK.Process(target=one, args=(number,)) for number in range(5)]
    for one in running:
        one.start()
    for one in running:
        one.join(60)
    assert [one.exitcode for one in running] == [0] * 5
    assert told(archive) == ["fetch failed"]


@pytest.mark.parametrize("moment", ["before it posts", "after it has posted"])
@pytest.mark.parametrize("who", ["the next run", "deliver_alerts"])
@pytest.mark.parametrize("event", ["fails", "works"])
def test_a_process_killed_in_between_neither_loses_nor_doubles(
    archive: Archive, moment: str, who: str, event: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spells, "BUSY", timedelta(seconds=0.3))  # the claim of the killed process has to run out
    if event == "works":
        fails(archive, 0)

    def dying() -> None:
        post = spells.post

        def die(*arguments: object) -> str:
            if moment == "after it has posted":
                post(*arguments)  # type: ignore[arg-type]
            os._exit(9)

        spells.post = die  # type: ignore[assignment]
        if event == "works":
            works(archive, 1)
        else:
            fails(archive, 1)

    process = FORK.Process(target=dying)
    process.start()
    process.join(60)
    assert process.exitcode == 9
    expected = ["fetch failed", "works again"] if event == "works" else ["fetch failed"]
    assert told(archive) == (expected if moment == "after it has posted" else expected[:-1])

    time.sleep(0.35)
    if who == "deliver_alerts":
        finish(archive)
    elif event == "works":
        works(archive, 2)
    else:
        fails(archive, 2)
    assert told(archive) == expected
    finish(archive)
    assert told(archive) == expected
    (*_, last) = undelivered(archive).values()
    assert last.run == f"{DAG}/1", "the alert is that of the run that was killed"


def test_the_reasons_that_a_spell_keeps_hold_no_numbers(archive: Archive) -> None:
    fails(archive, 0, "fetch failed: 3 of 12 notices of run 5f2c9a11d0be at 06:30:12.5; first: HTTP 503\nmore")
    spell = archive.get_json(f"{FOLDER}/{DAG}.failing.json", Spell)
    assert spell.reasons == ("fetch failed: # of # notices of run # at #; first: HTTP #",)


def test_what_a_failure_says(archive: Archive) -> None:
    spell = Spell(
        dag=DAG,
        kind="failing",
        since=START,
        runs=1,
        last_run="r",
        reasons=(),
        told_at=START,
    )
    given = {
        "title": "云川市<b>",
        "what": "discover failed",
        "reason": "listing.item finds <nothing>",
        "owner": "数据组 <data@yunchuan.invalid>",
        "runbook": "- **layout**: mend `listing.item` <script>",
        "links": LINKS,
    }
    first = of_spell(spell, "begun", **given)  # type: ignore[arg-type]
    assert first.subject == "[annals] 云川市<b>: discover failed"
    assert first.level == "failure"
    for words in ("listing.item finds &lt;nothing&gt;", "<strong>layout</strong>", "data@yunchuan.invalid", LINKS.run):
        assert words in first.html
    assert "<script>" not in first.html
    for words in ("listing.item finds <nothing>", "- **layout**", "2026-11-02 06:30 UTC, 1 run", LINKS.run):
        assert words in first.text
    assert first.chat.splitlines() == ["云川市<b>: discover failed.", "listing.item finds <nothing>", LINKS.run]

    over = of_spell(replace(spell, runs=3), "over", **given)  # type: ignore[arg-type]
    assert over.level == "success"
    assert "works again. Failed since 2026-11-02 06:30 UTC, 3 runs." in over.text
    assert "layout" not in over.html


def test_a_posted_alert_knows_its_run_and_time(archive: Archive) -> None:
    fails(archive, 0)
    (path,) = undelivered(archive)
    one = archive.get_json(path, Dispatch)
    assert one.run == f"{DAG}/0"
    assert one.posted_at.tzinfo is not None
