"""Years, roles and regions, taken one at a time."""

import pytest

from annals.figures.frames import Frame, document_frame, section_frames
from annals.figures.places import Places, counts_divisions
from annals.figures.roles import stated_role
from annals.figures.times import times
from annals.model import Description, Section

HERE = Frame(2031, "actual", "重庆市")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2029年建成，2030年投用。", [2029, 2030]),
        ("比2029年增长，较2028年末下降，与去年持平。", []),
        ("“十三五”末达标，“十四五”时期推进，比“十三五”末提高。", [2020, 2025]),
        ("去年建成，今年扩建，明年投用。", [2030, 2031, 2032]),
        ("自2012年以来，从2013年起，2014年以来。", []),
        ("印发《2021年行动方案》，开展“2022年行动”。", []),
        ("争创2021—2025年度示范区。", []),
        ("截至2030年底，到2035年。", [2030, 2035]),
        ("恢复到2019年的九成。", []),
    ],
)
def test_years_that_a_sentence_states(text: str, years: list[int]) -> None:
    assert [time.year for time in times(text, 2031, 2031) if time.tense != "since"] == years


def test_years_ahead() -> None:
    assert [time.tense for time in times("到2035年，2030年", 2031, 2031)] == ["ahead", "now"]
    assert times("今年", 2031, 2030, report=True) == [(0, 2031, "ahead")]
    assert times("过去一年", 2031, 2030, report=True) == [(0, 2030, "back")]
    assert times("今年", None, None) == []


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("力争覆盖率达到", "target"),
        ("确保全市比例达到", "target"),
        ("积极争取各类资金", "actual"),
        ("人均预期寿命提高到", "actual"),
        ("主要预期目标是增长", "target"),
        ("圆满完成覆盖率超过70%的目标任务", "actual"),
        ("力争达标；建成", "actual"),
    ],
)
def test_roles_that_words_state(words: str, role: str) -> None:
    assert stated_role(words, "actual") == role


def sections(*titles: tuple[str, int]) -> tuple[Section, ...]:
    """Sections of ten characters' heads, each reaching to the next one of its level or above."""
    starts = [10 * number for number in range(len(titles))]
    ends = [
        next((starts[later] for later in range(at + 1, len(titles)) if titles[later][1] <= level), 10 * len(titles))
        for at, (_, level) in enumerate(titles)
    ]
    return tuple(
        Section(title=title, level=level, start=start, end=end)
        for (title, level), start, end in zip(titles, starts, ends, strict=True)
    )


def frames(genre: str, *titles: tuple[str, int]) -> list[Frame]:
    described = Description(genre=genre, year=2031, region="重庆市", sections=sections(*titles))  # type: ignore[arg-type]
    return [frame for _, _, frame in section_frames(described, HERE, Places(HERE.region))]


@pytest.mark.parametrize(
    ("genre", "title", "role"),
    [
        ("plan", "2031年工作要点", "target"),
        ("notice", "关于印发实施方案的通知", "target"),
        ("notice", "关于表彰先进集体的通报", "actual"),
        ("report", "云川市2031年部门预算", "target"),
        ("report", "云川市2031年部门决算", "actual"),
        ("communique", "2031年统计公报", "actual"),
    ],
)
def test_what_kind_of_document_it_is_tells_the_role(genre: str, title: str, role: str) -> None:
    assert document_frame(Description(genre=genre, title=title)).role == role  # type: ignore[arg-type]


def test_sections_inherit_what_their_headings_leave_open() -> None:
    found = frames("report", ("一、2030年工作回顾", 1), ("（一）产业", 2), ("二、2031年工作安排", 1), ("（一）产业", 2))
    assert [(frame.year, frame.role) for frame in found] == [
        (2030, "actual"),
        (2030, "actual"),
        (2031, "target"),
        (2031, "target"),
    ]


def test_a_heading_that_names_a_district_makes_it_the_region() -> None:
    found = frames(
        "press", ("万州区 打造科普高地", 1), ("一、永川区", 1), ("永川区科普四进显成效", 1), ("全国科普日", 1)
    )
    assert [frame.region for frame in found] == ["万州区", "永川区", "重庆市", "重庆市"]


def test_a_five_year_plan_that_lies_ahead_is_aimed_at() -> None:
    found = frames("report", ("二、“十六五”时期的主要目标", 1), ("一、“十五五”时期回顾", 1))
    assert found[0] == Frame(2035, "target", "重庆市")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("永川区获批", "永川区"),
        ("两江新区成立", "两江新区"),
        ("上海市普陀区办事处", "普陀区"),
        ("川渝两地", "川渝"),
        ("全国共有", "全国"),
        ("社区共有", None),
        ("市区两级", None),
        ("中国科学家", None),
        ("", None),
    ],
)
def test_places_at_the_head_of_words(words: str, name: str | None) -> None:
    found = Places(HERE.region).leading(words)
    assert (found and found[0]) == name


def test_districts_are_not_counted_within_a_district() -> None:
    assert counts_divisions("区县")
    assert not counts_divisions("社区")
