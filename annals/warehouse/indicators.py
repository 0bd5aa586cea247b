"""The catalogue of indicators as the warehouse knows it: names for the marts, bounds for the audit."""

from decimal import Decimal

from annals.indicators import Catalogue
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements


def enter_indicators(connection: Connection, catalogue: Catalogue) -> None:
    """Make core.indicator what the catalogue says; codes it no longer has keep their rows, for figures of old runs."""
    rows = [
        {
            "indicator": one.code,
            "name": one.name,
            "unit": one.unit,
            "measure": one.measure,
            "low": _decimal(one.low),
            "high": _decimal(one.high),
            "target_is_ceiling": one.target == "ceiling",
        }
        for one in catalogue.indicators
    ]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(statements("audit/upsert_indicator").encode(), rows)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
