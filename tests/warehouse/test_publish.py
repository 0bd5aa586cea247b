"""Staging and publishing: repeatable, fenced, and the same after a kill at any statement."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from annals import warehouse as house
from annals.errors import AnnalsError
from annals.model import Reading
from annals.settings import PROJECT, Settings
from annals.warehouse.connect import Connection
from tests.checks.sound import figure, notice, sound

CONTENTS = {
    "figures": "SELECT figure_id, notice_id, sha256, value, low, high, quote, status FROM mart.figure ORDER BY 1",
    "quarantine": "SELECT figure_id, notice_id, rule, message, raw FROM mart.quarantine ORDER BY 2, 1",
    "findings": "SELECT finding_id, rule, notice_id, figure_id, state FROM mart.finding ORDER BY 1",
    "notices": "SELECT notice_id, sha256, versions, figures, findings FROM mart.notice ORDER BY 1",
    "versions": "SELECT notice_id, sha256, run_id, characters FROM core.version ORDER BY 1, 2",
    "publications": "SELECT run_id, notices, figures, passed, flagged, quarantined FROM core.publication ORDER BY 1",
    "staged": "SELECT run_id, figure_id FROM stage.figure ORDER BY 2",
}


def contents(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {name: connection.execute(query.encode()).fetchall() for name, query in CONTENTS.items()}


def begun(connection: Connection, run: str) -> None:
    house.begin_run(connection, run, source="yunchuan", owner="Duty desk", publisher="云川市科学普及协会")


def audited(connection: Connection, run: str, faults: Sequence[tuple[str, str, str | None]] = ()) -> None:
    """As an audit would leave it, with these findings: (rule, severity, figure_id)."""
    connection.execute(
        "INSERT INTO audit.audit (run_id, started_at, finished_at) "
        "VALUES (%(run)s, clock_timestamp(), clock_timestamp()) "
        "ON CONFLICT (run_id) DO UPDATE SET started_at = excluded.started_at, finished_at = excluded.finished_at",
        {"run": run},
    )
    connection.execute("DELETE FROM stage.finding WHERE run_id = %s", (run,))
    for rule, severity, figure_id in faults:
        connection.execute(
            "INSERT INTO stage.finding (run_id, finding_id, rule, severity, notice_id, figure_id, message, expected, "
            "seen, evidence, action) SELECT %(run)s, %(rule)s || '-' || figure_id, %(rule)s, %(severity)s, notice_id, "
            "figure_id, 'wrong', 'right', raw, quote, 'look' FROM stage.figure "
            "WHERE run_id = %(run)s AND figure_id = %(figure)s",
            {"run": run, "rule": rule, "severity": severity, "figure": figure_id},
        )


def published(
    connection: Connection, run: str, readings: Sequence[Reading], faults: Sequence[tuple[str, str, str | None]] = ()
) -> house.Published:
    begun(connection, run)
    house.stage(connection, run, readings)
    audited(connection, run, faults)
    done = house.publish(connection, run)
    house.clean_stage(connection, run)
    house.end_run(connection, run)
    return done


def first_figure(reading: Reading) -> str:
    one = reading.figures[0]
    return house.figure_id(reading.capture.notice_id, reading.capture.sha256, one.start, one.end)


def test_a_batch_staged_again_lands_the_same_rows(connection: Connection) -> None:
    begun(connection, "r1")
    said = house.stage(connection, "r1", sound())
    before = contents(connection)
    assert house.stage(connection, "r1", sound()[:1]) == house.Staged(notices=1, figures=2, unreadable=0)
    begun(connection, "r1")
    assert (said.notices, said.figures) == (3, 12)
    assert contents(connection) == before
    assert len(before["staged"]) == 12


def test_a_figure_of_one_place_read_twice_keeps_two_ids(connection: Connection) -> None:
    reading = notice("twins", "总结\n\n三县各5名。\n", [figure("5名", 5, unit="名")])
    begun(connection, "r1")
    assert house.stage(connection, "r1", [replace(reading, figures=reading.figures * 3)]).figures == 3
    assert len(set(contents(connection)["staged"])) == 3


def test_what_is_staged_comes_back_as_it_was(connection: Connection) -> None:
    from annals.checks.staged import readings

    odd = notice("odd", "总结\n\n引号“'\\\t\"与表情🙂，共3个。\n", [figure("3个", "3.10", low=None, high=None, page=7)])
    begun(connection, "r1")
    house.stage(connection, "r1", [*sound(), odd])
    back = {reading.capture.notice_id: reading for reading, _ in readings(connection, "r1")}
    for reading in (*sound(), odd):
        mine = back[reading.capture.notice_id]
        assert (mine.text, mine.passages, mine.description) == (reading.text, reading.passages, reading.description)
        assert mine.figures == reading.figures


def test_a_text_with_a_null_character_is_kept_with_its_offsets(connection: Connection) -> None:
    reading = notice("null", "总结\n\n前\x00后，共3个。\n", [figure("3个", 3)])
    begun(connection, "r1")
    house.stage(connection, "r1", [reading])
    row = connection.execute("SELECT length(text), text LIKE %s FROM stage.notice", ("%前\ufffd后%",)).fetchone()
    assert row == (len(reading.text), True)


def test_passed_flagged_and_withheld(connection: Connection) -> None:
    review, plan, latest = sound()
    done = published(
        connection,
        "r1",
        sound(),
        [
            ("share", "error", first_figure(review)),
            ("odd", "warning", first_figure(plan)),
            ("note", "info", first_figure(latest)),
        ],
    )
    assert (done.notices, done.figures, done.passed, done.flagged, done.quarantined) == (3, 12, 10, 1, 1)
    status = {row[0]: row[7] for row in contents(connection)["figures"]}
    assert first_figure(review) not in status
    assert status[first_figure(plan)] == "flagged"
    assert status[first_figure(latest)] == "passed"
    assert contents(connection)["quarantine"] == [(first_figure(review), "review-2022", "share", "wrong", "40个")]


def test_publishing_twice_changes_nothing(connection: Connection) -> None:
    first = published(connection, "r1", sound())
    before = contents(connection)
    assert not first.again
    assert house.publish(connection, "r1") == replace(first, again=True)
    assert house.stage(connection, "r1", sound()).published
    house.clean_stage(connection, "r1")
    assert contents(connection) == before


def test_a_new_run_over_the_same_notices_keeps_figures_and_their_first_sight(connection: Connection) -> None:
    published(connection, "r1", sound())
    before = contents(connection)["figures"]
    published(connection, "r2", sound())
    assert contents(connection)["figures"] == before
    assert {row[2] for row in contents(connection)["notices"]} == {1}


def revised(reading: Reading, days: int = 1) -> Reading:
    other = notice("review-2022", reading.text.replace("40个", "41个"), [figure("41个", 41, year=2022)], year=2022)
    at = reading.capture.fetched_at + timedelta(days=days)
    return replace(other, capture=replace(other.capture, fetched_at=at))


def test_a_revision_replaces_and_history_stays(connection: Connection) -> None:
    review = sound()[0]
    published(connection, "r1", [review])
    published(connection, "r2", [revised(review)])
    rows = connection.execute("SELECT value, sha256 FROM mart.figure").fetchall()
    assert [int(row[0]) for row in rows] == [41]
    assert connection.execute("SELECT versions, figures FROM mart.notice").fetchone() == (2, 1)
    assert connection.execute("SELECT count(*) FROM core.figure").fetchone() == (3,)


def test_an_older_capture_published_late_does_not_come_first(connection: Connection) -> None:
    review = sound()[0]
    published(connection, "r2", [revised(review)])
    published(connection, "r1", [review])
    assert connection.execute("SELECT value FROM mart.figure").fetchone() == (41,)
    assert connection.execute("SELECT versions FROM mart.notice").fetchone() == (2,)


def test_a_better_reading_of_the_same_bytes_replaces_the_old(connection: Connection) -> None:
    review = sound()[0]
    published(connection, "r1", [review])
    published(connection, "r2", [replace(review, figures=review.figures[:1], extractor="better")])
    assert len(contents(connection)["figures"]) == 1
    assert house.known_notices(connection, "yunchuan")["review-2022"].extractor == "better"


def test_findings_come_go_and_return(connection: Connection) -> None:
    review = sound()[0]
    fault = [("share", "error", first_figure(review))]
    published(connection, "r1", sound(), fault)
    first = connection.execute("SELECT first_seen_at, state FROM mart.finding").fetchone()
    published(connection, "r2", sound()[1:])  # the notice is not in this run: the finding stays
    assert connection.execute("SELECT first_seen_at, state FROM mart.finding").fetchone() == first
    published(connection, "r3", [review])
    assert connection.execute("SELECT count(*) FROM mart.finding").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM mart.quarantine").fetchone() == (0,)
    assert len(contents(connection)["figures"]) == 12
    assert connection.execute("SELECT resolved_at IS NOT NULL FROM mart.finding_history").fetchone() == (True,)
    published(connection, "r4", [review], fault)
    assert connection.execute("SELECT first_seen_at, state FROM mart.finding").fetchone() == first
    assert len(contents(connection)["figures"]) == 11


def test_an_unpublished_run_keeps_its_staged_rows(connection: Connection) -> None:
    begun(connection, "r1")
    house.stage(connection, "r1", sound())
    with pytest.raises(AnnalsError, match="not published"):
        house.clean_stage(connection, "r1")
    assert len(contents(connection)["staged"]) == 12


def test_a_run_that_was_never_begun_is_refused(connection: Connection) -> None:
    with pytest.raises(AnnalsError, match="never begun"):
        house.stage(connection, "r9", sound())
    with pytest.raises(AnnalsError, match="never begun"):
        house.end_run(connection, "r9")


def test_of_two_that_publish_at_once_one_does(warehouse: Settings, connection: Connection) -> None:
    """A task that outlived its supervisor beside its retry."""
    begun(connection, "r1")
    house.stage(connection, "r1", sound())
    audited(connection, "r1")
    done: list[house.Published] = []

    def publish() -> None:
        with house.connect(warehouse) as mine:
            done.append(house.publish(mine, "r1"))

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.again for one in done) == [False, True, True, True]
    assert len({replace(one, again=False) for one in done}) == 1
    assert len(contents(connection)["figures"]) == 12


KILLED = """
import os, signal, sys
from annals import warehouse as house
from annals.settings import Settings
from tests.checks.sound import sound

publish, stage = (sys.modules[f"annals.warehouse.{name}"] for name in ("publish", "stage"))

left = int(sys.argv[1])

def counted(name, read=publish.statements):  # asked for the text of every statement
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(name)

publish.statements = stage.statements = counted
with house.connect(Settings.from_environment()) as connection:
    house.begin_run(connection, "r1", source="yunchuan", owner="Duty desk", publisher="P")
    house.stage(connection, "r1", sound())
    connection.execute("INSERT INTO audit.audit (run_id, started_at, finished_at) VALUES ('r1', now(), now())"
        " ON CONFLICT DO NOTHING")
    house.publish(connection, "r1")
    house.clean_stage(connection, "r1")
    house.end_run(connection, "r1")
"""


def run_until(warehouse: Settings, statement: int) -> int:
    """The same run in a process of its own, killed before its n-th statement; 0: let live."""
    environment = {
        "ANNALS_WAREHOUSE_URL": warehouse.warehouse_url or "",
        "ANNALS_HOME": str(warehouse.home),
        "PATH": os.environ["PATH"],
    }
    script = [sys.executable, "-c", KILLED, str(statement)]
    return subprocess.run(script, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL).returncode


def test_killed_at_any_statement_and_run_again_it_ends_the_same(
    warehouse: Settings, connection: Connection, tmp_path: Path
) -> None:
    kills = 0
    for statement in range(1, 40):
        code = run_until(warehouse, statement)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        kills += 1
        assert len(contents(connection)["publications"]) <= 1
    assert kills > 8, "the process was not killed in the middle of anything"
    after = contents(connection)
    assert len(after["figures"]) == 12
    connection.execute("TRUNCATE core.source CASCADE")
    connection.execute("TRUNCATE core.publication, audit.audit, stage.notice, stage.figure")
    assert run_until(warehouse, 0) == 0
    assert contents(connection) == after


def test_listing_and_health(connection: Connection) -> None:
    published(connection, "r1", sound())
    begun(connection, "r2")
    house.note_listing(connection, "r2", seen={"review-2022", "plan-2023"}, gone={"review-2023"})
    rows = connection.execute("SELECT notice_id FROM mart.notice WHERE withdrawn_at IS NOT NULL").fetchall()
    assert rows == [("review-2023",)]
    house.end_run(connection, "r2", error="the publisher does not answer")
    begun(connection, "r3")
    house.end_run(connection, "r3", error="the publisher does not answer")
    health = connection.execute(
        "SELECT source, owner, notices, failures_in_a_row, state, last_success_at < last_run_at, "
        "last_new_notice_at IS NOT NULL FROM mart.source_health"
    ).fetchone()
    assert health == ("yunchuan", "Duty desk", 2, 2, "failing", True, True)
    begun(connection, "r4")
    house.note_listing(connection, "r4", seen={"review-2022", "plan-2023", "review-2023"})
    house.end_run(connection, "r4")
    health = connection.execute("SELECT notices, failures_in_a_row, state FROM mart.source_health").fetchone()
    assert health == (3, 0, "healthy")
