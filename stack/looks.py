"""What is wrong just now: the watchdog's looks at Airflow, the warehouse, the outbox of alerts, and the sources.

A look says what it could not judge, too: of a source nothing is known while the warehouse does not answer.
"""

import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import psycopg

from annals import alerts, sources, warehouse
from annals.archive import Archive
from annals.errors import AnnalsError, ConfigurationError, Unreachable
from annals.model import Record
from annals.settings import Settings
from annals.sources import Source
from annals.warehouse.sqlfile import statements
from annals.watch import Watch
from stack.api import Airflow, health
from stack.environment import USER

PARTS = {
    "scheduler": "Airflow's scheduler gives no sign of life: no run begins, no task goes on",
    "dag_processor": "Airflow's DAG processor gives no sign of life: changed DAGs and sources are not read",
    "triggerer": "Airflow's triggerer gives no sign of life: what is deferred, deadline alerts too, does not go on",
}
RESTART = "Look at the end of its log ({logs}), then start it again: make stop, make run; in Compose: docker compose up"
GRACE = timedelta(seconds=60)  # Airflow starts a part again within seconds where something watches over it
SLOW_GRACE = timedelta(minutes=5)
ALERT_GRACE = timedelta(minutes=35)  # `deliver_alerts` tries every ten minutes
ANSWER_TIMEOUT_MS = 10_000
LATE_AFTER_HOURS = 6.0  # of a source that does not say late_after_hours


class Symptom(Record, frozen=True, kw_only=True):
    """Something that looks wrong; a problem once it has looked so for `grace_s` seconds."""

    key: str
    what: str
    action: str
    grace_s: float


class Look(Record, frozen=True, kw_only=True):
    """What was seen. `unknown` are beginnings of keys of which nothing could be said this time."""

    symptoms: tuple[Symptom, ...]
    unknown: tuple[str, ...]
    up_since: datetime | None  # and the rest as `Watch` keeps it
    awake: dict[str, datetime]


class Asked(Record, frozen=True, kw_only=True):
    """Where to look."""

    settings: Settings
    address: str  # of Airflow
    passwords: Path  # the file that holds the password of Airflow's user

    @classmethod
    def of(cls, settings: Settings, environment: Mapping[str, str] | None = None) -> "Asked":
        """ANNALS_AIRFLOW_URL, by default Airflow on this machine, and its file of passwords."""
        given = os.environ if environment is None else environment
        address = (given.get("ANNALS_AIRFLOW_URL") or f"http://127.0.0.1:{settings.port}").rstrip("/")
        if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", address):
            raise ConfigurationError(
                "ANNALS_AIRFLOW_URL is no address such as http://airflow.example:8080, without a user"
            )
        file = given.get("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE")
        return cls(
            settings=settings,
            address=address,
            passwords=Path(file) if file else settings.home / "airflow" / "passwords.json",
        )


def look(asked: Asked, before: Watch, now: datetime, *, closely: bool) -> Look:
    """Look at everything; without `closely`, only at what is cheap to ask every few seconds."""
    seen = _Seen(asked, before, now)
    seen.look_at_airflow()
    seen.look_at_warehouse()
    if closely:
        seen.look_at_dags()
        seen.look_at_alerts()
        seen.look_at_sources()
    else:
        seen.unknown += ["login", "import/", "dag/", "archive", "alerts", "refused/", "sources", "source/"]
    return Look(
        symptoms=tuple(seen.symptoms),
        unknown=tuple(seen.unknown),
        up_since=seen.up_since,
        awake=seen.awake,
    )


class _Seen:
    """One look at everything, put together part by part."""

    def __init__(self, asked: Asked, before: Watch, now: datetime) -> None:
        self.asked, self.before, self.now = asked, before, now
        self.symptoms: list[Symptom] = []
        self.unknown: list[str] = []
        self.up_since = before.up_since
        self.awake = before.awake
        self.answers = False  # Airflow's API
        self.dags: dict[str, bool] | None = None
        self.successes: dict[str, datetime | None] | None = None

    def wrong(self, key: str, what: str, action: str, grace: timedelta) -> None:
        what = " ".join(what.split())  # it is a mail's subject, too
        self.symptoms.append(Symptom(key=key, what=what, action=action, grace_s=grace.total_seconds()))

    def look_at_airflow(self) -> None:
        """Airflow's own word on its parts, of which nothing is known where it does not answer or has no database."""
        restart = RESTART.format(logs=self.asked.settings.home / "logs")
        told = health(self.asked.address)
        self.answers = bool(told)
        if not told:
            self.wrong("airflow", f"Airflow does not answer at {self.asked.address}", restart, GRACE)
            self.unknown.append("airflow/")
        elif told.get("metadatabase") != "healthy":
            what = "Airflow's own database does not answer it: nothing runs"
            self.wrong("airflow/metadatabase", what, "Start the database; Airflow finds it again by itself", GRACE)
            self.answers = False
            self.unknown += [f"airflow/{part}" for part in PARTS]
        else:
            for part, what in PARTS.items():
                if told.get(part) != "healthy":
                    self.wrong(f"airflow/{part}", what, restart, GRACE)
        if {"airflow", "airflow/metadatabase", "airflow/scheduler"} & {problem.key for problem in self.before.standing}:
            self.up_since = None
        if self.answers and told.get("scheduler") == "healthy":
            self.up_since = self.up_since or self.now

    def look_at_warehouse(self) -> None:
        """Whether the warehouse answers; what it says of its sources is used later."""
        try:
            with warehouse.connect(self.asked.settings, "annals watchdog") as connection:
                connection.execute(f"SET statement_timeout = {ANSWER_TIMEOUT_MS}".encode())
                rows = connection.execute(statements("report/select_source_health")).fetchall()
                self.successes = {str(source): succeeded for source, succeeded in rows}
        except AnnalsError as error:
            self.wrong("warehouse", f"The warehouse cannot be had: {error}", "Start it, or see its log", GRACE)
        except psycopg.Error as error:
            said = str(error).partition("\n")[0]
            action = "Look at the warehouse's log; where it is new: annals warehouse migrate"
            self.wrong("warehouse", f"The warehouse does not tell of its sources: {said}", action, GRACE)

    def look_at_dags(self) -> None:
        """What Airflow cannot read, and what it does not run."""
        if not self.answers:
            self.unknown += ["login", "import/", "dag/"]
            return
        try:
            with Airflow.at(self.asked.address, self._password()) as airflow:
                self.dags = airflow.dags()
                errors = airflow.import_errors()
        except AnnalsError as error:
            self.unknown += ["import/", "dag/"]
            action = f"Let {self.asked.passwords} hold the password of Airflow's user {USER}"
            self.wrong("login", f"Airflow does not tell of its DAGs: {error}", action, SLOW_GRACE)
            return
        for file in sorted({Path(str(error["filename"])).name for error in errors}):
            # Why is for the UI: what Python says of a file may quote a secret from the environment.
            action = "Look at the import errors in the UI (Dags): they say which file, which line, and why"
            self.wrong(f"import/{file}", f"Airflow cannot read {file}", action, SLOW_GRACE)

    def look_at_alerts(self) -> None:
        """What lies in the outbox of alerts for too long, and who is refused: Airflow's way to people is dead."""
        try:
            archive = Archive(self.asked.settings.archive)
            found = alerts.undelivered(archive)
            troubles = alerts.troubles(archive, self.asked.settings.recipients)
        except AnnalsError as error:
            self.unknown += ["alerts", "refused/"]
            self.wrong(
                "archive",
                f"The archive cannot be had: {error}",
                "Start the object store, or mount the folder",
                SLOW_GRACE,
            )
            return
        if late := sum(self.now - one.posted_at >= ALERT_GRACE for one in found.values()):
            what = f"{late} alert{'s' * (late != 1)} cannot be delivered"
            action = "Read the log of the DAG deliver_alerts; as a rule the mail server or smtp_default is at fault"
            if self.dags is not None and self.dags.get("deliver_alerts", True):
                what += ": the DAG deliver_alerts is paused, or not there"
                action = "Let deliver_alerts run on its schedule (Dags in the UI)"
            self.wrong("alerts", what, action, timedelta(0))
        for trouble in troubles:
            if trouble.for_good:
                what = f"The mail server refuses {trouble.recipient}: {trouble.said}"
                action = "Correct ANNALS_ALERT_TO, or answer the banner of the review page: send again, or do not send"
                self.wrong(f"refused/{trouble.recipient}", what, action, timedelta(0))

    def look_at_sources(self) -> None:
        """Sources that were not read when their schedule asked for it."""
        try:
            found = sources.load(self.asked.settings.sources).sources  # the errors show as import errors
        except ConfigurationError as error:
            self.unknown.append("source/")
            self.wrong("sources", f"No source can be read: {error}", "Set ANNALS_SOURCES to their folder", SLOW_GRACE)
            return
        if self.dags is None:
            self.unknown += ["source/", "dag/"]
            return
        awake = dict[str, datetime]()
        for source in found:
            dag_id = f"ingest_{source.name}"
            if dag_id not in self.dags:
                self.unknown.append(f"source/{source.name}")
                what = f"Airflow has no DAG {dag_id}, so {source.title} is not read"
                self.wrong(
                    f"dag/{dag_id}",
                    what,
                    "Look for import errors in the UI, and at the DAG processor's log",
                    SLOW_GRACE,
                )
            elif not self.dags[dag_id]:  # somebody has paused it on purpose
                awake[dag_id] = self.awake.get(dag_id, self.now)
                self._look_at(source, awake[dag_id])
        self.awake = awake
        if self.successes is None:
            self.unknown.append("source/")

    def _look_at(self, source: Source, awake_since: datetime) -> None:
        if self.successes is None or self.up_since is None:
            self.unknown.append(f"source/{source.name}")
            return
        key = f"source/{source.name}"
        due = overdue(
            source,
            now=self.now,
            last_success=self.successes.get(source.name),
            awake_since=awake_since,
            up_since=self.up_since,
            known=any(problem.key == key and problem.over is None for problem in self.before.problems),
        )
        if due is not None:
            when = f"{due:%Y-%m-%d %H:%M} {source.schedule.timezone}"
            what = f"{source.title} has not been read with success since {when}, when it was due"
            action = f"Call {source.owner}. Look at the DAG ingest_{source.name} in the UI: its page says what to do"
            self.wrong(key, what, action, timedelta(0))

    def _password(self) -> str:
        file = self.asked.passwords
        try:
            return str(msgspec.json.decode(file.read_bytes(), type=dict[str, str])[USER])
        except (OSError, msgspec.DecodeError, KeyError) as error:
            raise Unreachable(f"{file} holds no password of {USER} ({type(error).__name__})") from None


def overdue(
    source: Source,
    *,
    now: datetime,
    last_success: datetime | None,
    awake_since: datetime,
    up_since: datetime,
    known: bool = False,
) -> datetime | None:
    """When the source was due and was not read since, or None while all is well.

    It has `late_after_hours` to be read, and where a person is asked before it is published the hours that this one
    has: from the time it was due, and from the start of Airflow where that came later. What was due before its DAG was
    awake does not count. `known` is that it was overdue already.
    """
    allowed = timedelta(hours=source.late_after_hours or LATE_AFTER_HOURS)
    if source.approval != "never":
        allowed += timedelta(hours=source.approval_hours)
    due = sources.last_due(source.schedule, now - allowed)
    if due is None or due < awake_since or (last_success is not None and last_success >= due):
        return None
    return due if known or now - up_since >= allowed else None
