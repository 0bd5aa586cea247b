"""Migrations: from nothing and from every earlier version, once, and never edited afterwards."""

import shutil
from pathlib import Path

import psycopg
import pytest

from annals import warehouse as house
from annals.errors import AnnalsError, ConfigurationError
from annals.settings import Settings
from annals.warehouse import connect, embedded, migrate
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import FOLDER

MIGRATIONS = sorted((FOLDER / "migrations").glob("*.sql"))
VIEWS = {
    "figure": "figure_id publisher notice_id notice_title notice_number published_on url genre indicator "
    "indicator_name series region region_code year role kind measure value value_high low high unit qualifier raw "
    "quote page char_start char_end status",
    "indicator_by_year": "indicator indicator_name region year role measure value low high unit qualifier "
    "previous_value change growth notice_id quote sources",
    "plan_vs_result": "indicator series region year target_value target_qualifier target_low target_high result_value "
    "result_low result_high outcome target_notice_id target_quote result_notice_id result_quote",
    "finding": "finding_id rule severity notice_id figure_id message evidence state first_seen_at last_seen_at",
    "quarantine": "figure_id notice_id rule message raw quote since",
    "notice": "notice_id publisher url title number genre published_on year sha256 versions first_seen_at last_seen_at "
    "withdrawn_at figures findings",
    "source_health": "source owner last_run_at last_success_at last_new_notice_at notices failures_in_a_row state",
}


def schema(connection: Connection) -> list[tuple[object, ...]]:
    """Every column of every relation, view definitions and indexes."""
    columns = connection.execute(
        "SELECT n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull "
        "FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('stage', 'core', 'audit', 'mart') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, 4"
    ).fetchall()
    indexes = connection.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('stage', 'core', 'audit', 'mart')"
    )
    return columns + sorted(indexes.fetchall())


def test_a_second_time_changes_nothing(empty_warehouse: Settings) -> None:
    with connect(empty_warehouse) as connection:
        assert [*migrate(connection)] == [*(file.name for file in MIGRATIONS), "mart"]
        assert migrate(connection) == ()


@pytest.mark.parametrize("earlier", range(1, len(MIGRATIONS)))
def test_upgrades_from_every_earlier_version(
    earlier: int, empty_warehouse: Settings, connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "migrations").mkdir()
    for file in MIGRATIONS[:earlier]:
        shutil.copy(file, tmp_path / "migrations")
    with connect(empty_warehouse) as old:
        migrate(old, tmp_path)
        assert migrate(old) == (*(file.name for file in MIGRATIONS[earlier:]), "mart")
        assert schema(old) == schema(connection)


def test_an_edited_migration_is_refused(connection: Connection, tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    shutil.copytree(FOLDER, folder)
    file = folder / "migrations" / MIGRATIONS[1].name
    file.write_text(file.read_text() + "-- a second thought\n")
    with pytest.raises(AnnalsError, match=rf"{file.name}: was edited"):
        migrate(connection, folder)


def test_a_migration_with_an_error_leaves_the_schema_as_it_was(connection: Connection, tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    shutil.copytree(FOLDER, folder)
    (folder / "migrations" / "9000_add_one.sql").write_text("CREATE TABLE core.one (x integer);")
    (folder / "migrations" / "9001_break_all.sql").write_text("CREATE TABEL core.two (x integer);")
    before = schema(connection)
    with pytest.raises(AnnalsError, match=r'9001_break_all\.sql: syntax error at or near "TABEL"'):
        migrate(connection, folder)
    assert schema(connection) == before


def test_a_warehouse_of_a_newer_annals_is_refused(connection: Connection, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "sql")
    (tmp_path / "sql" / "migrations" / MIGRATIONS[-1].name).unlink()
    with pytest.raises(AnnalsError, match="newer than this annals"):
        migrate(connection, tmp_path / "sql")


@pytest.mark.parametrize("name", ["add_table.sql", "01_add_table.sql", "0001_add_again.sql"])
def test_a_misnamed_migration_is_said_to_be_one(name: str, connection: Connection, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "sql")
    (tmp_path / "sql" / "migrations" / name).write_text("SELECT 1;")
    with pytest.raises(ConfigurationError, match="migrations"):
        migrate(connection, tmp_path / "sql")


def test_the_marts_hold_what_the_contract_names(connection: Connection) -> None:
    for view, columns in VIEWS.items():
        row = connection.execute(f"SELECT * FROM mart.{view}".encode())
        assert row.description is not None
        held = {column.name for column in row.description}
        assert set(columns.split()) - held == set(), view
        row.fetchall()


def test_the_analyst_reads_mart_and_nothing_else(server: Settings, empty_warehouse: Settings) -> None:
    with connect(empty_warehouse) as connection:
        migrate(connection)
        _holds_the_analyst_to_mart(server, connection)


def _holds_the_analyst_to_mart(server: Settings, connection: Connection) -> None:
    name, held = connection.info.dbname, embedded.access(server)
    address = f"postgresql://annals_analyst:{held.annals_analyst}@127.0.0.1:{held.port}/{name}"
    with psycopg.connect(address, autocommit=True) as analyst:
        for view in VIEWS:
            analyst.execute(f"SELECT * FROM mart.{view}".encode())
        relations = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname IN ('stage', 'core', 'audit', 'annals_schema')"
        ).fetchall()
        assert len(relations) > 10
        for schema_name, relation in relations:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(f'SELECT * FROM {schema_name}."{relation}"'.encode())
        for forbidden in (
            "CREATE TABLE mart.mine (x integer)",
            "CREATE TABLE public.mine (x integer)",
            "CREATE SCHEMA mine",
            "CREATE TEMP TABLE mine (x integer)",
            "DELETE FROM mart.figure",
            "UPDATE mart.notice SET title = ''",
            "REFRESH MATERIALIZED VIEW mart.plan_vs_result",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)):
                analyst.execute(forbidden.encode())


def test_the_owner_may_act_as_the_analyst(connection: Connection) -> None:
    connection.execute("SET ROLE annals_analyst")
    assert connection.execute("SELECT count(*) FROM mart.figure").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM core.figure")


def test_views_made_anew_stay_readable(connection: Connection, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "sql")
    file = tmp_path / "sql" / "mart" / "create_notice.sql"
    file.write_text(file.read_text().replace("n.attachment_of,", "n.attachment_of, 1 AS one,"))
    assert migrate(connection, tmp_path / "sql") == ("mart",)
    connection.execute("SET ROLE annals_analyst")
    connection.execute("SELECT one FROM mart.notice")


def test_commands(server: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from annals.cli import main

    monkeypatch.setenv("ANNALS_HOME", str(server.home))
    monkeypatch.delenv("ANNALS_WAREHOUSE_URL", raising=False)
    for words, said in (
        (["url"], house.url(server)),
        (["url", "--analyst"], house.analyst_url(server)),
        (["start"], "runs already"),
        (["migrate"], "up to date"),
    ):
        assert main(["warehouse", *words]) == 0
        assert capsys.readouterr().out == f"{said}\n"
