"""The outbox: alerts on their way, in the archive, so that they go out while the warehouse is down.

    alerts/waiting/NAME.json        someone still waits for it
    alerts/undeliverable/NAME.json  nobody waits for it any more, and an address was refused for good
    alerts/told/NAME.json           all have it

Folders are flat, and `waiting` holds what waits and nothing else: to look through it costs the same however many were
delivered before. An alert is delivered to each recipient by itself, side by side, so that a dead one delays nobody. A
recipient that cannot be reached now (no connection, a mail server's 4xx) waits for the next try; one that was refused
for good (5xx) is not tried again until somebody says so.
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import field, structs

from annals.alerts.claims import claim
from annals.archive import Archive
from annals.errors import AnnalsError, Unreachable
from annals.model import Record

WAITING, UNDELIVERABLE, TOLD = (f"alerts/{name}" for name in ("waiting", "undeliverable", "told"))
LANE_S = 240  # how long one delivery goes on with a recipient; the last message may take its time beyond
CLAIMED = timedelta(minutes=10)
IN_A_ROW = 3  # failures, after which a recipient's other alerts wait for the next time

Level = Literal["failure", "warning", "success"]


class Refused(AnnalsError):
    """A recipient was refused for good, in the words of the server; another try would end the same way."""


class Undelivered(AnnalsError):
    """A recipient cannot be told just now; worth another try later."""


class Alert(Record, frozen=True, kw_only=True):
    """A message to people. `key` names it within its run; `chat` is its short form."""

    key: str
    level: Level
    subject: str
    html: str
    text: str
    chat: str


class Refusal(Record, frozen=True, kw_only=True):
    """An address that was refused for good: what the server said, and when."""

    recipient: str
    said: str
    at: datetime


class Problem(Record, frozen=True, kw_only=True):
    """Why a recipient could not be told at the last try."""

    said: str
    at: datetime


class Dispatch(Record, frozen=True, kw_only=True):
    """An alert on its way: whom it is for, who has it, who was refused, and what hinders the others."""

    alert: Alert
    run: str
    posted_at: datetime
    to: tuple[str, ...]
    told: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Those who have not had it and may still get it."""
        done = {*self.told, *(one.recipient for one in self.refused)}
        return tuple(recipient for recipient in self.to if recipient not in done)

    @property
    def folder(self) -> str:
        """Where it lies."""
        return WAITING if self.waiting else UNDELIVERABLE if self.refused else TOLD


class Delivery(Record, frozen=True, kw_only=True):
    """What came of delivering: who has been told now or before, who waits and why, who was refused and why."""

    told: tuple[str, ...] = ()
    waiting: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    sent: int = 0  # messages that went out
    left: int = 0  # alerts that someone waits for though they were tried


class Trouble(Record, frozen=True, kw_only=True):
    """A recipient who is not told: for good, or for now; with the subjects of the alerts, newest first."""

    recipient: str
    for_good: bool
    said: str
    at: datetime
    subjects: tuple[str, ...]


Send = Callable[[Alert, str], None]  # raises Refused or Undelivered


def post(archive: Archive, alert: Alert, run: str, to: Sequence[str]) -> str:
    """Put a run's alert into the outbox, unless it is, or was, there already; its name."""
    name = _name(run, alert.key)
    if not any(archive.exists(f"{folder}/{name}") for folder in (WAITING, UNDELIVERABLE, TOLD)):
        dispatch = Dispatch(alert=alert, run=run, posted_at=datetime.now(UTC), to=tuple(to))
        archive.put_json(f"{dispatch.folder}/{name}", dispatch)
    return name


def undelivered(archive: Archive) -> dict[str, Dispatch]:
    """The alerts that someone still waits for, by their paths, oldest first.

    Raises Unreachable where one cannot be read.
    """
    found, broken = _read(archive, WAITING)
    if broken:
        raise Unreachable(broken[0])
    return {path: dispatch for path, dispatch in found.items() if dispatch.waiting}


def deliver(archive: Archive, send: Send, named: Collection[str], names: Collection[str] | None = None) -> Delivery:
    """Send alerts of the outbox to all who wait for them: those of these names, or all.

    `named` are the recipients of today. Who is no longer named is not told; an alert that would so reach nobody goes to
    those who are. What another process is delivering is left to it. Raises Unreachable where the archive does not
    answer, and whatever `send` raises beyond Refused and Undelivered, once all others have been served.
    """
    found, broken = _read(archive, WAITING)
    if names is None:
        refused, more = _read(archive, UNDELIVERABLE)
        found, broken = found | refused, broken + more
    else:
        found = {path: one for path, one in found.items() if _file(path) in names}
    if not named:
        waiting = {who: "nobody is named to be told" for one in found.values() for who in one.waiting}
        return Delivery(waiting=waiting, left=sum(bool(one.waiting) for one in found.values()) + len(broken))
    by_name = {_file(path): path for path in found}
    with claim(archive, by_name, CLAIMED) as free:
        # Another process may have been at it, up to its end, since the folder was read.
        ours = {
            path: _readdressed(archive.get_json(path, Dispatch), named)
            for name, path in by_name.items()
            if name in free and archive.exists(path)
        }
        sent = _send_all(archive, ours, send)
        for path, one in ours.items():
            _keep(archive, path, one)
    elsewhere = {path: one for path, one in found.items() if _file(path) not in free}
    whole = (*ours.values(), *elsewhere.values())
    return Delivery(
        told=tuple(dict.fromkeys(who for one in whole for who in one.told)),
        waiting={who: "another delivery is under way" for one in whole for who in one.waiting}
        | {who: one.problems[who].said for one in whole for who in one.waiting if who in one.problems}
        | ({"the outbox": "; ".join(broken)} if broken else {}),
        refused={each.recipient: each.said for one in whole for each in one.refused},
        sent=sent,
        left=sum(bool(one.waiting) for one in ours.values()) + len(broken),
    )


def troubles(archive: Archive, named: Collection[str]) -> tuple[Trouble, ...]:
    """Who of those named is not told, and why; those refused for good first. Raises Unreachable."""
    dispatches = [one for folder in (UNDELIVERABLE, WAITING) for one in _read(archive, folder)[0].values()]
    dispatches.sort(key=lambda one: one.posted_at, reverse=True)
    found: dict[tuple[bool, str], Trouble] = {}
    for one in dispatches:
        hindered = [(True, each.recipient, each.said, each.at) for each in one.refused]
        hindered += [
            (False, who, one.problems[who].said, one.problems[who].at) for who in one.waiting if who in one.problems
        ]
        for for_good, recipient, said, at in hindered:
            if recipient not in named:
                continue
            known = found.get((for_good, recipient))
            found[for_good, recipient] = Trouble(
                recipient=recipient,
                for_good=for_good,
                said=known.said if known and known.at >= at else said,
                at=max(known.at, at) if known else at,
                subjects=(*(known.subjects if known else ()), one.alert.subject),
            )
    return tuple(sorted(found.values(), key=lambda each: (not each.for_good, each.recipient)))


def clear(archive: Archive, recipient: str) -> int:
    """Take an address off the list of those refused; how many alerts it will never have."""
    return _change_refusals(archive, recipient, told=True)


def again(archive: Archive, recipient: str) -> int:
    """Let an address that was refused wait for the next delivery; for how many alerts."""
    return _change_refusals(archive, recipient, told=False)


def _change_refusals(archive: Archive, recipient: str, *, told: bool) -> int:
    changed = 0
    for folder in (UNDELIVERABLE, WAITING):
        for path, one in _read(archive, folder)[0].items():
            refused = tuple(each for each in one.refused if each.recipient != recipient)
            if refused == one.refused:
                continue
            with claim(archive, (_file(path),), CLAIMED) as ours:
                if not ours or not archive.exists(path):
                    raise Undelivered("alerts are being delivered just now; try again in a minute")
                to = tuple(who for who in one.to if who != recipient) if told else one.to
                _keep(archive, path, structs.replace(one, to=to, refused=refused))
                changed += 1
    return changed


def _send_all(archive: Archive, dispatches: dict[str, Dispatch], send: Send) -> int:
    """Send, a lane for each recipient; notes every outcome in the archive and in `dispatches`. How many went out."""
    writing, deadline, sent = threading.Lock(), time.monotonic() + LANE_S, []

    def note(path: str, recipient: str, outcome: Refused | Undelivered | None) -> None:
        with writing:
            one, at = dispatches[path], datetime.now(UTC)
            problems = {who: problem for who, problem in one.problems.items() if who != recipient}
            if outcome is None:
                one = structs.replace(one, told=(*one.told, recipient), problems=problems)
                sent.append(path)
            elif isinstance(outcome, Refused):
                refusal = Refusal(recipient=recipient, said=str(outcome), at=at)
                one = structs.replace(one, refused=(*one.refused, refusal), problems=problems)
            else:
                one = structs.replace(one, problems={**problems, recipient: Problem(said=str(outcome), at=at)})
            dispatches[path] = one
            archive.put_json(path, one)

    def tried_at(path: str, recipient: str) -> datetime:
        problem = dispatches[path].problems.get(recipient)
        return datetime.min.replace(tzinfo=UTC) if problem is None else problem.at

    def serve(recipient: str, paths: list[str]) -> None:
        in_a_row = 0
        for path in paths:
            if in_a_row == IN_A_ROW or time.monotonic() > deadline:
                break
            outcome: Refused | Undelivered | None = None
            try:
                send(dispatches[path].alert, recipient)
            except (Refused, Undelivered) as error:
                outcome = error
            in_a_row = in_a_row + 1 if isinstance(outcome, Undelivered) else 0
            note(path, recipient, outcome)

    lanes: dict[str, list[str]] = {}
    for path, one in dispatches.items():
        for recipient in one.waiting:
            lanes.setdefault(recipient, []).append(path)
    if lanes:
        with ThreadPoolExecutor(len(lanes), thread_name_prefix="alerts") as pool:
            # What was not tried yet, or longest ago, goes first: no alert that is always refused stands before others.
            running = [
                pool.submit(serve, recipient, sorted(paths, key=lambda path: tried_at(path, recipient)))
                for recipient, paths in lanes.items()
            ]
        for one_lane in running:
            one_lane.result()
    return len(sent)


def _readdressed(one: Dispatch, named: Collection[str]) -> Dispatch:
    """The same for those who are named now."""
    to = tuple(who for who in one.to if who in named or who in one.told) or tuple(named)
    return structs.replace(
        one,
        to=to,
        refused=tuple(each for each in one.refused if each.recipient in to),
        problems={who: problem for who, problem in one.problems.items() if who in to},
    )


def _keep(archive: Archive, path: str, one: Dispatch) -> None:
    """Write an alert where it now belongs. Cut off in between, it lies in two places, and is tidied the next time."""
    target = f"{one.folder}/{_file(path)}"
    archive.put_json(target, one)
    if target != path:
        archive.remove_all([path])


def _read(archive: Archive, folder: str) -> tuple[dict[str, Dispatch], list[str]]:
    """The alerts of a folder by path, oldest first, and a line on each that is none."""
    found, broken = {}, []
    for path in archive.list(folder):
        try:
            found[path] = archive.get_json(path, Dispatch)
        except Unreachable as error:
            if archive.exists(path):  # else it was delivered meanwhile
                broken.append(str(error))
    return dict(sorted(found.items(), key=lambda item: item[1].posted_at)), broken


def _name(run: str, key: str) -> str:
    """A file's name that any store takes, telling, and one for each alert.

    >>> _name("ingest_yunchuan/manual__2026-11-28T06:30:00+00:00", "failure")
    'ingest_yunchuan_manual__2026-11-28T06_30_00_00_00-failure-8caf16e1fd15.json'
    """
    telling = re.sub(r"[^\w.=-]+", "_", f"{run[:100]}-{key[:40]}", flags=re.ASCII)
    digest = hashlib.sha256(f"{run}\n{key}".encode()).hexdigest()[:12]
    return f"{telling}-{digest}.json"


def _file(path: str) -> str:
    return path.rpartition("/")[2]
