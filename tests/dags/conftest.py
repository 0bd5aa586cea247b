"""Airflow in this process, on SQLite, with the sample publisher, an SMTP server and the real warehouse beside it.

Airflow reads its environment when it is first imported, so it is set here, before any test of this folder is.
"""

import email
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from annals import warehouse
from annals.settings import PROJECT, Settings
from stack.services import free_port

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
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": f"{AIRFLOW_HOME.name}/logs",
    }
)


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's own tables."""
    from airflow.utils import db

    db.initdb()


class Inbox:
    """What an SMTP server took in; `refuses` makes it answer no."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return "554 not now"
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
    controller = Controller(held, hostname="127.0.0.1", port=free_port(0))
    controller.start()
    try:
        extra = {"disable_ssl": True, "disable_tls": True, "retry_limit": 0, "from_email": "annals@x.cn"}
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": controller.port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
        yield held
    finally:
        controller.stop()


@pytest.fixture
def sample_site() -> Iterator[str]:
    """The address of the sample publisher, served on loopback."""
    from samples.serve import server

    running = server()
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The ANNALS_HOME of an embedded warehouse that runs while these tests do."""
    with tempfile.TemporaryDirectory(prefix="annals-dags-") as folder:
        settings = Settings.from_environment({"ANNALS_HOME": folder})
        warehouse.start(settings)
        try:
            yield settings.home
        finally:
            warehouse.stop(settings)


@pytest.fixture
def house(postgres: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_site: str) -> Settings:
    """Settings over an empty warehouse and an empty archive, as the environment that tasks read."""
    settings = Settings.from_environment({"ANNALS_HOME": str(postgres)})
    with warehouse.connect(settings) as connection:
        for schema in ("stage", "core", "audit", "mart", "annals_schema"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
        warehouse.migrate(connection)
    monkeypatch.setenv("ANNALS_HOME", str(postgres))
    monkeypatch.setenv("ANNALS_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("ANNALS_SAMPLE_URL", sample_site)
    monkeypatch.delenv("ANNALS_WAREHOUSE_URL", raising=False)
    monkeypatch.delenv("ANNALS_SOURCES", raising=False)
    monkeypatch.delenv("ANNALS_ALERT_TO", raising=False)
    return Settings.from_environment()
