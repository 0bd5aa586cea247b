"""Airflow's own API server with our plugin, as a process on loopback; its users, and a warehouse for it to show."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
import pytest

from annals.settings import PROJECT, Settings
from annals.warehouse import embedded
from annals.warehouse.connect import Connection

PASSWORDS = {"wang": secrets.token_hex(8), "visitor": secrets.token_hex(8)}
USERS = "wang:user,visitor:viewer"
PATIENCE_S = 120


class Airflow(NamedTuple):
    """Where the API server is, and the ANNALS_HOME that it was given."""

    address: str
    home: Path


@pytest.fixture(scope="module")
def warehouse_url(server: Settings) -> Iterator[str]:
    """An empty, migrated warehouse of the module's own."""
    held, name = embedded.access(server), f"test_{secrets.token_hex(6)}"
    administrator = f"postgresql://postgres:{held.postgres}@127.0.0.1:{held.port}/postgres"
    with psycopg.connect(administrator, autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name} OWNER annals TEMPLATE annals".encode())
        try:
            yield f"postgresql://annals:{held.annals}@127.0.0.1:{held.port}/{name}"
        finally:
            postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[Connection]:
    """A connection to the module's warehouse, emptied after each test."""
    with psycopg.connect(warehouse_url, autocommit=True) as opened:
        yield opened
        opened.execute("TRUNCATE core.source, audit.audit, audit.result, audit.finding, core.publication CASCADE")


@pytest.fixture(scope="module")
def airflow(warehouse_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """A running API server; the process is ours and ends with the module."""
    home = tmp_path_factory.mktemp("airflow")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (home / "passwords.json").write_text(json.dumps(PASSWORDS))
    given = {name: value for name, value in os.environ.items() if not re.match("AIRFLOW|ANNALS", name)}
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    environment = {
        **given,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": USERS,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "ANNALS_HOME": str(home / "annals"),
        "ANNALS_WAREHOUSE_URL": warehouse_url,
        "ANNALS_ALERT_TO": "duty@x.cn",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    command = [sys.executable, "-m", "airflow"]
    subprocess.run([*command, "db", "migrate"], env=environment, check=True, capture_output=True, timeout=PATIENCE_S)
    address, log = f"http://127.0.0.1:{port}", home / "api-server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "api-server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, address, log)
        yield Airflow(address, home / "annals")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/api/v2/monitor/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the API server does not answer: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def browser(airflow: Airflow) -> Iterator[Callable[..., httpx.Client]]:
    """Makes clients that behave as a browser does: with the cookie of a user who is logged in, or of nobody."""
    opened: list[httpx.Client] = []

    def open_browser(user: str | None, language: str = "en") -> httpx.Client:
        headers = {"Accept": "text/html", "Accept-Language": language}
        client = httpx.Client(base_url=airflow.address, headers=headers, timeout=30, trust_env=False)
        opened.append(client)
        if user is not None:
            answer = client.post("/auth/token", json={"username": user, "password": PASSWORDS[user]})
            client.cookies.set("_token", answer.json()["access_token"])
        return client

    yield open_browser
    for client in opened:
        client.close()
