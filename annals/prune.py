"""What has had its time goes: results of checks, hand-over files, told alerts, crops, staged rows, logs.

Never the raw bytes, the captures, the versions and figures of notices, findings, decisions, or runs themselves.
Everything here may run at any time, beside running ingests, and again after it was cut off.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from annals import warehouse as pg
from annals.archive import Archive
from annals.errors import AnnalsError
from annals.model import Record
from annals.pipeline import folder
from annals.settings import Settings
from annals.warehouse.migrate import LOCK
from annals.warehouse.sqlfile import statements

LEFT_STAGE = timedelta(days=7)
STAGED = ("stage.finding", "stage.figure", "stage.notice")
AUDITED = ("audit.result", "audit.audit")


class Pruned(Record, frozen=True):
    """What went."""

    def counts(self) -> dict[str, int]:
        """As a task hands it on."""
        return {name: int(getattr(self, name)) for name in self.__struct_fields__}


class PrunedWarehouse(Pruned, frozen=True, kw_only=True):
    """What went from the warehouse. `busy` runs were being audited or published just then; the next time takes them."""

    runs: int  # whose results went
    result_rows: int
    stages: int  # runs that had left rows
    staged_rows: int
    busy: int


class PrunedArchive(Pruned, frozen=True, kw_only=True):
    """What went from the archive, in files, and of how many runs."""

    runs: int
    run_files: int
    alerts: int
    crops: int


def warehouse(settings: Settings, *, now: datetime | None = None) -> PrunedWarehouse:
    """Drop results of checks older than ANNALS_KEEP_DAYS, and after a week the staged rows of runs that were killed."""
    now = now or datetime.now(UTC)
    busy = runs = result_rows = stages = staged_rows = 0
    with pg.connect(settings) as connection:
        left = statements("prune/select_left_stages")
        for (run,) in connection.execute(left, {"before": now - LEFT_STAGE}).fetchall():
            gone = _drop(connection, run, STAGED)
            if gone is not None:
                connection.execute(statements("prune/void_audit"), {"run_id": run})
            busy, stages, staged_rows = busy + (gone is None), stages + bool(gone), staged_rows + (gone or 0)
        old, _ = _runs(connection, settings, now)
        results = statements("prune/select_old_results")
        for (run,) in connection.execute(results, {"runs": old}).fetchall():
            gone = _drop(connection, run, AUDITED)
            busy, runs, result_rows = busy + (gone is None), runs + bool(gone), result_rows + (gone or 0)
    return PrunedWarehouse(runs=runs, result_rows=result_rows, stages=stages, staged_rows=staged_rows, busy=busy)


def archive(settings: Settings, *, now: datetime | None = None) -> PrunedArchive:
    """Remove the hand-over files of old runs, alerts that were told long ago, and crops that were made long ago.

    Runs are old by the warehouse's word: a folder of which it knows nothing stays. A crop is made anew when wanted.
    """
    if not settings.keep_days:
        return PrunedArchive(runs=0, run_files=0, alerts=0, crops=0)
    now = now or datetime.now(UTC)
    files, before = Archive(settings.archive), now - timedelta(days=settings.keep_days)
    with pg.connect(settings) as connection:
        old, kept = _runs(connection, settings, now)
    paths = {folder(run) for run in old} - {folder(run) for run in kept}
    runs = run_files = 0
    for dag in files.folders("runs"):
        for path in files.folders(dag):
            if path in paths:
                run_files += files.remove_all(files.older(path, now))
                runs += 1
    alerts = files.remove_all(files.older("alerts/told", before))
    crops = files.remove_all(files.older("evidence", before))
    return PrunedArchive(runs=runs, run_files=run_files, alerts=alerts, crops=crops)


def logs(settings: Settings, *, now: datetime | None = None) -> int:
    """Remove Airflow's log files below ANNALS_HOME that nobody has written to for ANNALS_KEEP_DAYS; how many.

    The logs of the services stay: they are few, and open.
    """
    if not settings.keep_days:
        return 0
    before, count = ((now or datetime.now(UTC)) - timedelta(days=settings.keep_days)).timestamp(), 0
    for parent, _, names in os.walk(settings.home / "airflow" / "logs", topdown=False):
        place = Path(parent)
        changed_at = place.stat().st_mtime  # before we change it: a task may just have made its folder
        for name in names:
            file = place / name
            try:
                if not file.is_symlink() and file.stat().st_mtime < before:
                    file.unlink()
                    count += 1
            except FileNotFoundError:  # gone since it was listed
                continue
            except PermissionError as error:
                raise AnnalsError(f"{file} cannot be removed; let one user own what lies below ANNALS_HOME") from error
        if changed_at < before:
            with suppress(OSError):  # not empty
                place.rmdir()
    return count


def _runs(connection: pg.Connection, settings: Settings, now: datetime) -> tuple[list[str], list[str]]:
    """The ids of the runs that have had their time, and of the others."""
    every = [str(run) for (run,) in connection.execute("SELECT run_id FROM core.run").fetchall()]
    if not settings.keep_days:
        return [], every
    parameters = {"before": now - timedelta(days=settings.keep_days)}
    old = [str(run) for (run,) in connection.execute(statements("prune/select_old_runs"), parameters).fetchall()]
    return old, sorted({*every} - {*old})


def _drop(connection: pg.Connection, run: str, tables: Sequence[str]) -> int | None:
    """Delete a run's rows in these tables; how many, or None where the run is being audited or published."""
    key = {"lock": LOCK, "run_id": run}
    with connection.transaction():
        row = connection.execute(
            "SELECT pg_try_advisory_xact_lock(%(lock)s::integer, hashtext(%(run_id)s))", key
        ).fetchone()
        if row is None or not row[0]:
            return None
        connection.execute("SELECT pg_advisory_xact_lock(%(lock)s)", key)  # as staging and publishing take it
        return sum(
            connection.execute(f"DELETE FROM {table} WHERE run_id = %(run_id)s".encode(), key).rowcount
            for table in tables
        )
