"""Readings → stage.notice and stage.figure, by COPY."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Cursor

from annals.errors import AnnalsError
from annals.model import Figure, Reading, Record
from annals.warehouse.connect import Connection
from annals.warehouse.migrate import LOCK
from annals.warehouse.sqlfile import statements

RegionCode = Callable[[str, int | None], str | None]
Row = tuple[Any, ...]


class Staged(Record, frozen=True, kw_only=True):
    """How much was staged. `published` is true where the run had been published already, and nothing was."""

    notices: int
    figures: int
    unreadable: int
    published: bool = False


def stage(
    connection: Connection, run_id: str, readings: Iterable[Reading], *, region_code: RegionCode | None = None
) -> Staged:
    """Stage a batch of a run's readings. Batches add up; a notice staged again in the same run replaces itself.

    An audit made before is void after. A run that is published already stays as it is, whoever comes late.
    `region_code(name, year)` fills in GB/T 2260 codes where given.
    """
    batch = list({reading.capture.notice_id: reading for reading in readings}.values())
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (LOCK,))
        row = connection.execute("SELECT source FROM core.run WHERE run_id = %s", (run_id,)).fetchone()
        if row is None:
            raise AnnalsError(f"run {run_id} was never begun")
        if connection.execute("SELECT 1 FROM core.publication WHERE run_id = %s", (run_id,)).fetchone():
            return Staged(notices=0, figures=0, unreadable=0, published=True)
        notices = [reading.capture.notice_id for reading in batch]
        connection.execute("DELETE FROM audit.audit WHERE run_id = %s", (run_id,))
        for table in ("figure", "notice"):
            connection.execute(
                f"DELETE FROM stage.{table} WHERE run_id = %s AND notice_id = ANY(%s)".encode(), (run_id, notices)
            )
        with connection.cursor() as cursor:
            _copy(cursor, "stage/copy_notices", (_notice_row(run_id, str(row[0]), one) for one in batch))
            figures = _copy(
                cursor, "stage/copy_figures", (row for one in batch for row in _figure_rows(run_id, one, region_code))
            )
    return Staged(notices=len(batch), figures=figures, unreadable=sum(one.unreadable is not None for one in batch))


def clean_stage(connection: Connection, run_id: str) -> None:
    """Drop the run's staged rows, once it is published; a step of its own, so that publishing stays one commit."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if not connection.execute("SELECT 1 FROM core.publication WHERE run_id = %s", (run_id,)).fetchone():
            raise AnnalsError(f"run {run_id} is not published; its staged rows stay")
        _delete_staged(connection, run_id)


def discard_stage(connection: Connection, run_id: str) -> None:
    """Drop what a run has staged and will not publish; its audit is void with it. How each check went stays."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if connection.execute("SELECT 1 FROM core.publication WHERE run_id = %s", (run_id,)).fetchone():
            raise AnnalsError(f"run {run_id} is published; it cannot be discarded")
        connection.execute("DELETE FROM audit.audit WHERE run_id = %s", (run_id,))
        _delete_staged(connection, run_id)


def _delete_staged(connection: Connection, run_id: str) -> None:
    for table in ("finding", "figure", "notice"):
        connection.execute(f"DELETE FROM stage.{table} WHERE run_id = %s".encode(), (run_id,))


def figure_id(notice_id: str, sha256: str, start: int, end: int, ordinal: int = 0) -> str:
    """A figure's identity: the same whenever this version of this notice is read and this number found in it.

    `ordinal` tells figures of one and the same place apart (三县各5名 may be read as three).

    >>> figure_id("yc-2023", "ab" * 32, 10, 14) == figure_id("yc-2023", "ab" * 32, 10, 14)
    True
    >>> figure_id("yc-2023", "ab" * 32, 10, 14) == figure_id("yc-2023", "cd" * 32, 10, 14)
    False
    """
    return hashlib.sha256(f"{notice_id}\n{sha256}\n{start}\n{end}\n{ordinal}".encode()).hexdigest()[:24]


def figure_ids(reading: Reading) -> tuple[str, ...]:
    """The identities of a reading's figures, in their order."""
    by_place = sorted(range(len(reading.figures)), key=lambda index: _place(reading.figures[index]))
    found: dict[int, str] = {}
    for place, same in groupby(by_place, key=lambda index: _place(reading.figures[index])):
        for ordinal, index in enumerate(same):
            found[index] = figure_id(reading.capture.notice_id, reading.capture.sha256, *place, ordinal)
    return tuple(found[index] for index in range(len(reading.figures)))


def _place(figure: Figure) -> tuple[int, int]:
    return figure.start, figure.end


def _copy(cursor: Cursor[Row], name: str, rows: Iterator[Row]) -> int:
    count = 0
    with cursor.copy(statements(name).encode()) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _notice_row(run_id: str, source: str, reading: Reading) -> Row:
    capture, description = reading.capture, reading.description
    return (
        run_id,
        capture.notice_id,
        capture.sha256,
        source,
        _clean(capture.notice.url),
        capture.attachment_of,
        capture.fetched_at,
        _clean(capture.name),
        _clean(capture.path),
        _clean(capture.media_type),
        capture.size,
        _clean(description.title or capture.notice.title),
        _clean(description.number),
        _clean(description.issuer),
        description.published_on or capture.notice.published_on,
        description.genre,
        description.year,
        _clean(description.region),
        _json(description),
        _json((*capture.cautions, *reading.cautions)),
        _json(reading.passages),
        _clean(reading.text),
        reading.characters or len(reading.text),
        reading.extractor,
        _clean(reading.unreadable),
    )


def _figure_rows(run_id: str, reading: Reading, region_code: RegionCode | None) -> Iterator[Row]:
    notice_id, sha256 = reading.capture.notice_id, reading.capture.sha256
    for identity, one in zip(figure_ids(reading), reading.figures, strict=True):
        yield (
            run_id,
            identity,
            notice_id,
            sha256,
            one.start,
            one.end,
            _clean(one.raw),
            one.value,
            one.value_high,
            one.low,
            one.high,
            _clean(one.unit),
            one.qualifier,
            one.kind,
            one.measure,
            one.year,
            one.role,
            _clean(one.region),
            region_code(one.region, one.year) if region_code and one.region else None,
            _clean(one.subject),
            one.indicator,
            _clean(one.series),
            one.page,
            _clean(one.quote),
            one.confidence,
        )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode().replace("\\u0000", "\\ufffd")


def _clean(text: str | None) -> str | None:
    """PostgreSQL cannot hold U+0000; replaced one for one, so that offsets stay true."""
    return None if text is None else text.replace("\x00", "\ufffd")
