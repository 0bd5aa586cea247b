"""The automatic identity of what a figure measures, stable over years, documents and phrasings.

A key reads `subject|unit|measure`: 院士工作站|个|level. It holds no year, no region and no publisher, which a figure
has beside it; quotes, the words for "our city" and adjectives that come and go are taken off the subject. A subject
that says nothing by itself (单位, 区县, 活动) has no key: figures of different things would share it.
"""

import re
from functools import cache, lru_cache

from annals import regions
from annals.model import FigureKind, Measure
from annals.settings import PROJECT
from annals.tsvfile import read_rows

UNITS = PROJECT / "include" / "reference" / "unit_classes.tsv"
VAGUE = PROJECT / "include" / "reference" / "vague_subjects.tsv"

_TITLES = re.compile(r"^《([^《》]+)》(?:[、和与及]?《[^《》]+》)+$")
_NOTES = re.compile(r"\[\d+\]|[①-⑳*]|[（(][^（()）]{0,30}[）)]")
_QUOTES = re.compile(r"[“”\"'‘’「」『』〈〉《》【】\[\]()（）*\s　·\-—]")
_PERIODS = re.compile(
    r"(?:(?:19|20)\d{2}(?:[-—–~至](?:19|20)?\d{2})?(?:年度?|级|届)?|[“\"]?十[一二三四五六七八九]五[”\"]?|第[一二三四五六七八九十百\d]{1,4}[届次期批])"
    r"(?:时期|期间|末|底)?"
)
# Scope, time and light verbs in front of what is counted: they say where, when and that, not what.
_LEADING = re.compile(
    r"^(?:全年|全市|全省|全区|全县|全州|全镇|全系统|我市|我省|我区|我县|我国|本市|本省|本区|本县|本年度?|今年|去年|市内|省内|区内|辖区内?|"
    r"当年|年内|年末|年底|年初|上半年|下半年|截至目前|累计|共计|总共|共有|共|其中|同时|已有|已|现有|拥有|实有|预计|力争|确保|"
    r"各类|各级|各地|各种|各项|所有|全部|相关|有关|广大|众多|一批|一系列|等|的|为|是|了|约|近|超过?|达到?|"
    r"新增加?|新建成?|新设立?|新成立|新认定|新登记|新批准|新组建|新引进|实现|完成|建成|建设|举办|承办|开展|组织|召开|建立|成立|设立|"
    r"组建|报送|发布|推出|形成|评选出?|推荐|出版|编印|发放)"
)
_TRAILING = re.compile(
    r"(?:总人数|总户数|总数量?|总量|数量|个数|人数|户数|家数|(?<![指系倍分函次天岁])数|总计|合计|共计|情况|达到?|为|约|的|等)$"
)
_SAME = (
    ("规上", "规模以上"),
    ("限上", "限额以上"),
    ("总产量", "产量"),
    ("总产值", "产值"),
    ("占比", "比重"),
    ("比率", "比例"),
)
_PEOPLE = re.compile(
    r"(?:人|人员|市民|公众|群众|民众|居民|网民|师生|学生|教师|员工|职工|观众|听众|受众|代表|专家|院士|工作者|志愿者|青少年|儿童|老人|农民|"
    r"党员|干部|人口|人才|会员|委员|医师|护士|选手|嘉宾|游客|旅客)$"
)


def series_key(subject: str, unit: str, kind: FigureKind, measure: Measure) -> str | None:
    """The key of what is measured; None where the subject does not say.

    >>> series_key("全市流动书屋", "家", "count", "level")
    '流动书屋|个|level'
    >>> series_key("报送《渔业简讯》《林业简讯》", "篇", "count", "level")
    '渔业简讯|篇|level'
    >>> series_key("科普活动", "场", "count", "level") == series_key("科普活动", "人次", "count", "level")
    False
    >>> series_key("单位", "家", "count", "level") is None
    True
    """
    name = normal_subject(subject)
    if is_vague(name):
        return None
    return f"{name}|{unit_class(unit, kind, name)}|{measure}"


@lru_cache(maxsize=16_384)
def normal_subject(subject: str) -> str:
    """The subject without years, places, quotes, light verbs, and "number of" at its end.

    >>> normal_subject("2023年全市各类“科普”活动"), normal_subject("学生人数"), normal_subject("居民消费价格指数")
    ('科普活动', '学生', '居民消费价格指数')
    >>> normal_subject("永川区规上工业企业数")
    '规模以上工业企业'
    """
    name = subject.strip()
    if titles := _TITLES.match(_LEADING.sub("", name)):
        name = titles.group(1)
    name = _QUOTES.sub("", _PERIODS.sub("", _NOTES.sub("", name))).strip("，、。；：,;:")
    name = _strip(regions.without_leading_place(_strip(name, _LEADING)), _LEADING)
    name = _strip(name, _TRAILING)
    for variant, standard in _SAME:
        name = name.replace(variant, standard)
    return name


def is_vague(name: str) -> bool:
    """Whether a normal subject says nothing by itself."""
    return len(name) < 2 or name in _vague()


@lru_cache(maxsize=1024)
def unit_class(unit: str, kind: FigureKind, subject: str = "") -> str:
    """What stands for all units that count the same: 名, 位 and 人 are one, 元 and 美元 are two.

    Without a unit the subject decides: people are 人, all else 个.

    >>> unit_class("名", "count"), unit_class("所", "count"), unit_class("", "count", "市民")
    ('人', '个', '人')
    """
    if unit:
        return _units().get(unit, unit)
    if kind != "count":
        return kind
    return "人" if _PEOPLE.search(subject) else "个"


def _strip(name: str, pattern: re.Pattern[str]) -> str:
    """Take off what the pattern matches, again and again, as long as at least two characters stay."""
    while True:
        shorter = pattern.sub("", name, count=1)
        if shorter == name or len(shorter) < 2:
            return name
        name = shorter


@cache
def _units() -> dict[str, str]:
    return {unit: standing for standing, units in read_rows(UNITS, "standing", "units") for unit in units.split(",")}


@cache
def _vague() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows(VAGUE, "subject"))
