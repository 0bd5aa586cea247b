"""What a person sees: the tasks of a run as they finish, and at the end what came of it and where to look."""

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from annals import warehouse
from annals.settings import PROJECT, Settings
from annals.warehouse.embedded import binaries
from annals.warehouse.sqlfile import statements
from stack.api import Airflow
from stack.environment import USER, Secrets

# What is said of a task's state; of others (waiting, running, not begun since one before it failed) nothing is.
WORDS = {
    "success": "done{spent}",
    "failed": "FAILED{spent}",
    "skipped": "nothing to do",
    "up_for_retry": "failed{spent} on try {try_number}, will be tried again",
}
POLL_S = 0.7
WAITING = "waiting"  # for a person's word; Airflow calls such a run running


class Screen:
    """Lines with the seconds since the start before them."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._began:5.1f} s] {text}", flush=True)

    def warn(self, text: str) -> None:
        print(f"annals: {text}", file=sys.stderr, flush=True)


def follow(airflow: Airflow, dag_id: str, run_id: str, screen: Screen, *, timeout_s: float) -> str:
    """Show a run's tasks as they finish, until it has ended or waits for a person.

    Its state: success, failed, or WAITING; running, if it took too long.
    """
    shown = set[tuple[str, int, int]]()
    deadline = time.monotonic() + timeout_s
    while True:
        state = str(airflow.run(dag_id, run_id)["state"])
        for task in airflow.tasks(dag_id, run_id):
            attempt = (task["task_id"], task["map_index"], task["try_number"])
            if task["state"] in WORDS and attempt not in shown:
                shown.add(attempt)
                screen.say(describe_task(dag_id, task))
        if airflow.question(dag_id, run_id):
            return WAITING
        if state in ("success", "failed") or time.monotonic() > deadline:
            return state
        time.sleep(POLL_S)


def describe_task(dag_id: str, task: Mapping[str, Any]) -> str:
    """One line on a task that ended.

    >>> task = {"task_id": "fetch", "map_index": 0, "rendered_map_index": "notices 1–9 of 9: 甲 … 乙"}
    >>> describe_task("ingest_sample", {**task, "state": "success", "duration": 1.25, "try_number": 1})
    'ingest_sample  fetch (notices 1–9 of 9): done in 1.2 s'
    """
    name = f"{dag_id}  {task['task_id']}"
    if task["map_index"] >= 0:  # of a batch's name the part before the titles
        name += f" ({(task['rendered_map_index'] or str(task['map_index'])).partition(': ')[0]})"
    spent = f" in {task['duration']:.1f} s" if task["duration"] is not None else ""
    return f"{name}: {WORDS[task['state']].format(spent=spent, try_number=task['try_number'])}"


SAMPLE_QUERY = (
    "SELECT notice_title, year, indicator_name, value, unit, quote FROM mart.figure "
    "WHERE value IS NOT NULL ORDER BY published_on DESC NULLS LAST, char_start LIMIT 5"
)
# What the summary prints: label, and the counts that it adds up.
ROWS = (
    ("Notices found", "found"),
    ("  new or changed", "new", "changed"),
    ("  fetched, with attachments", "fetched"),
    ("  not to be had this time", "unfetched"),
    ("Documents read", "read"),
    ("  unreadable", "unreadable"),
    ("Figures loaded", "passed", "flagged"),
    ("  of these flagged", "flagged"),
    ("Figures quarantined", "quarantined"),
    ("Checks passed", "checks_passed"),
    ("Checks failed", "checks_failed"),
)


def tell(
    settings: Settings,
    airflow: Airflow,
    kept: Secrets,
    begun: Sequence[tuple[str, str]],
    waiting: Mapping[tuple[str, str], str],
) -> None:
    """The summary: what came of each run, a DAG's id and its own, or what it is waiting for; then where to look."""
    for dag_id, run_id in begun:
        print(f"\n{dag_id}")
        told = airflow.returned(dag_id, run_id, "report")
        untold = f"waits for {what}" if (what := waiting.get((dag_id, run_id))) else "ended before it could report"
        print("\n".join(summary(told, settings) if told else [f"  {untold}"]))
    with warehouse.connect(settings) as connection:
        row = connection.execute(statements("report/count_marts")).fetchone()
    if row:
        print("\nIn the warehouse: {:,} figures of {:,} notices; {:,} more withheld".format(*row))
    print("\n" + "\n".join(places(settings, airflow.address, kept)), flush=True)


def summary(told: Mapping[str, Any], settings: Settings) -> list[str]:
    """A run's report in lines."""
    counts = told["counts"]
    lines = [f"  {label:<32}{sum(counts[name] for name in names):>7,}" for label, *names in ROWS]
    for title, key in (("Not fetched", "unfetched"), ("Unreadable", "unreadable"), ("Take note", "cautions")):
        lines += [f"  {title}: {line}" for line in told[key]]
    if told["errors"]:
        lines.append(f"  Errors found: {told['errors']}")
    if settings.recipients:
        lines.append(f"  Told: {said_of(told['news'], told['told'])}")
        lines += [f"  To be told later: {who}: {why}" for who, why in told["waiting"].items()]
        lines += [f"  Cannot be told: {who}: {why}" for who, why in told["refused"].items()]
    else:
        lines.append("  Alerts reach nobody: ANNALS_ALERT_TO and ANNALS_ALERT_CHAT name no one")
    return lines


def said_of(news: Mapping[str, Mapping[str, int]], told: Sequence[str]) -> str:
    """What was told of each source, and to whom.

    >>> said_of({"yunchuan": {"new": 1, "open": 0, "resolved": 2}}, ["a@x.cn", "chat:team"])
    'a@x.cn, chat:team: 1 new, 2 resolved'
    >>> said_of({"yunchuan": {"new": 1}, "hesheng": {"open": 3}}, [])
    'nobody yet: 1 new (yunchuan), 3 open (hesheng)'
    >>> said_of({}, [])
    'nothing, for nothing has changed'
    """
    if not news:
        return "nothing, for nothing has changed"
    of = {
        name: ", ".join(f"{number} {change}" for change, number in one.items() if number) for name, one in news.items()
    }
    said = ", ".join(of.values()) if len(of) == 1 else ", ".join(f"{what} ({name})" for name, what in of.items())
    return f"{', '.join(told) or 'nobody yet'}: {said}"


def places(settings: Settings, address: str, kept: Secrets) -> list[str]:
    """Where to look: the UI, the checks, the warehouse and a query to begin with."""
    if settings.warehouse_url is None:
        url = warehouse.analyst_url(settings)  # reads the marts and nothing else
    else:
        url = without_password(warehouse.url(settings))
    url = url.replace("postgresql+psycopg://", "postgresql://", 1)
    psql = binaries() / "psql"
    psql = psql.relative_to(PROJECT) if psql.is_relative_to(PROJECT) else psql
    return [
        f"Airflow     {address}   user {USER}, password {kept.password}",
        f"Findings    {address}/plugin/review",
        f"Warehouse   {url}",
        f"A query     {shlex.quote(str(psql))} {shlex.quote(url)} -c {shlex.quote(SAMPLE_QUERY)}",
        "To end      make stop",
    ]


def without_password(url: str) -> str:
    """A database URL that can be shown.

    >>> without_password("postgresql+psycopg://ann:secret@db.example:5433/figures")
    'postgresql+psycopg://ann@db.example:5433/figures'
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username}@{place}" if parts.username else place).geturl()
