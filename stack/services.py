"""The services of one machine: the embedded PostgreSQL, the sample publisher, Airflow's four processes, the watchdog.

Airflow's own `standalone` leaves its children behind when it is told to end, so the four are ours to keep.
"""

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from annals import warehouse
from annals.errors import AnnalsError, ConfigurationError, Unreachable
from annals.settings import PROJECT, Settings
from stack import processes
from stack.api import health
from stack.environment import Secrets, airflow_environment
from stack.processes import Records
from stack.tell import recipients

# In the order they are started: the scheduler last, once the API server answers, because a task that begins before
# cannot report to it and fails. The scheduler is stopped first, so that nothing new begins, and the API server last.
AIRFLOW: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),  # logs are read from the files; the log servers listen everywhere
    "scheduler": ("scheduler", "--skip-serve-logs"),
}
# Started last and stopped first, so that it never cries over what is only beginning or ending.
WATCHDOG = "watchdog"
STOPPED = (WATCHDOG, "scheduler", "dag-processor", "triggerer", "api-server", "samples")
SAMPLES_PORT = 8765  # or any other that is free: a notice's identity does not depend on it
START_TIMEOUT_S = 120
GRACE_S = 10.0

Say = Callable[[str], None]


class Stack:
    """The services of one ANNALS_HOME."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home / "stack"
        self.logs = settings.home / "logs"
        self.records = Records(self.folder / "services.json")

    @property
    def address(self) -> str:
        """Of the UI."""
        return f"http://127.0.0.1:{self.settings.port}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One `make run` or `make stop` at a time for this home."""
        make_home(self.settings.home)
        with (self.settings.home / "stack.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AnnalsError(f"another make run or make stop is at work on {self.settings.home}") from error
            yield

    def up(self, say: Say, given: Mapping[str, str] | None = None) -> bool:
        """Have everything run and answer; False where it did already, under these very settings.

        Services of other settings, or of other code, or the rest of a stack that was killed, are stopped first.
        """
        given = os.environ if given is None else given
        mark = self._mark(given)
        running = {service.name for service in self.records.read() if processes.alive(service)}
        if running >= {*AIRFLOW, "samples", WATCHDOG} and self._read_mark() == mark and self._healthy():
            warehouse.start(self.settings)
            return False
        if self.records.read():
            say("Stopping the services of an earlier run")
            self.down(database=False)
        self._check_port()
        recipients(given)  # say that a recipient is wrong before anything is started
        if self.settings.warehouse_url is not None:
            warehouse.connect(self.settings).close()  # say that it does not answer before anything is started
        self._mark_file.unlink(missing_ok=True)
        try:
            self._begin(say, given)
        except AnnalsError:
            self.down()  # half a stack helps nobody
            raise
        self._mark_file.write_text(mark)
        return True

    def _begin(self, say: Say, given: Mapping[str, str]) -> None:
        """Start everything, in order."""
        say("Starting PostgreSQL")
        warehouse.start(self.settings)
        environment = airflow_environment(
            self.settings,
            Secrets.of(self.settings.home),
            metadata_url=warehouse.airflow_url(self.settings),
            given=given,
        )
        samples = free_port(SAMPLES_PORT)
        environment["ANNALS_SAMPLE_URL"] = f"http://127.0.0.1:{samples}"
        self._start("samples", [sys.executable, "-m", "samples.serve", "--port", str(samples)], environment)
        migration = self._begin_metadata(environment, say)
        with warehouse.connect(self.settings) as connection:
            warehouse.migrate(connection)
        if migration is not None:
            self._end_metadata(migration, environment)
        say("Starting Airflow: API server, DAG processor, scheduler, triggerer")
        for name, arguments in AIRFLOW.items():
            if name == "scheduler":
                self._wait(lambda: bool(health(self.address)))
            self._start(name, [sys.executable, "-m", "airflow", *arguments], environment)
        self._wait(self._healthy)
        self._start(WATCHDOG, [sys.executable, "-m", "stack", "watch"], environment)

    def down(self, *, database: bool = True) -> list[str]:
        """Stop what was started, and all that it began; the names of what was still running."""
        stopped = []
        known = {service.name: service for service in self.records.read()}
        for name in sorted(known, key=lambda name: STOPPED.index(name) if name in STOPPED else -1):
            if processes.members(known[name]):
                stopped.append(name)
            processes.stop(known[name], grace_s=GRACE_S)
            self.records.remove(name)
        if database and warehouse.stop(self.settings):
            stopped.append("postgresql")
        return stopped

    def dead(self) -> list[processes.Service]:
        """The services that are on record and no longer run."""
        return [service for service in self.records.read() if not processes.alive(service)]

    def _start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        log = self.logs / f"{name}.log"
        processes.start(name, command, records=self.records, log=log, environment=environment, folder=PROJECT)

    def _begin_metadata(self, environment: Mapping[str, str], say: Say) -> "subprocess.Popen[bytes] | None":
        """Begin to make or upgrade Airflow's tables, unless this very Airflow has them made; takes seconds."""
        if self._migrated.exists() and self._migrated.read_text() == self._release():
            return None
        say("Making Airflow's tables")
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / "db-migrate.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "airflow", "db", "migrate"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
            )

    def _end_metadata(self, migration: "subprocess.Popen[bytes]", environment: Mapping[str, str]) -> None:
        if migration.wait(START_TIMEOUT_S) != 0:
            log = self.logs / "db-migrate.log"
            raise AnnalsError(f"Airflow's tables cannot be made: {processes.tail(log, 1)} (more in {log})")
        self._migrated.write_text(self._release())

    @property
    def _migrated(self) -> Path:
        """Lies with the cluster's own record, so that it goes when the database goes."""
        return self.settings.home / "airflow" / "migrated"

    def _release(self) -> str:
        """Which Airflow made the tables, in which cluster."""
        from importlib.metadata import version

        cluster = warehouse.airflow_url(self.settings)
        return f"{version('apache-airflow')} {hashlib.sha256(cluster.encode()).hexdigest()[:16]}\n"

    def _wait(self, ready: Callable[[], bool]) -> None:
        """Until Airflow is as it should be; raises with the log of the part that died, or that is late."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while not ready():
            for service in self.dead():
                said = processes.tail(Path(service.log), 1)
                raise AnnalsError(f"{service.name} ended while starting: {said} (more in {service.log})")
            if time.monotonic() > deadline:
                raise Unreachable(f"Airflow does not answer after {START_TIMEOUT_S} s; its logs are in {self.logs}")
            time.sleep(0.25)

    def _healthy(self) -> bool:
        told = health(self.address)
        parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
        return all(told.get(part) == "healthy" for part in parts)

    def _check_port(self) -> None:
        port = self.settings.port
        if problem := port_problem(port):
            raise ConfigurationError(
                f"port {port} on 127.0.0.1 cannot be had ({problem}); "
                "end what listens there, or choose another: make run ANNALS_PORT=8081"
            )

    @property
    def _mark_file(self) -> Path:
        return self.folder / "mark"

    def _read_mark(self) -> str:
        return self._mark_file.read_text() if self._mark_file.exists() else ""

    def _mark(self, given: Mapping[str, str]) -> str:
        """Stands for what services must be started anew for: settings, and the code that they have loaded."""
        settings = {name: value for name, value in given.items() if name.startswith(("ANNALS_", "AIRFLOW_", "AWS_"))}
        code = [
            (str(path), path.stat().st_mtime_ns)
            for folder in ("annals", "plugins", "stack", "samples")
            for path in sorted((PROJECT / folder).rglob("*.py"))
        ]
        lock = (PROJECT / "requirements.txt").stat().st_mtime_ns
        whole = msgspec.json.encode(
            [settings, msgspec.to_builtins(self.settings, str_keys=True, enc_hook=str), code, lock]
        )
        return hashlib.sha256(whole).hexdigest()


def port_problem(port: int) -> str | None:
    """Why a port of 127.0.0.1 cannot be listened at, or None where it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def free_port(wanted: int) -> int:
    """The wanted port of 127.0.0.1, or another where that one is taken."""
    if port_problem(wanted) is None:
        return wanted
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_home(home: Path) -> None:
    """Make ANNALS_HOME where it is missing; raises ConfigurationError where it cannot be made or written."""
    advice = "set ANNALS_HOME to a folder that you can write"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"ANNALS_HOME {home} cannot be made ({error.strerror}); {advice}") from error
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise ConfigurationError(f"ANNALS_HOME {home} cannot be written; {advice}")
