"""One planted fault, at least, for every rule and every message that it has."""

from datetime import date
from typing import NamedTuple

from annals.checks.rule import World
from annals.indicators import catalogue
from annals.model import Reading
from tests.checks.sound import figure, notice


class Fault(NamedTuple):
    """A notice with a fault; `seen` is what the rule sees, in a sentence with `evidence`, of the figure `raw`."""

    reading: Reading
    seen: str
    evidence: str
    raw: str | None = None


def reviewed(readings: tuple[Reading, ...]) -> World:
    return World(
        reviewed=frozenset(
            (reading.capture.notice.source, reading.description.year)
            for reading in readings
            if reading.description.genre == "review" and reading.description.year is not None
        )
    )


def _shifted() -> Reading:
    reading = notice("shifted", "甲协会2023年总结\n\n2023年建成气象馆12个。\n", [figure("12个", 12, subject="气象馆")])
    one = reading.figures[0]
    return notice_with(reading, start=one.start + 1, end=one.end + 1)


def notice_with(reading: Reading, **changes: int) -> Reading:
    from msgspec.structs import replace

    return replace(reading, figures=(replace(reading.figures[0], **changes),))


_TWICE = "2023年协会走进校园和社区开展科学普及活动，邀请专家讲授防灾减灾和健康生活的知识，受到居民和师生普遍欢迎。"

NOTICE_FAULTS: dict[str, list[Fault]] = {
    "figure_in_text": [Fault(_shifted(), "2个", "建成气象馆12个", "12个")],
    "duplicated_passage": [
        Fault(
            notice("twice", f"乙协会2023年总结\n\n{_TWICE}\n\n另有一事。\n\n{_TWICE}\n"),
            "the same at 12 and at 75",
            _TWICE[:20],
        ),
    ],
    "misread_digits": [Fault(notice("letters", "丙协会2023年总结\n\n2023年建成l2个基地。\n"), "l2", "l2个基地")],
    "year_consistency": [
        Fault(notice("years", "丁协会2023年工作总结\n\n2021年，协会举办讲座。2021年底完成。\n"), "2021", "2021年"),
    ],
    "issued_year": [
        Fault(
            notice(
                "issued",
                "关于印发《2024年工作要点》的通知\n\n现将《丁协会2023年工作要点》印发给你们。\n",
                title="关于印发《2024年工作要点》的通知",
                year=2024,
            ),
            "2023",
            "现将《丁协会2023年工作要点》",
        ),
    ],
    "published_when": [
        Fault(
            notice("dated", "戊协会2023年工作总结\n\n2023年完成。\n", published_on=date(2021, 5, 1)),
            "2021-05-01",
            "戊协会2023年工作总结",
        ),
    ],
    "target_before_plan": [
        Fault(
            notice(
                "before",
                "己协会2023年工作要点\n\n2023年启动，2022年要建成天文台3个。\n",
                [figure("3个", 3, year=2022, role="target", subject="天文台")],
                genre="plan",
                published_on=date(2023, 1, 5),
            ),
            "2022",
            "天文台3个",
            "3个",
        ),
    ],
    "list_count": [
        Fault(
            notice(
                "short-list",
                "庚协会2023年总结\n\n2023年十件大事\n\n1.甲\n\n2.乙\n",
                items=[("2023年十件大事", 1, "1.甲"), ("2023年十件大事", 2, "2.乙")],
            ),
            "2: 1.甲; 2.乙",
            "十件大事",
        ),
    ],
    "named_count": [
        Fault(
            notice("named", "辛协会2023年总结\n\n2023年在甲山区、乙水县、丙石县、丁田县3个区县巡展。\n"),
            "4: 甲山区、乙水县、丙石县、丁田县",
            "3个区县巡展",
        ),
        Fault(
            notice("named-more", "辛协会2023年总结\n\n2023年在甲山区、乙水县、丙石县、丁田县等3县巡展。\n"),
            "4: 甲山区、乙水县、丙石县、丁田县",
            "等3县巡展",
        ),
    ],
    "section_numbering": [
        Fault(
            notice(
                "gap",
                "壬协会2023年总结\n\n一、甲\n\n二、乙\n\n五、丙\n\n2023年完成。\n",
                sections=("一、甲", "二、乙", "五、丙"),
            ),
            "五、丙",
            "五、丙",
        ),
    ],
    "parts_exceed_whole": [
        Fault(
            notice(
                "parts",
                "癸协会2023年总结\n\n2023年有会员50名，其中女会员80名。\n",
                [figure("50名", 50, unit="名", subject="会员"), figure("80名", 80, unit="名", subject="女会员")],
            ),
            "80名",
            "其中女会员",
            "80名",
        ),
    ],
    "places_exceed_whole": [
        Fault(
            notice(
                "places",
                "癸协会2023年总结\n\n2023年下达经费100万元，支持项目9个。其中，甲区62万元、乙区48万元。\n",
                [
                    figure("100万元", 1_000_000, unit="元", kind="money", subject="经费"),
                    figure("62万元", 620_000, unit="元", kind="money", subject="经费", region="甲区"),
                    figure("48万元", 480_000, unit="元", kind="money", subject="经费", region="乙区"),
                ],
            ),
            "62万元 + 48万元",
            "其中，甲区",
            "100万元",
        ),
    ],
    "shares_exceed_whole": [
        Fault(
            notice(
                "shares",
                "子协会2023年总结\n\n2023年城乡听众分别占听众的64%、58%。\n",
                [
                    figure("64%", 64, unit="%", kind="percent", measure="share", subject="城市听众"),
                    figure("58%", 58, unit="%", kind="percent", measure="share", subject="乡村听众"),
                ],
            ),
            "64% + 58%",
            "分别占",
        ),
    ],
    "crowd": [
        Fault(
            notice(
                "crowd",
                "丑协会2023年总结\n\n2023年创客营吸引12个国家的900万名师生参与。\n",
                [
                    figure("12个", 12, subject="国家", series=None),
                    figure("900万名", 9_000_000, unit="名", subject="师生"),
                ],
            ),
            "900万名",
            "创客营",
            "900万名",
        ),
    ],
    "region_unknown": [
        Fault(notice("misspelt", "寅协会2023年总结\n\n2023年新增西阳县、云阳县为试点。\n"), "西阳县", "新增西阳县"),
        Fault(
            notice("nowhere", "寅协会2023年总结\n\n2023年新增西阳县、云阳县为试点。\n", region=None),
            "西阳县",
            "新增西阳县",
        ),
        Fault(notice("below", "寅协会2023年总结\n\n2023年重庆市沙坪霸区协会来访。\n"), "沙坪霸区", "重庆市沙坪霸区"),
    ],
}


def _pair(key: str, subject: str, *figures: tuple[int, str, str, dict[str, object]]) -> tuple[Reading, ...]:
    """A review for each figure: (year, raw, value, other fields), of one subject."""
    return tuple(
        notice(
            f"{key}-{number}",
            f"卯协会{year}年总结\n\n{year}年{subject}{raw}。\n",
            [figure(raw, value, year=year, subject=subject, **other)],
            year=year,
        )
        for number, (year, raw, value, other) in enumerate(figures)
    )


def _plan(key: str, subject: str, raw: str, value: str, **other: object) -> Reading:
    return notice(
        key,
        f"卯协会2023年要点\n\n2023年{subject}{raw}。\n",
        [figure(raw, value, subject=subject, role="target", **other)],
        genre="plan",
        published_on=date(2023, 1, 9),
    )


_GROWTH: dict[str, object] = {"kind": "percent", "unit": "%", "measure": "growth"}
_ADDED: dict[str, object] = {"measure": "added"}

_POINTS = next(one for one in catalogue().indicators if one.jump_points is not None and one.kind == "percent")
_PERCENT = next(one for one in catalogue().indicators if one.jump_percent is not None and one.kind == "count")
_OF_POINTS = {"indicator": _POINTS.code, "kind": "percent", "unit": "%", "measure": _POINTS.measure}
_OF_PERCENT = {"indicator": _PERCENT.code, "unit": _PERCENT.unit, "measure": _PERCENT.measure}

# The readings, and the raw of the figure that is found.
WAREHOUSE_FAULTS: dict[str, list[tuple[tuple[Reading, ...], str]]] = {
    "plan_vs_result": [
        ((_plan("aim", "星空营", "100个", "100"), *_pair("missed", "星空营", (2023, "93个", "93", {}))), "93个"),
    ],
    "target_dropped": [
        (
            (
                _plan("silent", "流动站", "20个", "20"),
                *_pair("other", "流动站", (2023, "5%", "5", _GROWTH)),
            ),
            "20个",
        ),
        (
            (
                _plan("else", "巡展站", "20个", "20"),
                *_pair("added", "巡展站", (2023, "25个", "25", _ADDED)),
            ),
            "20个",
        ),
    ],
    "stock_and_flow": [
        (
            _pair(
                "stock",
                "观测站",
                (2022, "27个", "27", {}),
                (2023, "1个", "1", _ADDED),
                (2023, "35个", "35", {}),
            ),
            "35个",
        ),
    ],
    "growth_and_levels": [
        (
            _pair(
                "growth",
                "志愿队",
                (2022, "200个", "200", {}),
                (2023, "220个", "220", {}),
                (2023, "35%", "35", _GROWTH),
            ),
            "35%",
        ),
    ],
    "jump": [
        (_pair("jump", "读书角", (2022, "31个", "31", {}), (2023, "31万个", "310000", {})), "31万个"),
        (_pair("points", "覆盖率", (2022, "1%", "1", _OF_POINTS), (2023, "99%", "99", _OF_POINTS)), "99%"),
        (_pair("percent", "存书", (2022, "1个", "1", _OF_PERCENT), (2023, "499个", "499", _OF_PERCENT)), "499个"),
    ],
    "unchanged": [(_pair("same", "图册", (2022, "18347个", "18347", {}), (2023, "18347个", "18347", {})), "18347个")],
    "unit_changed": [(_pair("unit", "培训", (2022, "12个", "12", {}), (2023, "16场", "16", {"unit": "场"})), "16场")],
    "disagreement": [(_pair("differ", "画廊", (2023, "47个", "47", {}), (2023, "63个", "63", {})), "63个")],
}

NAMING_FAULTS: dict[str, tuple[Reading, ...]] = {
    "document_years": (
        notice("span-1", "辰协会2023年总结\n\n2023年落实《云川市全民科普行动规划（2021—2025年）》。\n"),
        notice("span-2", "巳协会2023年总结\n\n2023年宣传《云川市全民科普行动规划（2021—2025年）》。\n"),
        notice("span-3", "午协会2023年总结\n\n2023年编制《云川市全民科普行动计划（2021-2035年）》。\n"),
    ),
}
