"""What tests of several rooms share: one embedded PostgreSQL for the whole session, a fresh database for each test."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from annals.settings import Settings
from annals.warehouse import connect, embedded, migrate, start, stop
from annals.warehouse.connect import Connection


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a home whose embedded PostgreSQL runs; its database `annals` is migrated and stays empty."""
    settings = Settings.from_environment({"ANNALS_HOME": str(tmp_path_factory.mktemp("postgres"))})
    start(settings)
    try:
        with connect(settings) as connection:
            migrate(connection)
        yield settings
    finally:
        stop(settings)


@pytest.fixture
def warehouse(server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a home of their own and a migrated, empty warehouse of their own, as ANNALS_WAREHOUSE_URL."""
    yield from _database(server, tmp_path, template="annals")


@pytest.fixture
def empty_warehouse(server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The same, not yet migrated."""
    yield from _database(server, tmp_path, template="template0")


@pytest.fixture
def connection(warehouse: Settings) -> Iterator[Connection]:
    """A connection to the test's warehouse, as the role that owns it."""
    with connect(warehouse, "test") as opened:
        yield opened


def _database(server: Settings, home: Path, *, template: str) -> Iterator[Settings]:
    held = embedded.access(server)
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(
        f"postgresql://postgres:{held.postgres}@127.0.0.1:{held.port}/postgres", autocommit=True
    ) as postgres:
        postgres.execute(f"CREATE DATABASE {name} OWNER annals TEMPLATE {template}".encode())
        try:
            address = f"postgresql://annals:{held.annals}@127.0.0.1:{held.port}/{name}"
            yield msgspec.structs.replace(Settings.from_environment({"ANNALS_HOME": str(home)}), warehouse_url=address)
        finally:
            postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
