"""The automatic identity of what a figure measures, stable over years, documents and phrasings.

A key reads `subject|unit|measure`: 院士工作站|家|level. It holds no year, no place and no publisher's name, which a
figure has beside it; adjectives, quotes and the words for "our city" are taken off the subject.
"""

import re
from functools import lru_cache

from annals.model import FigureKind, Measure

# Measure words that count the same things; the first of each class stands for it.
_UNIT_CLASSES = (
    ("人", "名", "位", "人员"),
    ("家", "个", "所", "座", "处", "户", "间", "支", "只", "块", "台", "栋", "幢", "条"),
    ("篇", "份", "册", "部", "本", "期", "件", "则"),
    ("场次", "场", "次", "批", "批次", "轮", "届", "站"),
    ("人次", "万人次"),
    ("公顷", "亩"),
)
_UNIT = {unit: group[0] for group in _UNIT_CLASSES[:5] for unit in group}
_QUOTES = re.compile(r"[“”\"'‘’「」『』〈〉《》【】\[\]()（）*\s　·、，]")
_BRACKETED = re.compile(r"[（(][^（）()]{0,30}[）)]|\[\d+\]|[①-⑳]")
_YEARS = re.compile(r"(?:(?:19|20)\d{2}|[“\"]?[十一二三四五六七八九]{3,4}五[”\"]?)(?:年度?|时期|末)?")
_LEADING = re.compile(
    r"^(?:全年|全市|全省|全区|全县|全州|我市|我省|我区|我县|本市|本省|本区|本县|市内|省内|区内|辖区|当年|年内|年末|年底|累计|共有?|其中|"
    r"各类|各级|各地|各种|各项|优秀|重点|先进|广大|新增|新建|新设|新认定|现有|已有|一批|多个|等|的|被|为|是|了|以|由|把|将|对|"
    r"市级以上|地区性)+"
)
_TRAILING = re.compile(r"(?:总数|总量|数量|数|个数|人数|总计|合计|等|情况|工作|活动共|共计|的)+$")


def series_key(subject: str, unit: str, kind: FigureKind, measure: Measure) -> str | None:
    """The key of what is measured; None where the subject says nothing.

    >>> series_key("全市院士工作站", "家", "count", "level")
    '院士工作站|家|level'
    >>> series_key("《专家建议》", "篇", "count", "level") == series_key("专家建议", "篇", "count", "level")
    True
    >>> series_key("科普活动", "场", "count", "level") == series_key("科普活动", "人", "count", "level")
    False
    """
    name = normal_subject(subject)
    return f"{name}|{unit_class(unit, kind)}|{measure}" if name else None


@lru_cache(maxsize=4096)
def normal_subject(subject: str) -> str:
    """The subject without years, places, quotes and adjectives that come and go.

    >>> normal_subject("2023年全市各类“科普”活动")
    '科普活动'
    """
    name = _YEARS.sub("", _BRACKETED.sub("", subject))
    name = _QUOTES.sub("", name)
    while True:
        shorter = _LEADING.sub("", name, count=1)
        if shorter == name or not shorter:
            break
        name = shorter
    trimmed = _TRAILING.sub("", name)
    return trimmed if len(trimmed) >= 2 else name


def unit_class(unit: str, kind: FigureKind) -> str:
    """What stands for all units that count the same: 名, 位 and 人 are one, 元 and 美元 are two.

    >>> unit_class("名", "count"), unit_class("所", "count"), unit_class("美元", "money"), unit_class("%", "percent")
    ('人', '家', '美元', '%')
    """
    return _UNIT.get(unit, unit) or kind
