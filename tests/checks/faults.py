"""One planted fault, at least, for every rule and every message that it has."""

from datetime import date
from decimal import Decimal
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
            (reading.capture.notice.source, reading.description.region, reading.description.year)
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

_YUAN: dict[str, object] = {"unit": "元", "kind": "money"}
_SHARE: dict[str, object] = {"unit": "%", "kind": "percent", "measure": "share"}

NOTICE_FAULTS: dict[str, list[Fault]] = {
    "figure_in_text": [Fault(_shifted(), "2个", "建成气象馆12个", "12个")],
    "duplicated_passage": [
        Fault(
            notice("within", f"乙协会2023年总结\n\n{_TWICE}{_TWICE}\n"),
            "the same at 12 and at 66",
            _TWICE[:20],
        ),
        Fault(
            notice("twice", f"乙协会2023年总结\n\n{_TWICE}\n\n另有一事。\n\n{_TWICE}\n"),
            "the same at 12 and at 75",
            _TWICE[:20],
        ),
    ],
    "misread_digits": [
        Fault(notice("letters", "丙协会2023年总结\n\n2023年建成l2个基地。\n"), "l2", "l2个基地"),
        Fault(notice("thousand", "丙协会2023年总结\n\n2023年培训3干人。\n"), "3干", "3干人"),
        Fault(notice("day", "丙协会2023年总结\n\n2023年5月6曰开馆。\n"), "月6曰", "5月6曰"),
        Fault(notice("already", "丙协会2023年总结\n\n2023年，展区己建成。\n"), "己", "展区己建成"),
        Fault(notice("end", "丙协会2023年总结\n\n2023年未，全部完工。\n"), "年未", "2023年未"),
        Fault(notice("nought", "丙协会2023年总结\n\n2023年有展品2〇件，12月底完工。\n"), "2〇", "2〇件"),
    ],
    "year_consistency": [
        Fault(notice("years", "丁协会2023年工作总结\n\n2021年，协会举办讲座。2021年底完成。\n"), "2021", "2021年"),
        Fault(
            notice("framed", "丁协会2023年工作总结\n\n现将二〇二二年工作情况总结如下。\n\n丁协会\n\n2023年12月28日\n"),
            "2022",
            "二〇二二年",
        ),
        Fault(
            notice(
                "wrong-plan", "丁协会2023年工作要点\n\n为做好2024年工作，提出以下要点。\n\n2023年2月8日\n", genre="plan"
            ),
            "2024",
            "做好2024年工作",
        ),
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
        Fault(
            notice(
                "issued-bare",
                "关于下发2024年巡讲方案的通知\n\n经研究，现将我会2022年巡讲方案下发给各单位。\n",
                title="关于下发2024年巡讲方案的通知",
                year=2024,
            ),
            "2022",
            "我会2022年巡讲方案",
        ),
        Fault(
            notice(
                "issued-made",
                "关于公布2024年度评审结果的通知\n\n《2023年度评审结果》已经审定，现予公布。\n",
                title="关于公布2024年度评审结果的通知",
                year=2024,
            ),
            "2023",
            "2023年度评审结果",
        ),
    ],
    "published_when": [
        Fault(
            notice("late", "戊协会2023年工作总结\n\n2023年全部完成。\n", published_on=date(2024, 12, 9)),
            "2024-12-09",
            "戊协会2023年工作总结",
        ),
        Fault(
            notice("late-plan", "戊协会2023年工作要点\n\n2023年完成。\n", genre="plan", published_on=date(2023, 12, 9)),
            "2023-12-09",
            "戊协会2023年工作要点",
        ),
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
        Fault(
            notice(
                "read-as-done",
                "己协会2023年工作要点\n\n确保2021年新增气象台4个。\n",
                [figure("4个", 4, year=2021, subject="气象台")],
                genre="plan",
                published_on=date(2023, 1, 5),
            ),
            "2021",
            "气象台4个",
            "4个",
        ),
    ],
    "year_plausible": [
        Fault(
            notice("of-old", "己协会2023年总结\n\n1203年末共有会员90人。\n", [figure("90人", 90, unit="人")]),
            "1203",
            "1203年末",
            "90人",
        ),
        Fault(
            notice("misread-year", "己协会2023年总结\n\n共有社员90人。\n", [figure("90人", 90, unit="人", year=20231)]),
            "20231",
            "社员90人",
            "90人",
        ),
    ],
    "actual_not_ahead": [
        Fault(
            notice(
                "year-ahead",
                "己协会2023年总结\n\n截至2029年底，共有社员80人。\n",
                [figure("80人", 80, unit="人", year=2029, role="target", subject="社员")],
            ),
            "2029",
            "截至2029年底",
            "80人",
        ),
        Fault(
            notice(
                "done-ahead",
                "己协会2023年总结\n\n共有社员70人。\n",
                [figure("70人", 70, unit="人", year=2031, subject="社员")],
            ),
            "2031",
            "社员70人",
            "70人",
        ),
    ],
    "target_within_reach": [
        Fault(
            notice(
                "far",
                "己协会2023年要点\n\n到2099年，社员达到60人。\n",
                [figure("60人", 60, unit="人", year=2099, role="target", subject="社员")],
                genre="plan",
            ),
            "2099",
            "社员达到60人",
            "60人",
        ),
    ],
    "share_within_0_100": [
        Fault(
            notice(
                "above",
                "己协会2023年总结\n\n2023年线上授课覆盖率为118%。\n",
                [figure("118%", 118, unit="%", kind="percent", measure="share", subject="线上授课覆盖率")],
            ),
            "118%",
            "线上授课覆盖率",
            "118%",
        ),
    ],
    "share_within_0_1000": [
        Fault(
            notice(
                "above-mille",
                "己协会2023年总结\n\n2023年缺课学员占1180‰。\n",
                [figure("1180‰", 1180, core="1180", unit="‰", kind="percent", measure="share", subject="缺课学员")],
            ),
            "1180‰",
            "缺课学员",
            "1180‰",
        ),
    ],
    "amount_not_negative": [
        Fault(
            notice(
                "below", "己协会2023年总结\n\n2023年有藏品-50件。\n", [figure("-50件", -50, unit="件", subject="藏品")]
            ),
            "-50件",
            "有藏品",
            "-50件",
        ),
        Fault(
            notice(
                "minus", "己协会2023年总结\n\n2023年有展品负40件。\n", [figure("40件", 40, unit="件", subject="展品")]
            ),
            "40件",
            "有展品负40件",
            "40件",
        ),
    ],
    "people_whole": [
        Fault(
            notice(
                "half",
                "己协会2023年总结\n\n2023年聘用馆员12.5人。\n",
                [figure("12.5人", 12.5, unit="人", subject="馆员")],
            ),
            "12.5人",
            "聘用馆员",
            "12.5人",
        ),
    ],
    "indicator_unit": [
        Fault(
            notice(
                "foreign",
                "己市2023年公报\n\n2023年末常住人口为86.3万公顷。\n",
                [figure("86.3万公顷", 863000, unit="公顷", subject="年末常住人口")],
            ),
            "86.3万公顷",
            "年末常住人口",
            "86.3万公顷",
        ),
        Fault(
            notice(
                "foreign-known",
                "己市2023年公报\n\n2023年末常住人口为87.3万公顷。\n",
                [figure("87.3万公顷", 873000, unit="公顷", subject="人口", indicator="resident_population")],
            ),
            "87.3万公顷",
            "年末常住人口",
            "87.3万公顷",
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
            notice("villages", "辛协会2023年总结\n\n2023年，柳湾村、桑园村、竹溪村5个村入选。\n"),
            "3: 柳湾村、桑园村、竹溪村",
            "5个村入选",
        ),
        Fault(
            notice("ahead", "辛协会2023年总结\n\n2023年走访了4个国家：德国、法国、荷兰。\n"),
            "3: 德国、法国、荷兰",
            "4个国家",
        ),
        Fault(
            notice("brackets", "辛协会2023年总结\n\n2023年有5个县（甲山县、乙水县、丙石县、丁田县）完成验收。\n"),
            "4: 甲山县、乙水县、丙石县、丁田县",
            "完成验收",
        ),
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
                "start",
                "壬协会2023年总结\n\n二、乙\n\n三、丙\n\n2023年完成。\n",
                sections=("二、乙", "三、丙"),
            ),
            "二、乙",
            "二、乙",
        ),
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
        Fault(
            notice(
                "parts-summed",
                "癸协会2023年总结\n\n2023年评出作品150件，其中一等奖30件、二等奖60件、三等奖90件。\n",
                [
                    figure("150件", 150, unit="件", subject="作品"),
                    figure("30件", 30, unit="件", subject="一等奖"),
                    figure("60件", 60, unit="件", subject="二等奖"),
                    figure("90件", 90, unit="件", subject="三等奖"),
                ],
            ),
            "30件 + 60件 + 90件",
            "评出作品",
            "150件",
        ),
        Fault(
            notice(
                "money-summed",
                "癸协会2023年总结\n\n2023年安排经费260万元，其中设备购置180万元，人员培训120万元。\n",
                [
                    figure("260万元", 2_600_000, unit="元", kind="money", subject="经费"),
                    figure("180万元", 1_800_000, unit="元", kind="money", subject="设备购置"),
                    figure("120万元", 1_200_000, unit="元", kind="money", subject="人员培训"),
                ],
            ),
            "180万元 + 120万元",
            "安排经费",
            "260万元",
        ),
    ],
    "places_exceed_whole": [
        Fault(
            notice(
                "places-listed",
                "癸协会2023年总结\n\n2023年新增座椅70座（甲区31座、乙区48座）。\n",
                [
                    figure("70座", 70, unit="座", subject="座椅"),
                    figure("31座", 31, unit="座", subject="甲区", region="甲区"),
                    figure("48座", 48, unit="座", subject="甲区", region="乙区"),
                ],
            ),
            "31座 + 48座",
            "新增座椅",
            "70座",
        ),
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
                "shares-listed",
                "子协会2023年总结\n\n2023年，按来源分，拨款占59.9%，捐赠占31.5%，自筹占28.6%。\n",
                [
                    figure("59.9%", 59.9, subject="拨款", **_SHARE),
                    figure("31.5%", 31.5, subject="捐赠", **_SHARE),
                    figure("28.6%", 28.6, subject="自筹", **_SHARE),
                ],
            ),
            "59.9% + 31.5% + 28.6%",
            "按来源分",
        ),
        Fault(
            notice("structure-over", "子协会2023年总结\n\n2023年三次产业结构为4.2∶37.7∶68.1。\n"),
            "4.2 : 37.7 : 68.1",
            "三次产业结构",
        ),
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
    "parts_miss_whole": [
        Fault(
            notice(
                "division",
                "癸协会2023年总结\n\n2023年有读者900人。其中，城镇读者500人，乡村读者300人。\n",
                [
                    figure("900人", 900, unit="人", subject="读者"),
                    figure("500人", 500, unit="人", subject="城镇读者"),
                    figure("300人", 300, unit="人", subject="乡村读者"),
                ],
            ),
            "500人 + 300人",
            "乡村读者",
            "900人",
        ),
    ],
    "share_of_amounts": [
        Fault(
            notice(
                "share",
                "癸协会2023年总结\n\n2023年有讲师160名，其中女讲师40名，占35%。\n",
                [
                    figure("160名", 160, unit="名", subject="讲师"),
                    figure("40名", 40, unit="名", subject="女讲师"),
                    figure("35%", 35, unit="%", kind="percent", measure="share", subject="女讲师"),
                ],
            ),
            "35%",
            "其中女讲师40名",
            "35%",
        ),
        Fault(
            notice(
                "share-named",
                "癸协会2023年总结\n\n2023年科普经费200万元，增长2%。捐赠收入50万元，占科普经费的比重为52%。\n",
                [
                    figure("200万元", 2_000_000, unit="元", kind="money", subject="科普经费"),
                    figure("2%", 2, unit="%", kind="percent", measure="growth", subject="科普经费"),
                    figure("50万元", 500_000, unit="元", kind="money", subject="捐赠收入"),
                    figure("52%", 52, unit="%", kind="percent", measure="share", subject="捐赠收入"),
                ],
            ),
            "52%",
            "捐赠收入",
            "52%",
        ),
    ],
    "shares_miss_whole": [
        Fault(
            notice(
                "both",
                "子协会2023年总结\n\n2023年男、女会员分别占54%、36%。\n",
                [
                    figure("54%", 54, unit="%", kind="percent", measure="share", subject="男会员"),
                    figure("36%", 36, unit="%", kind="percent", measure="share", subject="女会员"),
                ],
            ),
            "54% + 36%",
            "男、女会员",
        ),
        Fault(
            notice(
                "each",
                "子协会2023年总结\n\n2023年，城镇听众占64%；农村听众占26%。\n",
                [
                    figure("64%", 64, unit="%", kind="percent", measure="share", subject="城镇听众"),
                    figure("26%", 26, unit="%", kind="percent", measure="share", subject="农村听众"),
                ],
            ),
            "64% + 26%",
            "农村听众",
        ),
        Fault(
            notice("structure", "子协会2023年总结\n\n2023年三次产业结构为4.2∶37.7∶53.1。\n"),
            "4.2 : 37.7 : 53.1",
            "三次产业结构",
        ),
    ],
    "change_and_levels": [
        Fault(
            notice(
                "changed",
                "子协会2023年总结\n\n2023年接待观众158.2万人次，比上年增加14.6万人次，上年为134.6万人次。\n",
                [
                    figure("158.2万人次", 1_582_000, unit="人次", subject="观众"),
                    figure("14.6万人次", 146_000, unit="人次", subject="观众", measure="change"),
                    figure("134.6万人次", 1_346_000, unit="人次", subject="观众", year=2022),
                ],
            ),
            "158.2万人次",
            "上年为134.6万人次",
            "158.2万人次",
        ),
    ],
    "growth_of_levels": [
        Fault(
            notice(
                "grown",
                "子协会2023年总结\n\n2023年订户达到480户，比上年增加80户，增长25%。\n",
                [
                    figure("480户", 480, unit="户", subject="订户"),
                    figure("80户", 80, unit="户", subject="订户", measure="change"),
                    figure("25%", 25, unit="%", kind="percent", subject="订户", measure="growth"),
                ],
            ),
            "25%",
            "增长25%",
            "25%",
        ),
        Fault(
            notice(
                "grown-from",
                "子协会2023年总结\n\n社团由2022年的400个发展到2023年的480个，增长15%。\n",
                [
                    figure("400个", 400, subject="社团", year=2022),
                    figure("480个", 480, subject="社团"),
                    figure("15%", 15, unit="%", kind="percent", subject="社团", measure="growth"),
                ],
            ),
            "15%",
            "发展到",
            "15%",
        ),
    ],
    "stock_of_flow": [
        Fault(
            notice(
                "more",
                "子协会2023年总结\n\n2022年末有驿站75家，2023年新命名11家，年末达到88家。\n",
                [
                    figure("75家", 75, unit="家", subject="驿站", year=2022),
                    figure("11家", 11, unit="家", subject="驿站", measure="added"),
                    figure("88家", 88, unit="家", subject="驿站"),
                ],
            ),
            "88家",
            "新命名11家",
            "88家",
        ),
        Fault(
            notice(
                "fewer",
                "子协会2023年总结\n\n2022年末有展站75家，2023年新命名11家，年末达到68家。\n",
                [
                    figure("75家", 75, unit="家", subject="展站", year=2022),
                    figure("11家", 11, unit="家", subject="展站", measure="added"),
                    figure("68家", 68, unit="家", subject="展站"),
                ],
            ),
            "68家",
            "新命名11家",
            "68家",
        ),
    ],
    "identity": [
        Fault(
            notice(
                "sum",
                "丑市2023年公报\n\n2023年进出口总额240亿元，其中出口194亿元、进口64亿元。\n",
                [
                    figure("240亿元", 24_000_000_000, indicator="goods_trade", **_YUAN),
                    figure("194亿元", 19_400_000_000, indicator="exports", **_YUAN),
                    figure("64亿元", 6_400_000_000, indicator="imports", **_YUAN),
                ],
            ),
            "240亿元",
            "进出口总额",
            "240亿元",
        ),
        Fault(
            notice(
                "quotient",
                "丑市2023年公报\n\n2023年常住人口707.9万人，城镇人口477.3万人，城镇化率76.42%。\n",
                [
                    figure("707.9万人", 7_079_000, unit="人", subject="常住人口", indicator="resident_population"),
                    figure("477.3万人", 4_773_000, unit="人", subject="城镇人口", indicator="urban_population"),
                    figure("76.42%", "76.42", subject="城镇化率", indicator="urbanisation_rate", **_SHARE),
                ],
            ),
            "76.42%",
            "城镇化率",
            "76.42%",
        ),
        Fault(
            notice(
                "part",
                "丑市2023年公报\n\n2023年粮食产量241.5万吨。夏粮产量1146万吨。\n",
                [
                    figure("241.5万吨", 2_415_000, unit="吨", subject="粮食产量", indicator="grain_output"),
                    figure("1146万吨", 11_460_000, unit="吨", subject="夏粮产量", indicator="summer_grain_output"),
                ],
            ),
            "1146万吨",
            "夏粮产量",
            "1146万吨",
        ),
        Fault(
            notice(
                "balance",
                "丑市2023年公报\n\n2023年有学会75家。上年末62家。比上年末净增11家。\n",
                [
                    figure("75家", 75, unit="家", subject="学会", indicator="societies"),
                    figure("62家", 62, unit="家", subject="学会", indicator="societies", year=2022),
                    figure("11家", 11, unit="家", subject="学会", indicator="societies", measure="change"),
                ],
            ),
            "75家",
            "学会75家",
            "75家",
        ),
    ],
    "target_admitted": [
        Fault(
            notice(
                "admits",
                "丑协会2023年总结\n\n2023年志愿者活跃率为57%，未能达到六成的目标。\n",
                [figure("57%", 57, unit="%", kind="percent", measure="share", subject="志愿者活跃率")],
            ),
            "57%",
            "志愿者活跃率",
            "57%",
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
        Fault(
            notice(
                "crowd-of-villages",
                "丑协会2023年总结\n\n2023年5个村的80万名农户到现场参训。\n",
                [
                    figure("5个", 5, subject="村", series=None),
                    figure("80万名", 800_000, unit="名", subject="农户"),
                ],
            ),
            "80万名",
            "5个村",
            "80万名",
        ),
    ],
    "region_unknown": [
        Fault(notice("misspelt", "寅协会2023年总结\n\n2023年新增西阳县、云阳县为试点。\n"), "西阳县", "新增西阳县"),
        Fault(
            notice("nowhere", "寅协会2023年总结\n\n2023年新增西阳县为试点。\n", region=None),
            "西阳县",
            "新增西阳县",
        ),
        Fault(
            notice("listed", "寅协会2023年总结\n\n2023年赴陕西省榆林市、廷安市学习。\n", region="云南省"),
            "廷安市",
            "榆林市、廷安市",
        ),
        Fault(
            notice("below-city", "寅协会2023年总结\n\n2023年重庆市沙坪霸区协会来访。\n"), "沙坪霸区", "重庆市沙坪霸区"
        ),
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
_UNEMPLOYED: dict[str, object] = {**_SHARE, "indicator": "urban_surveyed_unemployment"}
_VAGUE: dict[str, object] = {"unit": "人次", "subject": "公众", "series": None}

_POINTS = next(one for one in catalogue().indicators if one.jump_points is not None and one.kind == "percent")
_PERCENT = next(one for one in catalogue().indicators if one.jump_percent is not None and one.kind == "count")
_OF_POINTS = {"indicator": _POINTS.code, "kind": "percent", "unit": "%", "measure": _POINTS.measure}
_OF_PERCENT = {"indicator": _PERCENT.code, "unit": _PERCENT.unit, "measure": _PERCENT.measure}

# The readings, and the raw of the figure that is found.
WAREHOUSE_FAULTS: dict[str, list[tuple[tuple[Reading, ...], str]]] = {
    "plan_vs_result": [
        ((_plan("aim", "星空营", "100个", "100"), *_pair("missed", "星空营", (2023, "93个", "93", {}))), "93个"),
        (
            (
                _plan(
                    "tenths",
                    "活跃率",
                    "六成以上",
                    "6",
                    core="六成",
                    unit="成",
                    kind="percent",
                    measure="share",
                    high=None,
                ),
                *_pair("tenths-missed", "活跃率", (2023, "57%", "57", _SHARE)),
            ),
            "57%",
        ),
        (
            (
                _plan("ceiling", "失业率", "5.5%左右", "5.5", low=Decimal("5.2"), high=Decimal("5.8"), **_UNEMPLOYED),
                *_pair("over-ceiling", "失业率", (2023, "6.1%", "6.1", _UNEMPLOYED)),
            ),
            "6.1%",
        ),
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
    "restated": [
        (
            (
                notice(
                    "first-told",
                    "卯协会2022年总结\n\n2022年惠及公众134.6万人次。\n",
                    [figure("134.6万人次", 1_346_000, year=2022, **_VAGUE)],
                    year=2022,
                ),
                notice(
                    "told-again",
                    "卯协会2023年总结\n\n2023年惠及公众158.2万人次，上年为143.6万人次。\n",
                    [figure("158.2万人次", 1_582_000, **_VAGUE), figure("143.6万人次", 1_436_000, year=2022, **_VAGUE)],
                ),
            ),
            "143.6万人次",
        ),
        (
            (
                notice(
                    "first-said",
                    "卯协会2022年总结\n\n2022年受益公众86.5万人次。\n",
                    [figure("86.5万人次", 865_000, year=2022, **_VAGUE)],
                    year=2022,
                ),
                notice(
                    "said-again",
                    "卯协会2023年总结\n\n2023年受益公众112.3万人次，上年为98万人次。\n",
                    [figure("112.3万人次", 1_123_000, **_VAGUE), figure("98万人次", 980_000, year=2022, **_VAGUE)],
                ),
            ),
            "98万人次",
        ),
    ],
    "beside_peers": [
        (
            tuple(
                notice(
                    f"peer-{place}",
                    f"卯协会2023年总结\n\n2023年{place}漫画墙{raw}。\n",
                    [figure(raw, value, subject="漫画墙", region=place)],
                )
                for place, raw, value in (
                    ("永川区", "31面", 31),
                    ("江津区", "17面", 17),
                    ("酉阳县", "45万面", 450_000),
                    ("合川区", "28面", 28),
                )
            ),
            "45万面",
        ),
        (
            tuple(
                notice(
                    f"low-{place}",
                    f"卯协会2023年总结\n\n2023年{place}宣传册{raw}。\n",
                    [figure(raw, value, subject="宣传册", region=place)],
                )
                for place, raw, value in (
                    ("永川区", "31万册", 310_000),
                    ("江津区", "17万册", 170_000),
                    ("酉阳县", "45册", 45),
                    ("合川区", "28万册", 280_000),
                )
            ),
            "45册",
        ),
    ],
    "disagreement": [(_pair("differ", "画廊", (2023, "47个", "47", {}), (2023, "63个", "63", {})), "63个")],
}

NAMING_FAULTS: dict[str, tuple[Reading, ...]] = {
    "document_years": (
        notice("span-1", "辰协会2023年总结\n\n2023年落实《云川市全民科普行动规划（2021—2025年）》。\n"),
        notice("span-2", "巳协会2023年总结\n\n2023年宣传《云川市全民科普行动规划（2021—2025年）》。\n"),
        notice("span-3", "午协会2023年总结\n\n2023年编制《云川市全民科普行动计划（2021-2035年）》。\n"),
    ),
}
