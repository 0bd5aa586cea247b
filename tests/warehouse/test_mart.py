"""The marts: what they choose, compare and compute."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from annals import warehouse as house
from annals.indicators import catalogue
from annals.warehouse.connect import Connection
from annals.warehouse.indicators import enter_indicators
from tests.checks.sound import figure, notice
from tests.warehouse.test_publish import published


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    house.refresh_marts(connection)
    return connection.execute(query.encode()).fetchall()


def test_years_are_compared_and_agreeing_sources_counted(connection: Connection) -> None:
    enter_indicators(connection, catalogue())
    code = next(one.code for one in catalogue().indicators if one.kind == "count" and one.measure == "level")
    made = [
        notice("a", "总结\n\n有400个。\n", [figure("400个", 400, year=2022, indicator=code)], year=2022),
        notice("b", "总结\n\n有近450个。\n", [figure("近450个", 450, indicator=code, qualifier="nearly", low=405)]),
        notice("c", "总结\n\n有442个。\n", [figure("442个", 442, indicator=code)]),
        notice("d", "总结\n\n有390个。\n", [figure("390个", 390, indicator=code)], published_on=date(2023, 6, 1)),
    ]
    published(connection, "r1", made)
    columns = "year, value, previous_value, change, growth, sources, notice_id, quote, indicator_name"
    first, second = rows(connection, f"SELECT {columns} FROM mart.indicator_by_year ORDER BY year")
    name = catalogue().by_code[code].name
    assert first == (2022, 400, None, None, None, 1, "a", "有400个。", name)
    assert second == (2023, 442, 400, 42, Decimal("10.5000"), 2, "c", "有442个。", name)


UNEMPLOYED = {"indicator": "urban_surveyed_unemployment"}  # a target for which is a ceiling


@pytest.mark.parametrize(
    ("target", "result", "outcome"),
    [
        ({"qualifier": "at_least", "high": None}, {}, "met"),
        ({"qualifier": "at_least", "high": None}, {"value": 99, "low": 99, "high": 99}, "missed"),
        ({"qualifier": "over", "high": None}, {}, "missed"),
        ({"qualifier": "over", "high": None}, {"qualifier": "over", "high": None}, "met"),
        ({"qualifier": "at_least", "high": None}, {"qualifier": "nearly", "low": 90}, "missed"),
        ({"qualifier": "at_least", "high": None}, {"qualifier": "about", "low": 95, "high": 105}, "undecided"),
        ({"qualifier": "at_least", "high": None}, {"qualifier": "at_least", "high": None}, "met"),
        ({"qualifier": "at_most", "low": None}, {"value": 90, "low": 90, "high": 90}, "met"),
        ({"qualifier": "at_most", "low": None}, {"value": 120, "low": 120, "high": 120}, "missed"),
        ({"qualifier": "under", "low": None}, {}, "missed"),
        ({"qualifier": "at_most", "low": None}, {"qualifier": "over", "high": None}, "missed"),
        (UNEMPLOYED, {**UNEMPLOYED, "value": 90, "low": 90, "high": 90}, "met"),
        (UNEMPLOYED, {**UNEMPLOYED, "value": 120, "low": 120, "high": 120}, "missed"),
        ({}, {}, "met"),
        ({}, {"value": 99, "low": 99, "high": 99}, "missed"),
        ({}, None, "unreported"),
        ({}, {"year": 2024}, "unreported"),
        ({}, {"region": "永川区"}, "unreported"),
        ({}, {"measure": "added", "series": "科普馆|个|added"}, "unreported"),
    ],
)
def test_outcomes(target: dict[str, Any], result: dict[str, Any] | None, outcome: str, connection: Connection) -> None:
    enter_indicators(connection, catalogue())
    plan = notice(
        "plan", "要点\n\n建100个。\n", [figure("100个", 100, role="target", **numbers(target))], genre="plan",
        published_on=date(2023, 1, 9),
    )  # fmt: skip
    made = [plan]
    if result is not None:
        value = result.get("value", 100)
        made.append(
            notice("review", f"总结\n\n建{value}个。\n", [figure(f"{value}个", **{"value": value, **numbers(result)})])
        )
    published(connection, "r1", made)
    assert rows(connection, "SELECT outcome FROM mart.plan_vs_result") == [(outcome,)]
    plan_quote = rows(connection, "SELECT target_quote, target_notice_id, result_quote FROM mart.plan_vs_result")[0]
    assert plan_quote[:2] == ("建100个。", "plan")
    assert (plan_quote[2] is None) == (outcome == "unreported")


def numbers(given: dict[str, Any]) -> dict[str, Any]:
    return {k: Decimal(v) if k in ("low", "high", "value") and v is not None else v for k, v in given.items()}


def test_a_withheld_result_settles_nothing(connection: Connection) -> None:
    plan = notice(
        "plan",
        "要点\n\n建100个。\n",
        [figure("100个", 100, role="target")],
        genre="plan",
        published_on=date(2023, 1, 9),
    )
    review = notice("review", "总结\n\n建120个。\n", [figure("120个", 120)])
    one = review.figures[0]
    identity = house.figure_id("review", review.capture.sha256, one.start, one.end)
    published(connection, "r1", [plan, review], [("odd", "error", identity)])
    assert rows(connection, "SELECT outcome FROM mart.plan_vs_result") == [("unreported",)]


def test_refreshing_twice_is_harmless(connection: Connection) -> None:
    house.refresh_marts(connection)
    house.refresh_marts(connection)
