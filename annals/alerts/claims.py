"""One process at a time, by files of the archive, since an object store has no locks.

Whoever is about to do something writes a claim, and then looks whether there are others. Of two that come at once both
may see each other and both step back; never do both go on. The claim of a process that was killed runs out.
"""

import random
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from annals.archive import Archive
from annals.errors import Unreachable
from annals.model import Record

FOLDER = "alerts/claims"


class Claim(Record, frozen=True, kw_only=True):
    """What a process is at, and when it will be done with it at the latest."""

    names: tuple[str, ...]
    until: datetime


@contextmanager
def claim(archive: Archive, names: Collection[str], lasts: timedelta) -> Iterator[frozenset[str]]:
    """Those of the names that are ours for as long as the block lasts, or `lasts`; other processes are at the rest."""
    if not names:
        yield frozenset()
        return
    now = datetime.now(UTC)
    mine = f"{FOLDER}/{secrets.token_hex(8)}.json"
    archive.put_json(mine, Claim(names=tuple(names), until=now + lasts))
    try:
        taken = set[str]()
        for path in archive.list(FOLDER):
            if path != mine and (other := _read(archive, path)):
                if other.until > now:
                    taken.update(other.names)
                else:
                    archive.remove_all([path])
        yield frozenset(names) - taken
    finally:
        archive.remove_all([mine])


@contextmanager
def wait_for(archive: Archive, name: str, lasts: timedelta) -> Iterator[None]:
    """The block alone has the name; waits for others. Raises Unreachable after twice the time that anyone needs."""
    deadline = time.monotonic() + 2 * lasts.total_seconds()
    while time.monotonic() < deadline:
        with claim(archive, (name,), lasts) as ours:
            if ours:
                yield
                return
        time.sleep(random.uniform(0.05, 0.5))
    raise Unreachable(f"archive {archive.url}: {name} is claimed again and again; look into {FOLDER}")


def _read(archive: Archive, path: str) -> Claim | None:
    """A claim of somebody, None where it was given up meanwhile."""
    try:
        return archive.get_json(path, Claim)
    except Unreachable:
        if archive.exists(path):
            raise
        return None
