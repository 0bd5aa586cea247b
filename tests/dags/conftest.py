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
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from annals.settings import PROJECT, Settings
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
    controller = Controller(held, hostname="127.0.0.1", port=unused_port())
    controller.start()
    try:
        extra = {"disable_ssl": True, "disable_tls": True, "retry_limit": 0, "from_email": "annals@x.cn"}
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": controller.port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
        yield held
    finally:
        controller.stop()


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
def house(warehouse: Settings, site_without_scan: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An empty house, its warehouse real, its publisher served on loopback, as the environment that tasks read."""
    assert warehouse.warehouse_url is not None
    for name in ("ANNALS_ARCHIVE", "ANNALS_SOURCES", "ANNALS_ALERT_TO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANNALS_HOME", str(warehouse.home))
    monkeypatch.setenv("ANNALS_WAREHOUSE_URL", warehouse.warehouse_url)
    with serving(site_without_scan) as address:
        monkeypatch.setenv("ANNALS_SAMPLE_URL", address)
        yield Settings.from_environment()
