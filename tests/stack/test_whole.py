"""The whole thing, as a person runs it: PostgreSQL, four processes of Airflow, the sample publisher, and a kill -9."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import psutil
import pytest

from annals import warehouse
from annals.settings import PROJECT, Settings
from stack import processes
from stack.api import Airflow
from stack.environment import Secrets
from stack.processes import Records
from stack.services import AIRFLOW, free_port
from stack.show import Screen, follow
from tests.stack.watching import Inbox, connection, mail_server

NOTICES = PROJECT.parent / "shared" / "notices"
CONTENT = (
    "SELECT figure_id, raw, value, low, high, unit, year, role, region, status FROM core.figure ORDER BY figure_id",
    "SELECT rule, notice_id, figure_id, message, evidence, severity FROM mart.finding ORDER BY finding_id",
    "SELECT notice_id, title, number, genre, published_on, year, sha256, versions, figures FROM mart.notice ORDER BY 1",
    "SELECT * FROM mart.indicator_by_year ORDER BY indicator, region, year, role, measure, value",
    "SELECT * FROM mart.plan_vs_result ORDER BY series, region, year, target_value, target_quote",
)


class House:
    """An ANNALS_HOME of its own, with a port of its own."""

    def __init__(self, home: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANNALS_", "AIRFLOW"))}
        self.home = home
        self.port = free_port(18080)
        self.environment = {**clean, "ANNALS_HOME": str(home), "ANNALS_PORT": str(self.port)}
        self.settings = Settings.from_environment(self.environment)
        self.records = Records(home / "stack" / "services.json")

    def stack(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "stack", *arguments],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        running = self.stack("run", *arguments)
        output, _ = running.communicate(timeout=500)
        assert running.returncode == 0, output
        return output

    def family(self) -> set[psutil.Process]:
        """Every process of the stack, PostgreSQL's included."""
        found = {process for service in self.records.read() for process in processes.members(service)}
        postmaster = self.home / "postgres" / "postmaster.pid"
        if postmaster.exists():
            leader = psutil.Process(int(postmaster.read_text().split()[0]))
            found |= {leader, *leader.children(recursive=True)}
        return found

    def kill(self) -> None:
        """What a power cut does to processes."""
        for process in self.family():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue

    def content(self) -> list[list[tuple[object, ...]]]:
        with warehouse.connect(self.settings) as connection:
            return [connection.execute(query.encode()).fetchall() for query in CONTENT]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "年 鉴")
    yield made
    made.stack("stop").communicate(timeout=120)
    made.kill()
    shutil.rmtree(tmp_path)


def number(label: str, output: str) -> int:
    match = re.search(rf"^\s*{label}\s+([\d,]+)$", output, re.MULTILINE)
    assert match, output
    return int(match[1].replace(",", ""))


def test_run_run_again_and_stop(house: House) -> None:
    first = house.run()
    assert number("Notices found", first) == 10
    assert number("Documents read", first) > 0
    assert number("Figures loaded", first) > 400
    assert number("Figures quarantined", first) > 0
    assert number("Checks passed", first) > number("Checks failed", first) > 0
    assert "Alerts reach nobody" in first
    loaded = house.content()

    page = httpx.get(f"http://127.0.0.1:{house.port}/", follow_redirects=True, trust_env=False)
    assert page.status_code == 200
    assert httpx.get(f"http://127.0.0.1:{house.port}/annals/findings", trust_env=False).status_code in (401, 403)
    (query,) = re.findall(r"^A query\s+(.+)$", first, re.MULTILINE)
    shown = subprocess.run(query, shell=True, cwd=PROJECT, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert "(5 rows)" in shown.stdout

    watching = house.stack("status")
    said, _ = watching.communicate(timeout=60)
    assert watching.returncode == 0, said
    assert "tells nobody" in said

    began = time.monotonic()
    second = house.run()
    assert time.monotonic() - began < 60
    assert "was up already" in second
    assert number("Notices found", second) == 10
    assert number("Figures loaded", second) == 0
    assert house.content() == loaded

    family = house.family()
    assert len(family) > len(AIRFLOW)
    stopping = house.stack("stop")
    output, _ = stopping.communicate(timeout=120)
    assert stopping.returncode == 0, output
    assert output.startswith("Stopped watchdog, scheduler, ")
    assert [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
    assert house.records.read() == []


@pytest.mark.prove
def test_a_run_that_waits_for_a_person_is_told_and_goes_on_once_there_is_an_answer(house: House) -> None:
    yaml = (PROJECT / "include" / "sources" / "yunchuan.yaml").read_text(encoding="utf-8")
    sources = house.home / "sources"
    sources.mkdir(parents=True)
    (sources / "yunchuan.yaml").write_text(f"{yaml}\napproval: always\n", encoding="utf-8")
    house.environment["ANNALS_SOURCES"] = str(sources)

    def waiting() -> tuple[str, str]:
        """The last line's page to answer on, and its run."""
        page = house.run().splitlines()[-1].partition("waits for somebody to approve or reject it: ")[2]
        return page, unquote(page.split("/")[6])

    def answer(option: str, run_id: str) -> str:
        """Answer as a person does, seconds later; how the run ends."""
        time.sleep(3)
        password = Secrets.of(house.home).password
        with Airflow.at(f"http://127.0.0.1:{house.port}", password) as airflow:
            place = f"dags/ingest_yunchuan/dagRuns/{quote(run_id, safe='')}/taskInstances/approve/-1/hitlDetails"
            airflow._ask("PATCH", place, json={"chosen_options": [option], "params_input": {"note": "口径待核"}})
            return follow(airflow, "ingest_yunchuan", run_id, Screen(), timeout_s=120)

    page, run_id = waiting()
    assert page.startswith(f"http://127.0.0.1:{house.port}/dags/ingest_yunchuan/runs/")
    assert waiting() == (page, run_id), "behind a run that waits no other begins"
    assert all(rows == [] for rows in house.content())
    assert answer("Reject", run_id) == "failed"
    _, second = waiting()
    assert second != run_id
    assert answer("Approve", second) == "success"
    with warehouse.connect(house.settings) as connection:
        runs = connection.execute("SELECT run_id, state, error FROM core.run ORDER BY started_at").fetchall()
    assert runs == [
        (f"ingest_yunchuan/{run_id}", "failed", "approve: rejected by annals: 口径待核"),
        (f"ingest_yunchuan/{second}", "succeeded", None),
    ]
    third = house.run()
    assert number("Figures loaded", third) == 0 and "approve: nothing to do" in third


def test_a_scheduler_that_was_killed_is_told_by_mail_past_airflow(house: House) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        house.environment |= {"ANNALS_ALERT_TO": "a@x.cn", "AIRFLOW_CONN_SMTP_DEFAULT": connection(port)}
        house.run()
        (scheduler,) = [service for service in house.records.read() if service.name == "scheduler"]
        os.kill(scheduler.pid, signal.SIGKILL)
        deadline = time.monotonic() + 300
        while True:
            looking = house.stack("watch", "--once")
            said, _ = looking.communicate(timeout=60)
            if looking.returncode:
                break
            assert time.monotonic() < deadline, said
            time.sleep(5)
        assert said.startswith("Airflow's scheduler gives no sign of life")
        told = [subject for subject in inbox.subjects() if "scheduler" in subject]
        assert told == ["[annals] Wrong: Airflow's scheduler gives no sign of life: no run begins, no task goes on"]


@pytest.mark.prove
@pytest.mark.parametrize("moment", ["discover", "extract", "stage", "audit"])
def test_a_power_cut_changes_nothing_in_the_end(tmp_path: Path, moment: str) -> None:
    calm, cut = House(tmp_path / "calm"), House(tmp_path / "cut")
    try:
        calm.run()
        expected = calm.content()
    finally:
        calm.stack("stop").communicate(timeout=120)
    try:
        running = cut.stack("run")
        assert running.stdout is not None
        for line in running.stdout:
            if re.search(rf"\b{moment}\b.*: done", line):
                break
        running.send_signal(signal.SIGKILL)
        cut.kill()
        running.communicate()
        cut.run()
        assert cut.content() == expected
    finally:
        cut.stack("stop").communicate(timeout=120)
        cut.kill()


@pytest.mark.prove
@pytest.mark.skipif(not NOTICES.is_dir(), reason="the notices to be read do not lie beside the project")
def test_a_folder_takes_the_place_of_the_sample_publisher(house: House) -> None:
    output = house.run("--notices", os.path.relpath(NOTICES, PROJECT))
    files = [path for path in NOTICES.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert number("Notices found", output) == number("Documents read", output) == len(files)
    with warehouse.connect(house.settings) as connection:
        rows = connection.execute("SELECT notice_id, raw, quote, char_start FROM mart.figure").fetchall()
    assert len({row[0] for row in rows}) == len(files)
    assert all(row[1] and row[2] for row in rows)
