"""What find_mentions finds, and what it leaves alone. Every sentence here is invented."""

from decimal import Decimal

import pytest

from annals.figures.mentions import Mention, find_mentions


def only(text: str) -> Mention:
    found = find_mentions(text)
    assert len(found) == 1, [text[m.raw_start : m.raw_end] for m in found]
    return found[0]


# --- the errors that other readers make (design notes, section 3) -----------------------------------


@pytest.mark.parametrize(
    ("text", "core", "value", "unit", "qualifier", "kind"),
    [
        ("云川开放日吸引近40万群众参加", "40万", "400000", "", "nearly", "count"),
        ("平台惠及3000余万名读者", "3000余万", "30000000", "名", "over", "count"),
        ("活动受众达26万人。", "26万", "260000", "人", "exact", "count"),
        ("年度投入16.4亿元。", "16.4亿", "1640000000", "元", "exact", "money"),
        ("邀请3位院士作报告", "3", "3", "位", "exact", "count"),
        ("每晚播放30分钟短片", "30", "30", "分钟", "exact", "duration"),
        ("产值比上年增长5.2%。", "5.2%", "5.2", "%", "exact", "percent"),
        ("支出12.5亿元", "12.5亿", "1250000000", "元", "exact", "money"),
        ("油料产量下降3.1%", "3.1%", "3.1", "%", "exact", "percent"),
        ("每日传播资讯163万余次", "163万", "1630000", "次", "over", "count"),
    ],
)
def test_numbers_keep_value_unit_qualifier_and_place(
    text: str, core: str, value: str, unit: str, qualifier: str, kind: str
) -> None:
    found = only(text)
    assert text[found.start : found.end] == core
    assert (found.value, found.unit, found.qualifier, found.kind) == (Decimal(value), unit, qualifier, kind)


def test_neighbouring_numerals_are_a_range() -> None:
    found = only("新建两三个站点")
    assert (found.value, found.value_high, found.unit) == (2, 3, "个")


@pytest.mark.parametrize(
    "text",
    [
        "着力打造队伍，走进四川、两江新区和九龙坡",  # numerals inside words and names
        "编制“十四五”规划，面向二〇三五年",
        "2021十大亮点揭晓",
        "云川普协发〔2022〕67号",
        "2020云川英才大会开幕",
        "1. 加强组织领导",
        "1.2024年收支总体情况",
        "（3）完善机制；2）压实责任",
        "**4.突出引领。**各部门要协同",
        "2021年9月17日、10月12日至24日，1—9月，24日，3月5日至7日",
        "上午9时30分，18：30，2024-05-06，2024/5/6",
        "第十二届、第35届、第2批、第1—3名、第一批，第一、二、三批",
        "成立20周年，建会二十周年",
        "二十届三中全会、五届九次全会、十三届七次全会",
        "一带一路、四个意识、三个代表、五位一体",
        "落实“六个一”工程，擦亮“四级一体、两翼齐飞”品牌",
        "出台《助企纾困二十条措施》《45条举措》",
        "“15分钟服务圈”扩面，推动15分钟生活圈建设，“三个100亿”目标，五个一活动，“科创20条”",
        "一批、一系列、一支队伍、一项制度、进一步、统一",
        "5G、H5、A4、PM2.5、COVID-19、T3航站楼、e站、R&D、G20、4K、5A级景区",
        "拨打12345热线或023-67001234、13800001234",
        "985、211高校和“1+3+N”体系，7×24小时值守，6·18",
        "位居全国第3、排名前10，进入前五名，排名居全省40名",
        "前三季度、前11个月、近3年、近十年来、未来5年、三年行动计划",
        "年满60岁的老人，不满16周岁，超过10年级，超500强",
        "详见https://example.cn/2024/05/a12.html和a1_2@example.cn",
        "地铁17号线、3号楼、8号文件",
        "增速较快[3]，其中[12]见注",
        "工业4.0，平台3.0版",
        "汽车零部件产业，百家争鸣，千家万户，万家灯火",
        "三三两两，千方百计，万众一心，三心二意，百尺竿头",
        "单项冠军企业、世界500强、三元区、五台县、五家渠市",
        "双创、两会、三农、一中、八一、九三学社、一汽",
        "每100人拥有量，每百户、每千人口、每万人",
        "亿元以上项目、千亿级产业、万亿之城",
        "两位数增长，三位一体，二级医院，三期工程，二次创业",
    ],
)
def test_numbers_that_measure_nothing_stay_out(text: str) -> None:
    assert [text[m.raw_start : m.raw_end] for m in find_mentions(text)] == []


# --- what a mention says -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "qualifier"),
    [
        ("超过800人次", "over"),
        ("超20万人", "over"),
        ("逾300家", "over"),
        ("突破100亿元", "over"),
        ("高于12%", "over"),
        ("1000余名", "over"),
        ("30余项", "over"),
        ("20多层", "over"),
        ("8万多人", "over"),
        ("20几个", "over"),
        ("1倍多", "over"),
        ("1000+家", "over"),
        ("上百家", "over"),
        ("百余家", "over"),
        ("十几个", "over"),
        ("不少于500项", "at_least"),
        ("不低于35%", "at_least"),
        ("至少3次", "at_least"),
        ("40篇以上", "at_least"),
        ("10万元（含）以上", "at_least"),
        ("近90万次", "nearly"),
        ("将近2亿元", "nearly"),
        ("接近7成", "nearly"),
        ("近百家", "nearly"),
        ("约5100亿元", "about"),
        ("大约300户", "about"),
        ("16个左右", "about"),
        ("20来家", "about"),
        ("不足10家", "under"),
        ("低于3%", "under"),
        ("不超过5%", "at_most"),
        ("5%以内", "at_most"),
        ("不能超过48个月", "at_most"),
        ("10人以下", "at_most"),
        ("不高于3.5%", "at_most"),
        ("226场", "exact"),
    ],
)
def test_qualifiers_are_part_of_the_mention(raw: str, qualifier: str) -> None:
    text = f"全年{raw}，均已完成"
    found = only(text)
    assert (text[found.raw_start : found.raw_end], found.qualifier) == (raw, qualifier)


@pytest.mark.parametrize(
    "text",
    [
        "签约30个项目",
        "节约30万吨",
        "预约30人次",
        "最近30个",
        "赶超30家",
        "商超30家",
        "附近30户",
        "续约30户",
        "条约30项",
    ],
)
def test_qualifier_characters_inside_other_words_bound_nothing(text: str) -> None:
    assert only(text).qualifier == "exact"


def test_at_least_may_stand_before_the_verb() -> None:
    assert [m.qualifier for m in find_mentions("每区至少建成1个，每年至少召开2次，建成3个")] == [
        "at_least",
        "at_least",
        "exact",
    ]


def test_to_break_through_is_not_to_exceed() -> None:
    assert only("突破17项关键技术").qualifier == "exact"
    assert only("专利授权量突破20万件").qualifier == "over"


def test_a_word_before_two_joined_numbers_bounds_both() -> None:
    assert [m.qualifier for m in find_mentions("合格率分别超98.5%、99%，满意率97%")] == ["over", "over", "exact"]


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind"),
    [
        ("投入3.6万亿元", "3600000000000", "元", "money"),
        ("出口2500亿美元", "250000000000", "美元", "money"),
        ("出口超百亿美元，", "10000000000", "美元", "money"),
        ("引资300万港元", "3000000", "港元", "money"),
        ("补贴1000万人民币", "10000000", "元", "money"),
        ("人均GDP128450 元（", "128450", "元", "money"),
        ("人均￥1,200。", "1200", "元", "money"),
        ("劳动生产率58万元/人", "580000", "元/人", "money"),
        ("浓度27微克/立方米", "27", "微克/立方米", "count"),
        ("浓度74μg/m3", "74", "μg/m3", "count"),
        ("密度1200人/平方公里", "1200", "人/平方公里", "count"),
        ("处理能力30万吨/日", "300000", "吨/日", "count"),
        ("藏品4236.8万件/套", "42368000", "件/套", "count"),
        ("动力463万千瓦", "4630000", "千瓦", "count"),
        ("用电4.3亿千瓦时", "430000000", "千瓦时", "count"),
        ("产粮1.37万亿斤", "1370000000000", "斤", "count"),
        ("周转量427.0亿吨公里", "42700000000", "吨公里", "count"),
        ("节能3万吨标准煤", "30000", "吨标准煤", "count"),
        ("算力2000P，规模扩大", "2000", "P", "count"),
        ("面积3.5 万 平方米", "35000", "平方米", "count"),
        ("提高0.3个百分点", "0.3", "百分点", "percent"),
        ("提高0.3百分点", "0.3", "百分点", "percent"),
        ("出生率为7.98‰", "7.98", "‰", "percent"),
        ("上升0.01个千分点", "0.01", "千分点", "percent"),
        ("占比百分之十", "10", "%", "percent"),
        ("占比百分之九十五点五", "95.5", "%", "percent"),
        ("占比百分之12.5", "12.5", "%", "percent"),
        ("占比千分之三", "3", "‰", "percent"),
        ("覆盖三成，", "3", "成", "percent"),
        ("增长近3倍，", "3", "倍", "ratio"),
        ("客流翻了一番，", "1", "番", "ratio"),
        ("占全国1/4，", "0.25", "", "ratio"),
        ("占三分之二。", "0.666667", "", "ratio"),
        ("死亡率为14.3/10万。", "14.3", "/10万", "ratio"),
        ("工期缩短至3个月，", "3", "个月", "duration"),
        ("用时2个工作日，", "2", "工作日", "duration"),
        ("公示后5个工作日内兑付", "5", "工作日", "duration"),
        ("连续8年居首", "8", "年", "duration"),
        ("人均预期寿命79.4岁", "79.4", "岁", "count"),
        ("选派干部３０名", "30", "名", "count"),
        ("共有12，345户。", "12345", "户", "count"),
        ("共有1,234,567人", "1234567", "人", "count"),
        ("参观人次4310.5万，增长", "43105000", "", "count"),
        ("景气指数为103.2，", "103.2", "", "count"),
        ("汇集一百二十三家单位", "123", "家", "count"),
        ("出版四套读本", "4", "套", "count"),
        ("三万五千户受益", "35000", "户", "count"),
        ("覆盖38个区县", "38", "个", "count"),
        ("带动12项目标", "12", "项", "count"),
        ("自然增长率为-0.43‰", "-0.43", "‰", "percent"),
        ("（-3.2%）", "-3.2", "%", "percent"),
        ("同比+5.2%，", "5.2", "%", "percent"),
    ],
)
def test_units_and_kinds(text: str, value: str, unit: str, kind: str) -> None:
    found = only(text)
    assert (found.value, found.unit, found.kind) == (Decimal(value), unit, kind)


@pytest.mark.parametrize(
    ("text", "value", "high", "unit"),
    [
        ("建成3至5家，", "3", "5", "家"),
        ("建成3-5家，", "3", "5", "家"),
        ("增长4.5%—5%，", "4.5", "5", "%"),
        ("增长4.5—5%，", "4.5", "5", "%"),
        ("投入1.5—2亿元，", "150000000", "200000000", "元"),
        ("投入3000万至1亿元，", "30000000", "100000000", "元"),
        ("补助100元至200元，", "100", "200", "元"),
        ("三至五家，", "3", "5", "家"),
        ("七八十名，", "70", "80", "名"),
    ],
)
def test_ranges(text: str, value: str, high: str, unit: str) -> None:
    found = only(text)
    assert (found.value, found.value_high, found.unit) == (Decimal(value), Decimal(high), unit)
    assert (found.low, found.high) == (Decimal(value), Decimal(high))


def test_from_and_to_are_two_numbers() -> None:
    assert [m.value for m in find_mentions("比例从30%至45%，由5家到8家")] == [30, 45, 5, 8]


@pytest.mark.parametrize(
    ("text", "value", "high", "unit"),
    [
        ("举办沙龙30-20场。", 30, 20, "场"),
        ("每人资助20万元至8万元。", 200_000, 80_000, "元"),
        ("误差在12%至5%之间。", 12, 5, "%"),
    ],
)
def test_a_range_that_a_slip_turned_round_is_read_as_it_stands(text: str, value: int, high: int, unit: str) -> None:
    (mention,) = find_mentions(text)
    assert (mention.value, mention.value_high, mention.low, mention.high, mention.unit) == (
        value, high, high, value, unit
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("由20万元减至8万元，", [200_000, 80_000]),
        ("等候从90分钟缩短到45分钟，", [90, 45]),
        ("每班30至30人，", [30]),
        ("气温在-8至2℃之间，", [2]),
        ("编号2021-12个，", [12]),
        ("价格下降90元至60元，", [90, 60]),
    ],
)
def test_what_falls_is_no_range(text: str, values: list[int]) -> None:
    assert [mention.value for mention in find_mentions(text)] == values
    assert all(mention.value_high is None for mention in find_mentions(text))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("226场", "226", "226"),
        ("1600余名", "1600", "1700"),
        ("30余万名", "300000", "400000"),
        ("30万余名", "300000", "310000"),
        ("2000余万名", "20000000", "30000000"),
        ("超1600名", "1600", None),
        ("40篇以上", "40", None),
        ("5%左右", "4.5", "5.5"),
        ("近30万名", "270000", "300000"),
        ("约3.6万人", "35000", "37000"),
        ("不足10家", None, "10"),
        ("5%以内", None, "5"),
        ("十几个", "11", "19"),
        ("数百家", "200", "1000"),
        ("百余家", "100", "200"),
    ],
)
def test_intervals_that_value_and_qualifier_mean(text: str, low: str | None, high: str | None) -> None:
    found = only(text)
    assert (found.low, found.high) == (low and Decimal(low), high and Decimal(high))


def test_precision_is_the_place_of_the_last_digit() -> None:
    assert [m.precision for m in find_mentions("12.58万人、16.0%、1600名")] == [100, Decimal("0.1"), 1]


def test_joined_numbers_share_the_unit_of_the_last() -> None:
    text = "三县分别新增1200、3400、560人，产量分别为3.2、5.1万吨，分别达9万、8万人次"
    assert [(m.value, m.unit) for m in find_mentions(text)] == [
        (1200, "人"),
        (3400, "人"),
        (560, "人"),
        (32000, "吨"),
        (51000, "吨"),
        (90000, "人次"),
        (80000, "人次"),
    ]


def test_nouns_counted_without_a_measure_word() -> None:
    text = "全县设12镇8乡，下辖268村35社区，会同5部门、12单位，985高校、12市级"
    assert [(m.value, m.unit) for m in find_mentions(text)] == [(n, "") for n in (12, 8, 268, 35, 5, 12)]


def test_parts_of_a_whole_are_ratios() -> None:
    assert [(m.value, m.kind) for m in find_mentions("三次产业结构为2.5：36.7：60.8")] == [
        (Decimal("2.5"), "ratio"),
        (Decimal("36.7"), "ratio"),
        (Decimal("60.8"), "ratio"),
    ]


def test_cells_that_are_numbers_alone() -> None:
    assert [(m.value, m.bare) for c in ("1,234.5", " -3.2 ", "+8.1", "８８") for m in find_mentions(c, cell=True)] == [
        (Decimal("1234.5"), True),
        (Decimal("-3.2"), True),
        (Decimal("8.1"), True),
        (Decimal("88"), True),
    ]
    assert find_mentions("12.5%", cell=True)[0].unit == "%"
    assert find_mentions("云川区", cell=True) == []
    assert find_mentions("88") == []


def test_several_numbers_of_one_sentence_keep_their_places() -> None:
    text = "新建海智驿站1家、全市增至31家，选派专家4000余名，占比超过10%，覆盖两个区"
    assert [text[m.raw_start : m.raw_end] for m in find_mentions(text)] == [
        "1家",
        "31家",
        "4000余名",
        "超过10%",
        "两个",
    ]


def test_a_measure_word_is_not_the_beginning_of_a_noun() -> None:
    assert [(m.value, m.unit) for m in find_mentions("惠及5万家庭、3万人口，汇聚2万人才")] == [
        (50000, ""),
        (30000, ""),
        (20000, ""),
    ]


def test_a_ratio_to_one_is_one_number_and_parts_of_a_whole_are_several() -> None:
    assert [(text_of("配套比例不低于1:0.5。", one), one.value) for one in find_mentions("配套比例不低于1:0.5。")] == [
        ("不低于1:0.5", Decimal(2))
    ]
    assert [one.value for one in find_mentions("收入比为2.4∶1，结构为3∶40∶57。")] == [
        Decimal("2.4"),
        Decimal(3),
        Decimal(40),
        Decimal(57),
    ]


def text_of(text: str, one: Mention) -> str:
    return text[one.raw_start : one.raw_end]


def test_an_average_age_measures_and_a_limit_of_age_does_not() -> None:
    assert [one.value for one in find_mentions("讲解员平均年龄32岁，面向60岁以上老人。")] == [Decimal(32)]


def test_a_number_that_sums_up_the_places_before_it() -> None:
    assert [one.value for one in find_mentions("芜湖、阜阳、滁州3市出台办法，芜湖3市场开业。")] == [Decimal(3)]
