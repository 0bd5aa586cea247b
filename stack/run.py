"""`make run`, from a bare folder to figures in the warehouse, and `make stop`."""

import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from annals import sources, warehouse
from annals.errors import AnnalsError, ConfigurationError, Unreachable
from annals.settings import Settings
from annals.sources import Source
from stack.api import Airflow
from stack.environment import Secrets, airflow_environment, pools
from stack.services import Stack, make_home
from stack.show import POLL_S, WAITING, Screen, follow, tell

RUN_TIMEOUT_S = 3600
PARSE_TIMEOUT_S = 90
MARTS_TIMEOUT_S = 60
MARTS = "refresh_marts"

Begun = tuple[str, str]  # a DAG and its run


def run(settings: Settings, notices: Path | None) -> int:
    """Start what does not run yet, run every source once through Airflow, and say what came of it.

    0 where all that could be loaded is loaded; else raises AnnalsError with the (last) reason. A run that waits for a
    person's approval, as its YAML asks, has not failed, and nothing more can be loaded without that person: that is a
    0 too. The last line says where to answer; the run goes on in Airflow once somebody has.
    """
    screen = Screen()
    make_home(settings.home)
    if notices is not None:
        settings = of_folder(settings, notices)
    found, errors = sources.load(settings.sources)
    if not found:
        raise errors[0] if errors else ConfigurationError(f"{settings.sources}: no source; put a YAML file there")
    for error in errors:
        screen.warn(str(error))
    stack = Stack(settings)
    with stack.locked():
        fresh = stack.up(screen.say)
        screen.say(f"Airflow is up at {stack.address}" if fresh else f"Airflow was up already at {stack.address}")
        kept = Secrets.of(settings.home)
        with Airflow.at(stack.address, kept.password) as airflow:
            if fresh:
                for name, pool in pools().items():
                    airflow.set_pool(name, pool)
            came = run_sources(airflow, found, screen)
            tell(settings, airflow, kept, came.begun, came.waiting)
    for (dag_id, _), what in came.waiting.items():
        screen.warn(f"{dag_id} waits for {what}")
    problems = [f"{dag_id} failed: {reason}" for dag_id, reason in came.failed.items()]
    problems += [str(error) for error in errors]
    for problem in problems[:-1]:
        screen.warn(problem)
    if problems:
        raise AnnalsError(problems[-1])
    return 0


def stop(settings: Settings) -> int:
    """Stop what `run` started; says so when there was nothing."""
    stack = Stack(settings)
    if not settings.home.exists():
        print("Nothing runs.")
        return 0
    with stack.locked():
        stopped = stack.down()
    print(f"Stopped {', '.join(stopped)}." if stopped else "Nothing runs.")
    return 0


def prune(settings: Settings) -> int:
    """Have Airflow remove its own records of what is older than ANNALS_KEEP_DAYS; the last run of a DAG stays."""
    if not settings.keep_days:
        print("ANNALS_KEEP_DAYS is 0: all is kept.")
        return 0
    if not warehouse.is_running(settings):  # Airflow's database is the embedded one, wherever the figures are
        raise Unreachable("Airflow's database does not run; start it: make run")
    before = datetime.now(UTC) - timedelta(days=settings.keep_days)
    environment = airflow_environment(settings, Secrets.of(settings.home), metadata_url=warehouse.airflow_url(settings))
    command = [
        "db",
        "clean",
        "--clean-before-timestamp",
        f"{before:%Y-%m-%d %H:%M:%S+00:00}",
        "--skip-archive",
        "--yes",
    ]
    options = ["--batch-size", "10000", "--error-on-cleanup-failure"]
    if subprocess.run([sys.executable, "-m", "airflow", *command, *options], env=environment).returncode != 0:
        raise AnnalsError("airflow db clean failed; what it printed tells why")
    return 0


def of_folder(settings: Settings, folder: Path) -> Settings:
    """The settings under which a folder of documents is the only source; its YAML is written below ANNALS_HOME."""
    folder = folder.expanduser().absolute()
    if not folder.is_dir():
        raise ConfigurationError(f"NOTICES={folder} is no folder; name one that holds documents")
    name = folder_name(folder)
    place = settings.home / "stack" / "sources" / name
    place.mkdir(parents=True, exist_ok=True)
    draft = place / "draft"
    draft.write_text(sources.folder_yaml(folder, name=name), encoding="utf-8")
    draft.replace(place / f"{name}.yaml")
    return structs.replace(settings, sources=place)


def folder_name(folder: Path) -> str:
    """What the source of a folder is called: by the folder's own name where that can be a DAG's.

    >>> folder_name(Path("/data/Notices 2023")), folder_name(Path("/data/通知"))
    ('notices_2023', 'folder_efaa1e01')
    """
    slug = re.sub(r"[^a-z0-9]+", "_", folder.name.lower()).strip("_")
    if folder.name.isascii() and re.fullmatch(r"[a-z][a-z0-9_]{1,39}", slug):
        return slug
    return f"folder_{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"


class Outcome(NamedTuple):
    """What came of runs: those that had begun, by DAG why it failed, by run what it is still waiting for."""

    begun: list[Begun]
    failed: dict[str, str]
    waiting: dict[Begun, str]


def run_sources(airflow: Airflow, found: Sequence[Source], screen: Screen) -> Outcome:
    """Run the DAG of every source, and the marts' after it.

    A run that was interrupted, or has begun on schedule, goes first and is told of too: it loads what there is. Behind
    one that waits for a person no other is begun.
    """
    begun, failed, waiting = Outcome([], {}, {})
    for source in found:
        dag_id = f"ingest_{source.name}"
        await_dag(airflow, dag_id)
        earlier = airflow.unfinished(dag_id)
        begun += [(dag_id, run_id) for run_id in earlier]
        for run_id in earlier:
            screen.say(f"{dag_id}: run {run_id}, interrupted, waiting or on schedule, goes first")
        if not any(airflow.question(dag_id, run_id) for run_id in earlier):
            run_id = airflow.trigger(dag_id)
            screen.say(f"{dag_id}: run {run_id} begins")
            begun.append((dag_id, run_id))
    await_dag(airflow, MARTS)
    for dag_id, run_id in begun:
        if any(dag_id == other for other, _ in waiting):
            waiting[dag_id, run_id] = "the run before it"
            continue
        state = follow(airflow, dag_id, run_id, screen, timeout_s=RUN_TIMEOUT_S)
        if state == "success":
            failed.pop(dag_id, None)  # what an interrupted run left undone is done
            follow_marts(airflow, dag_id, run_id, screen, failed)
        elif state == "failed":
            failed[dag_id] = airflow.reason(dag_id, run_id)
        elif state == WAITING:
            failed.pop(dag_id, None)
            page = airflow.question(dag_id, run_id) or airflow.page(dag_id, run_id)  # answered this very moment
            waiting[dag_id, run_id] = f"somebody to approve or reject it: {page}"
        else:
            failed[dag_id] = f"did not end within {RUN_TIMEOUT_S} s; it goes on, see the UI"
    return Outcome(begun, failed, waiting)


def follow_marts(airflow: Airflow, dag_id: str, run_id: str, screen: Screen, failed: dict[str, str]) -> None:
    """Wait for the marts to take up what a run has published: Airflow begins that some seconds later."""
    deadline = time.monotonic() + MARTS_TIMEOUT_S
    while not (runs := airflow.runs_begun_by(dag_id, run_id)):
        if time.monotonic() > deadline:
            failed[MARTS] = f"has not begun {MARTS_TIMEOUT_S} s after {dag_id} published; see the UI"
            return
        time.sleep(POLL_S)
    for mart_run in runs:
        if follow(airflow, MARTS, mart_run, screen, timeout_s=RUN_TIMEOUT_S) != "success":
            failed[MARTS] = airflow.reason(MARTS, mart_run)


def await_dag(airflow: Airflow, dag_id: str) -> None:
    """Wait until Airflow has read the DAG, and let it run on its schedule."""
    deadline = time.monotonic() + PARSE_TIMEOUT_S
    while (known := airflow.dag(dag_id)) is None or known["is_stale"]:
        if errors := [one for one in airflow.import_errors() if "source_errors" not in one["filename"]]:
            raise AnnalsError(f"{errors[0]['filename']}: {errors[0]['stack_trace'].strip().splitlines()[-1]}")
        if time.monotonic() > deadline:
            raise AnnalsError(f"Airflow has not read {dag_id} after {PARSE_TIMEOUT_S} s; see logs/dag-processor.log")
        time.sleep(0.5)
    airflow.unpause(dag_id)
