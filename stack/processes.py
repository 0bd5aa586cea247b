"""Programs that outlive the command that starts them: started, recorded, found again, and ended with all they began.

A record holds the process id together with the time the process started, because the system gives ids out again:
a record whose start time does not match is of a process long gone, and whoever has its id now is left alone.
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import psutil
from msgspec import Struct

# Start times come from the boot time, which some systems recompute, and are off by a clock tick or two.
SAME_START_S = 1.0


class Service(Struct, frozen=True, kw_only=True):
    """A program that was started: `started` is seconds since the epoch, `log` the file it writes to."""

    name: str
    pid: int
    started: float
    log: str


class Records:
    """The services that run, in one JSON file; written before anything else is started."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Service]:
        """All services on record, in the order they were started; none where there is no file."""
        if not self.path.exists():
            return []
        return msgspec.json.decode(self.path.read_bytes(), type=list[Service])

    def add(self, service: Service) -> None:
        """Put a service on record, in the place of an earlier one of its name."""
        self._write([other for other in self.read() if other.name != service.name] + [service])

    def remove(self, name: str) -> None:
        """Take the service of this name off the record."""
        self._write([other for other in self.read() if other.name != name])

    def _write(self, services: list[Service]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.write_bytes(msgspec.json.encode(services))
        draft.replace(self.path)


def start(
    name: str, command: Sequence[str], *, records: Records, log: Path, environment: Mapping[str, str], folder: Path
) -> Service:
    """Start a program in a session of its own, so that a Ctrl-C meant for us does not reach it, and record it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
    service = Service(name=name, pid=child.pid, started=psutil.Process(child.pid).create_time(), log=str(log))
    records.add(service)
    return service


def alive(service: Service) -> bool:
    """Whether the very process that was started still runs."""
    return _process(service) is not None


def stop(service: Service, *, grace_s: float) -> None:
    """End a service and every process it began: asked first, given `grace_s` seconds, then killed.

    Descendants are found as children of children, and as members of the service's session: the latter finds
    those whose parent has died before them.
    """
    family = members(service)
    leader = _process(service)
    if leader is not None:
        _send(leader, terminate=True)
        _wait({leader}, grace_s)
    # What was asked to stop may have begun something meanwhile.
    rest = {*family, *members(service)}
    for process in rest:
        _send(process, terminate=True)
    left = _wait(rest, min(grace_s, 3))
    for process in left:
        _send(process, terminate=False)
    _wait(left, 5)


def members(service: Service) -> set[psutil.Process]:
    """The service's process and all that descend from it, whether or not it lives itself."""
    found = set[psutil.Process]()
    leader = _process(service)
    if leader is None and psutil.pid_exists(service.pid):
        return found  # the id is another's now, and so is the session of that number
    for process in psutil.process_iter():
        try:
            ours = os.getsid(process.pid) == service.pid and process.create_time() >= service.started - SAME_START_S
            if ours and _runs(process):
                found.add(process)
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # gone meanwhile, or another user's: not ours
    for process in tuple(found):
        try:
            found.update(process.children(recursive=True))
        except psutil.NoSuchProcess:
            continue
    return found


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log: what a person wants to see of a service that died."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])


def _process(service: Service) -> psutil.Process | None:
    try:
        process = psutil.Process(service.pid)
        same = abs(process.create_time() - service.started) <= SAME_START_S
        return process if same and _runs(process) else None
    except psutil.NoSuchProcess:
        return None


def _runs(process: psutil.Process) -> bool:
    """A zombie has ended; in a container whose first process does not collect them, zombies stay for good."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _wait(ending: set[psutil.Process], timeout_s: float) -> set[psutil.Process]:
    """Wait until the processes have ended, or time is up; those that still run."""
    deadline = time.monotonic() + timeout_s
    while left := {process for process in ending if _runs(process)}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


def _send(process: psutil.Process, *, terminate: bool) -> None:
    try:
        process.terminate() if terminate else process.kill()
    except psutil.NoSuchProcess:
        return
