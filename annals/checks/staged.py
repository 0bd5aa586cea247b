"""What a run has staged, read back as records, a notice or a subject at a time."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from psycopg import Cursor

from annals.checks.quoting import squeezed
from annals.checks.rule import Named, Stated, Subject, World
from annals.model import Capture, Description, Figure, NoticeRef, Passage, Reading
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements

FETCH = 5_000  # rows at a time: memory stays small however large the run
_FIGURE = (
    "start", "end", "raw", "value", "value_high", "low", "high", "unit", "qualifier", "kind", "measure", "year", "role",
    "region", "subject", "indicator", "series", "page", "quote", "confidence",
)  # fmt: skip


def readings(connection: Connection, run_id: str) -> Iterator[tuple[Reading, tuple[str, ...]]]:
    """The run's readable notices, each with the ids of its figures."""
    with (
        connection.transaction(),
        connection.cursor("staged_notices", binary=True) as notices,
        connection.cursor("staged_figures", binary=True) as figures,
    ):
        notices.itersize, figures.itersize = 100, FETCH
        notices.execute(statements("audit/select_readings").encode(), {"run_id": run_id})
        figures.execute(statements("audit/select_reading_figures").encode(), {"run_id": run_id})
        groups = groupby(figures, key=itemgetter(0))
        group: tuple[str, Any] | None = next(groups, None)
        for row in notices:
            held: list[tuple[Any, ...]] = []
            if group is not None and group[0] == row[0]:
                held = list(group[1])
                group = next(groups, None)
            reading = _reading(row, tuple(_figure(one[2:]) for one in held))
            yield reading, tuple(one[1] for one in held)


def subjects(connection: Connection, run_id: str) -> Iterator[Subject]:
    """All that will be published and all that is, together where it speaks of one subject."""
    with connection.transaction(), connection.cursor("stated", binary=True) as cursor:
        cursor.itersize = FETCH
        cursor.execute(statements("audit/select_stated").encode(), {"run_id": run_id})
        for _, rows in groupby(_rows(cursor), key=itemgetter(0)):
            yield Subject(
                tuple(
                    Stated(
                        figure_id=row[1],
                        notice_id=row[2],
                        title=row[3],
                        source=row[4],
                        genre=row[5],
                        place=row[6],
                        stated_on=row[7],
                        staged=row[8],
                        figure=_figure(row[9:]),
                    )
                    for row in rows
                )
            )


def world(connection: Connection, run_id: str) -> World:
    """What rules over the warehouse may know besides."""

    @lru_cache(maxsize=4)
    def reviews(source: str, place: str | None, year: int) -> str:
        given = {"run_id": run_id, "source": source, "place": place, "year": year}
        rows = connection.execute(statements("audit/select_review_texts").encode(), given)
        return "".join(squeezed(row[0]) for row in rows)

    rows = connection.execute(statements("audit/select_reviewed").encode(), {"run_id": run_id})
    return World(reviewed=frozenset((row[0], row[1], row[2]) for row in rows), reviews=reviews)


def named_documents(connection: Connection, run_id: str) -> tuple[Named, ...]:
    """The documents that staged and published notices name together with their years."""
    rows = connection.execute(statements("audit/select_named_documents").encode(), {"run_id": run_id})
    return tuple(Named(**dict(zip(Named.__struct_fields__, row, strict=True))) for row in rows)


def _rows(cursor: Cursor[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    yield from cursor


def _figure(values: tuple[Any, ...]) -> Figure:
    return Figure(**dict(zip(_FIGURE, values, strict=True)))


def _reading(row: tuple[Any, ...], figures: tuple[Figure, ...]) -> Reading:
    notice_id, sha256, source, url, fetched_at, name, path, media_type, size, *described = row
    title, number, published_on, genre, year, description, passages, text, extractor = described
    return Reading(
        capture=Capture(
            notice=NoticeRef(source=source, url=url),
            notice_id=notice_id,
            sha256=sha256,
            path=path,
            media_type=media_type,
            size=size,
            fetched_at=fetched_at,
            name=name,
            final_url=url,
        ),
        text=text,
        passages=msgspec.json.decode(passages, type=tuple[Passage, ...]),
        description=msgspec.structs.replace(
            msgspec.json.decode(description, type=Description),
            title=title,
            number=number,
            published_on=published_on,
            genre=genre,
            year=year,
        ),
        figures=figures,
        characters=len(text),
        extractor=extractor,
    )
