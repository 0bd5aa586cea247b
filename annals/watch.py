"""What the watchdog saw last: a small file under ANNALS_HOME that it writes, and that pages and people read.

The watchdog itself is `stack.watch`; it runs outside Airflow. The file tells of a dead watchdog too: by its age.
"""

import os
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import field

from annals.errors import AnnalsError
from annals.model import Record


class Told(Record, frozen=True, kw_only=True):
    """That a recipient was told of a problem: when last, and how often."""

    last: datetime
    times: int = 1


class Problem(Record, frozen=True, kw_only=True):
    """Something wrong. `key` is its identity; it `stands` once it has been wrong for longer than its grace.

    `well_since` is when it was found well again; once it has stayed so for a while that is when it was `over`, and the
    record goes when all who should know of it have been told.
    """

    key: str  # "airflow/scheduler", "source/yunchuan"
    what: str
    action: str
    since: datetime
    stands: bool = False
    well_since: datetime | None = None
    over: datetime | None = None
    told: dict[str, Told] = field(default_factory=dict)  # by recipient


class Watch(Record, frozen=True, kw_only=True):
    """The watchdog's last look; after `stale_after` it should have looked again. Recipients' names hold no secrets."""

    looked_at: datetime
    stale_after: datetime
    problems: tuple[Problem, ...] = ()
    recipients: tuple[str, ...] = ()
    untold: dict[str, str] = field(default_factory=dict)  # recipient → why the last message did not reach it
    looked_closely_at: datetime | None = None
    up_since: datetime | None = None  # the scheduler, without a break that was seen
    awake: dict[str, datetime] = field(default_factory=dict)  # DAG → since when it has been seen to follow its schedule

    @property
    def standing(self) -> tuple[Problem, ...]:
        """What is wrong now."""
        return tuple(problem for problem in self.problems if problem.stands and problem.well_since is None)


def path(home: Path) -> Path:
    """Where the file lies."""
    return home / "watch.json"


def read(home: Path) -> Watch | None:
    """The last look, or None where there has been none. Raises AnnalsError where the file cannot be read."""
    try:
        return msgspec.json.decode(path(home).read_bytes(), type=Watch)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:  # a ValidationError is a DecodeError
        raise AnnalsError(f"{path(home)} cannot be read ({error}); delete it, and the watchdog begins anew") from error


def write(home: Path, watch: Watch) -> None:
    """Put the look in the place of the last one, whole or not at all. Raises AnnalsError where that cannot be."""
    file = path(home)
    draft = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(watch)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except OSError as error:
        raise AnnalsError(f"{file} cannot be written ({error.strerror}); whoever was told is told again") from error
