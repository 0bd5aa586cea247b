"""What a number counts: the phrases left and right of it."""

import pytest

from annals.figures.measure import Operators
from annals.figures.subject import LONGEST, left_noun, right_noun, shorten, strip_notes


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("科普志愿者代表的来信", "科普志愿者代表"),
        ("市民参与，", "市民"),
        ("国家和地区的", "国家和地区"),
        ("青年教师获得表彰", "青年教师"),
        ("“流动科学课”示范点之一。", "“流动科学课”示范点"),
        ("具有示范作用的科普基地，", "科普基地"),
        ("零就业家庭成员实现就业", "零就业家庭成员"),
        ("结对合作项目。", "结对合作项目"),
        ("视障、听障等残障儿童免费入园", "残障儿童"),
        ("村（社区）建成", "村（社区）"),
        ("镇(街道)文化站参加", "镇(街道)文化站"),
        ("，下降", ""),
        ("参与。", ""),
        ("保持增长", ""),
        ("组建队伍", ""),
        ("", ""),
    ],
)
def test_the_noun_right_of_a_number(text: str, noun: str) -> None:
    assert right_noun(text) == noun


def test_what_follows_a_comma_before_the_next_number_is_that_numbers_own() -> None:
    assert right_noun("示范社区、科普书屋", meets_number=True) == "示范社区"
    assert right_noun("书店店长、茶馆馆主担任", meets_number=False) == "书店店长、茶馆馆主"


@pytest.mark.parametrize(
    ("clause", "noun"),
    [
        ("全市新建流动书屋", "流动书屋"),
        ("其中，第一产业增加值", "第一产业增加值"),
        ("截至2031年末，全市共有注册志愿者", "志愿者"),
        ("组织全市企业参加科技服务系列路演活动", "科技服务系列路演活动"),
        ("对全市书屋进行集中整理", "全市书屋"),
        ("规范建设科普驿站", "科普驿站"),
        ("服务业增加值", "服务业增加值"),
        ("城镇新增就业", "城镇新增就业"),
        ("预计全社会研发投入", "全社会研发投入"),
        ("规模以上企业实现利润", "规模以上企业实现利润"),
        ("更新设备", "设备"),
        ("城市建成区绿地率", "城市建成区绿地率"),
        ("共吸引", ""),
        ("", ""),
    ],
)
def test_the_noun_left_of_a_number(clause: str, noun: str) -> None:
    assert left_noun(clause)[0] == noun


def test_a_phrase_has_a_longest_length() -> None:
    assert len(left_noun("甲" * 500)[0]) <= LONGEST
    assert len(right_noun("甲" * 500)) <= LONGEST


def test_shortening_keeps_what_stands_behind_examples_and_titles() -> None:
    assert shorten("讲座、报告会、咨询等活动") == "活动"
    assert shorten("“我和科学有个约会”主题征文比赛活动") == "主题征文比赛活动"
    assert shorten("每百元营业收入中的成本") == "每百元营业收入中的成本"


def test_remarks_in_brackets_are_not_part_of_a_phrase() -> None:
    assert strip_notes("生产总值（GDP）[2]") == "生产总值"
    assert strip_notes("没有括号") == "没有括号"


@pytest.mark.parametrize(
    ("clause", "rest", "moves", "down", "to"),
    [
        ("工业增加值比上年增长", "工业增加值", True, False, False),
        ("比上年末减少", "", True, True, False),
        ("出生率为", "出生率", False, False, True),
        ("增至", "", False, False, True),
        ("用电成本下降至", "用电成本", False, False, True),
        ("高于全国", "", True, False, False),
        ("低于全省平均", "", True, True, False),
        ("高技能人才", "高技能人才", False, False, False),
        ("人口自然增长率", "人口自然增长率", False, False, False),
    ],
)
def test_the_words_between_phrase_and_number(clause: str, rest: str, moves: bool, down: bool, to: bool) -> None:
    found = Operators(clause)
    assert (found.rest, found.move, found.down, found.to) == (rest, moves, down, to)
