"""Texts whose title tells little, or that have none: what their opening and their wording tell instead."""

import time
from datetime import date

import pytest

from annals.describe import describe
from annals.extract.text import segment
from annals.figures import read
from annals.model import Description, Document, Figure


def document(text: str) -> Document:
    return Document(name="a.txt", media_type="text/plain", text=text, passages=segment(text, False))


def described(text: str) -> Description:
    return describe(document(text))


def figures(text: str) -> list[Figure]:
    one = document(text)
    return list(read(one, describe(one)))


def facts(text: str, *names: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(one, name) for name in names) for one in figures(text)]


# --- what it is about ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("【概述】 2013年，云川市普协组织下乡活动16次。", 2013),
        ("2027年是普协成立的第十个年头。全年举办讲座14场。", 2027),
        ("近日，云川市普协印发《云川市2027年社区书屋方案》，列出6类。", 2027),
        ("书屋越办越好。举办2027年云川市书屋节，共办讲座14场。", 2027),
        ("截至2027年6月底，全市有书屋14家，较2026年底增长3%。", 2027),
        ("书屋越办越好。到2029年底前，书屋达到14家。", None),
        ("书屋自2019年开办以来，已办讲座14场，比2018年多。", None),
        ("根据《云川市2019年书屋章程》，全市举办讲座14场。", None),
        ("书屋普及率从2010年的5%提升到2020年的13%。2019年到2021年，经费年均增长5%。", 2021),
        ("云川创建2011-2015年书屋示范县通过验收，共有书屋14家。", None),
    ],
)
def test_the_year_that_an_opening_tells(text: str, year: int | None) -> None:
    assert described(text).year == year


def test_a_line_of_time_and_source_dates_a_text() -> None:
    text = "书屋又添新馆\n\n2027-02-03 08:15:09 来源：云川日报\n\n近日，云川市普协举办讲座14场。\n"
    assert (described(text).published_on, described(text).year) == (date(2027, 2, 3), 2027)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("云川市今年读者将破三万\n\n2027年接待读者2.1万人；今年预计超过3万人。\n", 2028),
        ("云川市读者稳步增长\n\n2027年接待读者2.1万人，今年仍在增长。\n", 2027),
    ],
)
def test_a_title_that_says_this_year_speaks_in_the_next_to_the_one_it_tells_of(text: str, year: int) -> None:
    assert described(text).year == year


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("2027年，合肥市举办全国科普日活动14场，安徽省科协到会。", "合肥市"),
        ("据了解，我国书屋藏书又有增加，广东等地较快。", "全国"),
        ("近日，教育部通报，学校增加14所，浙江等地增长较快。", "全国"),
        ("近日，中国科协通报，贵州省14家书屋入选，贵州省居前。", "贵州省"),
        ("新华社贵阳3月2日电（记者 甲乙）记者从中华全国总工会获悉，各地慰问职工14万人次。", "全国"),
        ("全年国内生产总值增长4%，就业140万人。", "全国"),
        ("芜湖、阜阳、滁州3市出台办法，安徽省举办讲座14场。", "安徽省"),
        ("肥西书屋出名。全县新建书屋14家，肥西一中扩建。", "肥西县"),
        ("全市书屋遍布城乡，在肥西县、肥东县布点14处。", "合肥市"),
        ("全市举办讲座14场。", None),
        ("书屋又添新馆\n\n肥西讯 （记者 甲乙） 书屋共有14家。", "肥西县"),
    ],
)
def test_the_place_that_a_text_is_about(text: str, region: str | None) -> None:
    assert described(text).region == region


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("聚焦书屋丨肥西县人民法院2027年工作获好评", "肥西县"),
        ("“书屋进社区”入选我市2027年十件实事", None),
        ("全国科普日2027年活动在贵州省启动", "贵州省"),
        ("2027年全国科普日贵州省主场活动启动", "贵州省"),
        ("全国总工会启动2027年慰问活动", "全国"),
    ],
)
def test_the_place_in_a_title(title: str, region: str | None) -> None:
    assert described(f"{title}\n\n各项活动有序开展，共办讲座14场。\n").region == region


def test_a_title_of_the_country_gives_way_to_a_text_of_its_own_place() -> None:
    assert described("处于全国同类城市前列\n\n2027年，合肥市书屋发展较快。全市举办讲座14场。\n").region == "合肥市"
    assert described("处于全国同类城市前列\n\n2027年，全市举办讲座14场。\n").region is None


def test_who_speaks_for_an_autonomous_county() -> None:
    text = "政府工作报告\n\n——2027年1月5日在酉阳土家族苗族自治县人民代表大会上\n\n我代表自治县人民政府，报告工作。\n"
    assert described(text).region == "酉阳土家族苗族自治县"


def test_a_heading_below_the_first_paragraph_is_no_title() -> None:
    text = (
        "近日，云川市普协公布全年安排，内容涉及讲座、书屋、研学等多个方面，市民可就近参加，也可在线上观看全部课程，"
        "各区县普协将分批公布各自的场次和地点。\n\n出行方面\n\n1.开通书屋专线。开通专线14条。\n"
    )
    assert described(text).title is None
    assert described("一、组织建设\n\n共有书屋14家。\n").title is None


# --- planned or done ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("2027年云川市将再建书屋14家\n\n新建社区书屋14家。\n", "target"),
        ("云川市2027年书屋工作目标确定\n\n新建社区书屋14家。\n", "target"),
        ("到2029年云川市书屋达到14家\n\n社区书屋达到14家。\n", "target"),
        ("近日，云川市政府印发《云川市2027年为民实事方案》，逐项列出。\n\n新建社区书屋14家。\n", "target"),
        ("云川市“十四五”书屋规划指标提前完成\n\n新建社区书屋14家。\n", "actual"),
        ("云川市普协关于下达2027年书屋任务指标的通知\n\n新建社区书屋14家。\n", "target"),
        ("云川市普协关于下达2027年书屋经费的通知\n\n拨付经费14万元。\n", "actual"),
        ("各区县普协：\n\n经研究，决定对14家书屋予以表扬。\n\n云普协〔2027〕3号\n", "actual"),
    ],
)
def test_what_a_text_announces_is_aimed_at(text: str, role: str) -> None:
    assert facts(text, "role")[-1] == (role,)


def test_a_report_on_a_plan_of_several_years_aims_at_their_end_and_tells_of_the_years_before() -> None:
    text = (
        "云川市普协日前印发的《云川市书屋发展规划（2026—2030年）》提出，推进书屋建设。\n\n"
        "规划指出，“十四五”期间，书屋建设态势良好。全市书屋增加14家。\n\n"
        "规划明确，“十五五”期间，新建书屋60家。\n\n目前，全市已建成书屋40家。\n"
    )
    assert facts(text, "year", "role") == [
        (2025, "actual"),
        (2030, "target"),
        (2026, "actual"),
    ]


def test_news_turns_to_what_is_planned_and_back() -> None:
    text = (
        "2027年3月2日，云川市普协召开会议，总结上年工作。\n\n"
        "据介绍，今年市普协将完善书屋布局。紧盯社区需求；全年新建书屋14家。去年新建书屋9家，目前共有60家。\n"
    )
    assert facts(text, "year", "role") == [(2027, "target"), (2026, "actual"), (2026, "actual")]


def test_a_time_that_opens_a_sentence_without_numbers_holds_for_those_that_follow() -> None:
    text = (
        "2027-01-08\n\n去年，全市书屋建设取得新成果。全年接待读者14万人次。\n\n今年将继续推进。\n\n"
        "到2030年，书屋达到60家。读者满意率达95%。全年办讲座20场。\n"
    )
    assert facts(text, "year") == [(2026,), (2030,), (2030,), (2027,)]


def test_what_came_of_the_year_before_the_one_planned() -> None:
    text = "2028年书屋工作目标：新建14家\n\n“2027年以来，我们走村入户，全市新建书屋9家。”负责人介绍。\n"
    assert facts(text, "year", "role") == [(2028, "target"), (2027, "actual")]


def test_a_plan_of_this_year_in_a_text_that_tells_of_it() -> None:
    text = (
        "3月2日，云川市普协表示，首季新建书屋14家，下一步将启动2027年书屋节。\n\n报告提到，目标今年新建书屋60家以上。\n"
    )
    assert facts(text, "year", "role") == [(2027, "actual"), (2027, "target")]


def test_results_and_this_years_goals_in_one_breath() -> None:
    text = "3月2日，云川市普协年会开幕。会长表示，2027年，新建书屋14家。今年主要预期目标是：新建书屋20家；读者3万人。\n"
    assert facts(text, "year", "role") == [(2027, "actual"), (2028, "target"), (2028, "target")]


def test_last_year_is_the_year_that_an_undated_text_tells_of() -> None:
    text = "2027年，云川市普协深化改革，稳步推进各项工作。\n\n去年，新建书屋14家。今年1—7月，接待读者3万人。\n"
    assert facts(text, "year", "role") == [(2027, "actual"), (2028, "actual")]


def test_a_year_in_the_title_stands_before_the_end_of_the_plan_it_reports_on() -> None:
    text = (
        "云川市印发书屋规划：2030年普及率超15%\n\n"
        "云川市3月5日发布《云川市书屋规划（2026—2035年）》，指出2025年全市家庭拥有书屋的比例为10.5%。\n\n"
        "“十五五”时期，云川市将实施5项提升行动。\n"
    )
    assert facts(text, "year", "role", "subject") == [
        (2030, "target", "普及率"),
        (2025, "actual", "家庭拥有书屋的比例"),
        (2030, "target", "提升行动"),
    ]


@pytest.mark.parametrize(
    ("sentence", "year", "role"),
    [
        ("2027年6月底前，书屋普及率达90%。", 2027, "target"),
        ("力争在2028年5月底前完成2027年度书屋14家。", 2028, "target"),
        ("2027年新建书屋9家；接待读者14万人。", 2027, "actual"),
    ],
)
def test_times_by_which_and_in_which(sentence: str, year: int, role: str) -> None:
    assert facts(f"2027-03-02\n\n云川市普协发布消息。{sentence}\n", "year", "role")[-1] == (year, role)


def test_what_was_assigned_is_a_target_beside_what_was_done() -> None:
    text = "2027年，云川市书屋改造任务14家，完成16家，完成率114%。\n"
    assert facts(text, "role", "subject") == [
        ("target", "云川市书屋改造任务"),
        ("actual", "云川市书屋改造任务"),
        ("actual", "完成率"),
    ]


def test_who_acts_before_a_semicolon_does_not_act_behind_it() -> None:
    text = "2027年，合肥市新建书屋14家，肥西县书屋获表扬；组织专家40名。\n"
    assert facts(text, "region") == [("合肥市",), ("合肥市",)]


@pytest.mark.parametrize("piece", ["《〈〉", "《", "2031年", "全市", "去年", "（", "，据", "记者", "【"])
def test_hostile_openings_are_described_in_step_with_their_length(piece: str) -> None:
    """Eight times the text in no more than twenty-four times the time."""

    def seconds(size: int) -> float:
        one = document(piece * (size // len(piece)) + "。\n")
        begin = time.process_time()
        describe(one)
        return time.process_time() - begin

    seconds(1_000)
    assert seconds(80_000) < 24 * max(seconds(10_000), 0.01)


# --- when it speaks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("来源：云川日报 时间：2031-03-02 08:15 字体：[大 中 小]", date(2031, 3, 2)),
        ("来源：云川日报  2031-03-02 10:15:00  编辑：杨某", date(2031, 3, 2)),
        ("[ 2031-03-02 ]", date(2031, 3, 2)),
        ("（来源：云川日报，2031年3月2日）", date(2031, 3, 2)),
        ("日期：2031.3.2", date(2031, 3, 2)),
        ("信息来源：市普协 发布日期：2031年3月2日", date(2031, 3, 2)),
        ("来源：云川日报", None),
    ],
)
@pytest.mark.parametrize("place", ["top", "bottom"])
def test_a_line_of_date_and_source_at_either_end_dates_a_text(line: str, day: date | None, place: str) -> None:
    body = "近日，云川市普协新办讲座14场。"
    parts = ["书屋开放成效明显", line, body] if place == "top" else ["书屋开放成效明显", body, line]
    text = "\n\n".join(parts) + "\n"
    assert described(text).published_on == day
    assert facts(text, "raw", "year") == [("14场", day.year if day else None)]


def test_a_year_later_than_its_publication_is_not_the_year_of_a_text() -> None:
    text = (
        "书屋见闻\n\n2031-09-22 来源：云川日报\n\n本报讯　读者的笑脸迎面而来。\n\n"
        "截至8月底，全市已办讲座144场。2037年上半年，书屋接待读者12.4万人次。\n\n全市已修桌椅1224件。\n"
    )
    assert described(text).year == 2031
    assert facts(text, "raw", "year")[::2] == [("144场", 2031), ("1224件", 2031)]


@pytest.mark.parametrize(
    ("published", "sentence", "year"),
    [
        ("2031年12月18日", "截至8月底，全市已慰问讲师38名。", 2031),
        ("2031年12月18日", "截至目前，全市已慰问讲师38名。", 2031),
        ("2031年12月18日", "评选讲师38名。", 2032),
        ("2032年1月18日", "截至目前，全市已慰问讲师38名。", 2032),
    ],
)
def test_what_stands_when_a_notice_of_the_next_year_is_written(published: str, sentence: str, year: int) -> None:
    text = f"云川市普协关于做好2032年评选工作的通知\n\n各书屋：\n\n{sentence}\n\n云川市普协\n\n{published}\n"
    assert facts(text, "year") == [(year,)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全市新建书屋12家。", (2031, "actual")),
        ("2030年新建书屋12家。", (2030, "actual")),
        ("目前，全市共有书屋12家。", (2032, "actual")),
        ("截至目前，全市共有书屋12家。", (2032, "actual")),
        ("截至2月底，全市共有书屋12家。", (2032, "actual")),
        ("截至12月底，全市共有书屋12家。", (2031, "actual")),
        ("去年以来，新建书屋12家。", (2032, "actual")),
        ("去年，新建书屋12家。", (2031, "actual")),
        ("近年来，新建书屋12家。", (2031, "actual")),
        ("春节期间，开放书屋12家。", (2032, "actual")),
        ("国庆节期间，开放书屋12家。", (2031, "actual")),
        ("2032年，将新建书屋12家。", (2032, "target")),
    ],
)
def test_a_press_conference_tells_of_the_year_it_presents(sentence: str, expected: tuple[int, str]) -> None:
    text = (
        "云川市书屋建设成绩亮眼\n\n2032-03-27 来源：云川日报\n\n"
        f"2032年3月26日，云川市普协召开新闻发布会，介绍了2031年全市书屋建设工作情况。{sentence}\n"
    )
    assert described(text).year == 2031
    assert facts(text, "year", "role") == [expected]


def test_a_press_conference_on_what_is_planned_presents_no_year() -> None:
    text = "书屋建设\n\n2032-03-27 来源：云川日报\n\n昨日，市普协召开发布会，介绍2033年书屋建设工作安排。\n"
    assert described(text).year == 2032


# --- several items in one text ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "2031年12月28日，永川区举办书屋节，吸引读者900人次。全区共办讲座12场。",
            "2032年1月3日，涪陵区新馆开放，藏书3万册。全区接待读者400人次。",
            [(2031, "永川区"), (2031, "永川区"), (2032, "涪陵区"), (2032, "涪陵区")],
        ),
        (
            "本报永川12月28日讯（记者王某）书屋节开幕，吸引读者900人次。讲座12场。",
            "本报涪陵1月4日讯（记者李某）新馆开放，藏书3万册。接待读者400人次。",
            [(2031, "永川区"), (2031, "永川区"), (2032, "涪陵区"), (2032, "涪陵区")],
        ),
        (
            "永川区：书屋节吸引读者900人次。全区讲座12场。",
            "涪陵区：新馆藏书3万册。全区接待读者400人次。",
            [(2032, "永川区"), (2032, "永川区"), (2032, "涪陵区"), (2032, "涪陵区")],
        ),
        (
            "据永川区书屋协会消息，书屋节吸引读者900人次。全区讲座12场。",
            "记者从涪陵区书屋协会获悉，新馆藏书3万册。全区接待读者400人次。",
            [(2032, "永川区"), (2032, "永川区"), (2032, "涪陵区"), (2032, "涪陵区")],
        ),
    ],
)
def test_each_item_of_a_digest_has_its_own_place_and_time(
    first: str, second: str, expected: list[tuple[int, str]]
) -> None:
    text = f"书屋动态\n\n2032-01-05 10:05\n\n{first}\n\n{second}\n"
    assert facts(text, "year", "region") == expected
    assert described(text).region == "重庆市"
    assert all(one.role == "actual" for one in figures(text))


def test_one_dateline_makes_no_digest() -> None:
    text = "书屋动态\n\n2032-01-05\n\n2032年1月3日，永川区书屋开馆，藏书3万册。\n\n全区接待读者400人次。\n"
    assert facts(text, "year", "region") == [(2032, "永川区")] * 2


def test_a_digest_turns_back_to_the_whole() -> None:
    items = "永川区：书屋节吸引读者900人次。\n\n涪陵区：新馆藏书3万册。\n\n接待读者400人次。"
    text = f"重庆市书屋动态\n\n2032-01-05\n\n{items}\n\n下一步，全市将新建书屋20家。\n"
    assert facts(text, "region") == [("永川区",), ("涪陵区",), ("涪陵区",), ("重庆市",)]
