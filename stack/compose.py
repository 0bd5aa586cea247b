"""What docker-compose.yaml needs beside its services: secrets of its own, and everything made before they start."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import msgspec

from annals import warehouse
from annals.errors import AnnalsError, ConfigurationError
from annals.settings import Settings
from stack.environment import POOLS, USER, Secrets, write_private


def env() -> str:
    """The text of a new .env: every secret that docker-compose.yaml asks for."""
    made = Secrets.new()
    values = {
        "ANNALS_UI_PASSWORD": made.password,
        "ANNALS_FERNET_KEY": made.fernet_key,
        "ANNALS_API_SECRET_KEY": made.api_secret_key,
        "ANNALS_JWT_SECRET": made.jwt_secret,
        "ANNALS_METADATA_PASSWORD": secrets.token_urlsafe(24),
        "ANNALS_WAREHOUSE_PASSWORD": secrets.token_urlsafe(24),
        "ANNALS_REDIS_PASSWORD": secrets.token_urlsafe(24),
    }
    return "\n".join(f"{name}={value}" for name, value in values.items())


def init(settings: Settings) -> int:
    """Make Airflow's tables and pools, the warehouse's schema, and the password of the UI; repeatable."""
    password = os.environ.get("ANNALS_UI_PASSWORD")
    if not password:
        raise ConfigurationError("ANNALS_UI_PASSWORD is not set; python -m stack env prints one for .env")
    file = os.environ.get("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE")
    if not file:
        raise ConfigurationError("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE is not set; name the file")
    write_private(Path(file), msgspec.json.encode({USER: password}))
    with warehouse.connect(settings) as connection:
        warehouse.migrate(connection)
    for arguments in (("db", "migrate"), ("pools", "import", str(POOLS))):
        if subprocess.run([sys.executable, "-m", "airflow", *arguments]).returncode != 0:
            raise AnnalsError(f"airflow {' '.join(arguments)} failed; what it printed tells why")
    return 0
