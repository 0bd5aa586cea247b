"""The environment, read once, when asked; never at import."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from annals.errors import ConfigurationError

PROJECT = Path(__file__).resolve().parent.parent


class Settings(Struct, frozen=True, kw_only=True):
    """Where things are. `warehouse_url` is None when the embedded database is to be used."""

    home: Path
    warehouse_url: str | None
    archive: str
    sources: Path
    alert_to: tuple[str, ...]
    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings of CONTRACT; an unset or empty variable takes its default.

        >>> Settings.from_environment({"ANNALS_ALERT_TO": "a@x.cn, b@x.cn"}).alert_to
        ('a@x.cn', 'b@x.cn')
        >>> Settings.from_environment({"ANNALS_PORT": "eighty"})
        Traceback (most recent call last):
        annals.errors.ConfigurationError: ANNALS_PORT is 'eighty'; expected a port number from 1 to 65535
        """
        given = os.environ if environment is None else environment
        home = Path(given.get("ANNALS_HOME") or PROJECT / ".annals").expanduser().absolute()
        return cls(
            home=home,
            warehouse_url=given.get("ANNALS_WAREHOUSE_URL") or None,
            archive=given.get("ANNALS_ARCHIVE") or str(home / "archive"),
            sources=Path(given.get("ANNALS_SOURCES") or PROJECT / "include" / "sources").absolute(),
            alert_to=tuple(part.strip() for part in given.get("ANNALS_ALERT_TO", "").split(",") if part.strip()),
            port=_port(given.get("ANNALS_PORT") or "8080"),
        )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"ANNALS_PORT is {text!r}; expected a port number from 1 to 65535")
    return int(text)
