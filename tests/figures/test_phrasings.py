"""Random figures written in random phrasings are read back with their meaning."""

from decimal import Decimal
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from annals.figures import read
from annals.model import Description, Document, Passage

THINGS = ("科普驿站", "流动书屋", "示范社区", "青少年工作室", "农技服务队", "科技小院", "乡村科学馆", "银龄讲师团")
AMOUNTS = ("科普经费", "社会消费品零售总额", "一般公共预算收入", "农林牧渔业总产值", "技术合同成交额")
RATES = ("公民具备科学素质的比例", "绿色电力占比", "社区覆盖率", "常住人口城镇化率")


class Case(NamedTuple):
    text: str
    value: Decimal
    measure: str
    subject: str
    year: int = 2031
    role: str = "actual"


numbers = st.integers(2, 99_999)
percents = st.decimals("0.1", "99.9", places=1)


@st.composite
def counts(draw: st.DrawFn) -> Case:
    thing, number = draw(st.sampled_from(THINGS)), draw(numbers)
    pattern, measure = draw(
        st.sampled_from(
            (
                ("建成{}{}个。", "level"),
                ("全市共有{}{}个。", "level"),
                ("累计建设{}{}个，位居前列。", "level"),
                ("{}增至{}个。", "level"),
                ("全年新增{}{}个。", "added"),
                ("新建{}{}个，受到欢迎。", "added"),
                ("全年净增{}{}个。", "change"),
            )
        )
    )
    return Case(pattern.format(thing, number), Decimal(number), measure, thing)


@st.composite
def counts_before_their_noun(draw: st.DrawFn) -> Case:
    thing, number = draw(st.sampled_from(THINGS)), draw(numbers)
    pattern, measure = draw(
        st.sampled_from((("打造{}个{}，", "level"), ("{}个{}受到表扬，", "level"), ("新增{}个{}，", "added")))
    )
    return Case(pattern.format(number, thing) + "反响热烈。", Decimal(number), measure, thing)


@st.composite
def growths(draw: st.DrawFn) -> Case:
    name, percent = draw(st.sampled_from(AMOUNTS)), draw(percents)
    pattern, sign = draw(
        st.sampled_from(
            (
                ("{}增长{}%。", 1),
                ("全年{}比上年增长{}%。", 1),
                ("{}同比下降{}%。", -1),
                ("{}较上年减少{}%。", -1),
                ("其中，{}上涨{}%。", 1),
            )
        )
    )
    return Case(pattern.format(name, percent), sign * percent, "growth", name)


@st.composite
def shares(draw: st.DrawFn) -> Case:
    name, percent = draw(st.sampled_from(RATES)), draw(percents)
    pattern = draw(st.sampled_from(("{}达到{}%。", "{}为{}%。", "全市{}提高到{}%。", "{}降至{}%。")))
    return Case(pattern.format(name, percent), percent, "share", name)


@st.composite
def targets(draw: st.DrawFn) -> Case:
    name, percent, year = draw(st.sampled_from(RATES)), draw(percents), draw(st.integers(2032, 2040))
    pattern = draw(st.sampled_from(("力争到{}年全市{}超过{}%。", "到{}年，{}达到{}%以上。")))
    return Case(pattern.format(year, name, percent), percent, "share", name, year, "target")


@settings(max_examples=300, deadline=None)
@given(st.one_of(counts(), counts_before_their_noun(), growths(), shares(), targets()), st.text("  \n", max_size=3))
def test_what_is_written_is_read(case: Case, blanks: str) -> None:
    text = "各项工作有序开展。" + blanks + case.text
    passage = Passage(kind="paragraph", start=0, end=len(text))
    document = Document(name="a.txt", media_type="text/plain", text=text, passages=(passage,))
    (one,) = read(document, Description(genre="review", year=2031, region="重庆市"))
    assert (one.value, one.measure, one.year, one.role) == (case.value, case.measure, case.year, case.role)
    assert case.subject.startswith(one.subject) or case.subject in one.subject
    assert one.subject
    assert one.region == "重庆市"
    assert text[one.start : one.end].rstrip("%") == str(abs(case.value))
    assert one.quote == case.text.strip()


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        "0123456789一二十百万亿两几个家人名%，。；、（）《》“”年月增长下降新增占的为至从分别余近超以上", max_size=60
    )
)
def test_anything_at_all_is_read_without_a_fault(text: str) -> None:
    passage = Passage(kind="paragraph", start=0, end=len(text))
    document = Document(name="a.txt", media_type="text/plain", text=text, passages=(passage,))
    for one in read(document, Description(year=2031, region="重庆市")):
        assert 0 <= one.start < one.end <= len(text)
        assert 0 <= one.confidence <= 1
        if one.low is not None and one.high is not None:
            assert one.low <= one.high
