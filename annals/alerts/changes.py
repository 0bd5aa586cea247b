"""What the checks' findings have to tell since people were last told, kept in the warehouse.

Errors are told when they are new, when they have stood for long, and when they are gone: no longer found, or settled by
a person. `note` writes down what is to be told, and that it is told, in one transaction; `relay` puts what is written
down into the outbox, and whoever comes next finishes what a power cut interrupted in between.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal

import msgspec
from psycopg.rows import class_row

from annals.alerts.due import is_due, next_due
from annals.alerts.outbox import Alert, post
from annals.archive import Archive
from annals.model import Record
from annals.review import listing
from annals.review.listing import Listed
from annals.sources import REMIND_AFTER_DAYS, Source
from annals.warehouse.connect import Connection
from annals.warehouse.migrate import LOCK
from annals.warehouse.sqlfile import statements

SHOWN = 20  # findings of one kind in one message; the rest is counted and linked

Change = Literal["new", "open", "resolved"]
CHANGES: tuple[Change, ...] = ("new", "open", "resolved")


class Known(Record, frozen=True, kw_only=True):
    """What people know of an error, and how it is now. Ages are in days since it was told as new."""

    finding_id: str
    source: str
    stands: bool  # the checks find it, as an error, and nobody has settled it
    silenced: bool
    withdrawn: bool  # the publisher no longer lists its notice
    told: Change | None
    age: int
    told_at_age: int
    silence_over: bool  # since it was last told; not by a person's lifting it


class Case(Record, frozen=True, kw_only=True):
    """An error as an alert shows it. `withheld`: how many figures it keeps back."""

    finding: Listed
    age: int
    next_age: int | None  # at which it is told again, should it still be open
    silence_over: bool
    withheld: int


class News(Record, frozen=True, kw_only=True):
    """What one alert tells of a source: the first cases of each change, how many there are, and what else stands."""

    source: str
    title: str
    owner: str
    email: str | None
    runbook: str
    cases: dict[Change, tuple[Case, ...]]
    counts: dict[Change, int]
    withheld: int
    errors: int
    silenced: int
    warnings: int
    new_warnings: int


def change_of(known: Known, remind_after_days: int) -> Change | None:
    """What is to be told of an error, None where there is nothing new in it.

    Of a notice that its publisher has withdrawn nobody is reminded: there is nothing left to be mended there, and what
    is withheld stays so. Should it be listed again, reminders go on.

    >>> first = Known(
    ...     finding_id="f", source="s", stands=True, silenced=False, withdrawn=False, told=None, age=0, told_at_age=0,
    ...     silence_over=False,
    ... )
    >>> from msgspec.structs import replace
    >>> change_of(first, 7), change_of(replace(first, told="resolved"), 7)
    ('new', 'new')
    >>> change_of(replace(first, told="new", age=6), 7), change_of(replace(first, told="new", age=7), 7)
    (None, 'open')
    >>> change_of(replace(first, told="open", age=13, told_at_age=7), 7)
    >>> change_of(replace(first, told="new", silence_over=True), 7), change_of(replace(first, silenced=True), 7)
    ('open', None)
    >>> gone = replace(first, withdrawn=True)
    >>> change_of(gone, 7), change_of(replace(gone, told="new", age=7), 7), change_of(replace(gone, age=9), 7)
    ('new', None, 'new')
    >>> change_of(replace(first, told="open", stands=False), 7), change_of(replace(first, stands=False), 7)
    ('resolved', None)
    """
    if not known.stands:
        return "resolved" if known.told in ("new", "open") else None
    if known.silenced:
        return None
    if known.told in (None, "resolved"):
        return "new"
    if not known.withdrawn and (known.silence_over or is_due(known.age, known.told_at_age, remind_after_days)):
        return "open"
    return None


def note(
    connection: Connection, run_id: str, sources: Mapping[str, Source], compose: Callable[[News], Alert]
) -> dict[str, dict[Change, int]]:
    """Write down an alert for each source that has something to tell, and that it is told; what, by source.

    Of all sources, not of the run's alone: a rule may find in one what another published, and a source that is read
    once a year is still to be reminded of. `compose` makes the message; its `key` is replaced.
    """
    told: dict[str, dict[Change, int]] = {}
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute(statements("review/end_silences"))
        with connection.cursor(row_factory=class_row(Known)) as cursor:
            known = cursor.execute(statements("report/select_told")).fetchall()
        for name, group in groupby(known, key=lambda one: one.source):
            source = sources.get(name)
            days = source.remind_after_days if source else REMIND_AFTER_DAYS
            changes = [(change, one) for one in group if (change := change_of(one, days))]
            if not changes:
                continue
            alert_id = uuid.uuid4()
            news = _news(connection, run_id, name, source, changes, days)
            alert = msgspec.structs.replace(compose(news), key=f"findings-{alert_id.hex[:12]}")
            row = {"alert_id": alert_id, "run_id": run_id, "source": name, "subject": alert.subject}
            content = msgspec.json.encode(alert).decode()
            connection.execute(statements("report/insert_alert"), {**row, "content": content})
            finding_ids, which = [one.finding_id for _, one in changes], [change for change, _ in changes]
            connection.execute(statements("report/insert_told"), {**row, "finding_ids": finding_ids, "changes": which})
            told[name] = news.counts
    return told


def relay(connection: Connection, archive: Archive, to: Sequence[str]) -> list[str]:
    """Put what is written down into the outbox; the names there. Repeatable, and several may do it side by side."""
    names: list[str] = []
    while True:
        with connection.transaction():
            row = connection.execute(statements("report/select_unposted")).fetchone()
            if row is None:
                return names
            alert_id, run_id, content = row
            names.append(post(archive, msgspec.convert(content, Alert), run_id, to))
            connection.execute(statements("report/mark_posted"), {"alert_id": alert_id})


def _news(
    connection: Connection,
    run_id: str,
    name: str,
    source: Source | None,
    changes: Sequence[tuple[Change, Known]],
    days: int,
) -> News:
    by_change = {change: [one for its, one in changes if its == change] for change in CHANGES}
    shown = {change: known[:SHOWN] for change, known in by_change.items()}
    found = listing.by_id(connection, [one.finding_id for known in shown.values() for one in known])
    in_notice: dict[str, int] = dict(
        connection.execute(
            statements("report/count_withheld"), {"notices": list({one.notice_id for one in found.values()})}
        ).fetchall()
    )

    def case(change: Change, known: Known) -> Case:
        finding = found[known.finding_id]
        age = known.age if change != "new" else 0
        whole = finding.figure_id is None
        return Case(
            finding=finding,
            age=age,
            next_age=next_due(age, days) if change != "resolved" else None,
            silence_over=known.silence_over,
            withheld=in_notice.get(finding.notice_id, 0) if whole else int(finding.status == "quarantined"),
        )

    standing = connection.execute(statements("report/count_standing"), {"source": name, "run_id": run_id}).fetchone()
    assert standing is not None, name  # audit.finding's notices belong to sources
    title, owner, withheld, errors, silenced, warnings, new_warnings = standing
    return News(
        source=name,
        title=title,
        owner=source.owner if source else owner,
        email=source.email if source else None,
        runbook=source.runbook if source else "",
        cases={change: tuple(case(change, one) for one in known) for change, known in shown.items()},
        counts={change: len(known) for change, known in by_change.items()},
        withheld=withheld,
        errors=errors,
        silenced=silenced,
        warnings=warnings,
        new_warnings=new_warnings,
    )
