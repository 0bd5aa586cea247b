"""What a year, a place, a crowd or a figure can be: sentences read by the real reader, sound and not."""

from collections.abc import Iterable
from datetime import date

import pytest

from annals.checks.rules import NOTICE_RULES
from annals.checks.rules.years import title_and_body
from annals.model import Reading
from tests.checks.reading import of_text
from tests.checks.sound import notice

CODES = {
    *("share_within_0_100", "share_within_0_1000", "amount_not_negative", "people_whole", "indicator_unit"),
    *("year_plausible", "actual_not_ahead", "target_within_reach", "target_before_plan", "region_unknown", "crowd"),
}
REVIEW = (
    "枫映川市公共服务协会2023年工作总结\n\n2023年，各项工作有序推进。\n\n{}\n\n枫映川市公共服务协会\n\n2024年1月12日\n"
)
PLAN = "枫映川市公共服务协会2023年工作要点\n\n2023年工作坚持稳中求进。\n\n{}\n\n枫映川市公共服务协会\n\n2023年2月12日\n"


def said(reading: Reading, codes: Iterable[str] = CODES) -> set[str]:
    return {rule.code for rule in NOTICE_RULES if rule.code in codes for _ in rule.check(reading)}


@pytest.mark.parametrize(
    "sentence",
    [
        "初中阶段毛入学率为108.3%，巩固率为99.2%。",
        "经费支出完成调整预算的104.5%，占年度计划的105%。",
        "高峰时段满载率达到118%，参观者是去年同期的135%。",
        "工业企业资产负债率为101.3%，流动比率为185%。",
        "银行存贷比为112.4%，拨备覆盖率达到210.5%。",
        "人口净流入-2.1万人，自然增长率-0.6‰。",
        "收支相抵，年终结余-120万元。",
        "1月平均气温-3.2℃，冷库保持在-18℃以下。",
        "海平面以下-15米处发现沉船1艘。",
        "市场以年均280%的速度递增，订数完成100.6%。",
        "减负3200人次，担负12个项目。",
        "每百户拥有汽车46.5辆，人均借阅3.8次。",
        "平均每个窗口每天受理业务42.7件，户均2.6人。",
        "万人发明专利拥有量12.6件。",
        "机动车保有量86万辆，其中汽车65万辆。",
        "粮食产量106.6万吨，播种面积23万公顷。",
        "机场旅客吞吐量120.7万人。",
        "到2035年，建成书屋40个。",
        "2025年，将举办大会3场。",
        "2026年全运会场馆已开工2座。",
        "合同期至2028年，首期支付160万元。",
        "书院始建于1876年，现存碑刻36方。",
        "1898年，学堂有学生36人。",
        "附件有效期至2099年12月31日，共2份。",
        "土地出让年限至2093年，面积12亩。",
        "来自18个区县的1.2万名选手参加了比赛。",
        "3个县的86万名居民参加了医疗保险。",
        "全市38个区县230万名群众参加了宣传月。",
        "坚持“三个区分开来”，在主城区、深水区和各区县推进改革。",
        "重庆市丘陵区、浙江省沿海区和云南省边境县设点。",
        "日本水户市和德国波恩市的友人来信祝贺。",
        "赴浙江省杭州市钱塘区、贵州省毕节市学习。",
    ],
)
def test_sound_sentences_stay_silent(sentence: str) -> None:
    assert said(of_text("sound", REVIEW.format(sentence))) == set()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("share_within_0_100", "行政村书屋覆盖率为118%。"),
        ("share_within_0_100", "学员中，女性占130.5%。"),
        ("share_within_0_100", "设备配备率由上年的96%提高到160%。"),
        ("share_within_0_1000", "缺考学员占3600‰。"),
        ("amount_not_negative", "年末共有公共自行车-320辆。"),
        ("amount_not_negative", "接待观众负3.2万人次。"),
        ("amount_not_negative", "其中女性占−48%。"),
        ("people_whole", "服务队有64.2名队员，平均年龄31.5岁。"),
        ("indicator_unit", "粮食产量达到36.2亿元。"),
        ("indicator_unit", "年末机动车保有量46.2万人。"),
        ("year_plausible", "截至2230年末，共有会员1260人。"),
        ("year_plausible", "1023年全年举办讲座126场。"),
        ("actual_not_ahead", "2032年，接待观众26万人次，同比增长12%。"),
        ("actual_not_ahead", "截至2031年末，共有志愿者1200名。"),
        ("crowd", "12个乡镇的360万名村民到现场参加庙会。"),
        ("crowd", "6支代表队的1200万名选手参赛。"),
        ("region_unknown", "江苏省南京市、苏洲市和无锡市的专家授课。"),
        ("region_unknown", "贵州省遵义市、六盘永市的代表参加。"),
        ("region_unknown", "走访重庆市涪陵区、长受区、綦江区。"),
        ("region_unknown", "重庆市涪陵区、酉阳区派员参加。"),
        ("region_unknown", "云南省怒江傈粟族自治州的图书全部到位。"),
    ],
)
def test_sentences_with_a_fault_are_found(code: str, sentence: str) -> None:
    assert code in said(of_text("fault", REVIEW.format(sentence)))


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("2021年，力争新增会员120名。", True),
        ("务必在2020年底前建成场馆3座。", True),
        ("到2022年底，书屋覆盖率要达到85%。", True),
        ("2022年建成书屋12个，超额完成年初确定的10个目标。", False),
        ("2022年计划培训800名，实际培训826名。", False),
        ("力争经费恢复到2019年水平，达到320万元。", False),
        ("确保2022年立项的3个项目完工。", False),
        ("主要目标是：经费稳定在2021年的水平，新增会员120名。", False),
        ("在2022年培训800名的基础上，再培训900名以上。", False),
        ("截至2022年底已有床位500张。", False),
    ],
)
def test_targets_before_their_plan(sentence: str, found: bool) -> None:
    assert (said(of_text("plan", PLAN.format(sentence))) == {"target_before_plan"}) is found


@pytest.mark.parametrize(
    "text",
    [
        # The name of the body that signs is part of the title; what stands before it is the text all the same.
        "枫映川市公共服务协会2023年工作总结\n\n2023年，全年开课。\n\n枫映川市公共服务协会\n\n2024年1月17日\n",
        "枫映川市公共服务协会2023年工作总结\n\n全年开课。\n\n枫映川市公共服务协会\n\n2024年1月17日\n",
        "枫映川市公共服务协会2023年工作总结\n\n全年开课120节，比2022年增长12%。2022年为107节。\n",
        "枫映川市公共服务协会2023年工作总结\n\n全年开课120节。2024年，将开课130节。2024年重点抓好培训。\n",
        "枫映川市公共服务协会2023年工作总结\n\n二〇二三年，全年开课。2022年，全年停课。2022年，无课。\n",
        "枫映川市公共服务协会2023年工作总结\n\n2021年，协会制定规划。今年，全年开课。\n",
        "枫映川市公共服务协会2024年工作要点\n\n做好2023年度考核工作，总结2023年经验。\n",
        "枫映川市公共服务协会2024年工作要点\n\n2023年是开局之年。今年重点抓好培训。\n",
        "枫映川市公共服务协会关于公布2024年第一批名单的通知\n\n2023年12月，经评审，认定12家，现予公布。\n",
        "2022年以来枫映川市公共服务工作综述\n\n2021年，协会成立。\n",
    ],
)
def test_a_body_that_tells_of_its_title_s_year_or_of_none(text: str) -> None:
    assert list(title_and_body(of_text("years", text))) == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("枫映川市公共服务协会2023年工作总结\n\n现将二〇二二年工作情况报告如下。全年开课。\n", "2022"),
        ("枫映川市公共服务协会2023年工作总结\n\n2021年，协会开课120节。\n\n2024年1月17日\n", "2021"),
        ("枫映川市公共服务协会2023年工作总结\n\n一、2022年工作回顾\n\n全年开课。\n", "2022"),
        ("枫映川市公共服务协会2024年工作要点\n\n2025年工作的总体要求是稳中求进。\n\n2024年2月3日\n", "2025"),
        ("枫映川市公共服务协会2024年工作要点\n\n2023年，要抓好以下工作。\n\n2024年2月3日\n", "2023"),
        ("关于开展2024年读书月的通知\n\n各单位：\n\n经研究，决定开展2023年读书月活动。\n\n2024年4月3日\n", "2023"),
        ("枫映川市2023年统计公报\n\n枫映川市统计局\n\n2022年，全市生产总值126亿元。\n", "2022"),
    ],
)
def test_a_body_of_another_year_than_its_title(text: str, other: str) -> None:
    (found,) = title_and_body(of_text("years", text))
    assert str(found.given["other"]) == other
    assert found.evidence


@pytest.mark.parametrize(
    ("genre", "title", "published", "far_off"),
    [
        ("review", "甲协会2023年工作总结", date(2023, 12, 25), False),
        ("review", "甲协会2023年工作总结", date(2023, 3, 25), True),
        ("review", "甲协会2023年上半年工作总结", date(2023, 7, 25), False),
        ("review", "甲协会2023年工作总结", date(2024, 6, 1), False),
        ("communique", "甲市2023年统计公报", date(2023, 5, 20), True),
        ("communique", "甲市2023年统计公报", date(2025, 3, 20), False),
        ("plan", "甲协会2024年工作要点", date(2023, 12, 20), False),
        ("plan", "甲协会2024年下半年工作要点", date(2024, 7, 20), False),
        ("plan", "甲协会2024年工作计划", date(2025, 1, 9), True),
        ("plan", "关于申报2025年工作计划项目的通知", date(2024, 5, 9), False),
        ("plan", "甲协会2024—2026年工作计划", date(2023, 1, 9), False),
        ("notice", "关于2024年活动的通知", date(2019, 1, 9), False),
    ],
)
def test_when_a_notice_comes_out(genre: str, title: str, published: date, far_off: bool) -> None:
    reading = notice("when", f"{title}\n\n有序推进。\n", genre=genre, published_on=published)  # type: ignore[arg-type]
    assert (said(reading, {"published_when"}) == {"published_when"}) is far_off


def test_editions_follow_and_overlaps_differ() -> None:
    from annals.checks.rule import Named
    from annals.checks.rules import NAMING_RULES

    def named(name: str, first: int, last: int) -> Named:
        return Named(notice_id="a", name=name, first=first, last=last, evidence=f"《{name}（{first}—{last}年）》")

    (rule,) = NAMING_RULES
    name = "枫映川市公共阅读行动计划"
    editions = (named(name, 2016, 2020), named(name, 2021, 2025), named(name, 2026, 2030))
    assert list(rule.check(editions)) == []
    assert list(rule.check((named("三年滚动投资规划", 2021, 2023), named("三年滚动投资规划", 2022, 2024)))) == []
    found = list(rule.check((*editions, named(name, 2021, 2025), named(name, 2020, 2025))))
    assert [one.figure for one in found] == [4]
