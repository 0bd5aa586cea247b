"""From a document to its figures: every mention gets its subject, year, role, region, measure and sentence."""

import re
from bisect import bisect_right
from decimal import Decimal

from msgspec import structs

from annals.figures import context, tables
from annals.figures.context import Frame
from annals.figures.flow import Paragraph, paragraphs, sentences
from annals.figures.legible import fault
from annals.figures.measure import Operators
from annals.figures.mentions import Mention, find_mentions
from annals.figures.subject import ends_in_verb, left_noun, right_noun, strip_notes, tidy
from annals.figures.words import GENERIC, SHARED_HEADS
from annals.indicators import identify
from annals.model import Description, Document, Figure, Measure, Passage, Role

_CLAUSE_END = re.compile(r"[，,：:；;。！？!?（(]")
_SHARE = re.compile(
    r"(?:占|贡献了|贡献(?=全[国省市]))(?P<whole>[^，。；]{0,40}?)(?:的)?(?:比重|比例|份额|比|总量|总数)?(?:的)?$"
)
_NEW = re.compile(
    r"(?<!更)新(?:增|建(?!商品|住宅)|改建|加装|设|登记|成立|开(?!放|发)|认定|培育|获批|审批|引进|引入|创建|签|投|注册|入选|评|添|办|组建|落户|招|发展会员|改扩建|获评|布局|入库|吸纳)"
)
_OF_WHOLE = re.compile(r"(?P<part>[^，。；]{2,30}?)(?:达到|达|占到|占|为|是|超过|相当于)[^，。；]{2,30}的$")
_LESS = re.compile("压减|压缩|减少|缩短|降低|节约|节省|下调|削减")
_MORE = re.compile(r"(?:全[市省区县国])?(?:增加|增设|增配|增补)[\u4e00-\u9fff]{2,}")
_TO_NEXT = re.compile(r"[^，。；]{0,8}(?:至|到)$")
_NET = re.compile(r"净[增减]")
_TRANSPARENT = re.compile(
    r"按.{0,20}(?:计算|口径|看|分)$|分.{0,12}看$|其中$|.{0,10}下同$|扣除.{0,20}$|.{0,20}(?:来看|方面)$|^[^，]{0,6}(?:创(?!建|新|办|业|作)|居(?!民|家)|位[居列]|排名|同比|比上)"
)
_LINK = frozenset(("、", "和", "∶", ":", "：", "及", "与", "以及", "、和", "或"))
_RATE = re.compile(r"(?:(?<!自然)增长率|增速|增幅|涨幅)(?:目标)?$|(?P<down>降幅|下降率)$")
_PERSON_UNITS = frozenset(("人", "名", "位", "人次"))
_EVENT_UNITS = frozenset(["场", "场次", "次", "期", "课时", "学时", "班次", "轮", "趟", "人次", "件次"])
# verbs that name what is done well enough to be the thing counted: 宣讲50场次
_CONTENT = re.compile(
    r"(?:宣讲|演出|放映|培训|授课|巡展|巡演|展出|走访|慰问|检查|检测|检验|监测|巡查|诊疗|收治|义诊|调解|办理|受理|接待)$"
)
_SPENT = re.compile(r"(?:投入|投资|拨付|下拨|筹集|筹措|募集|出资|融资|补助|奖励|减免|节约|让利|捐款|捐赠)$")
_AWARD = re.compile(r"(?:被)?(?:获得|荣获|获评|获|当选|入选|评为|授予)(?P<award>[^，。；、]{2,40})")
_WHOLE = frozenset(("全国", "全球"))
_GENERIC = frozenset(GENERIC)
_SENTENCE_LIMIT = 300
_ROLE_REACH = 240
_TABLE_GLANCE = 60  # cells that tell whether a table can be read
_CAPTION_LIMIT = 80


_FIVE_YEARS = re.compile(r"五年(?:来|间|。|，)|“十[一二三四五六]五”(?:时期|期间|以来)")
_ONE_YEAR = re.compile(r"(?:过去)?一年来|去年|过去一年|(?:19|20)\d\d年")
_OPENED = re.compile(r"(?:近年来|多年来|[^，。；]{0,25}以来|目前|截至目前)，|")


class _Carry:
    """What a sentence hands from one number to the next."""

    __slots__ = (
        "beside",
        "down",
        "kind",
        "linked",
        "measure",
        "parts",
        "place",
        "queue",
        "recent",
        "right",
        "started",
        "subject",
    )

    def __init__(self) -> None:
        self.subject = ""
        self.measure: Measure | None = None
        self.down = False
        self.place: str | None = None  # who acts in the sentence
        self.beside: str | None = None  # what qualifies the last number itself …
        self.linked = False  # … and the next one, tied to it by 的
        self.queue: list[str] = []  # subjects of numbers to come, given 分别
        self.parts: list[str] = []
        self.recent: list[str] = []  # what this sentence has given amounts of
        self.kind: str | None = None
        self.started = False  # the last number is where a change began: 从75%
        self.right = False  # the last subject stood right of its number


class _Scope:
    """The document around the paragraph at hand."""

    __slots__ = (
        "base",
        "by_district",
        "figures",
        "frames",
        "local",
        "places",
        "published",
        "report",
        "section",
        "span",
        "starts",
        "title_year",
    )

    def __init__(self, description: Description) -> None:
        self.base = context.document_frame(description)
        self.report = description.genre == "report"
        self.published = description.published_on.year if description.published_on else None
        self.places = context.Places(self.base)
        self.frames = context.section_frames(description, self.places)
        self.starts = [start for start, _, _ in self.frames]
        self.figures: list[Figure] = []
        self.local: str | None = None  # the district that the paragraphs at hand are about …
        self.title_year: int | None = None
        self.section = -1  # … within the section that begins here
        self.span = 1  # years that the paragraphs at hand look back on
        self.by_district = any(frame.region != self.base.region for _, _, frame in self.frames)

    def today(self, frame: Frame) -> int | None:
        """The year that 今年 means: a report's own even where it looks back, else the one that is spoken of."""
        return self.base.year if self.report else (frame.year or self.published)

    def past(self, frame: Frame) -> int | None:
        """The year that 过去一年 means: in a report given at the start of a year, the one before."""
        if not self.report or self.base.year is None:
            return frame.year
        return self.base.year - 1

    def add(self, figure: Figure) -> None:
        """Take a figure in, with the series and the indicator that it belongs to."""
        indicator, series = identify(figure.subject, figure.unit, figure.kind, figure.measure)
        self.figures.append(structs.replace(figure, series=series, indicator=indicator))

    def frame_of(self, paragraph: Paragraph) -> Frame:
        """The section's frame, made narrower by what the paragraphs before and this one open with."""
        frame, section = self.frame_at(paragraph.offset(0))
        text = paragraph.text
        if paragraph.first.kind == "title" and (stated := context.HEAD_YEAR.search(text)):
            self.title_year = int(stated[1])  # a file that holds several documents
        if self.title_year is not None and frame.year == self.base.year:
            frame = Frame(self.title_year, frame.role, frame.region)
        if section != self.section:
            self.section, self.local, self.span = section, None, 1
        if _FIVE_YEARS.search(text, 0, 40):
            self.span = 5
        elif self.span > 1 and _ONE_YEAR.match(text):
            self.span = 1
        if self.by_district:
            opened = _OPENED.match(text)
            place = self.places.leading(text[opened.end() :]) if opened else None
            if place is not None and text[opened.end() + place[1] - 1] in "区县":  # type: ignore[union-attr]
                self.local = place[0]
            if self.local is not None:
                frame = Frame(frame.year, frame.role, self.local)
        return frame

    def frame_at(self, position: int) -> tuple[Frame, int]:
        for index in range(bisect_right(self.starts, position) - 1, -1, -1):
            start, end, frame = self.frames[index]
            if start <= position < end:
                return frame, start
        return self.base, -1


def read(document: Document, description: Description) -> tuple[Figure, ...]:
    """All figures of the document, in the order in which they stand.

    The year, role and region of a figure come from its sentence, else its section, else the document; the subject
    is an exact stretch of the text where it can be. What cannot be told is None or "" and lowers `confidence`.
    """
    scope = _Scope(description)
    caption = ""
    for paragraph in paragraphs(document):
        if isinstance(paragraph, Passage):
            _read_table(document, paragraph, caption, scope)
            continue
        caption = paragraph.text if len(paragraph.text) < _CAPTION_LIMIT else ""
        mentions = find_mentions(paragraph.text)
        frame = scope.frame_of(paragraph)
        if mentions and fault(paragraph.text) is None:
            _read_paragraph(paragraph, mentions, frame, scope)
    return tuple(scope.figures)


def _read_table(document: Document, table: Passage, caption: str, scope: _Scope) -> None:
    if fault("".join(document.text[cell.start : cell.end] for cell in table.cells[:_TABLE_GLANCE])) is not None:
        return
    first = len(scope.figures)
    frame, _ = scope.frame_at(table.start)
    for paragraph in tables.prose_cells(document, table):
        mentions = find_mentions(paragraph.text)
        if mentions:
            _read_paragraph(paragraph, mentions, frame, scope)
    for read_cell in tables.numbers(document, table, caption, frame.year):
        mention, scale = read_cell.mention, read_cell.scale
        place = scope.places.leading(read_cell.place) if read_cell.place else None
        start, end = read_cell.paragraph.span(mention.start, mention.end)
        scope.add(
            Figure(
                start=start,
                end=end,
                raw=read_cell.paragraph.text[mention.raw_start : mention.raw_end],
                value=mention.value * scale,
                value_high=_scaled(mention.value_high, scale),
                low=_scaled(mention.low, scale),
                high=_scaled(mention.high, scale),
                unit=read_cell.unit,
                qualifier=mention.qualifier,
                kind=read_cell.kind,
                measure=read_cell.measure,
                year=read_cell.year or frame.year,
                role=read_cell.role or frame.role,
                region=place[0] if place and place[1] == len(read_cell.place) else frame.region,
                subject=(read_cell.column or read_cell.subject)
                if place and place[1] == len(read_cell.place)
                else read_cell.subject,
                page=table.page,
                quote=read_cell.quote,
                confidence=0.75 if read_cell.unit else 0.5,
            )
        )
    scope.figures[first:] = sorted(scope.figures[first:], key=lambda figure: figure.start)


def _scaled(number: Decimal | None, scale: Decimal) -> Decimal | None:
    return None if number is None else number * scale


def _read_paragraph(paragraph: Paragraph, mentions: list[Mention], frame: Frame, scope: _Scope) -> None:
    text = paragraph.text
    years = context.year_events(text, scope.today(frame), scope.past(frame), scope.report)
    carry = _Carry()
    at = told = 0
    for begin, end in sentences(text):
        inside: list[Mention] = []
        while at < len(mentions) and mentions[at].start < end:
            inside.append(mentions[at])
            at += 1
        spoken: list[tuple[int, int | None, bool]] = []
        while told < len(years) and years[told][0] < end:
            spoken.append(years[told])
            told += 1
        if inside:
            carry.place = carry.beside = None
            carry.recent = []
            carry.linked = False
            _read_sentence(paragraph, begin, end, inside, frame, spoken, carry, scope)


def _read_sentence(
    paragraph: Paragraph,
    begin: int,
    end: int,
    mentions: list[Mention],
    frame: Frame,
    years: list[tuple[int, int | None, bool]],
    carry: _Carry,
    scope: _Scope,
) -> None:
    """Read the numbers of text[begin:end]; `years` are the times that this sentence states."""
    text = paragraph.text
    year, told = frame.year, 0
    previous_end = begin
    role: Role = frame.role
    goals = dated = False  # the role was set by a goal, by a year
    for index, mention in enumerate(mentions):
        following = mentions[index + 1].raw_start if index + 1 < len(mentions) else end
        pre = text[previous_end : mention.raw_start]
        post = text[mention.raw_end : following]
        if "；" in pre:
            role = "target" if goals else frame.role
        goals = goals or context.sets_goals(pre)
        carry.started = False
        subject, measure, down, sure = _meaning(pre, post, mention, carry, mentions, index, text)
        if carry.right:
            subject = scope.places.without(subject)
        if not subject:
            subject, sure = _topic(text, begin, frame), 0.4
        role = context.stated_role(text[max(previous_end, mention.raw_start - _ROLE_REACH) : mention.raw_end], role)
        while told < len(years) and years[told][0] < mention.start:
            _, year, ahead = years[told]
            told += 1
            if frame.year is None and ahead:
                role = "target"
            if year is None or frame.year is None:
                continue
            if (ahead and scope.report and year == scope.base.year) or (
                year > frame.year and (ahead or not scope.report)
            ):
                role, dated = "target", True
            elif year < frame.year and not ahead and not goals:
                role, dated = "actual", True
            elif dated:
                role, dated = frame.role, False
        stated_as, stated_for = role, year
        if carry.started and year is not None and _TO_NEXT.match(post):
            stated_as, stated_for = "actual", year - scope.span
        region = _region(pre, post, subject, measure, index == 0, frame, carry, scope)
        value, high, low_bound, high_bound = mention.value, mention.value_high, mention.low, mention.high
        if down and value > 0 and measure in ("growth", "change"):
            value = -value
            high = None if high is None else -high
            low_bound, high_bound = _negate(high_bound), _negate(low_bound)
        start, stop = paragraph.span(mention.start, mention.end)
        scope.add(
            Figure(
                start=start,
                end=stop,
                raw=text[mention.raw_start : mention.raw_end],
                value=value,
                value_high=high,
                low=low_bound,
                high=high_bound,
                unit=mention.unit,
                qualifier=mention.qualifier,
                kind=mention.kind,
                measure=measure,
                year=stated_for,
                role=stated_as,
                region=region,
                subject=subject,
                page=paragraph.first.page,
                quote=_quote(text, begin, end, mention),
                confidence=round(mention.confidence * sure, 3),
            )
        )
        if measure not in ("growth", "change") and subject not in carry.recent[-1:]:
            carry.recent.append(subject)
        carry.subject, carry.measure, carry.down, carry.kind = subject, measure, down, mention.kind
        previous_end = mention.raw_end


def _region(
    pre: str, post: str, subject: str, measure: Measure, first: bool, frame: Frame, carry: _Carry, scope: _Scope
) -> str | None:
    """The region of one number: what it is said of, who acts in its sentence, or what the section is about."""
    if carry.beside is not None and pre.strip() in _LINK:
        return carry.beside
    acting = scope.places.acting(pre, frame) if first or len(pre) > 3 else None
    if acting is not None and (first or acting[1]):
        carry.place = acting[0]
    elif "；" in pre:
        carry.place = None
    tied = carry.linked or (pre.endswith(("、", "和")) and _CLAUSE_END.search(pre) is None)
    held = carry.beside if tied else None
    carry.beside = held
    if held is None and measure in ("level", "added"):
        carry.beside = scope.places.beside(pre, post, subject)
    carry.linked = post.endswith("的") and carry.beside is not None
    if carry.beside is not None and not (context.counts_divisions(subject) and carry.beside not in _WHOLE):
        return carry.beside
    if carry.place is not None and carry.place != scope.base.region and context.counts_divisions(subject):
        return scope.base.region
    return carry.place or frame.region


def _topic(text: str, begin: int, frame: Frame) -> str:
    """What the sentence before is about, for a number that names nothing itself: 创建讲堂，…。已举办3期."""
    before = text[max(0, begin - 400) : begin].rstrip("。！？；")
    sentence = before[max(before.rfind(mark) for mark in "。！？；") + 1 :]
    for clause in _CLAUSE_END.split(strip_notes(sentence)):
        found, _ = left_noun(clause)
        if len(found) >= 2 and not _TRANSPARENT.search(clause):
            return found
    return ""


def _quote(text: str, begin: int, end: int, mention: Mention) -> str:
    """The sentence, or of one that goes on and on the clauses around the number."""
    if end - begin > _SENTENCE_LIMIT:
        begin = max(begin, mention.start - _SENTENCE_LIMIT // 2)
        end = min(end, mention.end + _SENTENCE_LIMIT // 2)
        begin = max(begin, text.rfind("；", begin, mention.start) + 1)
        stop = text.find("；", mention.end, end)
        end = end if stop < 0 else stop + 1
    return text[begin:end].strip().lstrip("#*-•●◆■> 　")


def _negate(bound: Decimal | None) -> Decimal | None:
    return None if bound is None else -bound


def _meaning(
    pre: str, post: str, mention: Mention, carry: _Carry, mentions: list[Mention], index: int, text: str
) -> tuple[str, Measure, bool, float]:
    """(subject, measure, falling, how sure) of one number from the words around it."""
    meets = index + 1 < len(mentions) and _CLAUSE_END.search(post) is None
    link = pre.strip(" 　")
    if link in _LINK and carry.measure is not None and carry.kind == mention.kind:
        subject = carry.queue.pop(0) if carry.queue else ""
        if not subject and mention.kind == "count":
            subject = right_noun(post, meets)
        return subject or carry.subject, carry.measure, carry.down, 0.9
    pre = strip_notes(pre[-300:])
    clauses = _CLAUSE_END.split(pre)
    clause = clauses[-1].lstrip(" 　、)）」』”’》")
    if carry.right and index and len(clauses) == 1 and "、" in clause:
        clause = clause[clause.index("、") + 1 :]  # what stands before 、 belongs to the number before
    carry.right = False
    operators = Operators(clause)
    rest = operators.rest
    measure, down = _measure(clause, operators, mention)
    share = None
    if mention.kind in ("percent", "ratio") and not operators.move:
        share = _SHARE.search(rest)
        if share:
            rest = rest[: share.start()]
            measure = "share"
    carry.started = operators.frm
    if mention.kind in ("percent", "ratio") and post.startswith("的") and not rest:
        post = post[1:]  # 三分之二的公园
    if mention.kind in ("percent", "ratio") and not share and (whole := _OF_WHOLE.match(rest)):
        rest, measure = whole["part"], "share"
    right = right_noun(post, meets) if mention.kind != "duration" or not index else ""
    left, verb = left_noun(rest) if rest else ("", False)
    if index and len(clauses) == 1 and not verb and not operators.any() and not share and measure != carry.measure:
        # one more of a list: 新设4个学会、3个协会; 压减时间58%、材料52%
        if measure == "level" and carry.measure == "added" and left not in _GENERIC:
            measure = "added"
        elif measure == "share" and carry.measure == "growth" and mention.kind == "percent":
            measure, down = "growth", carry.down
    if measure == "share" and not share and _LESS.match(rest.lstrip("平均累计共")):
        measure, down = "growth", True
    carry.queue = []
    if operators.separately and left:
        carry.parts = _separate(left_noun(rest, whole=True)[0], mentions, index, text)
    elif rest:
        carry.parts = []
    elif operators.separately and operators.move:
        chain = _chain(mentions, index, text)
        carry.parts = carry.recent[-chain:] if 1 < chain <= len(carry.recent) else []
    if carry.parts and (operators.separately or (operators.to and len(carry.parts) == _chain(mentions, index, text))):
        carry.queue = carry.parts[1:]
        return carry.parts[0], measure, down, 0.85
    if not left and verb and not right:
        named = _CONTENT.search(rest) if mention.unit in _EVENT_UNITS else None
        if mention.kind == "money":
            named = _SPENT.search(rest)
        if named:
            return named.group(), measure, down, 0.7
    if mention.unit in _PERSON_UNITS and (rest.endswith("等") or not right):
        award = _AWARD.match(post)
        if (award and not left and not right) or (award and rest and not verb):
            return tidy(award["award"]), measure, down, 0.8
    moved = operators.move and (operators.comparison or not operators.better)
    if mention.kind == "count" and right and not moved and (not left or not operators.to or verb):
        carry.right = True
        return right, measure, down, 0.9
    if (
        mention.kind != "count"
        and right
        and not (operators.move or share or operators.to)
        and (not left or ends_in_verb(rest))
    ):
        return right, measure, down, 0.8
    if left and left not in _GENERIC:
        return left, measure, down, 0.85 if verb else 0.9
    if left in _GENERIC and carry.subject:
        return carry.subject, measure, down, 0.85
    if right:
        return right, measure, down, 0.8
    if (operators.move or operators.net or share or (operators.to and not clauses[:-1])) and carry.subject:
        return carry.subject, measure, down, 0.9
    for earlier in reversed(clauses[:-1]):
        if not earlier or _TRANSPARENT.search(earlier):
            continue
        found, _ = left_noun(earlier)
        if len(found) >= 2:
            return found, measure, down, 0.6
    if carry.subject:
        return carry.subject, measure, down, 0.7
    return "", measure, down, 0.3


def _chain(mentions: list[Mention], index: int, text: str) -> int:
    """How many numbers stand in a row from this one on, with nothing but 、 or 和 between them."""
    length = 1
    while index + length < len(mentions):
        before, after = mentions[index + length - 1], mentions[index + length]
        if text[before.raw_end : after.raw_start].strip() not in _LINK:
            break
        length += 1
    return length


_AND = re.compile("、|以及|(?<![共饱缓温总])和(?![谐平])|(?<!参)与|(?<![普涉波以])及(?![时格其])")
_ORDINALS = re.compile(r"第(?P<which>[一二三四](?:[、和]第?[一二三四])+)(?P<head>[^一二三四、]+)")
_ALIKE = 4
_SHARED_HEAD = re.compile("(?:" + "|".join(sorted(SHARED_HEADS, key=len, reverse=True)) + ")$")


def _separate(left: str, mentions: list[Mention], index: int, text: str) -> list[str]:
    """The subjects of numbers given 分别: A、B产量分别增长4.4%、5.6%; [] where they do not pair off."""
    chain = _chain(mentions, index, text)
    ordinals = _ORDINALS.fullmatch(left)
    if ordinals:
        left = "、".join(f"第{one}{ordinals['head']}" for one in re.findall("[一二三四]", ordinals["which"]))
    parts = left.split("、")
    if len(parts) != chain:
        parts = _AND.split(left)
    if chain == 1 or len(parts) < chain:
        return []
    parts = [tidy(part) for part in parts]
    parts = parts[-chain:]
    head = _SHARED_HEAD.search(parts[-1])
    if head and head.start():
        like = head.start() + _ALIKE  # 广州、深圳地铁客运量 do not share their head alone
        parts = [
            part if _SHARED_HEAD.search(part) or like - len(part) > 2 * _ALIKE else part + head.group()
            for part in parts
        ]
    return parts


def _measure(clause: str, operators: Operators, mention: Mention) -> tuple[Measure, bool]:
    unit = mention.unit
    if unit in ("百分点", "千分点"):
        return "change", operators.down
    if mention.kind in ("percent", "ratio"):
        if operators.move:
            return "growth", operators.down
        rate = _RATE.search(operators.rest)
        if rate:
            return "growth", rate["down"] is not None
        return "share", False
    if operators.net or _NET.search(clause):
        return "change", operators.down
    if operators.move and not operators.to and (operators.comparison or not operators.better):
        if not operators.comparison and _NEW.search(operators.rest):
            return "added", False
        return "change", operators.down
    if not operators.to and (_NEW.search(clause) or _MORE.match(clause)):
        return "added", False
    return "level", False
