"""When, where, and whether planned or done: resolved from the sentence, its paragraph, its section, the document."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from annals import lead, regions
from annals.figures.words import VERBS
from annals.model import Description, Role

_TIME = re.compile(
    r"(?P<versus0>[比较与同和])?“?十(?P<plan>[一二三四五六])五”?(?P<span>末|期末|时期|期间|以来)?"
    r"|《[^》]{0,80}》|“[^”，。]{0,80}”"
    r"|(?P<versus>[比较与同和])?(?P<lead>截至|截止|到|至|自|从)?(?P<year>(?:19|20)\d\d)\s*年(?P<tail>以来|起|来|底|末|初|度)?"
    r"|(?P<versus2>[比较与同和])?(?P<word>今年|本年|去年|上年(?!结[转余])|前年|明年|过去一年|一年来)(?P<wordtail>末|底|初|度|同期|以来)?"
    r"|(?P<dash>(?:19|20)\d\d\s*[—\-－–~～至]+\s*(?:19|20)\d\d\s*年)"
)
_SINCE = re.compile(r"[^，。；]{0,16}(?:以来|起|开始)")
_EVER_SINCE = re.compile(r"[^，。；\d]{1,8}以来")
_BY = re.compile(
    r"(?:年?[底末中初]|\d{1,2}月(?:\d{1,2}日|[底末])?)?之?前(?![\d一二三三四五六七八九十两]|期|后|列|往|来)"
)
_GREW = re.compile(r"(?:增长|增加|提高|提升|上升|上涨|扩大|下降|降低|减少|缩小|发展|增|升|降|减)$")  # 提高到2030年的55%
_MEASURED_BY = re.compile(r"恢复$")  # 恢复到2019年的90%: the year is the yardstick
_PLAN_END = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}

_TARGET = re.compile(
    r"(?:力争|争取(?=到(?:今|明|本|年|20)|在|实现|达到|建成|完成|新增|今年|明年)|确保)[^，。；]*$|(?:主要|预期|发展|工作)目标|目标(?:是|为|：|今年)"
    r"|预期(?!寿命|收益)|计划(?:到|在|新|建|完|实|于|开)|拟(?:建|新|于|安排)"
    r"|将(?:新|建|达|完|实|投|在|于|开|举|推|启|组|为|继续|持续|接续|陆续|重点|围绕|突出|全面|大力|进一步|积极|打造|改造|提升|扩|增|培|发放|安排|超|覆盖|集中|动员|充分|统筹|支持|开放|免费|接待|走进|深入|有\d)"
    r"|努力实现|要(?:实现|达到|完成|确保|新|建成|打造)|安排部署|下一步|明年|(?:年|\d月|\d日|[底末])之?前(?:全面|基本|力争|要)*(?:完成|建成|实现|达到|新|改造)"
)
_MET = re.compile(
    r"(?:完成|实现|达成|超额|达到)(?![如以]下)[^，。；]{0,60}目标|目标任务|超(?:过|出)?[^，。；]{0,12}(?:目标|标准)|超额完成|高于预期|好于预期"
)
_DONE = re.compile(
    r"已(?:经)?(?:建|有|完|达|成|实|开|累|举|为|在|全|超|获|入|形)|截至|截止|目前|现有|去年|过去|[二三五十两多几近]年来|以来|(?:数据|统计)显示|了(?=\d)"
)
# A sentence that sets out what is to come: 今年，市科协将…; those that follow it go on so.
_SETS_OUT = re.compile(
    r"(?:今年|明年|下一步|下一阶段|下阶段|接下来|年内|未来[一-龥\d]{1,3}年|(?:19|20)\d\d年)(?!以来)[^。；]{0,24}?(?:将(?!军|领)|(?<!主|重|需)要(?!求|闻|点|素)|计划(?!内)|拟(?!定)|力争)"
)

_SECTION_TARGET = re.compile(
    r"(?:工作|主要|预期|发展|年度|总体)目标|目标任务|(?<!经费)(?<!资金)安排|计划|打算|部署|重点任务|重点工作|工作要点|工作重点|主要任务|工作任务|工作思路|下一步|今年(?:的)?工作|展望|清单|举措|绩效目标|(?:有关|工作|具体|相关)要求"
)
_SECTION_ACTUAL = re.compile(
    r"回顾|总结|完成情况|工作情况|成效|成就|主要工作(?!安排|任务)|过去|进展|亮点|大事|基本情况|机构设置|(?:单位|人员)构成|执行情况|所做"
)
_LOOKING_BACK = re.compile(r"回顾|总结|完成情况|执行情况|过去|所做")
# In a plan that is the part about what was there before it.
_BACKGROUND = re.compile(
    r"回顾|(?:发展|工作|现实|建设)基础|基本(?:情况|现状)|现状|背景|完成情况|执行情况|取得的?(?:主要)?成|主要成[就效]|机构设置|(?:单位|人员)构成|人员情况"
)


class Frame(Struct, frozen=True):
    """What a stretch of the document says of all that stands in it."""

    year: int | None
    role: Role
    region: str | None


_BUDGET = re.compile(r"(?:部门|单位|年度?|财政|政府)预算")
_TELLING = re.compile(r"下达|拨付|表彰|表扬|通报|公布|公示|命名|认定|名单|结果|获奖|情况|总结|公告")
_ASSIGNS = re.compile(r"(?:下达|分解)[^，。；]{0,40}(?:任务|指标|计划|目标)|(?:任务|指标|计划|目标)[^，。；]{0,6}分解")
_COMMENDS = re.compile(
    r"予以(?:通报)?(?:表扬|表彰|公布|公示)|(?:决定|被)(?:授予|评为)|现将[^，。；]{0,40}(?:通报|公布|公示)"
)
# What a piece of news announces by its title, and the documents whose contents are plans.
_ANNOUNCES = re.compile(
    r"^到20\d\d年|将(?!军|领)|今年要|明年|目标(?!任务(?:完成|实现))|计划(?!完成|执行)|部署(?:今年|\d{4}年)?[^，。]{0,12}(?:任务|工作)|新(?:的)?一年|新年|拟(?:建|新|在)"
    r"|(?:今年|\d{4}年|年度)[^，。]{0,10}(?:实事|民生[^，。]{0,4}项目)(?!.*(?:完成|兑现|办结|落地|见效|成效|进展|推进))"
)
_PLANNING = re.compile(r"方案|规划|计划|要点|意见|行动纲要|任务清单|目标|为民(?:办)?实事|措施")
_SPAN = re.compile(r"((?:19|20)\d\d)\s*年?\s*[-—–~至]+\s*((?:19|20)\d\d)\s*年")


def document_frame(description: Description, words: Sequence[str] = ()) -> Frame:
    """The frame of the whole document: plans and notices that ask for something aim, all else reports.

    `words` are the paragraphs that the text opens with. A text that reports on a plan aims as the plan does, and
    one of several years at the end of them.
    """
    planned = description.genre == "plan"
    title = description.title or ""
    named = lead.reported((title, *words)) or ""
    if description.genre == "notice":
        telling = _TELLING.search(title) if title else _COMMENDS.search("".join(words))
        planned = telling is None or _ASSIGNS.search(title) is not None
    elif _BUDGET.search(title):
        planned = "决算" not in title and "执行" not in title
    elif description.genre in ("press", "other"):
        planned = _ANNOUNCES.search(title) is not None or _is_plan(named)
    year = description.year
    span = _SPAN.search(title) or _SPAN.search(named)
    if planned and span is not None and int(span[1]) == year:
        year = int(span[2])
    role: Role = "target" if planned else "actual"
    return Frame(year, role, description.region)


def _is_plan(title: str) -> bool:
    return _PLANNING.search(title) is not None and _TELLING.search(title) is None


def section_frames(description: Description, places: "Places") -> list[tuple[int, int, Frame]]:
    """(start, end, frame) of every section, outer ones first; what a heading leaves open comes from around it."""
    base = places.base
    frames: list[tuple[int, int, Frame]] = []
    held: list[tuple[int, Frame]] = []  # the sections that are open, each with its end
    turned = False
    chapter: Frame | None = None  # what an unnumbered heading with a year says of the numbered ones that follow it
    for section in sorted(description.sections, key=lambda s: (s.start, s.level)):
        while held and held[-1][0] <= section.start:
            held.pop()
        around = held[-1][1] if held else base
        if around is base and description.genre == "report" and turned:
            around = Frame(base.year, "target", base.region)  # a report that has turned to its plans does not look back
        numbered = _NUMBERING.match(section.title).end() > 0  # type: ignore[union-attr]  # it may match nothing
        if around is base and numbered and chapter is not None:
            around = chapter
        frame = _headed(section.title, around, base, places)
        if not numbered and not held and HEAD_YEAR.search(section.title):
            chapter = frame
        turned = turned or (frame.role == "target" and around is base)
        frames.append((section.start, section.end, frame))
        held.append((section.end, frame))
    return frames


def innermost(frames: list[tuple[int, int, Frame]], base: Frame) -> list[tuple[int, Frame, int]]:
    """(position, frame, start of its section) from each position where the innermost section changes; -1 outside."""
    found: list[tuple[int, Frame, int]] = []
    held: list[tuple[int, int, Frame]] = []

    def close(until: int) -> None:
        while held and held[-1][1] <= until:
            end = held.pop()[1]
            start, _, frame = held[-1] if held else (-1, end, base)
            found.append((end, frame, start))

    for start, end, frame in frames:
        close(start)
        if end > start:
            held.append((start, end, frame))
            found.append((start, frame, start))
    if held:
        close(held[0][1])
    return found


HEAD_YEAR = re.compile(r"(?<![比较同与])((?:19|20)\d\d)\s*年(?!度?(?:全国)?“)")
_HEAD_PLAN = re.compile(r"“?十([一二三四五六])五”?")
_NUMBERING = re.compile(r"[#\s*]*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])?\s*")


def _headed(title: str, around: Frame, base: Frame, places: "Places") -> Frame:
    year, role, region = around.year, around.role, around.region
    stated = HEAD_YEAR.search(title)
    plan = _HEAD_PLAN.search(title)
    if stated:
        year = int(stated[1])
    elif plan and base.year is not None and _PLAN_END[plan[1]] > base.year:
        year, role = _PLAN_END[plan[1]], "target"
    elif "今年" in title and base.year is not None:
        year = base.year
    if base.role == "actual" or stated:
        planned = around is not base and around.role == "target" and not stated  # its parts promise 成效 and 进展
        if (_LOOKING_BACK if planned else _SECTION_ACTUAL).search(title):
            role = "actual"
        elif _SECTION_TARGET.search(title):
            role = "target"
    elif around is base and _BACKGROUND.search(title):
        role = "actual"
    bare = title[_NUMBERING.match(title).end() :]  # type: ignore[union-attr]
    named = places.leading(bare)
    if named and named[0] not in _WIDE and bare[named[1] : named[1] + 1] in ("", " ", "　", "：", ":", "—"):
        region = named[0]
    return Frame(year, role, region)


_SHIFT = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}


Tense = Literal["now", "ahead", "due", "back", "since", "span"]


class Time(NamedTuple):
    """A time that a text states: where, which year (None where that cannot be told), and how it is looked at.

    `ahead` are 到2030年 and 明年, `due` is 2030年底前, `back` are 去年 and 过去一年, `since` is 2030年以来.
    `span` is the time of a five-year plan, given by its end.
    """

    position: int
    year: int | None
    tense: Tense = "now"


def times(text: str, today: int | None, past: int | None, report: bool = False) -> list[Time]:
    """Every time that a paragraph states, in order.

    `today` is the year that 今年 means; `past` the one that 过去一年 means. A `report`
    plans the year that it calls 今年.
    """
    found: list[Time] = []
    for match in _TIME.finditer(text):
        start, end = match.span()
        if match["plan"]:
            if match["versus0"] or match["span"] in (None, "以来"):
                continue
            found.append(Time(start, _PLAN_END[match["plan"]], "now" if "末" in match["span"] else "span"))
        elif match["year"]:
            if (
                match["tail"] == "度"
                and found
                and found[-1].tense == "due"
                and "。" not in text[found[-1].position : start]
            ):
                continue  # 2031年5月底前完成2030年度项目
            if match["versus"] or match["lead"] == "自" or match["tail"] in ("以来", "起", "来"):
                if match["lead"] is None and not match["versus"]:
                    found.append(Time(start, int(match["year"]), "since"))
                continue
            if (_SINCE if match["lead"] == "从" else _EVER_SINCE).match(text, end):
                continue
            if match["lead"] == "到" and _MEASURED_BY.search(text[max(0, start - 3) : start]):
                continue
            reached = match["lead"] in ("到", "至") and not _GREW.search(text[max(0, start - 3) : start])
            tense: Tense = "ahead" if reached else "now"
            if match["lead"] not in ("截至", "截止") and _BY.match(text, end):
                tense = "due"
            found.append(Time(start, int(match["year"]), tense))
        elif match["word"] and not match["versus2"]:
            before = next((time.year for time in reversed(found) if time.tense == "now"), past)
            found += _spoken(match, text, today, before, report)
    return found


def _spoken(match: re.Match[str], text: str, today: int | None, past: int | None, report: bool) -> list[Time]:
    shift = _SHIFT.get(match["word"])
    if shift is None:
        return [Time(match.start(), past, "back")]
    year = None if today is None else today + shift
    if shift:
        return [Time(match.start(), year, "ahead" if shift > 0 else "back")]
    if _BY.match(text, match.end()):
        return [Time(match.start(), year, "due")]
    if year is None:
        return []
    return [Time(match.start(), year, "ahead" if report and match["wordtail"] != "以来" else "now")]


_GOALS = re.compile(r"(?:目标|任务|指标)(?:是|为)?[:：]")


def sets_goals(words: str) -> bool:
    """Whether what follows, to the end of the sentence, is aimed at: 主要预期目标是：…；…；….

    >>> sets_goals("今年主要预期目标是：生产总值增长"), sets_goals("完成了目标，增长")
    (True, False)
    """
    return _GOALS.search(words) is not None


def stated_role(words: str, role: Role, planned: bool = False) -> Role:
    """The role that the words since the last number give, or the one that holds before them.

    Where all is `planned`, words that tell what is there already are about that.

    >>> stated_role("力争到2032年覆盖率超过", "actual"), stated_role("完成了覆盖率超过70%的目标", "actual")
    ('target', 'actual')
    >>> stated_role("全市现有书屋", "target", planned=True), stated_role("全市现有书屋", "target")
    ('actual', 'target')
    """
    near = words[max(words.rfind("；"), words.rfind("。")) + 1 :]
    if _TARGET.search(near):
        return "actual" if _MET.search(near) else "target"
    return "actual" if planned and _DONE.search(near) else role


def sets_out(sentence: str) -> bool:
    """Whether a sentence turns to what is still to come, and those that follow it with it.

    >>> sets_out("今年，市普协将围绕三项重点开展工作。"), sets_out("今年以来，市普协举办活动12场。")
    (True, False)
    """
    return _SETS_OUT.search(sentence) is not None


_STANDS = re.compile(r"(?:截至|截止|目前|现有|今年|如今|现在)")
_YEARLY = re.compile(r"全年|年内|每年|当年")


def leaves(time: Time, sentence: str) -> bool:
    """Whether a sentence leaves the time that was set before it: for the present, or the far end for every year."""
    return _STANDS.match(sentence) is not None or (time.tense == "ahead" and _YEARLY.search(sentence) is not None)


def looks_back(sentence: str) -> bool:
    """Whether a sentence tells what is done: what was to come before it has ended."""
    return _DONE.search(sentence) is not None


# --- places ------------------------------------------------------------------------------------

_CLAUSE_START = re.compile(
    r"(?:^|[，。；：\s]|推动|指导|支持|帮助|来自)"
    r"(?:其中|同时|此外|目前|全年|年末|近年来|今年以来|今年|去年|预计|共|累计|先后|截至[^，。；]{0,9}[末底日]|“?十[一二三四五六]五”?(?:末|期间|时期|以来)"
    r"|(?:19|20)\d\d\s*年(?:末|底|以来|\d{1,2}月(?:\d{1,2}日)?(?:以来)?)?|\d{1,2}月(?:\d{1,2}日|末|底)?|推动|指导|支持|帮助|来自|吸引|在(?=全球))*"
)
_SUFFIXES = "区县市省州旗盟"
_BESIDE = re.compile(r"(?:全国|全球|全世界|世界|[\u4e00-\u9fff]{1,7}(?:[市区县省]|新区|两地|三地|川渝|地区))$")
_ONE_OF = re.compile(r"[^，。；]{0,30}之一")
_COUNTIES = re.compile(r"(?:区县|县（?市|县市|县区|区市县|市县|市州|地市|地级市|县|区|镇街)")


class Places:
    """The places that a document names, as seen from its own region."""

    __slots__ = ("_seen", "base", "unlisted")

    def __init__(self, base: Frame, unlisted: frozenset[str] = frozenset()) -> None:
        self.base = base
        self.unlisted = unlisted  # names that are in no table
        self._seen: dict[str, tuple[str, int] | None] = {}

    def leading(self, words: str) -> tuple[str, int] | None:
        """The region that `words` begin with, and how long its name is."""
        head = words[:12]
        if head not in self._seen:
            if len(self._seen) > 20_000:
                self._seen.clear()
            self._seen[head] = self._look(head)
        return self._seen[head]

    def _look(self, head: str) -> tuple[str, int] | None:
        if head.startswith(("全国", "全球", "全世界")):
            return ("全国", 2) if head.startswith("全国") else ("全球", 2)
        if head.startswith("中国"):
            return None
        found = self._named(head, self.base.region)
        while found is not None:  # 上海市普陀区: the inner one is meant
            inner = self._named(head[found[1] :], found[0])
            if inner is None or head[found[1] + inner[1] - 1] not in _SUFFIXES:
                break
            found = inner[0], found[1] + inner[1]
        return found

    def _named(self, head: str, within: str | None) -> tuple[str, int] | None:
        if not (self.unlisted or regions.may_begin(head)):
            return None
        for length in range(min(len(head), 11), 1, -1):
            name = head[:length]
            if name in self.unlisted:
                return name, length
            if name[-1] in _SUFFIXES and not (length == 2 and name[-1] == "州" and name[0] not in "全各该本我两"):
                if length == 2:
                    continue  # 市区, 全县: words, not places
                region = regions.find(name, within=within) or regions.find(name)
                if region is not None:
                    return region.name, length
            elif regions.is_known(name):  # a short name, which may be an everyday word as well
                for mention in regions.mentions(head, within=within):
                    return (mention.region.name, mention.end) if mention.start == 0 else None
        return None

    def only(self, words: str) -> str | None:
        """The region that words name where they name nothing else: 其中永川区, 、两江新区."""
        bare = _AMONG.sub("", words).strip()
        place = self.leading(bare) if 2 <= len(bare) <= 12 else None
        return place[0] if place is not None and place[1] == len(bare) and place[0] not in _WIDE else None

    def without(self, subject: str) -> str:
        """The counted thing without the places that stand beside it: 区县和两江新区 → 区县."""
        for mark in "、和与及":
            at = subject.find(mark)
            if at >= 2 and self.leading(subject[at + 1 : at + 13]) is not None:
                return subject[:at]
        return subject

    def acting(self, words: str, frame: Frame) -> tuple[str | None, int] | None:
        """The last region that opens one of the clauses in `words`, with its position; None where none does."""
        found: tuple[str | None, int] | None = None
        for match in _CLAUSE_START.finditer(words):
            at = match.end()
            first = words[at : at + 2]
            if first in ("全市", "全省", "我市", "我省", "本市", "本省"):
                found = (self.base.region, at)
            elif first in ("全区", "全县", "我区", "我县", "本区", "本县", "全旗", "全州"):
                found = (frame.region, at)
            elif first:
                place = self.leading(words[at : at + 12])
                if place is None:
                    continue
                behind = at + place[1]
                if "，" not in words[behind:] and words.endswith("等"):
                    continue  # one of several that are named: 永川等7个
                if words.startswith(_PEOPLE, behind) and words[behind - 1] not in _SUFFIXES:
                    continue  # 港澳居民: who they are, not where
                if words.startswith(("首位", "第", "前列", "、", "和", "与", "及"), behind):
                    continue
                if place[0] in _WIDE:
                    if self.base.region in (None, "全国") or words.startswith(_STANDING, behind):
                        found = (place[0], at)
                elif (
                    words[behind - 1] in "省市区县州旗盟"
                    or words[behind : behind + 2] in _ACTS
                    or "，" not in words[behind:]
                ):
                    found = (place[0], at)
        return found

    def beside(self, before: str, post: str, subject: str) -> str | None:
        """The region that qualifies the counted thing: 全国18个试点, 川渝两地40余万群众, 15家川渝特色书屋."""
        match = _BESIDE.search(before[-10:])
        if match and "、" not in before[-10 : -len(match.group())]:
            words = match.group()
            for at in range(len(words) - 1):
                place = self.leading(words[at:])
                if place is not None and words[at + place[1] :] in ("", "两地", "三地", "地区", "各地"):
                    return place[0]
            if words.endswith("世界"):
                return "全球"
        if _ONE_OF.match(post):
            return "全国"
        at = 2 if subject.startswith("年度") else 0
        place = self.leading(subject[at:])
        if place is not None and place[0] in _JOINT:
            return place[0]
        return None


_AMONG = re.compile(r"^[\s、，；]*(?:其中[:：，]?)?")
_WIDE = frozenset(("全国", "全球"))
_STANDING = ("共", "累计", "平均", "人均", "范围", "已有", "拥有")
_ACTS = frozenset(
    (
        *VERBS,
        "科协",
        "市委",
        "区委",
        "县委",
        "省委",
        "政府",
        "两地",
        "三地",
        "各地",
        "累计",
        "全年",
        "还将",
        "全域",
        "已有",
        "坚持",
    )
)
_PEOPLE = ("居民", "同胞", "青年", "学生", "企业", "籍", "专家", "游客", "客商", "高校", "医院", "医生")
_JOINT = frozenset(("川渝", "成渝", "京津冀", "长三角", "粤港澳大湾区", "粤港澳", "成渝地区双城经济圈"))


def counts_divisions(subject: str) -> bool:
    """Whether districts and counties themselves are counted, which no district can have."""
    return _COUNTIES.fullmatch(subject) is not None
