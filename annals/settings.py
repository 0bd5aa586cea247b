"""The environment, read once, when asked; never at import."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from annals.errors import ConfigurationError

PROJECT = Path(__file__).resolve().parent.parent
CHAT = "chat:"  # before the id of a connection, among those who are told


class Settings(Struct, frozen=True, kw_only=True):
    """Where things are. `warehouse_url` is None when the embedded database is to be used; `keep_days` 0 keeps all."""

    home: Path
    warehouse_url: str | None
    archive: str
    sources: Path
    alert_to: tuple[str, ...]
    alert_chat: tuple[str, ...]
    port: int
    keep_days: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings that README lists; an unset or empty variable takes its default.

        >>> Settings.from_environment({"ANNALS_ALERT_TO": "a@x.cn, b@x.cn", "ANNALS_ALERT_CHAT": "team"}).recipients
        ('a@x.cn', 'b@x.cn', 'chat:team')
        >>> Settings.from_environment({"ANNALS_PORT": "eighty"})
        Traceback (most recent call last):
        annals.errors.ConfigurationError: ANNALS_PORT is 'eighty'; expected a port number from 1 to 65535
        >>> Settings.from_environment({"ANNALS_KEEP_DAYS": "-1"})
        Traceback (most recent call last):
        annals.errors.ConfigurationError: ANNALS_KEEP_DAYS is '-1'; expected a number of days, or 0 to keep all
        """
        given = os.environ if environment is None else environment
        home = Path(given.get("ANNALS_HOME") or PROJECT / ".annals").expanduser().absolute()
        return cls(
            home=home,
            warehouse_url=given.get("ANNALS_WAREHOUSE_URL") or None,
            archive=given.get("ANNALS_ARCHIVE") or str(home / "archive"),
            sources=Path(given.get("ANNALS_SOURCES") or PROJECT / "include" / "sources").absolute(),
            alert_to=_several(given.get("ANNALS_ALERT_TO", "")),
            alert_chat=_several(given.get("ANNALS_ALERT_CHAT", "")),
            port=_port(given.get("ANNALS_PORT") or "8080"),
            keep_days=_days(given.get("ANNALS_KEEP_DAYS") or "400"),
        )

    @property
    def recipients(self) -> tuple[str, ...]:
        """All who are told of what goes wrong: mail addresses, and `chat:ID` for a connection of Airflow's."""
        return (*self.alert_to, *(f"{CHAT}{name}" for name in self.alert_chat))


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"ANNALS_PORT is {text!r}; expected a port number from 1 to 65535")
    return int(text)


def _days(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text):
        raise ConfigurationError(f"ANNALS_KEEP_DAYS is {text!r}; expected a number of days, or 0 to keep all")
    return int(text)
