"""Bring the warehouse's schema to what this version of annals expects, from any earlier one.

`include/sql/migrations/NNNN_verb_what.sql` run once each, in order, all in one transaction, and are never edited
afterwards: their checksums are kept. The views of `include/sql/mart/` hold no data of their own, so all of them
are made anew whenever one of them changed.
"""

import hashlib
import re
from pathlib import Path

import psycopg

from annals.errors import AnnalsError, ConfigurationError
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import FOLDER

LOCK = 0x616E6E61  # "anna": one migration, one publication at a time
_NAME = re.compile(r"^(\d{4})_[a-z]+_[a-z0-9_]+\.sql$")


def migrate(connection: Connection, folder: Path = FOLDER) -> tuple[str, ...]:
    """Apply what is missing; the names applied, () where the schema is up to date already."""
    migrations = _files(folder / "migrations")
    views = sorted((folder / "mart").glob("*.sql"))
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        try:
            applied = _applied(connection)
            names = [*_apply(connection, migrations, applied)]
            names += _make_views(connection, views, applied, forced=bool(names))
        except psycopg.errors.InsufficientPrivilege as error:
            raise ConfigurationError(
                f"the warehouse's user may not make schemas and roles ({_first_line(error)}); "
                "make it the owner of the database and grant it CREATEROLE, or create role annals_analyst beforehand"
            ) from error
    return tuple(names)


def _files(folder: Path) -> list[Path]:
    """The migrations in the order of their numbers; numbers may be passed over, never shared."""
    files: dict[str, Path] = {}
    for file in sorted(folder.glob("*.sql")):
        match = _NAME.match(file.name)
        if not match:
            raise ConfigurationError(f"{file}: expected a name such as 0042_add_something.sql")
        if match[1] in files:
            raise ConfigurationError(f"{file}: number {match[1]} is {files[match[1]].name}'s; take the next free one")
        files[match[1]] = file
    return list(files.values())


def _applied(connection: Connection) -> dict[str, str]:
    connection.execute("CREATE SCHEMA IF NOT EXISTS annals_schema")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS annals_schema.migration "
        "(name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    return dict(connection.execute("SELECT name, checksum FROM annals_schema.migration").fetchall())


def _apply(connection: Connection, files: list[Path], applied: dict[str, str]) -> list[str]:
    known = {file.name for file in files}
    if newer := sorted(name for name in applied if name not in known and not name.startswith("mart")):
        raise AnnalsError(f"the warehouse is newer than this annals (it has {newer[-1]}); upgrade annals")
    names = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.name not in applied:
            _execute(connection, file, text)
            _record(connection, file.name, _checksum(text))
            names.append(file.name)
        elif applied[file.name] != _checksum(text):
            raise AnnalsError(f"{file}: was edited after it had been applied; restore it and add a new migration")
    return names


def _make_views(connection: Connection, files: list[Path], applied: dict[str, str], *, forced: bool) -> list[str]:
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    checksum = _checksum("\n".join(texts.values()))
    if not forced and applied.get("mart") == checksum:
        return []
    found = connection.execute(
        "SELECT c.relname, c.relkind FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'mart' AND c.relkind IN ('v', 'm')"
    ).fetchall()
    for name, kind in found:
        connection.execute(f'DROP {"MATERIALIZED " if kind == "m" else ""}VIEW IF EXISTS mart."{name}" CASCADE')
    for file, text in texts.items():
        _execute(connection, file, text)
    connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA mart TO annals_analyst")
    _record(connection, "mart", checksum)
    return ["mart"]


def _execute(connection: Connection, file: Path, text: str) -> None:
    try:
        connection.execute(text.encode())
    except psycopg.errors.InsufficientPrivilege:
        raise
    except psycopg.Error as error:
        raise AnnalsError(f"{file}: {_first_line(error)}") from error


def _record(connection: Connection, name: str, checksum: str) -> None:
    connection.execute(
        "INSERT INTO annals_schema.migration (name, checksum) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = now()",
        (name, checksum),
    )


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _first_line(error: psycopg.Error) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
