"""Runs and their sources: when each began and ended, what its listing named."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from annals.errors import AnnalsError
from annals.model import Record
from annals.warehouse.connect import Connection
from annals.warehouse.migrate import LOCK
from annals.warehouse.sqlfile import statements


class Known(Record, frozen=True, kw_only=True):
    """The published version of a notice: a capture with this hash, read by this extractor, needs no second reading."""

    notice_id: str
    sha256: str
    extractor: str
    attachment_of: str | None = None


def begin_run(connection: Connection, run_id: str, *, source: str, owner: str, publisher: str) -> None:
    """Enter a run as running; a rerun of the same run starts over. `run_id` is the caller's, unique over sources."""
    with connection.transaction():
        connection.execute(
            statements("stage/begin_run"), {"run_id": run_id, "source": source, "owner": owner, "publisher": publisher}
        )


def end_run(
    connection: Connection, run_id: str, *, error: str | None = None, counts: Mapping[str, int] | None = None
) -> None:
    """Enter how the run ended: succeeded, or failed where `error` says why. `counts` are kept as given."""
    ended = connection.execute(
        "UPDATE core.run SET finished_at = now(), state = %s, error = %s, counts = %s WHERE run_id = %s",
        ("failed" if error else "succeeded", error, msgspec.json.encode(dict(counts or {})).decode(), run_id),
    )
    if ended.rowcount == 0:
        raise AnnalsError(f"run {run_id} was never begun")


def known_notices(connection: Connection, source: str) -> dict[str, Known]:
    """The published notices of a source, by notice_id, withdrawn ones too."""
    rows: list[tuple[Any, ...]] = connection.execute(
        statements("stage/select_known_notices"), {"source": source}
    ).fetchall()
    return {row[0]: Known(notice_id=row[0], sha256=row[1], extractor=row[2], attachment_of=row[3]) for row in rows}


def note_listing(connection: Connection, run_id: str, *, seen: Collection[str], gone: Collection[str] = ()) -> None:
    """Enter what the run's listing named: `seen` are last seen now (and no longer withdrawn), `gone` are withdrawn.

    Both are notice_ids; those not yet published are passed over, publish enters them.
    """
    with connection.transaction():
        connection.execute(
            "UPDATE core.notice SET last_seen_at = now(), withdrawn_at = NULL "
            "WHERE notice_id = ANY(%(seen)s) OR attachment_of = ANY(%(seen)s)",
            {"seen": list(seen)},
        )
        connection.execute(
            "UPDATE core.notice SET withdrawn_at = now() WHERE withdrawn_at IS NULL "
            "AND (notice_id = ANY(%(gone)s) OR attachment_of = ANY(%(gone)s))",
            {"gone": list(gone)},
        )


@contextmanager
def run_lock(connection: Connection, run_id: str) -> Iterator[None]:
    """One audit or publication of a run at a time; others wait. Given up with the connection, should we be killed."""
    key = {"lock": LOCK, "run_id": run_id}
    connection.execute("SELECT pg_advisory_lock(%(lock)s::integer, hashtext(%(run_id)s))", key)
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%(lock)s::integer, hashtext(%(run_id)s))", key)
