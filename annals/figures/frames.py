"""What the document and its sections say of all that stands in them: year, role and region."""

import re
from collections.abc import Sequence

from msgspec import Struct

from annals import lead
from annals.blanks import folded
from annals.figures.places import WIDE, Places
from annals.figures.times import PLAN_END
from annals.model import Description, Role

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
    title = folded(description.title or "")
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


def section_frames(description: Description, base: Frame, places: Places) -> list[tuple[int, int, Frame]]:
    """(start, end, frame) of every section, outer ones first; what a heading leaves open comes from around it."""
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
        title = folded(section.title)
        frame = _headed(title, around, base, places)
        if not numbered and not held and HEAD_YEAR.search(title):
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


def _headed(title: str, around: Frame, base: Frame, places: Places) -> Frame:
    year, role, region = around.year, around.role, around.region
    stated = HEAD_YEAR.search(title)
    plan = _HEAD_PLAN.search(title)
    if stated:
        year = int(stated[1])
    elif plan and base.year is not None and PLAN_END[plan[1]] > base.year:
        year, role = PLAN_END[plan[1]], "target"
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
    if named and named[0] not in WIDE and bare[named[1] : named[1] + 1] in ("", " ", "　", "：", ":", "—"):
        region = named[0]
    return Frame(year, role, region)
