"""Runs that fail, or are late, again and again: told when it begins, reminded of more and more seldom, told when over.

    alerts/spells/DAG.failing.json
    alerts/spells/DAG.late.json

A spell is kept in the archive, for the warehouse may be what is down. What is to be told is written down with the spell
before it is posted, so that whoever looks at the spell next finishes what a power cut interrupted.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import structs

from annals.alerts.claims import wait_for
from annals.alerts.due import is_due
from annals.alerts.outbox import Alert, post
from annals.archive import Archive
from annals.model import Record
from annals.sources import REMIND_AFTER_DAYS

FOLDER = "alerts/spells"
BUSY = timedelta(seconds=30)

Kind = Literal["failing", "late"]
News = Literal["begun", "other", "still", "over"]


class Spell(Record, frozen=True, kw_only=True):
    """Runs of a DAG that went wrong one after the other. `reasons` are those told, without their numbers."""

    dag: str
    kind: Kind
    since: datetime
    runs: int
    last_run: str
    reasons: tuple[str, ...]
    told_at: datetime
    over: bool = False
    alert: Alert | None = None  # to be posted for the last run
    to: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return _path(self.dag, self.kind)


Compose = Callable[[Spell, News], Alert]  # its key must differ from one told_at to another


def went_wrong(
    archive: Archive,
    kind: Kind,
    dag: str,
    run: str,
    reason: str,
    compose: Compose,
    *,
    to: Sequence[str],
    remind_after_days: int = REMIND_AFTER_DAYS,
    now: datetime | None = None,
) -> str | None:
    """Enter that a run failed or is late, and post an alert where that is news; the alert's name in the outbox.

    It is news when runs begin to go wrong, when they do so for a reason not told yet, and when they have done so for
    `remind_after_days`, twice, four times as long. Numbers in a reason do not count. Of one run only the first call
    tells. Where nobody is to be told nothing is entered: whoever is named later hears of it then.
    """
    if not to:
        return None
    now = now or datetime.now(UTC)
    known = _numberless(reason)
    with wait_for(archive, f"spell-{_safe(dag)}-{kind}", BUSY):
        spell = _finished(archive, _path(dag, kind))
        news: News | None = None
        if spell is None:
            news = "begun"
            spell = Spell(
                dag=dag, kind=kind, since=now, runs=1, last_run=run, reasons=(known,), told_at=now, to=tuple(to)
            )
        elif spell.last_run == run:
            return None
        else:
            if known not in spell.reasons:
                news = "other"
            elif is_due((now - spell.since).days, (spell.told_at - spell.since).days, remind_after_days):
                news = "still"
            spell = structs.replace(spell, runs=spell.runs + 1, last_run=run, to=tuple(to))
        if news is not None:
            reasons = tuple(dict.fromkeys((*spell.reasons, known)))
            spell = structs.replace(spell, reasons=reasons, told_at=now)
            spell = structs.replace(spell, alert=compose(spell, news))
        archive.put_json(spell.path, spell)
        return _post(archive, spell)


def went_well(
    archive: Archive, dag: str, run: str, compose: Compose, *, to: Sequence[str], now: datetime | None = None
) -> list[str]:
    """Enter that a run succeeded, and post that a spell is over; the alerts' names. A run that is late stays late."""
    now = now or datetime.now(UTC)
    posted = []
    kinds: tuple[Kind, ...] = ("failing", "late")
    for kind in kinds:
        if not archive.exists(_path(dag, kind)):
            continue
        with wait_for(archive, f"spell-{_safe(dag)}-{kind}", BUSY):
            spell = _finished(archive, _path(dag, kind))
            if spell is None or (kind == "late" and spell.last_run == run):
                continue
            spell = structs.replace(spell, over=True, last_run=run, told_at=now, to=tuple(to))
            if to:
                spell = structs.replace(spell, alert=compose(spell, "over"))
            archive.put_json(spell.path, spell)
            if name := _post(archive, spell):
                posted.append(name)
    return posted


def finish(archive: Archive) -> None:
    """Post what interrupted processes had written down and not posted."""
    for path in archive.list(FOLDER):
        if not archive.exists(path):
            continue
        spell = archive.get_json(path, Spell)
        if spell.alert is not None or spell.over:
            with wait_for(archive, f"spell-{_safe(spell.dag)}-{spell.kind}", BUSY):
                _finished(archive, path)


def _finished(archive: Archive, path: str) -> Spell | None:
    """The spell with nothing left to be posted, None where there is none, or it is over."""
    if not archive.exists(path):
        return None
    spell = archive.get_json(path, Spell)
    _post(archive, spell)
    return None if spell.over else structs.replace(spell, alert=None)


def _post(archive: Archive, spell: Spell) -> str | None:
    name = None
    if spell.alert is not None:
        name = post(archive, spell.alert, spell.last_run, spell.to)
    if spell.over:
        archive.remove_all([spell.path])
    elif spell.alert is not None:
        archive.put_json(spell.path, structs.replace(spell, alert=None))
    return name


def _numberless(reason: str) -> str:
    """What of a reason stays the same when it comes again.

    >>> _numberless("fetch: none of 12 notices can be had; first: no answer in 30.2 s")
    'fetch: none of # notices can be had; first: no answer in # s'
    """
    return re.sub(r"[0-9a-f]{12,}|\d+(?:[.:]\d+)*", "#", reason.strip().partition("\n")[0][:500])


def _path(dag: str, kind: Kind) -> str:
    return f"{FOLDER}/{_safe(dag)}.{kind}.json"


def _safe(dag: str) -> str:
    return re.sub(r"[^\w.-]+", "_", dag)
