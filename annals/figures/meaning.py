"""What one number says and of what, from the words between it and its neighbours.

Numbers in a sentence lean on each other: a list carries its verb on, a growth means the amount before it, 分别 deals
out subjects one by one. `Thread` is what is handed from one number to the next.
"""

import re
from typing import NamedTuple

from annals.figures.measure import Operators
from annals.figures.mentions import Mention
from annals.figures.subject import acts, ends_in_verb, left_noun, names_doing, right_noun, strip_notes, tidy, with_notes
from annals.figures.words import CONTENT_VERBS, EVENT_UNITS, GENERIC, SHARED_HEADS, SPENDING_VERBS
from annals.model import FigureKind, Measure

CLAUSE_END = re.compile(r"[，,：:；;。！？!?（(]")
LINKS = frozenset(("、", "和", "∶", ":", "：", "及", "与", "以及", "、和", "或"))
_SHARE = re.compile(
    r"(?:占|贡献了|贡献(?=全[国省市]))(?P<whole>[^，。；]{0,40}?)(?:的)?(?:比重|比例|份额|比|总量|总数)?(?:的)?$"
)
_OF_WHOLE = re.compile(
    r"(?P<part>[^，。；]{2,30}?)(?:(?:提高|提升|扩大|增加|上升|下降|降低)到|达到|达|占到|占|为|是|超过|相当于)[^，。；]{2,30}的$"
)
_NEW = re.compile(
    r"(?<!更)新(?![一-龥]{1,2}(?:和|、|及|或)(?:优化)?(?:改造|调整|优化|加密|提升|加固|修缮|维修))"
    r"(?:增|建(?!商品|住宅)|改建|加装|设|登记|成立|开(?!放|发)|认定|培育|获批|审批|引进|引入|创建|签|投|注册|筹集|招募"
    r"|入选|引育|评|命名|添|办|组建|落户|招|发展会员|改扩建|获评|布局|入库|吸纳)"
)
_MORE = re.compile(r"再(?:新)?建|(?:全[市省区县国])?(?:增加|增设|增配|增补)[\u4e00-\u9fff]{2,}")
_NET = re.compile(r"净[增减]")
_GREW_BY = re.compile(r"(?:增长|增加)(?:面积|数量|人数)$")
_LESS = re.compile("(?:平均|累计|共)*(?:压减|压缩|减少|缩短|降低|节约|节省|下调|削减)")
_RATE = re.compile(
    r"(?:(?<!自然)增长率|增速|增幅|涨幅)(?:(?:预期)?目标)?(?:设|定|确定|设定)?$|增长(?:预期)?目标(?:设|定|确定|设定)?$"
    r"|(?P<down>降幅|下降率)$"
)
_PRICED = ("价", "价格", "口径", "汇率", "计算")
_PRICES = re.compile(r"(?:按|以)[^，。；]{0,8}(?:价格?|口径|汇率)(?:计算)?$")  # 按可比价格下降5%
_OF_PLANNED = re.compile(
    r"(?:已)?完成(?:年初|年度|全年|调整|本年)*(?:预算|计划|目标|任务)(?:数|任务)?(?:的)?$"
)  # 完成预算的107%
_YARDSTICK = re.compile(r"(?:比|较|同|与)(?:(?:19|20)\d\d年|上年|去年)(?:末|底|同期)?[的（]$")
_TOTAL = re.compile(r"(?:里程|总数|总量|总面积|总额|总规模)$")
_TRANSPARENT = re.compile(
    r"按.{0,20}(?:计算|口径|看|分)$|分.{0,12}看$|其中$|.{0,10}下同$|扣除.{0,20}$|.{0,20}(?:来看|方面)$"
    r"|^[^，]{0,6}(?:创(?!建|新|办|业|作)|居(?!民|家)|位[居列]|排名|同比|比上)"
)
_PERSON_UNITS = frozenset(("人", "名", "位", "人次"))
_EVENT_UNITS = frozenset(EVENT_UNITS)
_CONTENT = re.compile("(?:" + "|".join(CONTENT_VERBS) + ")$")
_SPENT = re.compile("(?:" + "|".join(SPENDING_VERBS) + ")$")
_AWARD = re.compile(r"(?:被)?(?:获得|荣获|获评|获|当选|入选|评为|授予)(?P<award>[^，。；、]{2,40})")
_TAKING_PART = re.compile(r"[^，。；、]{0,10}?(?:参与|参加|参观|观看)(?P<in>[^，。；、]{2,30})")
_GENERIC = frozenset(GENERIC)
_BOUNDS = ("左右", "上下", "以上", "以下", "以内")
_REACH = 300  # characters before a number that may tell its meaning
_TOPIC_REACH = 400


class Meaning(NamedTuple):
    """What a number says: of what, in which sense, whether downwards, and how sure that is (0–1)."""

    subject: str
    measure: Measure
    down: bool
    sure: float


class Thread:
    """What a paragraph hands from one number to the next."""

    __slots__ = ("down", "kind", "measure", "parts", "queue", "recent", "right", "started", "subject", "unit", "wholes")

    def __init__(self) -> None:
        self.subject = ""
        self.kind: FigureKind | None = None
        self.unit = ""
        self.measure: Measure | None = None
        self.down = False
        self.queue: list[str] = []  # subjects of numbers to come, given 分别 …
        self.parts: list[str] = []  # … and all that were dealt out
        self.recent: list[str] = []  # what this sentence has given amounts of
        self.wholes: dict[str, Meaning] = {}  # by unit the last amount, of which places may have a part
        self.started = False  # the last number is where a change began: 从75%
        self.right = False  # its subject stood to its right

    def begin_sentence(self) -> None:
        self.recent = []

    def take(self, meaning: Meaning, kind: FigureKind, unit: str) -> None:
        """Remember the number just read."""
        if meaning.measure in ("level", "added") and meaning.subject:
            self.wholes[unit] = meaning
        if meaning.measure not in ("growth", "change") and meaning.subject not in self.recent[-1:]:
            self.recent.append(meaning.subject)
        self.subject, self.measure, self.down = meaning.subject, meaning.measure, meaning.down
        self.kind, self.unit = kind, unit

    def alike(self, unit: str) -> str:
        """What this sentence has last given in that unit, or ""."""
        whole = self.wholes.get(unit)
        return whole.subject if whole is not None and whole.subject in self.recent else ""


def meaning_of(
    text: str,
    mentions: list[Mention],
    index: int,
    begin: int,
    end: int,
    thread: Thread,
    place: str | None = None,
) -> Meaning:
    """The meaning of mentions[index], of the sentence text[begin:end] that holds these mentions alone.

    `place` is what the words before it name where that is a place and nothing else: a part of an amount before.
    """
    mention = mentions[index]
    pre = text[mentions[index - 1].raw_end if index else begin : mention.raw_start]
    post = text[mention.raw_end : mentions[index + 1].raw_start if index + 1 < len(mentions) else end]
    meets = index + 1 < len(mentions) and CLAUSE_END.search(post) is None
    alike = thread.kind == mention.kind or bool(thread.queue)
    if pre.strip(" 　") in LINKS and thread.measure is not None and alike:
        return _one_more(mention, post, meets, thread)
    thread.started = False

    if mention.unit in thread.wholes and not right_noun(post, meets) and place is not None:
        return thread.wholes[mention.unit]._replace(sure=0.85)

    if "）" in pre:
        pre = _beyond_remark(text, begin, mentions[index - 1].raw_end if index else begin, mention.raw_start)
    clauses = CLAUSE_END.split(strip_notes(pre[-_REACH:]))
    clause = clauses.pop().lstrip(" 　、)）」』”’》")
    if thread.right and index and not clauses and "、" in clause:
        clause = clause[clause.index("、") + 1 :]  # what stands before 、 belongs to the number before
    thread.right = False
    if thread.subject and pre.endswith(("（", "的")) and _YARDSTICK.search(pre[-12:]):
        return Meaning(
            thread.subject, "share" if mention.kind == "percent" else "level", False, 0.8
        )  # 比2030年（12座）
    operators = Operators(clause)
    thread.started = operators.frm
    rest, share = operators.rest, False
    if rest.endswith(_PRICED):
        rest = _PRICES.sub("", rest)
    proportion = mention.kind in ("percent", "ratio")
    if proportion and not operators.move:
        whole = _SHARE.search(rest)
        part = None if whole else _OF_WHOLE.match(rest)
        share = whole is not None
        rest = rest[: whole.start()] if whole else part["part"] if part else rest
    if proportion and post.startswith("的") and not operators.rest:
        post = post[1:]  # 三分之二的公园
    if proportion and _OF_PLANNED.match(rest):
        share, rest = True, ""
    left, verb = left_noun(rest) if rest else ("", False)
    if not left and post.startswith("的") and (operators.at or text.endswith(_BOUNDS, 0, mention.raw_end)):
        post = post[1:]  # 30支左右的队伍, 在12万册的藏书中
    measure, down = _sense(clause, operators, mention, share)
    if measure == "share" and not share and _LESS.match(rest):
        measure, down = "growth", True
    elif (
        index
        and not clauses
        and not share
        and thread.measure in ("added", "growth")
        and not operators.any()
        and left not in _GENERIC
        and not _TOTAL.search(left)
        and not acts(clause.lstrip("、和及与"))
    ):
        measure, down = _carried_on(measure, down, mention, thread)

    thread.queue = []
    dealt = _dealt(rest, left, operators, mentions, index, text, thread)
    if dealt:
        return Meaning(dealt, measure, down, 0.85)
    right = right_noun(post, meets) if mention.kind != "duration" or not index else ""
    if left and post.startswith((" ", "　")):
        right = ""  # a blank parts what a heading sets side by side
    fresh = not index or "；" in pre
    subject, sure = _subject(left, verb, right, rest, post, clauses, operators, mention, share, thread, fresh)
    if "（" in pre or "(" in pre:
        subject = with_notes(subject, pre[-_REACH:])
    return Meaning(subject, measure, down, sure)


def _beyond_remark(text: str, begin: int, start: int, end: int) -> str:
    """text[start:end] with what stands before a remark that ends in it, in 会员（含12人）30人 for the 30."""
    pre = text[start:end]
    closing = pre.find("）")
    begin = max(begin, end - _REACH)
    opening = text.rfind("（", begin, start + closing)
    if opening >= start or opening < 0 or pre[closing + 1 : closing + 2] in tuple("、，；。：和及"):
        return pre
    clause = max(text.rfind(mark, begin, opening) for mark in "，。；：、") + 1
    return text[max(begin, clause) : opening] + pre[closing + 1 :]


def topic(text: str, begin: int) -> str:
    """What the sentence before `begin` is about, for a number that names nothing itself: 创建讲堂，…。已举办3期."""
    before = text[max(0, begin - _TOPIC_REACH) : begin].rstrip("。！？；")
    sentence = before[max(before.rfind(mark) for mark in "。！？；") + 1 :]
    for clause in CLAUSE_END.split(strip_notes(sentence)):
        found, _ = left_noun(clause)
        if len(found) >= 2 and not _TRANSPARENT.search(clause):
            return found
    return ""


def _one_more(mention: Mention, post: str, meets: bool, thread: Thread) -> Meaning:
    """A number that only 、 or 和 ties to the one before says the same of another thing."""
    subject = thread.queue.pop(0) if thread.queue else ""
    if not subject and mention.kind == "count":
        subject = right_noun(post, meets)
    if not subject and mention.unit != thread.unit:
        subject = thread.alike(mention.unit)
    return Meaning(subject or thread.subject, thread.measure or "level", thread.down, 0.9)


def _sense(clause: str, operators: Operators, mention: Mention, share: bool) -> tuple[Measure, bool]:
    """(kind of statement, falling) by unit and by the words right before the number."""
    if mention.unit in ("百分点", "千分点"):
        return "change", operators.down
    if mention.kind in ("percent", "ratio"):
        if operators.move:
            return "growth", operators.down
        rate = None if share else _RATE.search(operators.rest)
        return ("growth", rate["down"] is not None) if rate else ("share", False)
    if operators.net or _NET.search(clause) or _GREW_BY.match(clause):
        return "change", operators.down
    if operators.move and not operators.to and (operators.comparison or not operators.better):
        if not operators.comparison and _NEW.search(operators.rest):
            return "added", False
        return "change", operators.down
    if not operators.to and (_NEW.search(clause) or _MORE.match(clause)):
        return "added", False
    return "level", False


def _carried_on(measure: Measure, down: bool, mention: Mention, thread: Thread) -> tuple[Measure, bool]:
    """One more of a list takes the list's sense: 新设4个学会、3个协会; 压减时间40%、材料30%."""
    if measure == "level" and thread.measure == "added":
        return "added", False
    if measure == "share" and thread.measure == "growth" and mention.kind == "percent":
        return "growth", thread.down
    return measure, down


def _subject(
    left: str,
    verb: bool,
    right: str,
    rest: str,
    post: str,
    before: list[str],
    operators: Operators,
    mention: Mention,
    share: bool,
    thread: Thread,
    fresh: bool,
) -> tuple[str, float]:
    """(what is counted, how sure): right of the number, left of it, or inherited; `before` are the clauses before.

    `fresh` says that no number before this one is of its part of the sentence.
    """
    named = _named_otherwise(left, verb, right, rest, post, mention)
    if named:
        return named, 0.7
    moved = operators.move and (operators.comparison or not operators.better)
    if mention.kind == "count" and right and not moved and (not left or not operators.to or verb or operators.at):
        thread.right = True
        return right, 0.9
    silent = not (operators.move or share or operators.to)
    if mention.kind != "count" and right and silent and (not left or ends_in_verb(rest)):
        return right, 0.8
    if left in _GENERIC and fresh and before and not _TRANSPARENT.search(before[-1]):
        found, _ = left_noun(before[-1])
        if len(found) >= 2:
            return found, 0.7  # 推进志愿者队伍建设，规模达到
    if left in _GENERIC and thread.subject:
        return thread.subject, 0.85
    if left and left not in _GENERIC:
        return left, 0.85 if verb else 0.9
    if right:
        return right, 0.8
    like = thread.alike(mention.unit) if operators.to and not any(before) else ""
    if like:
        return like, 0.8  # 基地5个、讲师30人，力争达到8个、40人
    if thread.subject and (operators.move or operators.net or share or (operators.to and not before)):
        return thread.subject, 0.9
    doing = names_doing(rest) if verb and mention.kind == "count" and not operators.any() else ""
    if doing and not (before and before[-1] and not acts(before[-1])):
        object_named = thread.alike(mention.unit)
        return (object_named if names_doing(object_named) != object_named else doing), 0.7  # 整改12处
    for earlier in reversed(before):
        if earlier and not _TRANSPARENT.search(earlier):
            found, _ = left_noun(earlier)
            if len(found) >= 2:
                return found, 0.6
    return thread.subject, 0.7 if thread.subject else 0.3


def _named_otherwise(left: str, verb: bool, right: str, rest: str, post: str, mention: Mention) -> str:
    """What is counted where no noun says it: the doing itself, money spent, the prize that people won; or ""."""
    if not left and verb and not right:
        by_kind = _SPENT if mention.kind == "money" else _CONTENT if mention.unit in _EVENT_UNITS else None
        doing = by_kind.search(rest) if by_kind else None
        if doing:
            return doing.group()
    if mention.unit in _PERSON_UNITS and rest.endswith("编制"):
        return "编制"
    if mention.unit == "人次" and not left and not right and (taking := _TAKING_PART.match(post)):
        return tidy(taking["in"])
    if mention.unit in _PERSON_UNITS and (rest.endswith("等") or not right):
        award = _AWARD.match(post)
        if award and ((not left and not right) or (rest and not verb)):
            return tidy(award["award"])
    return ""


# --- 分别 --------------------------------------------------------------------------------------

_AND = re.compile("、|以及|(?<![共饱缓温总])和(?![谐平])|(?<!参)与|(?<![普涉波以])及(?![时格其])")
_ORDINALS = re.compile(r"第(?P<which>[一二三四](?:[、和]第?[一二三四])+)(?P<head>[^一二三四、]+)")
_SHARED_HEAD = re.compile("(?:" + "|".join(sorted(SHARED_HEADS, key=len, reverse=True)) + ")$")
_AND_SO_ON = re.compile(rf"(?<=[一-龥]{{2}})等(?P<head>{_SHARED_HEAD.pattern})")
_ALIKE = 4  # characters by which names that share a head may differ in length


def _dealt(
    rest: str, left: str, operators: Operators, mentions: list[Mention], index: int, text: str, thread: Thread
) -> str:
    """The first of the subjects that 分别 deals out from here on, the others being queued; "" where it does not."""
    chain = (
        _chain(mentions, index, text) if operators.separately or operators.frm or (thread.parts and operators.to) else 1
    )
    if left and (operators.separately or (operators.frm and chain > 1)):  # 从A、B提高到C、D
        thread.parts = _separate(left_noun(rest, whole=True)[0], chain)
    elif rest:
        thread.parts = []
    elif operators.separately:
        thread.parts = thread.recent[-chain:] if 1 < chain <= len(thread.recent) else []
    if not thread.parts or not (
        operators.separately or ((operators.to or operators.frm) and len(thread.parts) == chain)
    ):
        return ""
    thread.queue = thread.parts[1:]
    return thread.parts[0]


def _chain(mentions: list[Mention], index: int, text: str) -> int:
    """How many numbers stand in a row from this one on, with nothing but 、 or 和 between them."""
    length = 1
    while index + length < len(mentions):
        before, after = mentions[index + length - 1], mentions[index + length]
        if text[before.raw_end : after.raw_start].strip() not in LINKS:
            break
        length += 1
    return length


def _separate(left: str, chain: int) -> list[str]:
    """The things that a phrase names for a row of `chain` numbers; [] where they do not pair off.

    >>> _separate("水果和蔬菜产量", 2), _separate("第一、二产业增加值", 2), _separate("生产总值", 2)
    (['水果产量', '蔬菜产量'], ['第一产业增加值', '第二产业增加值'], [])
    """
    ordinals = _ORDINALS.fullmatch(left)
    if ordinals:
        left = "、".join(f"第{one}{ordinals['head']}" for one in re.findall("[一二三四]", ordinals["which"]))
    left = _AND_SO_ON.sub(r"\g<head>", left)
    parts = left.split("、")
    if len(parts) != chain:
        parts = _AND.split(left)
    if chain == 1 or len(parts) < chain:
        return []
    parts = [tidy(part) for part in parts[-chain:]]
    head = _SHARED_HEAD.search(parts[-1])
    if head and head.start():  # 广州、深圳地铁客运量 share more than their head: those are left as they stand
        parts = [
            part if _SHARED_HEAD.search(part) or head.start() - len(part) > _ALIKE else part + head.group()
            for part in parts
        ]
    return parts
