"""What has had its time goes, on a folder and on an object store, and nothing else does."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from annals import prune, warehouse
from annals.archive import Archive
from annals.errors import AuditIncomplete
from annals.pipeline import folder
from annals.settings import Settings
from annals.warehouse.connect import Connection
from annals.warehouse.publish import publish as publish_run
from annals.warehouse.runs import run_lock
from tests.objectstore import object_store
from tests.reviewing import Fault, press, publish

NOW = datetime(2027, 3, 1, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=500)
KEPT_FOR_GOOD = "source", "run", "notice", "version", "figure", "publication"


def name(number: int) -> str:
    return f"ingest_yunchuan/scheduled__{number}"


def dated(connection: Connection, run: str, at: datetime, state: str = "succeeded") -> None:
    """Have a run begun, and unless it runs ended, at a time."""
    connection.execute(
        "UPDATE core.run SET started_at = %(at)s, state = %(state)s, "
        "finished_at = CASE WHEN %(state)s = 'running' THEN NULL ELSE %(at)s + INTERVAL '1 minute' END "
        "WHERE run_id = %(run)s",
        {"at": at, "run": run, "state": state},
    )


def audited(connection: Connection) -> set[str]:
    """The runs that have results, and an audit, by their numbers."""
    query = "SELECT run_id FROM audit.result INTERSECT SELECT run_id FROM audit.audit"
    return {run.rpartition("__")[2] for (run,) in connection.execute(query).fetchall()}


def counts(connection: Connection) -> list[int]:
    tables = [*(f"core.{table}" for table in KEPT_FOR_GOOD), "audit.finding", "audit.decision"]
    rows = [connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in tables]
    return [row[0] for row in rows if row]


def staged(connection: Connection) -> set[str]:
    query = (
        "SELECT run_id FROM stage.notice UNION SELECT run_id FROM stage.figure UNION SELECT run_id FROM stage.finding"
    )
    return {run.rpartition("__")[2] for (run,) in connection.execute(query).fetchall()}


@pytest.fixture
def history(connection: Connection) -> None:
    """Six runs: 1 to 5 long ago, of which 2 found what is still open, 5 is the newest audited; 6 failed lately."""
    fault = Fault("share_within_0_100", press("other"), 1)
    for number in range(1, 6):
        publish(
            connection, name(number), [press("other" if number == 2 else f"press-{number}")], [fault] * (number == 2)
        )
        dated(connection, name(number), LONG_AGO + timedelta(days=number))
    warehouse.begin_run(connection, name(6), source="yunchuan", owner="Duty desk", publisher="云川市科学普及协会")
    dated(connection, name(6), NOW - timedelta(days=1), "failed")


def test_results_of_old_runs_go_but_what_is_newest_or_still_open(
    warehouse: Settings, connection: Connection, history: None
) -> None:
    before = counts(connection)
    assert audited(connection) == {"1", "2", "3", "4", "5"}
    done = prune.warehouse(warehouse, now=NOW)
    assert audited(connection) == {"2", "5"}
    assert (done.runs, done.result_rows, done.busy) == (3, 6, 0)
    assert counts(connection) == before
    assert prune.warehouse(warehouse, now=NOW).counts() == dict.fromkeys(done.counts(), 0)

    connection.execute("UPDATE audit.finding SET state = 'dismissed'")
    assert prune.warehouse(warehouse, now=NOW).runs == 1
    assert audited(connection) == {"5"}


def test_what_is_young_enough_stays_and_zero_days_keep_all(
    warehouse: Settings, connection: Connection, history: None
) -> None:
    assert prune.warehouse(replace(warehouse, keep_days=600), now=NOW).runs == 0
    assert prune.warehouse(replace(warehouse, keep_days=0), now=NOW).runs == 0
    assert prune.archive(replace(warehouse, keep_days=0), now=NOW).run_files == 0
    assert prune.logs(replace(warehouse, keep_days=0), now=NOW) == 0
    assert audited(connection) == {"1", "2", "3", "4", "5"}


def test_a_run_that_goes_on_or_is_being_published_is_let_be(
    warehouse: Settings, connection: Connection, history: None
) -> None:
    dated(connection, name(1), LONG_AGO, "running")
    with warehouse_connection(warehouse) as other, run_lock(other, name(3)):
        done = prune.warehouse(warehouse, now=NOW)
    assert (done.runs, done.busy) == (1, 1)
    assert audited(connection) == {"1", "2", "3", "5"}


def warehouse_connection(settings: Settings) -> Connection:
    return warehouse.connect(settings, "another")


def test_rows_of_killed_runs_leave_the_stage_after_a_week(warehouse: Settings, connection: Connection) -> None:
    ages = {1: (20, "failed"), 2: (6, "failed"), 3: (20, "running"), 4: (9, "running"), 5: (20, "failed")}
    for number, (days, state) in ages.items():
        run = name(number)
        source = f"source_{number}" if number == 4 else "yunchuan"
        begin(connection, run, source)
        fetched_at = NOW - timedelta(days=1 if number == 5 else days)
        reading = press(f"press-{number}")
        stage(connection, run, replace(reading, capture=replace(reading.capture, fetched_at=fetched_at)))
        connection.execute(
            "INSERT INTO audit.audit (run_id, started_at, finished_at) VALUES (%s, now(), now())", (run,)
        )
        dated(connection, run, NOW - timedelta(days=days, minutes=number), state)
    assert staged(connection) == {"1", "2", "3", "4", "5"}
    done = prune.warehouse(replace(warehouse, keep_days=0), now=NOW)
    # 2 is young, 4 may be running: no later run of its source has begun; 5 was run again of late.
    assert staged(connection) == {"2", "4", "5"}
    assert done.stages == 2
    with pytest.raises(AuditIncomplete):  # audited, and cleared by a person from `publish` on
        publish_run(connection, name(1))
    assert done.staged_rows == 2 * (1 + 3)
    assert prune.warehouse(warehouse, now=NOW).stages == 0


def test_a_run_that_waits_for_a_persons_word_keeps_its_rows(warehouse: Settings, connection: Connection) -> None:
    for number in (1, 2):
        begin(connection, name(number), "yunchuan")
        dated(connection, name(number), NOW - timedelta(days=30 - number), "running")
    stage(connection, name(1), press())
    connection.execute("INSERT INTO core.approval (run_id, question, asked_at) VALUES (%s, '?', now())", (name(1),))
    assert prune.warehouse(warehouse, now=NOW).stages == 0
    connection.execute("UPDATE core.approval SET approved = FALSE, answered_by = 'li', answered_at = now()")
    assert prune.warehouse(warehouse, now=NOW).stages == 1


def test_a_run_that_was_marked_as_failed_while_it_waited_leaves_once_the_next_is_published(
    connection: Connection, warehouse: Settings
) -> None:
    begin(connection, name(1), "yunchuan")
    dated(connection, name(1), NOW - timedelta(days=30), "running")
    stage(connection, name(1), press())
    connection.execute("INSERT INTO core.approval (run_id, question, asked_at) VALUES (%s, '?', now())", (name(1),))
    publish(connection, name(2), [press()])
    dated(connection, name(2), NOW - timedelta(days=29))
    assert prune.warehouse(warehouse, now=NOW).stages == 1


def begin(connection: Connection, run: str, source: str) -> None:
    warehouse.begin_run(connection, run, source=source, owner="Duty desk", publisher="云川市科学普及协会")


def stage(connection: Connection, run: str, reading: object) -> None:
    warehouse.stage(connection, run, [reading])  # type: ignore[list-item]


@pytest.fixture(params=["folder", "store"])
def archived(
    request: pytest.FixtureRequest, warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    if request.param == "folder":
        yield replace(warehouse, archive=str(tmp_path / "档案 库"))
        return
    with object_store() as (url, _):
        for key, value in (("ENDPOINT_URL", url), ("ALLOW_HTTP", "true"), ("REGION", "a")):
            monkeypatch.setenv(f"AWS_{key}", value)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield replace(warehouse, archive=f"s3://prune-{os.getpid()}-{time.monotonic_ns()}/档案 库")


def test_files_of_old_runs_go_from_the_archive_and_raw_bytes_stay(
    archived: Settings, connection: Connection, history: None
) -> None:
    archive = Archive(archived.archive)
    _, raw = archive.put(b"original")
    kept = {raw, archive.put_json("captures/yunchuan/1.json", 1)}
    for number in (*range(1, 7), 11):  # 11: no run of the warehouse's
        for file in ("listing.json", "batch-001/refs.json", "batch-001/documents/甲.json"):
            path = archive.put_json(f"{folder(name(number))}/{file}", number)
            kept |= {path} if number in (2, 5, 6, 11) else set()
    kept.add(archive.put_json("alerts/waiting/a.json", 1))
    archive.put_json("alerts/told/b.json", 1)
    archive.put_json("evidence/ab/1-2.json", 1)

    written = datetime.now(UTC)
    first = prune.archive(archived, now=max(NOW, written))
    assert (first.runs, first.run_files) == (3, 9)
    done = prune.archive(archived, now=written + timedelta(days=401))
    assert (first.alerts + done.alerts, first.crops + done.crops) == (1, 1)
    everything = set(archive.list("raw")) | set(archive.list("captures"))
    everything |= {path for room in ("runs", "alerts", "evidence") for path in archive.list(room)}
    assert everything == kept
    assert prune.archive(archived, now=written + timedelta(days=401)).counts() == dict.fromkeys(done.counts(), 0)


def test_what_was_cut_off_half_way_is_done_the_next_time(
    archived: Settings, connection: Connection, history: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(archived.archive)
    paths = [archive.put_json(f"{folder(name(1))}/batch-001/{number}.json", number) for number in range(9)]
    monkeypatch.setattr("annals.archive.AT_ONCE", 4)
    archive.remove_all(paths[:4])  # and then the power failed
    assert prune.archive(archived, now=datetime.now(UTC) + timedelta(days=500)).run_files == 5
    assert archive.list("runs") == ()


def test_old_logs_go_and_open_and_young_ones_stay(warehouse: Settings) -> None:
    logs = warehouse.home / "airflow" / "logs"
    old, young = logs / "dag_id=a" / "run_id=1" / "attempt=1.log", logs / "dag_id=a" / "run_id=2" / "attempt=1.log"
    service, empty = warehouse.home / "logs" / "watchdog.log", logs / "dag_id=b"
    for file in (old, young, service):
        file.parent.mkdir(parents=True)
        file.write_text("x")
    empty.mkdir()
    (logs / "latest").symlink_to(old.parent, target_is_directory=True)
    long_ago = (datetime.now(UTC) - timedelta(days=401)).timestamp()
    for path in (old, old.parent, service, empty):
        os.utime(path, (long_ago, long_ago))
    assert prune.logs(warehouse) == 1
    assert not old.parent.exists()
    assert not empty.exists()
    assert young.exists()
    assert service.exists()
    assert (logs / "latest").is_symlink()
    assert prune.logs(warehouse) == 0
    assert prune.logs(replace(warehouse, home=warehouse.home / "none")) == 0
