"""The marts: views made by `migrate` from include/sql/mart/; the heavy ones are materialised and refreshed here."""

from annals.warehouse.connect import Connection

MATERIALISED = ("indicator_by_year", "plan_vs_result")


def refresh_marts(connection: Connection) -> None:
    """Bring the materialised views up to date; readers go on reading meanwhile. Repeatable."""
    for view in MATERIALISED:
        connection.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY mart.{view}".encode())
