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
from annals.words import Language, phrases

State = Literal["open", "accepted", "corrected", "dismissed"]
PATIENCE = "20s"  # a publication holds the lock for as long as it takes


class Refused(AnnalsError):
    """A decision that cannot be taken as given. `name` is that of a text in include/words/review.yaml that says why."""

    def __init__(self, name: str, **given: object) -> None:
        self.name, self.given = name, given
        super().__init__(self.told("en"))

    def told(self, language: Language) -> str:
        """The reason, in a language."""
        return phrases("review")[self.name][language].format_map(self.given)


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
        raise Refused("needs_reason")
    given = values or Values()
    with connection.transaction():
        publication_lock(connection)
        row = connection.execute(
            statements("review/select_for_decision"), {"finding_id": finding_id, "expires": expires}
        ).fetchone()
        if row is None:
            raise Refused("no_such_finding", finding=finding_id)
        held, mark, figure_id, value, year, region, in_future, file = row
        if file is not None:
            raise Refused("corrected_by_file", file=file)
        if seen is not None and seen != mark:
            raise Outdated("outdated")
        if state == "open":
            if held == "open":
                raise Refused("open_already")
            expires = None
        elif expires is None:
            raise Refused("needs_expiry")
        elif not in_future:
            raise Refused("not_in_future", day=expires)
        code = None
        if state == "corrected":
            if figure_id is None:
                raise Refused("no_figure")
            pairs = ((given.value, value), (given.year, year), (given.region, region))
            if all(new is None or new == old for new, old in pairs):
                raise Refused("nothing_changed")
            if given.region is not None:
                code = region_code(given.region, given.year or year)
                if code is None:
                    raise Refused("no_such_region", region=given.region)
        elif given != Values():
            raise Refused("takes_no_value")
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


def publication_lock(connection: Connection) -> None:
    """Keep publications out until the transaction ends; raises Refused while one is under way."""
    connection.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'".encode())
    try:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    except psycopg.errors.LockNotAvailable as error:
        raise Refused("publishing") from error
