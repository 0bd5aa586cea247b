"""Silence a finding: it stays open and its figure withheld, but no alert speaks of it for a while."""

from datetime import date

from annals.review.settle import Outdated, Refused, publication_lock
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements

LONGEST_DAYS = 366  # a longer one would be for good, and nobody would know of it any more


def silence(
    connection: Connection, finding_id: str, *, who: str, reason: str, expires: date | None, seen: str | None = None
) -> None:
    """No alert speaks of an open error until after `expires`, or until the publisher changes what it rests on.

    `seen` is the finding's `mark` as the person saw it. Raises Refused and Outdated.
    """
    if not reason.strip():
        raise Refused("needs_reason")
    if expires is None:
        raise Refused("needs_expiry")
    with connection.transaction():
        publication_lock(connection)
        connection.execute(statements("review/end_silences"))
        row = connection.execute(
            statements("review/select_for_silence"),
            {"finding_id": finding_id, "expires": expires, "longest": LONGEST_DAYS},
        ).fetchone()
        if row is None:
            raise Refused("no_such_finding", finding=finding_id)
        state, severity, gone, mark, silenced_by, in_future, too_far = row
        if seen is not None and seen != mark:
            raise Outdated("outdated")
        if gone or state != "open":
            raise Refused("not_open")
        if severity != "error":
            raise Refused("errors_only")
        if silenced_by is not None:
            raise Refused("silenced_already", who=silenced_by)
        if not in_future:
            raise Refused("not_in_future", day=expires)
        if too_far:
            raise Refused("silence_too_long", days=LONGEST_DAYS)
        connection.execute(
            statements("review/insert_silence"),
            {"finding_id": finding_id, "who": who, "reason": reason.strip(), "expires": expires},
        )


def lift(connection: Connection, finding_id: str, *, who: str) -> None:
    """End a finding's silence before its time. Raises Refused where it has none."""
    with connection.transaction():
        publication_lock(connection)
        lifted = connection.execute(statements("review/lift_silence"), {"finding_id": finding_id, "who": who})
        if lifted.rowcount == 0:
            raise Refused("not_silenced")
