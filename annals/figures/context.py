"""When, where, and whether planned or done: resolved from the sentence, its paragraph, its section, the document."""

import re

from msgspec import Struct

from annals.model import Description, Role

_YEAR_EVENT = re.compile(
    r"“?十(?P<plan>[一二三四五六])五”?(?P<span>末|期末|时期|期间|以来)?"
    r"|《[^》]*》|“[^”]*”"
    r"|(?P<versus>[比较与同和])?(?P<lead>截至|截止|到|至|自|从)?(?P<year>(?:19|20)\d\d)\s*年(?P<tail>以来|起|来|底|末|初|度)?"
    r"|(?P<versus2>[比较与同和])?(?P<word>今年|本年|去年|上年|前年|明年)(?P<wordtail>末|底|初|度|同期|以来)?"
    r"|(?P<dash>(?:19|20)\d\d\s*[—\-－–~～至]+\s*(?:19|20)\d\d\s*年)"
)
_PLAN_END = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}

_TARGET = re.compile(
    r"力争|争取|确保|目标|预期|计划(?:到|在|新|建|完|实|于|开)|拟(?:建|新|于|安排)|将(?:新|建|达|完|实|投|在|于|开|举|推|启|组|为|继续)|"
    r"努力实现|要(?:实现|达到|完成|确保)|不低于|不少于|控制在|到(?:20)\d\d年|安排部署|下一步|明年"
)
_MET = re.compile(r"(?:完成|实现|达成|超额|达到)[^，。；]{0,60}目标|目标任务|超(?:过|出)?[^，。；]{0,12}(?:目标|标准)|超额完成|高于预期|好于预期")
_DONE = re.compile(r"已(?:经)?(?:建|有|完|达|成|实|开|累|举|为|在|全)|截至|目前|累计|过去|去年|共有|现有|已达|了(?:20|\d)")

_SECTION_TARGET = re.compile(r"目标|安排|计划|打算|部署|重点任务|重点工作|工作要点|工作重点|主要任务|工作任务|工作思路|下一步|今年(?:的)?工作|展望|清单|举措")
_SECTION_ACTUAL = re.compile(r"回顾|总结|完成情况|工作情况|成效|成就|主要工作(?!安排|任务)|过去|进展|亮点|大事|基本情况|执行情况|所做")


class Frame(Struct, frozen=True):
    """What a stretch of the document says of all that stands in it."""

    year: int | None
    role: Role
    region: str | None


def document_frame(description: Description) -> Frame:
    role: Role = "target" if description.genre == "plan" else "actual"
    return Frame(description.year, role, description.region)


def section_frames(description: Description, text: str) -> list[tuple[int, int, Frame]]:
    """(start, end, frame) of every section, outer ones first; what a heading leaves open comes from around it."""
    base = document_frame(description)
    frames: list[tuple[int, int, Frame]] = []
    for section in sorted(description.sections, key=lambda s: (s.start, s.level)):
        around = base
        for start, end, frame in reversed(frames):
            if start <= section.start < end:
                around = frame
                break
        frames.append((section.start, section.end, _headed(section.title, around, base)))
    return frames


_HEAD_YEAR = re.compile(r"((?:19|20)\d\d)\s*年(?!度?(?:全国)?“)")
_HEAD_REGION = re.compile(r"^[#\s*]*(?:[一二三四五六七八九十]+、|\d+[.．、])?\s*([\u4e00-\u9fff]{1,5}?(?:新区|区|县|市|自治县|高新区|经开区))(?=[\s：:—\-　])")


def _headed(title: str, around: Frame, base: Frame) -> Frame:
    year, role, region = around.year, around.role, around.region
    stated = _HEAD_YEAR.search(title)
    if stated:
        year = int(stated[1])
    elif "今年" in title and base.year is not None:
        year = base.year
    if base.role == "actual" or stated:
        if _SECTION_ACTUAL.search(title):
            role = "actual"
        elif _SECTION_TARGET.search(title):
            role = "target"
    named = _HEAD_REGION.match(title)
    if named:
        region = named[1]
    return Frame(year, role, region)


def year_events(text: str, base: int | None) -> list[tuple[int, int | None, bool]]:
    """(position, year, whether it looks ahead) of every time that a paragraph states, in order."""
    events: list[tuple[int, int | None, bool]] = []
    for match in _YEAR_EVENT.finditer(text):
        kind = match.lastgroup
        if match["plan"]:
            if match["span"] in ("末", "期末"):
                events.append((match.start(), _PLAN_END[match["plan"]], False))
            continue
        if match["year"]:
            if match["versus"] or match["tail"] in ("以来", "起", "来"):
                continue
            year = int(match["year"])
            events.append((match.start(), year, match["lead"] in ("到", "至")))
        elif match["word"] and base is not None:
            if match["versus2"]:
                continue
            shift = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}[match["word"]]
            events.append((match.start(), base + shift, False))
        _ = kind
    return events


def sentence_role(before: str, role: Role) -> Role:
    """The role that the words before a number give it, or the one that holds around."""
    if _TARGET.search(before):
        return "actual" if _MET.search(before) else "target"
    return role


def done(before: str) -> bool:
    return _DONE.search(before) is not None
