"""Whether a number measures something, where its own shape does not tell: the grammar around it decides."""

import re

from annals.figures.numerals import Numeral
from annals.figures.shapes import DIGITS, HANZI, MEDALS, QUOTES, SPACES
from annals.figures.surroundings import Tail
from annals.figures.units import Tables
from annals.model import Qualifier

# Before a number 前 makes a rank or a period (前10名, 前三季度), unless it ends another word (目前36家).
_FRONT_WORDS = frozenset("目此当之以提先日年月事会期间从空面跟生产赛")
_JOINED = frozenset("×·•/／_=#＃@&")
_CLOSERS = frozenset("，。；、,;:：（()）!！”\n和及与")
_PERIOD_HEADS = ("未来", "今后", "过去", "最近", "近", "前", "后", "每", "同期", "以往", "这", "头", "首", "年均")
_PERIOD_TAILS = frozenset("来间前后期制度级代会初底末均报鉴货终检龄")
_LASTING = ("连续", "为期", "期限", "任期", "满", "历时", "缩短", "延长", "历经", "持续", "工期", "时限")
_STANDBY = ("服务", "值", "在线", "自助", "不", "营业", "监", "开放", "热线", "运", "响应", "提供", "接", "全")
_RATES = ("比", "值", "率", "度", "数", "得分")
_SESSIONS = ("会议", "全会", "全体", "全委", "大会", "党代", "代表", "产业", "创业", "分配", "理事", "常委")
_STATED = (
    *("为", "是", "达", "至", "到", "升", "降", "上涨", "下降", "上升", "提高", "提升", "缩小", "扩大", "增加", "减少"),
    *("增长", "指数", "系数", "得分", "倍差", "约", "超", "近", "从", "由", "保持在", "稳定在"),
    *("人数", "户数", "家数", "件数", "次数", "总数", "数量", "人次", "合计", "共计", "总计", "累计"),
)


_AT_LEAST = re.compile("至少[一-鿿]{1,4}$")
_AGE = re.compile("平均年龄[^，。；、]{0,3}$")
_CLAUSE = re.compile("[^，。；、：,;“”（）()]*")
_RANK = re.compile("(?:排名|排行|位居|位列|名列|跻身|居)(?:全[国省市区县球]|世界|国内|行业|同类)?(?:第|前)?$")


def is_year_like(digits: str) -> bool:
    """Four digits that could be a year.

    >>> is_year_like("2021"), is_year_like("2246")
    (True, False)
    """
    return len(digits) == 4 and digits[:2] in ("19", "20") and digits.isdigit()


def is_named(text: str, start: int) -> bool:
    """Whether what stands before makes the number a rank, a rate's base, or a part of a longer sign.

    >>> is_named("位居前10名", 3), is_named("目前36家", 2), is_named("每100人", 1), is_named("一式3份", 2)
    (True, False, True, True)
    """
    if not start:
        return False
    before = text[start - 1]
    if before == "前":
        return text[start - 2 : start - 1] not in _FRONT_WORDS
    if before in "+＋":
        earlier = text[start - 2 : start - 1] if start > 1 else ""
        return earlier != "" and (earlier.isascii() or earlier in HANZI) and earlier.isalnum()  # 1+6, not 增长+6
    return before == "每" or before in _JOINED or text.endswith("一式", 0, start)


def is_negative(text: str, start: int, unit: str) -> bool:
    """Whether the dash right before a number is a minus sign: 为-0.57‰, （-3.2）; not 图1-3.

    >>> is_negative("为-0.57‰", 2, "‰"), is_negative("A-3个", 2, "个")
    (True, False)
    """
    before = text[start - 2 : start - 1] if start > 1 else ""
    if not before or before in SPACES or before in "(（:：,，|\t为是至到":
        return True
    return unit in ("%", "‰") and not before.isascii()


def is_index(text: str, start: int, end: int, digits: str) -> bool:
    """A number without a unit that a verb states: 指数为103.2, 系数降至0.46; not a version (4.0), not a year.

    >>> is_index("指数为103.2，", 3, 8, "103.2"), is_index("工业4.0时代", 2, 5, "4.0"), is_index("获8金4银", 1, 2, "8")
    (True, False, True)
    """
    if MEDALS.match(text, end):
        return True
    following = text[end : end + 1]
    if following and following not in _CLOSERS and following not in SPACES:
        return False
    if following and following in SPACES and is_arabic(text[end + 1 : end + 2]):
        return False  # a table's row that lost its ruling
    before = text[max(0, start - 12) : start].rstrip(SPACES + "了")
    decimal = "." in digits or "．" in digits
    if digits == "100" and (before.endswith("=") or ("以" in before and before.endswith("为"))):
        return False  # the base of an index
    if decimal and before.endswith(_RATES):
        return True
    return before.endswith(_STATED) and len(digits) <= 9


_NAMED = re.compile(r"(?:[一-鿿]{2,8}、){2,}[一-鿿]{2,8}$")


def sums_names(text: str, start: int, end: int) -> bool:
    """A number that sums up the places named before it, without a measure word: 甲河、乙山、丙桥3市出台办法.

    >>> sums_names("芜湖、阜阳、滁州3市出台办法", 8, 9), sums_names("芜湖3市出台办法", 2, 3)
    (True, False)
    """
    return (
        text[end : end + 1] in tuple("省市县区乡镇村") and _NAMED.search(text[max(0, start - 30) : start]) is not None
    )


def counts_noun(text: str, end: int, words: Tables) -> bool:
    """A number that counts a noun without a measure word, as in lists: 下辖12镇8乡.

    >>> from annals.figures.units import tables
    >>> counts_noun("下辖12镇8乡，", 4, tables()), counts_noun("12市级", 2, tables())
    (True, False)
    """
    noun = words.nouns.at(text, end)
    if noun is None:
        return False
    following = text[end + len(noun[0]) : end + len(noun[0]) + 1]
    return not following or following in _CLOSERS or is_arabic(following)


def measures(text: str, start: int, digits: str, tail: Tail, head: Qualifier | None) -> bool:
    """Whether a number with a unit measures, where the unit can also make a period, an age or a name.

    >>> from annals.figures.surroundings import read_tail
    >>> from annals.figures.units import tables
    >>> def m(text, at, end): return measures(text, at, text[at:end], read_tail(text, end, tables()), None)
    >>> m("年满60岁的老人", 2, 4), m("人均预期寿命79.4岁", 6, 10), m("新建500千伏变电站", 2, 5)
    (False, True, False)
    >>> m("近3年新建", 1, 2), m("耗时30分钟", 2, 4), m("打造15分钟生活圈", 2, 4), m("连续8年", 2, 3)
    (False, True, False, True)
    """
    unit = tail.unit
    following = _CLAUSE.match(text, tail.end, tail.end + 12)[0]  # type: ignore[index]  # it may match nothing
    if unit in ("名", "位") and _RANK.search(text, max(0, start - 8), start):
        return False
    if tail.kind == "duration":
        return _lasts(text[max(0, start - 4) : start], following, digits, tail, head)
    if unit == "岁":
        before = text[max(0, start - 12) : start]
        return "." in digits or "寿命" in before or _AGE.search(before) is not None
    if unit == "度":
        return text[max(0, start - 1) : start] not in ("经", "纬")
    if unit in ("千伏", "kV", "KV"):
        return not "一" <= following[:1] <= "鿿"
    return not following.startswith(("攻坚行动", "行动计划", "大会战")) or len(unit) < 2


def _lasts(before: str, following: str, digits: str, tail: Tail, head: Qualifier | None) -> bool:
    """A stretch of time that is measured (耗时30分钟, 20年以上), not a period that dates (近3年, 3年行动, 未来5年)."""
    if tail.unit in ("分钟", "小时", "秒", "秒钟", "毫秒"):
        return "圈" not in following and not following.startswith(_STANDBY)
    if head == "nearly":
        if not before.removesuffix("近").removesuffix("将").endswith(("时", "历", "长", "达", "期", "限")):
            return False
    elif not head and before.endswith(_PERIOD_HEADS) and not before.endswith("提前"):
        return tail.qualifier == "at_most" and before.endswith("后")  # 公示后5个工作日内
    if following[:1] in _PERIOD_TAILS or following.startswith(("以来", "无理由", "不打烊", "无休")):
        return False
    if tail.unit != "年" or tail.qualifier or head or "." in digits or before.endswith(_LASTING):
        return True
    return not following or following[:1] in _CLOSERS


def hanzi_counts(text: str, start: int, written: str, numeral: Numeral, tail: Tail, bound: Qualifier | None) -> bool:
    """Whether a Chinese numeral counts something: the grammar of numerals and measure words.

    `bound` is any bounding word before it or inside it.
    """
    word = tail.word
    if written in ("二", "一两", "万一", "几") or not numeral.value or text[start - 1 : start] == "届":
        return False  # 二次, 零部件, 六届五次全会
    if written == "一" and tail.unit not in ("倍", "番", "成"):
        return False
    following = text[tail.end : tail.end + 2]
    classifies = tail.qualifier == "at_least" and "一" <= following[:1] <= "鿿"
    if written[0] in "百千万亿" and not numeral.vague and not bound and (classifies or not tail.qualifier):
        return False  # 百家争鸣, 亿元以上项目
    if word is None or not tail.unit:
        counted = tail.qualifier == "over" or (bound and written[-1] in "百千万亿")
        return bool(counted) and following[:1] not in tuple("年载里岁次级届期")
    if word.hanzi == "no":
        return False
    if tail.unit == "番":
        return "翻" in text[max(0, start - 2) : start]
    if tail.unit == "成":
        return bool(tail.qualifier or bound) or not following or following[:1] in _CLOSERS or following[:1] == "的"
    if (following[:1] in ("一", "半") and following[1:] != "般") or following in ("百亿", "千亿", "万亿", "百分"):
        return False  # 五个一, 三个百亿
    if following[:1] in QUOTES and following[1:] and following[1:] in "一二三四五六七八九十百零":
        return False  # 三个“一批”
    return not (tail.unit == "次" and following in _SESSIONS)


def loosely_bounded(text: str, start: int) -> bool:
    """上百, 过万, 破亿: words that bound only a magnitude that stands alone.

    >>> loosely_bounded("吸引上百家", 3), loosely_bounded("以上百家", 2)
    (True, False)
    """
    before, earlier = text[start - 1 : start], text[max(0, start - 2) : start - 1]
    return (
        (before == "上" and earlier not in tuple("以海线路网史身天山水世"))
        or (before == "过" and earlier not in tuple("通经不越度透穿难走"))
        or (before == "破" and earlier not in tuple("打侦攻爆"))
    )


def at_least_of(text: str, start: int) -> bool:
    """Whether 至少 stands before the number's verb: 至少建成1个.

    >>> at_least_of("每区至少建成1个", 6), at_least_of("至少。建成1个", 5)
    (True, False)
    """
    begin = max(0, start - 6)
    return text.find("至少", begin, start) >= 0 and _AT_LEAST.search(text, begin, start) is not None


def breaks_through(text: str, head_start: int, start: int, end: int) -> bool:
    """突破20项关键技术: to break through, not to exceed.

    >>> breaks_through("突破20项关键技术", 0, 2, 5), breaks_through("突破20万户", 0, 2, 6)
    (True, False)
    """
    return text[head_start:start].startswith("突破") and any(
        noun in text[end : end + 14] for noun in ("技术", "瓶颈", "难题", "工艺", "难点", "卡脖子", "堵点")
    )


def is_arabic(character: str) -> bool:
    """Whether a character is an Arabic digit, of either width; the empty string is not."""
    return character != "" and character in DIGITS
