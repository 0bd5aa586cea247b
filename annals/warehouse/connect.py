"""Where the warehouse is, and connections to it."""

from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from annals.errors import ConfigurationError, Unreachable
from annals.settings import Settings
from annals.warehouse import embedded

Connection = psycopg.Connection[tuple[Any, ...]]

DRIVER = "postgresql+psycopg"
PATIENCE = 10  # seconds to answer


def url(settings: Settings) -> str:
    """The SQLAlchemy URL of the warehouse in use, with the psycopg driver; nothing is started or contacted.

    >>> from annals.settings import Settings
    >>> url(Settings.from_environment({"ANNALS_WAREHOUSE_URL": "postgres://ann:secret@db.example:5433/figures"}))
    'postgresql+psycopg://ann:secret@db.example:5433/figures'
    """
    if settings.warehouse_url is not None:
        return _normalised(settings.warehouse_url)
    held = embedded.access(settings)
    return f"{DRIVER}://annals:{quote(held.annals, safe='')}@127.0.0.1:{held.port}/annals"


def analyst_url(settings: Settings) -> str:
    """The same for the role annals_analyst, which reads `mart` and nothing else; of the embedded warehouse only."""
    if settings.warehouse_url is not None:
        raise ConfigurationError("annals_analyst's password is kept by whoever runs the warehouse ANNALS_WAREHOUSE_URL")
    held = embedded.access(settings)
    return f"{DRIVER}://annals_analyst:{quote(held.annals_analyst, safe='')}@127.0.0.1:{held.port}/annals"


def airflow_url(settings: Settings, driver: str = "postgresql+psycopg2") -> str:
    """The SQLAlchemy URL of the database for Airflow's metadata: always in the embedded server, see `start`."""
    held = embedded.access(settings)
    return f"{driver}://airflow:{quote(held.airflow, safe='')}@127.0.0.1:{held.port}/airflow"


def connect(settings: Settings, application: str = "annals") -> Connection:
    """A connection in autocommit, its days and times those of UTC wherever the server stands.

    Raises `Unreachable`, with host and port (never the password) and what to do.
    """
    address = url(settings)
    try:
        opened = psycopg.connect(
            address.replace(DRIVER, "postgresql", 1),
            autocommit=True,
            connect_timeout=PATIENCE,
            application_name=application,
        )
        opened.execute("SET TIME ZONE 'UTC'")
        return opened
    except psycopg.OperationalError as error:
        raise Unreachable(_unreachable(settings, address, error)) from None  # the cause's text may hold the URL


def _unreachable(settings: Settings, address: str, error: psycopg.OperationalError) -> str:
    parts = urlsplit(address)
    where = f"the warehouse {parts.path.lstrip('/')} at {parts.hostname}:{parts.port or 5432}"
    said = str(error)
    if "password authentication failed" in said or "no password supplied" in said:
        return f"{where} refuses user {parts.username}; check name and password in ANNALS_WAREHOUSE_URL"
    if "does not exist" in said:
        return f"{where} does not exist; create it (CREATE DATABASE) or correct ANNALS_WAREHOUSE_URL"
    if settings.warehouse_url is None:
        return f"{where} does not answer; start it: annals warehouse start"
    return f"{where} does not answer; start it, or correct or unset ANNALS_WAREHOUSE_URL"


def _normalised(given: str) -> str:
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise ConfigurationError("ANNALS_WAREHOUSE_URL is not a URL; expected postgresql://user@host:port/db") from None
    dialect = parts.scheme.partition("+")[0]
    if dialect not in ("postgresql", "postgres"):
        raise ConfigurationError(
            f"ANNALS_WAREHOUSE_URL begins with {parts.scheme or 'no scheme'!r}; "
            "expected postgresql://user:password@host:port/database"
        )
    if not parts.path.strip("/"):
        raise ConfigurationError(f"ANNALS_WAREHOUSE_URL names no database after {parts.hostname}:{port or 5432}/")
    return urlunsplit((DRIVER, *parts[1:]))
