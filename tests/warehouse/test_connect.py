"""Connections to the warehouse."""

from datetime import UTC

from annals.settings import Settings
from annals.warehouse import connect


def test_days_and_times_are_those_of_utc_wherever_the_server_stands(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        name = connection.info.dbname
        ahead = f"ALTER DATABASE {name} SET timezone = 'Pacific/Kiritimati'"  # by fourteen hours
        connection.execute(ahead.encode())
    with connect(warehouse) as connection:
        row = connection.execute(
            "SELECT current_date = (now() AT TIME ZONE 'UTC')::date, timestamptz '2026-03-01 20:00+00'"
        ).fetchone()
    assert row is not None and row[0]
    assert row[1].strftime("%Y-%m-%d %H:%M") == "2026-03-01 20:00" and row[1].utcoffset() == UTC.utcoffset(None)
