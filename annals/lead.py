"""What the opening of a text tells where no title does: the document it reports on, the time, the place."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from annals import regions
from annals.settings import PROJECT
from annals.tsvfile import read_rows

BODIES = PROJECT / "include" / "reference" / "national_bodies.tsv"

_ACTS = 3  # what it weighs to act in an opening, beside one mention anywhere
_NATION_ACTS = 2
_FIRST_CLAUSES = 4
_LONGEST_BODY = 16
_GLANCE = 3000  # characters in which places are counted
# Where and by whom a report was filed, before it begins: 本报北京12月31日电（记者…）, 【概述】.
_DATELINE = re.compile(
    r"\s*(?:【[^】]{1,12}】|（[^（）]{0,24}(?:记者|通讯员|原标题)[^）]*）|[^，。；：“《]{0,12}?(?:讯|\d日电)(?:\s*（[^）]*）)?)\s*"
)
_DATED = re.compile(
    r"(?:^|[，。；！？])(?:截至|截止)?(?P<year>(?:19|20)\d\d)年(?=[\d，、末底度是]|以来|全年|[上下]半年)(?P<rest>[^。！？]*)"
)
# What a press conference or a paper is about, whatever the day it was given.
_PRESENTS = re.compile(
    r"(?:介绍|通报|发布|公布|解读|晒出|总结|回顾|盘点|听取|报告|披露)(?:了|的)?(?![^，。；《]{0,24}(?:计划|安排|打算|部署|方案|要点))"
    r"[^，。；《\d]{0,16}(?P<year>(?:19|20)\d\d)年(?!以来)"
    r"[^，。；]{0,30}?(?:情况|数据|进展|成效|成果|成绩|公报|报告|状况|白皮书|统计|业绩|成绩单)"
)
_AHEAD = re.compile(r"力争|争取|确保|目标|计划|拟(?:建|新|于)|将(?:新|建|达|完|实|投)|底前|末前")
_TOLD = re.compile(
    r"(?<![比较与同和自从\d—–~-])(?<!(?<!截)至)(?:(?:19|20)\d\d年[到至])?(?P<year>(?:19|20)\d\d)年"
    r"(?!以来|起|来|[^，。；]{0,6}(?<!目)前|\s*[—–~至到-]\s*(?:19|20))"
)
_UNTIL = re.compile(r"(?<!年)到(?:19|20)\d\d年(?!的)")  # what lies ahead
_GROUNDS = re.compile(r"(?:根据|按照|依据|按)《[^》]{0,80}》")
_PUBLISHES = re.compile(r"(?:发布|公布|印发|下发|出台|审议通过|印发实施)(?:了|的)?[^，。；《]{0,16}$")
_SAYS = re.compile(r"(?:\s*（[^（）]{0,30}）)*(?:中?(?:提出|明确|指出|显示|要求|出炉|发布|公布|正式|近日|日前|对外))")
_QUOTED = re.compile(r"《(?P<title>(?:[^《》〈〉]|《[^《》]{0,80}》|〈[^〈〉]{0,80}〉){4,80})》")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?")
# 全国科普日 and 中国科协 are names, not a place that is spoken of.
_EVENT = re.compile(
    r"[一-龥“”]{0,6}?(?:[日周月节奖]|大?赛|大会|会议|年会|博览会|运动会|人大|政协|工会|妇联|科协|学会|协会"
    r"|第|首[个批届]|先进|优秀|示范|文明|[百十千]强|重点实验室|试点|模范|劳模|名单)"
)
_OFFICE = re.compile(
    r"[一-龥]{0,8}?(?:科协|[学协]会|联合会|办公厅|集团|公司|银行|[科工][学程]院|大学|中心|[部局委]|特色|式)"
)
_DATELINES = re.compile(r"(?:社|网|报|讯)[一-龥]{2,4}\d{1,2}月\d{1,2}日(?:电|讯)")
_OPENERS = re.compile(
    r"(?:^|[，。；：])\s*(?:(?:近日|日前|近期|今年以来|去年|今年|目前|截至目前|全年|据|记者(?:\d{1,2}日)?从|根据|从)|(?:19|20)\d\d年(?:以来|底|末)?|\d{1,2}月(?:\d{1,2}日)?|[，、])*"
)
_WIDE = frozenset(("全国", "全球"))
# How a text calls the place that it is about, and the characters that names of such places end in.
_OWN = {"县": "县旗", "市": "市", "省": "省", "区": "区", "州": "州"}
_OWN_PLACE = re.compile(r"[全我本](?P<sort>[县市省区州])(?!首|率先|前|第|最|排名|总量|平均|领先|各地)")
_OWN_BODY = re.compile(r"(?<![一-龥])(?P<sort>[县市省区州])(?:委|科协|政府|残联|教育局|统计局)")
_BY_SIZE = "县区市州省"


def without_dateline(text: str) -> str:
    """The paragraph without the words that say where and by whom it was filed.

    >>> without_dateline("本报北京12月31日电（记者杨某）云川市举办活动12场。")
    '云川市举办活动12场。'
    """
    filed = _DATELINE.match(text)
    return text[filed.end() :] if filed else text


def reported(words: Sequence[str]) -> str | None:
    """The title of the document that a text is about, as its title or opening names it; not of one it goes by.

    >>> reported(["近日，云川市普协印发《云川市2024年为民实事方案》，列出12项。"])
    '云川市2024年为民实事方案'
    >>> reported(["根据《科普条例》，云川市举办活动12场。"]) is None
    True
    """
    for text in words:
        for match in _QUOTED.finditer(text):
            if _PUBLISHES.search(text[max(0, match.start() - 24) : match.start()]) or _SAYS.match(text, match.end()):
                return match["title"]
    return None


def names_event(text: str) -> bool:
    """Whether 全国 or 中国, with which the text begins, is part of a name: 全国科普日, 中国科协.

    >>> names_event("全国科普日活动"), names_event("全国科普经费增长"), names_event("中国科协印发")
    (True, False, True)
    """
    return (_OFFICE if text.startswith("中") else _EVENT).match(text, 2) is not None


def year_told(words: Sequence[str], until: int | None = None) -> int | None:
    """The year to which the opening of a text dates what it tells; not a year in passing, nor one still ahead.

    `until` is the year of publication, where that is known: none later has been told of by then.

    >>> year_told(["又到科普日。2023年1至8月，全市举办活动12场。"]), year_told(["自协会2021年启动以来，力争更好。"])
    (2023, None)
    >>> year_told(["2032年3月26日，云川市普协召开发布会，介绍了2031年书屋建设工作情况。"])
    2031
    """
    for text in words:
        presented = year_presented(text)
        if presented is not None and (until is None or presented <= until):
            return presented
        match = _DATED.search(text)
        if match is not None and not _AHEAD.search(match["rest"]) and (until is None or int(match["year"]) <= until):
            return int(match["year"])
    title = reported(words)
    stated = _YEAR.search(title) if title else None
    return int(stated[1]) if stated else None


def year_presented(text: str) -> int | None:
    """The year that a press conference or a paper presents, whatever the day it did so.

    >>> year_presented("3月26日，市普协通报2031年书屋数据。"), year_presented("会议介绍2033年工作安排。")
    (2031, None)
    """
    match = _PRESENTS.search(text)
    return int(match["year"]) if match else None


_LAST_YEAR = re.compile(r"(?<![比较与同和])去年(?!同期|末|底|同月)")
_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)年\d{1,2}月\d{1,2}日")
_THIS_YEAR = re.compile(r"今年[^。；]{0,16}?(?:目标|将(?!军|领)|(?<!主|重|需)要(?!求|闻|点|素)|计划|力争|预计)")


def year_spoken(text: str, told: int, titled: bool = False) -> int:
    """The year in which a text of no date speaks that tells of the year `told`.

    That is the year of a day it names; else the next where it speaks of 去年, or plans 今年. Where its title says
    今年 (`titled`), that is another than the year it tells of later.

    >>> year_spoken("2030年，增长8%。今年主要预期目标是增长5%。", 2030), year_spoken("2030年，增长8%。", 2030)
    (2031, 2030)
    >>> year_spoken("今年以来，办案12件。2030年共办案30件。", 2030, titled=True)
    2031
    >>> year_spoken("2030年抓改革。去年办案30件。", 2030)
    2031
    """
    day = _DAY.search(text)
    if day is not None and int(day["year"]) >= told:
        return int(day["year"])
    if any(int(year) > told for year in re.findall(r"((?:19|20)\d\d)年", text)):
        return told
    first, this = text.find(f"{told}年"), text.find("今年")
    earlier = re.search(f"(?<![比较与同和]){told - 1}年", text)
    if (titled and 0 <= this < first) or (earlier is None and _LAST_YEAR.search(text)):
        return told + 1
    planned = any(_sets_out(sentence, told) for sentence in re.split("[。；]", text))
    return told + 1 if _THIS_YEAR.search(text) and not planned else told


def _sets_out(sentence: str, year: int) -> bool:
    return f"{year}年" in sentence and _AHEAD.search(sentence) is not None


def year_most_told(text: str, until: int | None = None) -> int | None:
    """The year that a text names most often, the later of two; None where it names none but to compare or to plan.

    None later than `until`, the year of publication, is one that it tells of.

    >>> year_most_told("2031年，办班3期。2035年办班9期。2035年"), year_most_told("2031年，办班3期。2035年", 2032)
    (2035, 2031)
    """
    plain = _UNTIL.sub("", _GROUNDS.sub("", text))
    years = (int(match["year"]) for match in _TOLD.finditer(plain))
    told = Counter(year for year in years if until is None or year <= until)
    return max(told, key=lambda year: (told[year], year)) if told else None


def place_told(words: Sequence[str], text: str) -> str | None:
    """The place that a text is about: what its opening speaks of and what it names most often weigh together.

    A text that says 全县 is about a county, and one that says 我国 about the country, whatever else they name.

    >>> place_told(["2024年，永川区举办全国科普日活动。"], "")
    '永川区'
    >>> place_told(["教育部通报，学校数增加，广东等地增长较快。"], "")
    '全国'
    """
    glance = _DATELINES.sub("", text[:_GLANCE])
    sort = _own_sort(glance, "".join(words))
    weights: Counter[str] = Counter()
    for sentence in words:
        for name in dict.fromkeys(_acting(sentence)):
            weights[name] += _ACTS
        if _acts_for_all(sentence):
            weights["全国"] += _NATION_ACTS
    named = regions.mentions(glance)
    begun = {mention.start for mention in named}
    for mention in named:
        name = mention.region.name
        if mention.end not in begun and (name not in _WIDE or not names_event(glance[mention.start :])):
            weights[name] += 1  # of 河北省固安县 the inner one alone
    weights["全国"] += glance.count("我国") + glance.count("国内生产总值")
    if sort is not None:
        fitting = {name: weight for name, weight in weights.items() if _is_sort(name, sort)}
        if not fitting and sort in "县市":
            return regions.named_shortly(glance, _OWN[sort]) or _holder(weights, sort)
        if not fitting:
            return None
        return max(fitting, key=lambda name: fitting[name])
    most = max(weights.values())
    if not most:
        return _filed_from(text) or regions.named_shortly(glance, "县市区旗")
    return max(weights, key=lambda name: weights[name])


_FILED = re.compile(r"^\s*([一-龥]{2,5}?)(?:融媒|日报|晚报|新闻网)?讯\s*[（ 　]", re.MULTILINE)


def _filed_from(text: str) -> str | None:
    """The place that a report was filed from, where its first words are a place's: 东岭讯."""
    filed = _FILED.search(text)
    region = regions.find(filed[1]) if filed is not None else None
    return region.name if region is not None else None


def is_local(text: str) -> bool:
    """Whether a text speaks of its own county, city or province as such: 全县, 我市."""
    return _OWN_PLACE.search(text[:_GLANCE]) is not None


def _holder(weights: Counter[str], sort: str) -> str | None:
    """The place of that sort that holds most of those named: districts of one city tell the city."""
    held: Counter[str] = Counter()
    for name, weight in weights.items():
        region = regions.find(name)
        outer = regions.parent(region) if region is not None else None
        if outer is not None and _is_sort(outer.name, sort):
            held[outer.name] += weight
    best = held.most_common(1)
    return best[0][0] if best and best[0][1] > 1 else None


def _own_sort(text: str, opening: str) -> str | None:
    """What sort of place calls itself 全县 or 我市: the one said most often, of two the smaller; else who acts."""
    said = Counter(match["sort"] for match in _OWN_PLACE.finditer(text))
    if said:
        return max(said, key=lambda one: (said[one], -_BY_SIZE.index(one)))
    body = _OWN_BODY.search(opening)
    return body["sort"] if body else None


def _acting(text: str) -> Iterator[str]:
    """The places that open a clause of an opening paragraph; not one of several, nor one in a name."""
    mentions = {mention.start: mention for mention in regions.mentions(text)}
    for match in _OPENERS.finditer(text):
        mention = mentions.get(match.end())
        if mention is None:
            continue
        while mention.end in mentions:  # 河北省固安县: the inner one is meant
            mention = mentions[mention.end]
        name = mention.region.name
        if text.startswith(("、", "和", "与", "等"), mention.end) or (
            name in _WIDE and names_event(text[mention.start :])
        ):
            continue
        yield name


def of_the_nation(name: str) -> bool:
    """Whether a body, or a title that one begins, is the whole country's."""
    return name.startswith(_national_bodies())


def _acts_for_all(text: str) -> bool:
    """Whether a body of the whole country opens one of the first clauses."""
    clauses = islice(_OPENERS.finditer(text), _FIRST_CLAUSES)
    return any(of_the_nation(text[match.end() : match.end() + _LONGEST_BODY]) for match in clauses)


@cache
def _national_bodies() -> tuple[str, ...]:
    return tuple(body for (body,) in read_rows(BODIES, "body"))


def _is_sort(name: str, sort: str) -> bool:
    """Whether a place may call itself so: 全区 is said by districts and by autonomous regions."""
    return name.endswith(tuple(_OWN[sort]))
