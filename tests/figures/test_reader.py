"""Figures with all that gives them meaning, from invented notices."""

import json
import time
from decimal import Decimal

import pytest

from annals.extract.text import segment
from annals.figures import cautions, read, to_json_lines
from annals.model import Cell, Description, Document, Figure, Genre, Passage, Section

BODY = "云川市科学普及协会"


def figures(
    text: str, genre: Genre = "review", year: int | None = 2031, region: str | None = "重庆市", markdown: bool = False
) -> list[Figure]:
    document = Document(name="a.txt", media_type="text/plain", text=text, passages=segment(text, markdown))
    heads = [p for p in document.passages if p.kind == "heading"]
    sections = tuple(
        Section(
            title=text[p.start : p.end].strip(),
            level=p.level or 1,
            start=p.start,
            end=next((q.start for q in heads if q.start > p.start and (q.level or 1) <= (p.level or 1)), len(text)),
        )
        for p in heads
    )
    return list(read(document, Description(genre=genre, year=year, region=region, sections=sections)))


def facts(text: str, *names: str, **given: object) -> list[tuple[object, ...]]:
    return [tuple(getattr(one, name) for name in names) for one in figures(text, **given)]  # type: ignore[arg-type]


def test_a_figure_has_every_key_and_its_place() -> None:
    text = "全市科普场馆全年接待观众12.58万人次，比上年增长6.1%。"
    first, second = figures(text)
    assert text[first.start : first.end] == "12.58万"
    assert (first.value, first.unit, first.measure, first.subject) == (Decimal(125800), "人次", "level", first.subject)
    assert "观众" in first.subject
    assert (second.value, second.unit, second.measure, second.kind) == (Decimal("6.1"), "%", "growth", "percent")
    assert second.subject == first.subject
    assert first.quote == text
    assert 0 < first.confidence <= 1
    (line, _) = to_json_lines("a.txt", [first, second]).splitlines()
    record = json.loads(line)
    assert record["notice"] == "a.txt"
    assert record["value"] == 125800
    assert record["low"] == record["high"] == 125800


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("看望乡村教师1400余名。", "乡村教师"),
        ("组织12名院士走进山区学校。", "院士"),
        ("建成流动书屋28个，其中农村12个。", "流动书屋"),
        ("举办“探秘星空”网络竞答，吸引3.2万人参与。", "网络竞答"),
        ("对全市书屋进行集中整理，保留31家。", "书屋"),
        ("尹某等10人获得云川市青少年创新奖。", "云川市青少年创新奖"),
        ("线上线下共巡讲410多场次。", "巡讲"),
        ("生产总值（GDP）[2]达到1507.6亿元。", "生产总值"),
        ("社会消费品零售总额实现870亿元。", "社会消费品零售总额"),
        ("累计参训人数达9万人次以上。", "参训人数"),
        ("书香覆盖面达到全市常住人口的70%以上。", "书香覆盖面"),
        ("先后投入310余万元。", "投入"),
        ("共建市级科普基地68个。", "市级科普基地"),
        ("普通高等教育本专科招生35.2万人。", "普通高等教育本专科招生"),
        ("旅游收入恢复到2019年的90%。", "旅游收入"),
        ("三分之二的公园全天开放。", "公园"),
        ("高端整车项目陆续投产、新能源汽车产量约30万辆。", "新能源汽车产量"),
        ("受众超过600人次。", "受众"),
        ("36名未成年人参加夏令营。", "未成年人"),
    ],
)
def test_what_is_counted(text: str, subject: str) -> None:
    (said,) = facts(text, "subject")[0]
    assert subject in str(said)
    assert len(str(said)) <= 2 * len(subject) + 12


def test_elliptical_figures_take_their_subject_from_before() -> None:
    text = "新建海智驿站1家、全市增至28家，比上年增加3家，总数居前。"
    assert facts(text, "subject", "measure") == [("海智驿站", "added"), ("海智驿站", "level"), ("海智驿站", "change")]


def test_numbers_given_respectively() -> None:
    text = "工业投资、民间投资分别增长11.2%、8.1%，水果和蔬菜产量分别达20万吨和30万吨。"
    assert facts(text, "subject", "value") == [
        ("工业投资", Decimal("11.2")),
        ("民间投资", Decimal("8.1")),
        ("水果产量", Decimal(200000)),
        ("蔬菜产量", Decimal(300000)),
    ]


def test_numbers_given_respectively_may_differ_in_unit_and_follow_a_list_that_ends_in_a_head() -> None:
    text = "书屋经费、登记人数分别为82万元、230人，分别增长5%、11%。"
    assert [subject for (subject,) in facts(text, "subject")] == ["书屋经费", "登记人数"] * 2
    text = "教育、科学技术、社会保障等支出分别增长9%、23%、26%。"
    assert [subject for (subject,) in facts(text, "subject")] == ["教育支出", "科学技术支出", "社会保障支出"]


def test_pairs_that_change_together() -> None:
    text = "书屋普及率、读者满意率从31%、74%提高到38%、79%。"
    assert facts(text, "subject", "year") == [
        ("书屋普及率", 2030),
        ("读者满意率", 2030),
        ("书屋普及率", 2031),
        ("读者满意率", 2031),
    ]


def test_what_is_given_again_in_the_same_unit_is_the_same_thing() -> None:
    text = "建成书屋5家、培训讲师30人，力争达到8家、40人。"
    assert facts(text, "subject", "role")[2:] == [("书屋", "target"), ("讲师", "target")]


def test_what_a_number_was_the_year_before_stands_in_parentheses() -> None:
    text = "全市有书屋60家，比2029年（48家）增长25%。"
    assert facts(text, "subject", "year", "measure") == [
        ("书屋", 2031, "level"),
        ("书屋", 2029, "level"),
        ("书屋", 2031, "growth"),
    ]


def test_what_a_number_was_in_an_earlier_year_and_of_it() -> None:
    text = "书屋普及率为31.5%，比2029年的27.5%提高了4个百分点。"
    assert facts(text, "subject", "year", "measure") == [
        ("书屋普及率", 2031, "share"),
        ("书屋普及率", 2029, "share"),
        ("书屋普及率", 2031, "change"),
    ]
    text = "2030年，共办实事10项。其中8项完成。又办2项。"
    assert facts(text, "year") == [(2030,), (2030,), (2031,)]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("兼职馆员（助理）队伍达18支。", "兼职馆员（助理）队伍"),
        ("全市驻馆馆员（在馆时间占80%以上的人员）36人。", "驻馆馆员"),
        ("每册成本27元，按可比价格下降4%。", "每册成本"),
        ("入馆读者87人，较常年偏少6%。", "入馆读者"),
        ("各馆藏书12万册，完成率达98%。", "完成率"),
        ("本届展览共收到73件作品。", "作品"),
        ("评委到齐，从40多件参赛作品中选出优胜者。", "参赛作品"),
        ("有专人在8个社区值守。", "社区"),
        ("在12万册的藏书中，古籍不多。", "藏书"),
        ("因电路检修影响闭馆9天。", "闭馆"),
        ("该馆编制7人。", "编制"),
        ("收支较上年决算数增加37万元。", "收支"),
        ("认定书屋17家，较去年全年总数增长21%。", "书屋"),
        ("借出率由2月的31%上升至11月的46%。", "借出率"),
        ("招募乡村讲师30人 开展夜校培训900人次。", "乡村讲师"),
        ("收入62万元，完成预算数107%，增长9%。", "收入"),
        ("我国共有3亿人次参与各类书展。", "各类书展"),
        ("推进馆员队伍建设，规模达到54人。", "馆员队伍建设"),
        ("45名来自山区学校的代表参会。", "代表"),
        ("全年向72家参保企业发放资金。", "参保企业"),
        ("空置率3月份受雨季影响走高至7.2%。", "空置率"),
        ("会议指出家庭拥有书屋的比例达到10%。", "家庭拥有书屋的比例"),
    ],
)
def test_what_is_counted_beside_remarks_comparisons_and_adverbs(text: str, subject: str) -> None:
    found = [said for (said,) in facts(text, "subject")]
    assert subject in found[0] or subject in found[-1]
    assert all(said and said in text for said in found)


def test_words_that_hold_a_conjunction_are_kept_whole() -> None:
    text = "厕所普及率、垃圾和污水治理率分别达到87.8%、100%、75%。"
    assert [subject for (subject,) in facts(text, "subject")] == ["厕所普及率", "垃圾", "污水治理率"]


def test_respectively_may_look_back_on_the_amounts_before() -> None:
    text = "城镇居民人均收入4.6万元、农村居民人均收入1.9万元，分别增长6%、8%。"
    assert [subject for (subject,) in facts(text, "subject")][2:] == ["城镇居民人均收入", "农村居民人均收入"]
    text = "第一、二、三产业增加值分别为1亿元、2亿元、3亿元，分别增长3%、4%、5%。"
    assert [subject for (subject,) in facts(text, "subject")] == [
        "第一产业增加值",
        "第二产业增加值",
        "第三产业增加值",
    ] * 2


def test_lists_carry_their_measure_on() -> None:
    text = "新增公办园托位1.6万个、基础教育学位8.4万个，建成步道90公里、绿道157公里。"
    assert facts(text, "subject", "measure") == [
        ("公办园托位", "added"),
        ("基础教育学位", "added"),
        ("步道", "level"),
        ("绿道", "level"),
    ]
    text = "新增22个城镇化试点、8个农旅融合试点。"
    assert facts(text, "subject", "measure") == [("城镇化试点", "added"), ("农旅融合试点", "added")]


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("工业用水成本下降5.7%。", "-5.7", "growth"),
        ("物流费用占比降至13.6%左右。", "13.6", "share"),
        ("城镇化率67.4%，比上年末提高0.81个百分点。", "67.4", "share"),
        ("全员能耗比上年减少0.47元。", "-0.47", "change"),
        ("战略性产业占工业产值比重51.3%。", "51.3", "share"),
        ("全年净增高新技术企业2061户。", "2061", "change"),
        ("新登记经营主体42万户。", "420000", "added"),
        ("人口自然增长率2.14‰。", "2.14", "share"),
        ("平均压减时间40%。", "-40", "growth"),
        ("失业率控制在5%以内。", "5", "share"),
    ],
)
def test_measure_and_sign(text: str, value: str, measure: str) -> None:
    assert facts(text, "value", "measure")[0] == (Decimal(value), measure)


def test_percentage_points_are_a_change() -> None:
    text = "城镇化率67.4%，比上年末提高0.81个百分点；失业率4.1%，下降0.2个百分点。"
    assert facts(text, "subject", "value", "unit", "measure")[1::2] == [
        ("城镇化率", Decimal("0.81"), "百分点", "change"),
        ("失业率", Decimal("-0.2"), "百分点", "change"),
    ]


def test_bounds_turn_round_with_the_sign() -> None:
    (one,) = figures("投诉量下降超过3%。")
    assert (one.value, one.qualifier, one.low, one.high) == (Decimal(-3), "over", None, Decimal(-3))


def test_a_change_from_one_number_to_another() -> None:
    text = "绿色出行比例从61.2%提升至63.4%。"
    assert facts(text, "value", "measure", "year") == [
        (Decimal("61.2"), "share", 2030),
        (Decimal("63.4"), "share", 2031),
    ]
    text = "森林覆盖率从2012年的42.1%提高到2031年的55%。"
    assert facts(text, "subject", "year", "role") == [("森林覆盖率", 2012, "actual"), ("森林覆盖率", 2031, "actual")]


@pytest.mark.parametrize(
    ("text", "year", "role"),
    [
        ("全年举办讲座30场。", 2031, "actual"),
        ("力争到2035年全市公民具备科学素质的比例超过18%。", 2035, "target"),
        ("2029年举办讲座30场。", 2029, "actual"),
        ("去年举办讲座30场。", 2030, "actual"),
        ("比上年增长4%，达到30场。", 2031, "actual"),
        ("“十四五”末覆盖率达到90%。", 2025, "actual"),
        ("圆满完成公民具备科学素质的比例超过12%的目标任务。", 2031, "actual"),
        ("旅游收入恢复到2019年的90%。", 2031, "actual"),
        ("城镇登记失业率控制在4%以内。", 2031, "actual"),
        ("自2022年启动建设以来，授课1380次。", 2031, "actual"),
        ("今年主要预期目标是：产值增长5%；就业10万人以上。", 2031, "target"),
    ],
)
def test_year_and_role_from_the_sentence(text: str, year: int, role: str) -> None:
    assert facts(text, "year", "role")[-1] == (year, role)


def test_notices_ask_unless_they_tell() -> None:
    asked = "各区每年举办培训2次以上。"
    assert facts(asked, "role", genre="notice") == [("target",)]


def test_a_plan_plans() -> None:
    assert facts("选定4个区县先行试点。", "year", "role", genre="plan") == [(2031, "target")]


def test_a_report_that_has_turned_to_its_plans_does_not_look_back() -> None:
    text = (
        "一、2030年工作回顾\n\n全市建成公园5个。\n\n二、2031年主要任务\n\n打通断头路50条。\n\n"
        "三、持续提升政府效能\n\n办好15件实事。\n"
    )
    assert facts(text, "role", genre="report") == [("actual",), ("target",), ("target",)]


def test_a_part_of_the_plans_that_promises_results_still_plans() -> None:
    text = "一、2030年工作回顾\n\n建成公园5个。\n\n二、2031年主要任务\n\n（一）绿化取得新成效\n\n打通断头路50条。\n"
    assert facts(text, "role", genre="report") == [("actual",), ("target",)]


def test_the_end_of_last_year_is_where_the_change_began() -> None:
    text = "读者由上年末的3万人增加到5万人。"
    assert facts(text, "year", "measure") == [(2030, "level"), (2031, "level")]


def test_what_was_done_less_than_the_year_before_is_a_change() -> None:
    text = "图书车行驶1.2万公里，比上年少跑约3000公里。"
    assert facts(text, "value", "measure")[1] == (Decimal(-3000), "change")


def test_built_and_rebuilt_together_is_not_all_new() -> None:
    assert facts("新建和改造步道40公里。", "measure") == [("level",)]
    assert facts("新建步道40公里。", "measure") == [("added",)]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("新建、改扩建书屋8家。", "added"),
        ("新开、调整专线6条。", "level"),
        ("新筹集公寓23套。", "added"),
        ("新建成步道3条、总里程超90公里。", "level"),
        ("新增书架90组、培训产生31名馆员。", "level"),
        ("新增省级书屋4家、国家重点支持书屋6家。", "added"),
        ("藏书面积8万平方米，增长面积2万平方米。", "change"),
        ("书架平均使用期延长0.4年。", "change"),
        ("读者增长预期目标设定为7%。", "growth"),
    ],
)
def test_new_carried_on_and_changed(text: str, measure: str) -> None:
    assert facts(text, "measure")[-1] == (measure,)


def test_one_place_named_for_several_is_not_their_region() -> None:
    assert facts("永川等7个区县入选。", "region") == [("重庆市",)]


def test_places_to_which_amounts_are_dealt_out() -> None:
    found = facts("新建书屋23家，永川、开州分别为12家、11家。", "subject", "region", "measure")
    assert found == [("书屋", "重庆市", "added"), ("书屋", "永川区", "added"), ("书屋", "开州区", "added")]


def test_a_year_told_goes_on_through_its_paragraph_where_no_other_frames_it() -> None:
    text = "2029年在村里开办书屋，读者2万人。办讲座30场。\n\n发放图书400册。"
    assert facts(text, "year", year=None) == [(2029,), (2029,), (None,)]


def test_what_a_bound_parts_from_its_noun() -> None:
    assert facts("组建30支左右的宣讲队。", "subject") == [("宣讲队",)]


def test_numbered_parts_belong_to_the_year_of_the_heading_before_them() -> None:
    text = (
        "云川市法院工作报告\n\n2030年主要工作\n\n全市办案5件。\n\n一、守护平安\n\n调解纠纷36件。\n\n"
        "2031年工作安排\n\n办案8件。\n"
    )
    assert facts(text, "year", genre="report") == [(2030,), (2030,), (2031,)]


def test_the_past_year_is_the_one_that_the_paragraph_has_told() -> None:
    assert facts("2031年，我院坚持办案为民。一年来，办案12件。", "year", genre="report") == [(2031,)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全市现有书屋40家。", (2031, "actual")),
        ("去年建成书屋40家；新建10家。", (2030, "actual")),
        ("“十五五”期间，建成书屋40家。", (2030, "actual")),
        ("书屋从2028年的12家增长至2030年底的40家。", (2030, "actual")),
        ("达成如下目标：书屋达到40家。", (2031, "target")),
    ],
)
def test_a_plan_tells_of_what_is_there(text: str, found: tuple[int, str]) -> None:
    assert facts(text, "year", "role", genre="plan")[-1] == found


def test_a_plan_looks_at_where_it_starts_from() -> None:
    text = "一、发展基础\n\n全市建成书屋40家。\n\n二、主要任务\n\n新建书屋60家。\n"
    assert facts(text, "role", genre="plan") == [("actual",), ("target",)]


def test_a_report_means_the_year_before_by_the_past_year() -> None:
    text = "过去一年，全市新装充电桩3万个。今年再建2万个，去年建成1万个。"
    found = facts(text, "year", "role", genre="report")
    assert found == [(2030, "actual"), (2031, "target"), (2030, "actual")]


def test_a_plan_may_tell_of_the_year_before() -> None:
    text = "2030年共有基地30个，2031年新建基地5个。"
    assert facts(text, "year", "role", genre="plan") == [(2030, "actual"), (2031, "target")]


def test_a_work_report_looks_back_and_ahead() -> None:
    text = (
        "一、2030年工作回顾\n\n过去一年，全市新装充电桩3万个。\n\n"
        "二、2031年重点工作\n\n今年是关键之年。\n\n（一）改善出行\n\n打通断头路50条。\n"
    )
    assert facts(text, "year", "role", genre="report") == [(2030, "actual"), (2031, "target")]


def test_sections_of_districts_carry_their_region() -> None:
    text = (
        "# 各区共建科普之城\n\n全市共有基地90个。\n\n"
        "### 万州区 打造科普高地\n\n近年来，万州区建成画廊100处，全区参与者8万人。\n\n位居全市第一，惠及30所学校。\n\n"
        "### 永川区 科普四进\n\n全区建成驿站24个。\n"
    )
    found = facts(text, "unit", "region", genre="press", markdown=True)
    assert found == [("个", "重庆市"), ("处", "万州区"), ("人", "万州区"), ("所", "万州区"), ("个", "永川区")]


def test_a_list_of_districts_does_not_make_the_first_one_the_region() -> None:
    text = (
        "# 各区共建\n\n江北区、万州区、永川区3个区入选，共建基地90个。\n\n"
        "## 永川区 科普四进\n\n建成驿站24个。\n\n重庆市今年还将支持8个项目。\n"
    )
    found = facts(text, "unit", "region", genre="press", markdown=True)
    assert found[1:] == [("个", "重庆市"), ("个", "永川区"), ("个", "重庆市")]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("推动两江新区组建7个街道协会。", "两江新区"),
        ("我市列入全国16个试点省份之一。", "全国"),
        ("活动迎来来自全球41个国家的代表。", "全球"),
        ("吸引川渝两地40余万群众参加。", "川渝"),
        ("评选15家川渝特色书屋。", "川渝"),
        ("绿电占全国10.5%。", "重庆市"),
        ("累计建成12个全国科普示范社区。", "重庆市"),
        ("全国科普示范社区达到8个。", "重庆市"),
        ("江北区、万州区、永川区3个区入选。", "重庆市"),
        ("在全市率先组建团队10余个。", "重庆市"),
        ("北京专家来渝出诊24次。", "重庆市"),
        ("讲座走进本市，纳入本市2031年实事。新建书屋30家；纳入本市2031年实事：9项。", "重庆市"),
    ],
)
def test_region_from_the_sentence(text: str, region: str) -> None:
    assert facts(text, "region")[-1] == (region,)


def test_a_number_that_names_nothing_is_unsure_and_says_so() -> None:
    (one,) = figures("达到30个。")
    assert one.subject == ""
    assert one.series is None
    assert one.confidence < 0.5


def test_a_table_takes_its_meaning_from_its_headers() -> None:
    text = (
        "2031年主要指标\n\n单位：万元\n\n| 指标 | 2031年 | 比上年增长（%） | 排名 |\n| --- | --- | --- | --- |\n"
        "| 科普经费 | 1,234.5 | -3.2 | 1 |\n| 其中：场馆建设（个） | 12 | 8 | 2 |\n"
    )
    found = facts(text, "subject", "value", "unit", "measure", "year", markdown=True)
    assert found == [
        ("科普经费", Decimal(12345000), "元", "level", 2031),
        ("科普经费", Decimal("-3.2"), "%", "growth", 2031),
        ("场馆建设", Decimal(12), "个", "level", 2031),
        ("场馆建设", Decimal(8), "%", "growth", 2031),
    ]


def test_regions_in_the_first_column_of_a_table() -> None:
    text = "| 区县 | 科普基地（个） |\n| --- | --- |\n| 万州区 | 35 |\n| 永川区 | 24 |\n"
    found = facts(text, "subject", "value", "unit", "region", markdown=True)
    assert found == [("科普基地", Decimal(35), "个", "万州区"), ("科普基地", Decimal(24), "个", "永川区")]


def test_the_name_of_a_count_holds_its_unit() -> None:
    text = "| 类别 | 现行有效件数 |\n| --- | --- |\n| 规范性文件 | 5 |\n"
    assert facts(text, "value", "unit", markdown=True) == [(Decimal(5), "件")]


def test_words_in_tables_are_read_and_list_numbers_are_not() -> None:
    text = "序号名称一、书屋10个重大活动1年会"
    cells = (
        Cell(row=0, column=0, start=0, end=2),
        Cell(row=0, column=1, start=2, end=4),
        Cell(row=1, column=0, start=4, end=15),
        Cell(row=2, column=0, start=15, end=16),
        Cell(row=2, column=1, start=16, end=18),
    )
    table = Passage(kind="table", start=0, end=len(text), cells=cells)
    document = Document(name="t.txt", media_type="text/plain", text=text, passages=(table,))
    found = read(document, Description(genre="plan", year=2031, region="重庆市"))
    assert [(one.raw, one.subject) for one in found] == [("10个", "重大活动")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n",
        "(cid:12)(cid:45)(cid:7) (cid:99)",
        "ï¿½ï¿½ æ\x96\x87å\x8c\x96 \ufffd\ufffd\ufffd",
        "第十二届大会于2031年9月17日召开，云科协发〔2031〕88号，附件1。",
        "1\n2\n3\n\n4.\n（一）\n",
        "((((（（（（[[[[",
        "Membership rose 5% to 300 people in 2021; revenue was $3.5 million.",
        "锟斤拷锟斤拷 3 锟斤拷 45% 烫烫烫",
        "(cid:12)(cid:3)3个(cid:4)占45%",
    ],
)
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert figures(text) == []


def test_what_cannot_be_read_is_said() -> None:
    text = "全年举办讲座30场。\n\nMembership rose 5% to 300 people in 2021.\n\n(cid:12)(cid:3)3个(cid:4)占45%\n"
    document = Document(name="a.txt", media_type="text/plain", text=text, passages=segment(text, False))
    found = cautions(document)
    assert [one.code for one in found] == ["not_chinese", "glyph_codes"]
    assert found[0].start is not None
    assert text[found[0].start :].startswith("Membership")
    assert "1 paragraph with numbers" in found[0].message
    assert cautions(Document(name="b", media_type="text/plain", text="", passages=())) == ()


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "万",
        "（",
        "“",
        "、",
        "3个、",
        "增长5%，",
        "全市1家。",
        "由1家增至2家",
        "力争3家",
        "《2家",
        "2030年1家",
        "区1个",
        "一年来3个，",
        "3个）5家",
        "2031年底前2030年度3个",
        "其中3个。",
        "3 个 ",
        "“，永川",
        "截至3月",
    ],
)
def test_hostile_text_takes_time_in_step_with_its_length(piece: str) -> None:
    """Eight times the text in no more than twenty-four times the time."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        document = Document(
            name="a.txt",
            media_type="text/plain",
            text=text,
            passages=(Passage(kind="paragraph", start=0, end=len(text)),),
        )
        begin = time.process_time()
        read(document, Description(year=2031, region="重庆市"))
        return time.process_time() - begin

    seconds(1_000)
    assert seconds(80_000) < 24 * max(seconds(10_000), 0.01)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2029年底，书屋覆盖率要达到85%。", (2029, "target", "书屋覆盖率")),
        ("到2028年，户均藏书量不低于30册。", (2028, "target", "户均藏书量")),
        ("到2029年底，户均藏书量须达到30册。", (2029, "target", "户均藏书量")),
        ("到2030年底，力争书屋总数超过50家。", (2030, "target", "书屋总数")),
        ("到2029年底，书屋达到45家。", (2029, "actual", "书屋")),
        ("截至2029年底，户均藏书量30册。", (2029, "actual", "户均藏书量")),
        ("书屋主要收入28万元。", (2031, "target", "书屋主要收入")),
    ],
)
def test_what_a_plan_demands_by_a_year_is_aimed_at(text: str, expected: tuple[object, ...]) -> None:
    assert facts(text, "year", "role", "subject", genre="plan") == [expected]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("到2035年，书屋达到80家。讲师达到300名。", [2035, 2035]),
        ("争取到2035年建成书屋80家。培训讲师300名。", [2035, 2031]),
    ],
)
def test_a_year_ahead_goes_on_where_it_is_set_off(text: str, years: list[int]) -> None:
    assert [one.year for one in figures(text, genre="plan")] == years


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("全市排查隐患点2300处。全年整改1689处，关停404处。", ["隐患点", "整改", "关停"]),
        ("开展书屋专项行动，整改1689处。", ["整改"]),
        ("全年排查问题隐患1900处，整改1689处。", ["问题隐患", "问题隐患"]),
        ("开展书屋清理。整改12处、拆除8处。", ["整改", "拆除"]),
        ("全市有书屋12家。共举办3期。", ["书屋", "书屋"]),
        ("对老旧书屋进行整改12处。", ["老旧书屋"]),
    ],
)
def test_what_is_done_is_the_subject_where_no_noun_stands(text: str, subjects: list[str]) -> None:
    assert [one.subject for one in figures(text)] == subjects


def test_a_length_of_life_and_an_average_age_are_counted_alike() -> None:
    text = "人均预期寿命78.2岁，讲师平均年龄36岁。"
    assert facts(text, "unit", "kind", "subject") == [("岁", "count", "人均预期寿命"), ("岁", "count", "讲师平均年龄")]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("226家4A级书屋接待读者991万人次，同比增长126%。", ["4A级书屋", "读者", "读者"]),
        ("永川书屋接待读者3万人次。", ["读者"]),
        ("全市共有接待中心12家。", ["接待中心"]),
        ("我市有效借书证4614张，我国有机书屋12家，我省有书屋3家。", ["有效借书证", "有机书屋", "书屋"]),
    ],
)
def test_grades_receptions_and_words_that_begin_as_a_verb_does(text: str, subjects: list[str]) -> None:
    assert [one.subject for one in figures(text)] == subjects


def test_a_place_in_a_slogan_does_not_act() -> None:
    text = "永川区开展“书香满 涪陵味 就在书屋过大年”活动，接待读者3万人次。"
    assert facts(text, "region", "subject") == [("永川区", "读者")]
