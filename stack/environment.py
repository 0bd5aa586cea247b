"""The settings under which Airflow and its tasks run on one machine: on loopback, with secrets of its own."""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from annals.settings import PROJECT, Settings

USER = "annals"
POOLS = PROJECT / "include" / "pools.json"  # as `airflow pools import` takes it


class Secrets(Struct, frozen=True, kw_only=True):
    """What only this house knows; made once, kept under ANNALS_HOME, readable by its owner alone."""

    fernet_key: str
    api_secret_key: str
    jwt_secret: str
    password: str  # of the user of the UI

    @classmethod
    def of(cls, home: Path) -> "Secrets":
        """The secrets of this home, made where there are none yet."""
        path = home / "stack" / "secrets.json"
        if not path.exists():
            write_private(path, msgspec.json.encode(cls.new()))
        return msgspec.json.decode(path.read_bytes(), type=cls)

    @classmethod
    def new(cls) -> "Secrets":
        """Secrets that nobody has seen."""
        return cls(
            fernet_key=urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            api_secret_key=secrets.token_urlsafe(32),
            jwt_secret=secrets.token_urlsafe(64),
            password=secrets.token_urlsafe(12),
        )


def airflow_environment(
    settings: Settings, kept: Secrets, *, metadata_url: str, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of every Airflow process, on top of the given one.

    What the caller's environment says of Airflow goes first, so that a person can set a connection or an option,
    except for what holds the house together: its folders, its database, its addresses and its secrets.
    """
    given = dict(os.environ if given is None else given)
    address = f"http://127.0.0.1:{settings.port}"
    home = settings.home / "airflow"
    passwords = home / "passwords.json"
    write_private(passwords, msgspec.json.encode({USER: kept.password}))
    defaults = {
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__API__INSTANCE_NAME": "annals",
        # A source's YAML that was put in or changed shows within these seconds.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "20",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "20",
        # A task that was killed, or a scheduler, is noticed within half a minute instead of five.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    }
    fixed = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__FERNET_KEY": kept.fernet_key,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(settings.port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__SECRET_KEY": kept.api_secret_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": kept.jwt_secret,
        "ANNALS_HOME": str(settings.home),
        "ANNALS_ARCHIVE": settings.archive,
        "ANNALS_SOURCES": str(settings.sources),
        "ANNALS_PORT": str(settings.port),
        # A proxy meant for the outside must not stand between us and loopback.
        "NO_PROXY": ",".join(filter(None, ("127.0.0.1,localhost", given.get("NO_PROXY") or given.get("no_proxy")))),
        "PYTHONUNBUFFERED": "1",
    }
    fixed["no_proxy"] = fixed["NO_PROXY"]
    environment = defaults | given | fixed
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every process would compile its imports anew
    return environment


def pools() -> dict[str, dict[str, Any]]:
    """Airflow's pools by name: slots, description, and whether deferred tasks count."""
    return msgspec.json.decode(POOLS.read_bytes(), type=dict[str, dict[str, Any]])


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
