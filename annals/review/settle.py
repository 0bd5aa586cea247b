"""Settle a finding: accept, correct, dismiss, or open it again. Takes effect on the marts in the same transaction."""

from datetime import date
from decimal import Decimal
from typing import Literal

import psycopg

from annals.errors import AnnalsError
from annals.model import Record
from annals.review.apply import apply
from annals.review.corrections import region_code
from annals.warehouse.connect import Connection
from annals.warehouse.migrate import LOCK
from annals.warehouse.sqlfile import statements

State = Literal["open", "accepted", "corrected", "dismissed"]
PATIENCE = "20s"  # a publication holds the lock for as long as it takes


class Refused(AnnalsError):
    """A decision that cannot be taken as given; the text says why."""


class Outdated(Refused):
    """The finding is no longer as the reviewer saw it: somebody else settled it, or the publisher changed the text."""


class Values(Record, frozen=True, kw_only=True):
    """What a corrected figure is to be; None leaves as it is. `value` is in the figure's base unit."""

    value: Decimal | None = None
    year: int | None = None
    region: str | None = None


def settle(
    connection: Connection,
    finding_id: str,
    state: State,
    *,
    who: str,
    reason: str,
    expires: date | None = None,
    values: Values | None = None,
    seen: str | None = None,
) -> tuple[str, ...]:
    """Enter a decision and apply it; the ids of the findings it settled (a correction settles all of its figure's).

    An accepted or dismissed finding withholds its figure no longer. Every decision but to open again needs `expires`,
    a day in the future, on which the finding opens again. `seen` is the finding's `mark` as the reviewer saw it.
    Raises Refused and Outdated.
    """
    if not reason.strip():
        raise Refused("a decision needs a reason")
    given = values or Values()
    with connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'".encode())
        try:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        except psycopg.errors.LockNotAvailable as error:
            raise Refused("a run is being published; try again in a minute") from error
        row = connection.execute(
            statements("review/select_for_decision"), {"finding_id": finding_id, "expires": expires}
        ).fetchone()
        if row is None:
            raise Refused(f"there is no finding {finding_id}")
        held, mark, figure_id, value, year, region, in_future, file = row
        if file is not None:
            raise Refused(f"the figure is corrected by {file}; change it there")
        if seen is not None and seen != mark:
            raise Outdated("the finding was settled or changed meanwhile; look at it again")
        if state == "open":
            if held == "open":
                raise Refused("the finding is open already")
            expires = None
        elif expires is None:
            raise Refused("a decision needs the day on which it expires")
        elif not in_future:
            raise Refused(f"{expires} is not in the future")
        code = None
        if state == "corrected":
            if figure_id is None:
                raise Refused("the finding speaks of the notice as a whole: there is no figure to correct")
            pairs = ((given.value, value), (given.year, year), (given.region, region))
            if all(new is None or new == old for new, old in pairs):
                raise Refused("a correction needs a value, a year or a region other than the present one")
            if given.region is not None:
                code = region_code(given.region, given.year or year)
                if code is None:
                    raise Refused(f"no region is named {given.region}")
        elif given != Values():
            raise Refused(f"a finding that is {state} takes no value")
        settled = connection.execute(
            statements("review/insert_decision"),
            {
                "finding_id": finding_id,
                "figure_id": figure_id if "corrected" in (state, held) else None,
                "state": state,
                "who": who,
                "reason": reason.strip(),
                "expires": expires,
                "value": given.value,
                "year": given.year,
                "region": given.region,
                "region_code": code,
            },
        ).fetchall()
        apply(connection)
        connection.execute(statements("publish/set_statuses").encode(), {"run_id": ""})
    return tuple(str(one[0]) for one in settled)
