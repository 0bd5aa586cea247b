"""Airflow in this process, on SQLite, with the sample publisher, an SMTP server and the real warehouse beside it.

Airflow reads its environment when it is first imported, so it is set here, before any test of this folder is.
"""

import email
import json
import os
import re
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from annals.settings import PROJECT, Settings
from annals.warehouse import connect
from samples.serve import SITE, server

AIRFLOW_HOME = tempfile.TemporaryDirectory(prefix="annals-airflow-")
os.environ.update(
    {
        "AIRFLOW_HOME": AIRFLOW_HOME.name,
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{AIRFLOW_HOME.name}/airflow.db",
        "AIRFLOW__API__BASE_URL": "http://ui.invalid",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": f"{AIRFLOW_HOME.name}/logs",
    }
)


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's own tables."""
    from airflow.utils import db

    db.initdb()


def unused_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Inbox:
    """What an SMTP server took in; `says` makes it answer otherwise, to an address, or to any message ("DATA")."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.asked: list[str] = []
        self.says: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.says:
            return self.says["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A real SMTP server on loopback, which Airflow's connection smtp_default names."""
    held = Inbox()
    controller = Controller(held, hostname="127.0.0.1", port=unused_port())
    controller.start()
    try:
        extra = {"disable_ssl": True, "disable_tls": True, "retry_limit": 0, "from_email": "annals@x.cn"}
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": controller.port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
        yield held
    finally:
        controller.stop()


class Chat:
    """What an HTTP server took in as a chat does, by path; `status` is what it answers."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        self.port = 0


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """A real HTTP server on loopback, which Airflow's connection `team`, of type apprise, names."""
    held = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if held.status == 200:
                held.messages.append((self.path, body))
            self.send_response(held.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.port = running.server_port
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    monkeypatch.setenv("AIRFLOW_CONN_TEAM", apprise_connection(f"json://127.0.0.1:{held.port}/team"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    try:
        yield held
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def apprise_connection(*services: str) -> str:
    """A connection of type apprise, as the environment takes it."""
    config = [{"path": service} for service in services]
    return json.dumps({"conn_type": "apprise", "extra": {"config": config if len(config) != 1 else config[0]}})


SCAN = re.compile(r"<li><a[^>]*202301/.*?</li>", re.DOTALL)


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address at which a folder is served as the sample publisher's site."""
    running = server(site=site)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@pytest.fixture(scope="session")
def site_without_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site, but for the scanned notice, whose recognition takes longer than all the rest."""
    site = tmp_path_factory.mktemp("site") / "site"
    shutil.copytree(SITE, site)
    removed = 0
    for page in (site / "xxgk").glob("index*.html"):
        text, count = SCAN.subn("", page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")
        removed += count
    assert removed == 1
    return site


@pytest.fixture
def dags(airflow_database: None) -> Callable[[], dict[str, Any]]:
    """The DAGs by id, read anew under the environment of the test."""
    from airflow.dag_processing.dagbag import DagBag

    def read() -> dict[str, Any]:
        bag = DagBag(str(PROJECT / "dags"))
        assert bag.dags
        for dag in bag.dags.values():
            dag.deadline = None  # Airflow 3.3.2 stumbles over deadlines in `dag.test()`; test_integrity looks at them
            for task in dag.tasks:
                if not task.is_mapped:
                    task.retry_delay = timedelta(milliseconds=1)
        return dict(bag.dags)

    return read


def states(run: Any) -> dict[str, str]:
    """How the tasks of a run ended."""
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def report_of(run: Any) -> dict[str, Any]:
    """What the task `report` of a run handed on."""
    (task,) = [one for one in run.get_task_instances() if one.task_id == "report"]
    told = task.xcom_pull(task_ids="report")
    assert isinstance(told, dict)
    return told


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """What the warehouse answers."""
    with connect(settings) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.fixture
def house(warehouse: Settings, site_without_scan: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An empty house, its warehouse real, its publisher served on loopback, as the environment that tasks read."""
    assert warehouse.warehouse_url is not None
    for name in ("ANNALS_ARCHIVE", "ANNALS_SOURCES", "ANNALS_ALERT_TO", "ANNALS_ALERT_CHAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANNALS_HOME", str(warehouse.home))
    monkeypatch.setenv("ANNALS_WAREHOUSE_URL", warehouse.warehouse_url)
    with serving(site_without_scan) as address:
        monkeypatch.setenv("ANNALS_SAMPLE_URL", address)
        yield Settings.from_environment()
