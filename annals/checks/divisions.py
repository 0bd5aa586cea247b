"""Parts that exclude each other: what may be added up, and what makes up the whole."""

import re
from collections.abc import Sequence

# What divides a whole and leaves nothing over.
WHOLE = (
    ("城镇", "乡村"),
    ("城镇", "农村"),
    ("男", "女"),
    ("线上", "线下"),
    ("第一产业", "第二产业", "第三产业"),
    ("第一、", "二、", "三产业"),
    ("一产", "二产", "三产"),
    ("优秀", "合格", "不合格"),
    ("未成年", "中青年", "老年"),
    ("青年", "中年", "老年"),
    ("中央", "地方", "自筹"),
    ("境内", "境外"),
    ("室内", "室外"),
    ("公办", "民办"),
    ("东部", "中部", "西部"),
)
_REST = re.compile(r"^(?:其他|其它|其余|剩余|余下)")
_NOT = re.compile(r"^(?:非|不|未)(?P<what>.{2,})$")
# Words of classes that overlap, so that their parts may add up to anything.
_OVERLAPPING = re.compile(
    r"先进制造业|高技术|高新|战略性新兴|规模以上|规上|民营|支柱|优势|重点|学历|职称|党员|博士|硕士|本科|代表|国家级|省级|市级"
)
_WITHIN = re.compile(r"[中里].|今年|上年|去年|本年|(?:19|20)\d\d")  # a share of each, or of each year
_BY = re.compile(r"按[^，。；：、]{1,8}(?:分|计|统计|划分)|从[^，。；：、]{1,8}看")
_CLASS = re.compile(r"(类|级|型|等?奖|等次|性|产业|岁|岁以[上下]|岁及以[上下])的?$")
_FRONT = re.compile(r"^(?:其中|包括|分别是|分别为|有|为|是|含|：|:)+")


def name(clause: str) -> str:
    """What the words in front of a number call it.

    >>> name("其中，一等奖占"), name("18岁以下的占"), name("：健康类"), name("，农村居民占总人口的")
    ('一等奖', '18岁以下', '健康类', '农村居民')
    """
    last = re.split(r"[，。；、：:,;（(\n]", re.sub(r"占[^占]*$", "", clause).rstrip("，、：:（( "))[-1]
    return _FRONT.sub("", last.strip()).removesuffix("的")


def complete(names: Sequence[str]) -> bool:
    """Whether the names are all parts of a division: in one string each once, or one in each.

    >>> complete(["城镇居民", "农村居民"]), complete(["男、女会员"]), complete(["女性", "党员"])
    (True, True, False)
    >>> complete(["绘画", "书法", "其他"]), complete(["达标", "未达标"]), complete(["优秀", "合格"])
    (True, True, False)
    """
    for division in WHOLE:
        if len(names) == 1 and all(names[0].count(part) == 1 for part in division):
            return True
        if len(names) == len(division) and all(part in name for part, name in zip(division, names, strict=True)):
            return True
    if len(names) == 2 and (other := _NOT.match(names[1])) and other["what"] == names[0]:
        return True
    return len(names) > 2 and _REST.match(names[-1]) is not None


def overlapping(text: str) -> bool:
    """Whether words name classes that overlap.

    >>> overlapping("先进制造业、高技术制造业增加值分别占"), overlapping("城乡听众分别占")
    (True, False)
    """
    return _OVERLAPPING.search(text) is not None


def exclusive(names: Sequence[str], opening: str = "") -> bool:
    """Whether parts of these names exclude each other: a division of the whole, or classes of one kind.

    `opening` is what stands in front of them: 按来源分.

    >>> exclusive(["绘画类", "书法类"]), exclusive(["一等奖", "二等奖"]), exclusive(["财政拨款", "自筹"], "按来源分，")
    (True, True, True)
    >>> exclusive(["女性", "35岁以下", "党员"]), exclusive(["高新技术类", "民营类"])
    (False, False)
    >>> exclusive(["城镇居民中会用", "农村居民中会用"])
    False
    """
    if overlapping("，".join(names)) or len(set(names)) < len(names) or any(map(_WITHIN.search, names)):
        return False
    if complete(names) or _BY.search(opening):
        return True
    kinds = {found[1][0] if (found := _CLASS.search(name)) else None for name in names}
    return len(kinds) == 1 and None not in kinds
