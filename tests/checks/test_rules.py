"""Every rule: silent on sound notices, and not on a fault planted for it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from annals.checks.rule import Found, Named, NoticeRule, Rule, Subject, WarehouseRule, World
from annals.checks.rules import NAMING_RULES, NOTICE_RULES, WAREHOUSE_RULES
from annals.checks.words import Said, words
from annals.model import Reading
from tests.checks.faults import NAMING_FAULTS, NOTICE_FAULTS, WAREHOUSE_FAULTS, reviewed
from tests.checks.sound import REGION, figure, notice, sound, stated

RULES = (*NOTICE_RULES, *WAREHOUSE_RULES, *NAMING_RULES)


def test_every_rule_has_a_fault_planted_for_it() -> None:
    assert {rule.code for rule in NOTICE_RULES} == set(NOTICE_FAULTS)
    assert {rule.code for rule in WAREHOUSE_RULES} == set(WAREHOUSE_FAULTS)
    assert {rule.code for rule in NAMING_RULES} == set(NAMING_FAULTS)


def test_codes_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


def seen(rule: Rule, found: Found) -> str:
    return words().tell(rule.code, Said.of(found.message, found.given), "en").seen


@pytest.mark.parametrize("rule", NOTICE_RULES, ids=lambda rule: rule.code)
def test_notice_rule(rule: NoticeRule) -> None:
    for reading in sound():
        assert list(rule.check(reading)) == []
    for fault in NOTICE_FAULTS[rule.code]:
        found = list(rule.check(fault.reading))
        assert [seen(rule, one) for one in found] == [fault.seen]
        assert fault.evidence in found[0].evidence
        if fault.raw is not None:
            assert found[0].figure is not None
            assert fault.reading.figures[found[0].figure].raw == fault.raw


@pytest.mark.parametrize("rule", WAREHOUSE_RULES, ids=lambda rule: rule.code)
def test_warehouse_rule(rule: WarehouseRule) -> None:
    together = stated(*sound())
    world = World(reviewed=frozenset({("yunchuan", REGION, 2022), ("yunchuan", REGION, 2023)}))
    for subject in {one.figure.subject for one in together}:
        group = tuple(one for one in together if one.figure.subject == subject)
        assert list(rule.check(Subject(group), world)) == []
    for readings, raw in WAREHOUSE_FAULTS[rule.code]:
        group = stated(*readings)
        found = list(rule.check(Subject(group), reviewed(readings)))
        assert [group[one.figure or 0].figure.raw for one in found] == [raw]
        assert found[0].evidence


def test_named_documents() -> None:
    (rule,) = NAMING_RULES
    right = Named(notice_id="a", name="云川市全民科普行动规划", first=2021, last=2025, evidence="《…（2021—2025年）》")
    other = Named(notice_id="b", name="云川市人才发展规划", first=2021, last=2030, evidence="《…》")
    wrong = Named(notice_id="c", name="云川市全民科普行动计划", first=2021, last=2035, evidence="《…（2021—2035年）》")
    assert list(rule.check((right, other))) == []
    found = list(rule.check((right, other, right, wrong)))
    assert [(one.figure, seen(rule, one)) for one in found] == [(3, "2021–2035")]


def test_sound_variants_stay_silent() -> None:
    """What looks like a fault and is none, rule by rule."""
    by_code: dict[str, Callable[[Reading], object]] = {rule.code: rule.check for rule in NOTICE_RULES}
    silent = {
        "year_consistency": [
            notice("a", "云川市科协关于印发《2021—2025年规划》的通知\n\n2020年完成了编制。\n"),
            notice("b", "云川市科协2023年总结\n\n2022年打下基础，2023年全面完成。\n"),
            notice("c", "云川市科协2023年总结\n\n全年工作圆满。\n"),
        ],
        "issued_year": [
            notice("a", "关于印发《2024年工作要点》的通知\n\n现将《丁协会2024年工作要点》印发给你们。\n"),
            notice("b", "关于印发《2024年工作要点》的通知\n\n请对照《2023年工作总结》落实，现将要点印发给你们。\n"),
        ],
        "section_numbering": [
            notice(
                "a",
                "总结\n\n一、甲\n\n（一）丙\n\n（二）丁\n\n二、乙\n\n（一）戊\n",
                sections=["一、甲", "（一）丙", "（二）丁", "二、乙", "（一）戊"],
            ),
            notice("b", "总结\n\n一、甲\n\n二、乙。丙。\n\n三、丁\n", sections=["一、甲", "三、丁"]),
            notice("c", "总结\n\n（四）甲\n\n（六）乙\n\n2.丙\n", sections=["2.丙"]),
        ],
        "crowd": [
            notice(
                "a",
                "总结\n\n来自3个国家的2000万名观众在线上参与。\n",
                [figure("3个", 3, subject="国家"), figure("2000万名", 20_000_000, unit="名", subject="观众")],
            ),
        ],
        "region_unknown": [
            notice("a", "总结\n\n在永川区、酉阳县、主城区、园区、各区县、示范县、西部和山区开展。\n"),
            notice("b", "总结\n\n重庆市永川区协会、重庆市各区县和全市城区开展。\n"),
        ],
        "places_exceed_whole": [
            notice(
                "a",
                "总结\n\n下达经费110万元。其中，甲区62万元、乙区48万元。\n",
                [
                    figure("110万元", 1_100_000, unit="元", kind="money"),
                    figure("62万元", 620_000, unit="元", kind="money", region="甲区"),
                    figure("48万元", 480_000, unit="元", kind="money", region="乙区"),
                ],
            ),
        ],
        "shares_exceed_whole": [
            notice(
                "a",
                "总结\n\n男女会员分别占54%、46%。\n",
                [
                    figure("54%", 54, unit="%", kind="percent", measure="share"),
                    figure("46%", 46, unit="%", kind="percent", measure="share"),
                ],
            ),
        ],
        "parts_exceed_whole": [
            notice(
                "aside",
                "总结\n\n来信45件（含督办件14件），其中群众来信30件、单位来信15件。\n",
                [
                    figure("45件", 45, unit="件", subject="来信"),
                    figure("14件", 14, unit="件", subject="督办件"),
                    figure("30件", 30, unit="件", subject="群众来信"),
                    figure("15件", 15, unit="件", subject="单位来信"),
                ],
            ),
            notice(
                "told",
                "总结\n\n印发手册960份，其中简版100份，详版860份，登记表3200份。\n",
                [
                    figure("960份", 960, unit="份", subject="手册"),
                    figure("100份", 100, unit="份", subject="简版"),
                    figure("860份", 860, unit="份", subject="详版"),
                    figure("3200份", 3200, unit="份", subject="登记表"),
                ],
            ),
        ],
        "named_count": [
            notice("a", "总结\n\n甲山区、乙水县等9个区县参加。\n"),
            notice("b", "总结\n\n甲山区、乙水县、丙石县3个区县参加。\n"),
            notice("c", "总结\n\n在甲山区、乙水县举办5场活动。\n"),
            notice(
                "d",
                "总结\n\n柳湾村、桑园村、竹溪村等5个村入选，包括上海、南京在内的11个城市参加，举办讲座、展览3场。\n",
            ),
            notice("e", "总结\n\n德国、法国和意大利3个国家参加，市教育局、市科技局两部门印发。\n"),
        ],
        "misread_digits": [
            notice(
                "a", "总结\n\n建成5G基站12个、4S店3家，A4纸20包，3D展品6件，O2O平台1个，本年未完成2项，自己完成3项。\n"
            ),
        ],
        "list_count": [
            notice("a", "总结\n\n抓好三项工作：一是建馆；二是办展；三是培训。\n\n做好两项工作：党建、业务。\n"),
        ],
    }
    for code, readings in silent.items():
        for reading in readings:
            assert list(by_code[code](reading)) == [], f"{code}: {reading.text}"  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("target", "result", "missed"),
    [
        ({"qualifier": "at_least", "high": None}, {"value": 9}, True),
        ({"qualifier": "at_least", "high": None}, {"value": 10}, False),
        ({"qualifier": "over", "high": None}, {"value": 10}, True),
        ({"qualifier": "over", "high": None}, {"value": 10, "qualifier": "over", "high": None}, False),
        ({"qualifier": "at_most", "low": None}, {"value": 11}, True),
        ({"qualifier": "at_most", "low": None}, {"value": 9}, False),
        ({}, {"value": 9}, True),
        ({}, {"value": 10, "qualifier": "nearly", "low": 9, "high": 10}, True),
        ({"qualifier": "about", "low": 9, "high": 11}, {"value": 9}, False),
    ],
)
def test_a_target_is_missed_only_where_no_reading_of_both_would_have_it_met(
    target: dict[str, object], result: dict[str, object], missed: bool
) -> None:
    (rule,) = (one for one in WAREHOUSE_RULES if one.code == "plan_vs_result")
    plan = notice("p", "计划\n\n新建10个。\n", [figure("10个", 10, role="target", **bounds(target))], genre="plan")
    number = str(result.pop("value"))
    review = notice("r", f"总结\n\n新建{number}个。\n", [figure(f"{number}个", number, **bounds(result))])
    assert bool(list(rule.check(Subject(stated(plan, review)), World()))) == missed


def bounds(given: dict[str, object]) -> dict[str, object]:
    return {key: Decimal(value) if isinstance(value, int) else value for key, value in given.items()}


def test_an_earlier_report_says_nothing_of_a_later_target() -> None:
    (rule,) = (one for one in WAREHOUSE_RULES if one.code == "plan_vs_result")
    plan = notice(
        "p", "计划\n\n建10个。\n", [figure("10个", 10, role="target")], genre="plan", published_on=date(2024, 6, 1)
    )
    review = notice("r", "总结\n\n建9个。\n", [figure("9个", 9)], published_on=date(2024, 1, 1))
    assert list(rule.check(Subject(stated(plan, review)), World())) == []


@pytest.mark.parametrize("before", ["截至8月底，全市有", "上半年，全市有", "1—9月，全市有", "前三季度，全市有"])
def test_a_part_of_a_year_is_held_against_no_whole_one(before: str) -> None:
    whole = notice("a", "总结\n\n2023年末，全市有科普馆52个。\n", [figure("52个", 52)])
    part = notice("b", f"报道\n\n{before}科普馆31个。\n", [figure("31个", 31)])
    also = notice("c", "报道\n\n2023年末，全市有科普馆31个。\n", [figure("31个", 31)])
    (rule,) = (one for one in WAREHOUSE_RULES if one.code == "disagreement")
    assert list(rule.check(Subject(stated(whole, part)), World())) == []
    assert len(list(rule.check(Subject(stated(whole, also)), World()))) == 1
