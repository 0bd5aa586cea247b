"""From a document to its figures: every mention gets its subject, year, role, region, measure and sentence."""

import re
from bisect import bisect_right
from decimal import Decimal

from msgspec import structs

from annals import digest, lead
from annals.blanks import folded
from annals.describe import opening
from annals.figures import frames, roles, tables, times
from annals.figures.flow import Paragraph, paragraphs, sentences
from annals.figures.frames import Frame
from annals.figures.legible import fault
from annals.figures.meaning import CLAUSE_END, LINKS, Thread, meaning_of, topic
from annals.figures.mentions import Mention, find_mentions
from annals.figures.places import Places, counts_divisions
from annals.figures.times import Time
from annals.figures.unlisted import unlisted_places
from annals.indicators import identify
from annals.model import Description, Document, Figure, Measure, Passage, Role

_TO_NEXT = re.compile(r"[^，。；]{0,8}(?:至|到)$")
_WHOLE = frozenset(("全国", "全球"))
_SENTENCE_LIMIT = 300
_ROLE_REACH = 240
_PLACE_REACH = 20
_UNSURE = 0.4
_OPENING = 12  # characters within which a time opens its sentence
_GLANCE = 3000  # characters that tell when a text speaks
_TABLE_GLANCE = 60  # cells that tell whether a table can be read
_CAPTION_LIMIT = 80


_FIVE_YEARS = re.compile(r"五年(?:来|间|。|，)|“十[一二三四五六]五”(?:时期|期间|以来)")
_ONE_YEAR = re.compile(r"(?:过去)?一年来|去年|过去一年|(?:19|20)\d\d年")
_ASSIGNED = re.compile(r"(?:任务|指标|计划|目标)(?:数|量|值)?(?:为|是)?$")  # 任务30座，完成32座
_DELIVERED = re.compile(r"，(?:实际|已|现已)?(?:完成|建成)")
_COMPARED = re.compile(r"(?:比|较|同|与)(?P<year>(?:19|20)\d\d)年(?:末|底|同期)?[的（]$")
_OPENED = re.compile(r"(?:近年来|多年来|[^，。；]{0,25}以来|目前|截至目前)，|")


class _Whereabouts:
    """The places that a sentence has named so far."""

    __slots__ = ("beside", "linked", "place")

    def __init__(self) -> None:
        self.place: str | None = None  # who acts in the sentence
        self.beside: str | None = None  # what qualifies the last number itself …
        self.linked = False  # … and the next one, tied to it by 的


class _Scope:
    """The document around the paragraph at hand."""

    __slots__ = (
        "base",
        "begins",
        "by_district",
        "changes",
        "day",
        "figures",
        "frames",
        "item",
        "items",
        "local",
        "news",
        "places",
        "published",
        "report",
        "section",
        "span",
        "spoken",
        "title_year",
        "unlisted",
    )

    def __init__(self, document: Document, description: Description) -> None:
        self.base = frames.document_frame(description, opening(document))
        self.report = description.genre == "report"
        self.news = description.genre in ("press", "other")
        self.day = description.published_on
        self.published = self.day.year if self.day else None
        self.begins = description.year  # where the frame is that of the end of several years
        self.spoken: int | None = None  # the year of speaking, where only the text tells it
        title = folded(description.title or "")
        if self.news and self.base.year is not None and str(self.base.year) not in title and "今年" not in title:
            self.spoken = self.published or lead.year_spoken(folded(document.text[:_GLANCE]), self.base.year)
        self.unlisted = unlisted_places(document)
        self.places = Places(self.base.region, self.unlisted)
        self.items = (
            [*reversed(digest.items(document))] if self.news else []
        )  # those of a digest that are still to come
        self.item: digest.Item | None = None
        of_sections = frames.section_frames(description, self.base, self.places)
        self.frames = frames.innermost(of_sections, self.base)
        self.changes = [position for position, _, _ in self.frames]
        self.figures: list[Figure] = []
        self.local: str | None = None  # the district that the paragraphs at hand are about …
        self.title_year: int | None = None
        self.section = -1  # … within the section that begins here
        self.span = 1  # years that the paragraphs at hand look back on
        self.by_district = any(frame.region != self.base.region for _, _, frame in of_sections)

    def today(self, frame: Frame) -> int | None:
        """The year that 今年 means: a report's own even where it looks back, else the one that is spoken of."""
        return self.base.year if self.report else (self.spoken or frame.year or self.published)

    def now(self, frame: Frame) -> tuple[int, int | None] | None:
        """The year and month in which the text speaks, where that is not in the year that it tells of."""
        if self.day is not None and frame.year is not None and frame.year > self.day.year:
            return self.day.year, self.day.month
        if self.spoken is None or self.spoken == frame.year:
            return None
        return self.spoken, self.day.month if self.day is not None and self.day.year == self.spoken else None

    def before(self, year: int) -> bool:
        """Whether a five-year plan that ends with that year lies behind the document."""
        return self.base.year is not None and year < self.base.year

    def preceded(self, year: int) -> bool:
        """Whether a year lies before the first one that the document plans."""
        return self.begins is not None and year < self.begins

    def stance(self, sentence: str, frame: Frame, stance: Frame) -> Frame:
        """The frame of a sentence: news may turn to what is planned, and back."""
        if frame.role == "target" or not self.news:
            return frame
        if roles.sets_out(sentence):
            return Frame(frame.year, "target", frame.region)
        return frame if roles.looks_back(sentence) else stance

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
        if paragraph.first.kind == "title" and (stated := frames.HEAD_YEAR.search(text)):
            self.title_year = int(stated[1])  # a file that holds several documents
        if self.title_year is not None and frame.year == self.base.year:
            frame = Frame(self.title_year, frame.role, frame.region)
        frame = self._of_item(paragraph.first.start, text, frame)
        if section != self.section:
            self.section, self.local, self.span = section, None, 1
        if _FIVE_YEARS.search(text, 0, 40):
            self.span = 5
        elif self.span > 1 and _ONE_YEAR.match(text):
            self.span = 1
        if self.by_district:
            opened = _OPENED.match(text)
            start = opened.end() if opened else 0
            place = self.places.leading(text[start : start + 12])
            if place is not None and place[0] == self.base.region:
                self.local = None
            elif place is not None:
                end = start + place[1]
                if text[end - 1] in "区县" and text[end : end + 1] not in ("、", "和", "与", "及"):
                    self.local = place[0]
            if self.local is not None:
                frame = Frame(frame.year, frame.role, self.local)
        return frame

    def _of_item(self, position: int, text: str, frame: Frame) -> Frame:
        """The frame within the item of a digest that a paragraph belongs to."""
        while self.items and self.items[-1].start <= position:
            self.item = self.items.pop()
            self.places = Places(self.item.region, self.unlisted)
        if self.item is not None and self.item.start != position and digest.is_wider(text, self.item.region):
            self.item, self.places = None, Places(self.base.region, self.unlisted)
        if self.item is None:
            return frame
        year = self.item.year or frame.year
        if self.item.year is None and self.day is not None and year == self.day.year:
            year -= (self.item.month or 0) > self.day.month  # news of December in January
        return Frame(year, frame.role, self.item.region)

    def frame_at(self, position: int) -> tuple[Frame, int]:
        """The frame of the innermost section around a position, and where that section begins."""
        at = bisect_right(self.changes, position) - 1
        return self.frames[at][1:] if at >= 0 else (self.base, -1)


def read(document: Document, description: Description) -> tuple[Figure, ...]:
    """All figures of the document, in the order in which they stand.

    The year, role and region of a figure come from its sentence, else its section, else the document; the subject
    is an exact stretch of the text where it can be. What cannot be told is None or "" and lowers `confidence`.
    """
    scope = _Scope(document, description)
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
                raw=read_cell.paragraph.written(mention.raw_start, mention.raw_end),
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
    told_times = times.times(text, scope.today(frame), scope.past(frame), scope.report, scope.now(frame))
    thread = Thread()
    at = told = 0
    held: int | None = None
    last: Time | None = None  # of the sentence before
    stance = frame
    scene: list[Time] = []  # the time that a sentence without numbers, or one of 到2030年, sets for those after it
    for begin, end in sentences(text):
        inside: list[Mention] = []
        while at < len(mentions) and mentions[at].start < end:
            inside.append(mentions[at])
            at += 1
        spoken: list[Time] = []
        while told < len(told_times) and told_times[told].position < end:
            spoken.append(told_times[told])
            told += 1
            if spoken[-1].tense != "since":
                held = None if spoken[-1].tense in ("ahead", "due") else spoken[-1].year
        if spoken or (scene and times.leaves(scene[0], text[begin:end])):
            opens = bool(spoken) and spoken[0].position - begin <= _OPENING
            opens = opens and (not inside or (len(spoken) == 1 and times.is_set_off(spoken[0], text)))
            presented = lead.year_presented(text[begin:end]) if opens and not inside else None
            scene = [Time(0, presented) if presented else spoken[0]._replace(position=0)] if opens else []
        if not spoken and scene:
            spoken = [scene[0]._replace(position=begin)]
        elif not spoken and last is not None and text.startswith("其中", begin):
            spoken = [last._replace(position=begin)]
        elif frame.year is None and held is not None and not spoken:
            spoken = [Time(begin, held)]  # no year frames the text, so the one last told goes on
        last = spoken[-1] if spoken else None
        if inside:
            now = scope.stance(text[begin : inside[0].start], frame, stance)
            thread.begin_sentence()
            _read_sentence(paragraph, begin, end, inside, now, spoken, thread, scope)
        stance = scope.stance(text[begin:end], frame, stance)


def _read_sentence(
    paragraph: Paragraph,
    begin: int,
    end: int,
    mentions: list[Mention],
    frame: Frame,
    spoken: list[Time],
    thread: Thread,
    scope: _Scope,
) -> None:
    """Read the numbers of text[begin:end]; `spoken` are the times that this sentence states."""
    text = paragraph.text
    year, told = frame.year, 0
    previous_end = begin
    role: Role = frame.role
    ground: Role = frame.role  # the role that the times told so far give
    where = _Whereabouts()
    goals = dated = False  # the role was set by a goal, by a year
    for index, mention in enumerate(mentions):
        following = mentions[index + 1].raw_start if index + 1 < len(mentions) else end
        pre = text[previous_end : mention.raw_start]
        post = text[mention.raw_end : following]
        if "；" in pre:
            role = "target" if goals else ground
        goals = goals or roles.sets_goals(pre)
        alone = scope.places.only(pre[-_PLACE_REACH:])
        meaning = meaning_of(text, mentions, index, begin, end, thread, alone)
        if thread.right:
            meaning = meaning._replace(subject=scope.places.without(meaning.subject))
        elif not meaning.subject:
            meaning = meaning._replace(subject=topic(text, begin), sure=_UNSURE)
        if alone is None and meaning.subject in thread.parts:  # 永川、开州分别为12家、11家
            alone = scope.places.only(meaning.subject)
            whole = thread.wholes.get(mention.unit)
            if alone is not None and whole is not None and meaning.measure in ("level", "added"):
                meaning = whole
        subject, measure, down, sure = meaning
        role = roles.stated_role(
            text[max(previous_end, mention.raw_start - _ROLE_REACH) : mention.raw_end], role, frame.role == "target"
        )
        if role == "actual" and frame.role == "target" and year == frame.year and not spoken:
            year = scope.begins  # what a plan finds there
        placed = told < len(spoken) and spoken[told].position < mention.start
        while told < len(spoken) and spoken[told].position < mention.start:
            time = spoken[told]
            told += 1
            if time.tense == "span":
                if time.year is None or (role == "actual" and not scope.before(time.year)):
                    continue  # “十四五”以来 is told of by what stands now
                year, role = time.year, "actual" if scope.before(time.year) else "target"
                continue
            if time.tense == "since":
                if frame.role == "target" and frame.year is not None and time.year == frame.year - 1:
                    year, role, dated = time.year, "actual", True  # what came of the year before the one planned
                    ground = role
                continue
            if time.tense == "back" and not goals:
                role, dated = "actual", True
            elif time.tense in ("ahead", "due") and frame.year is None:
                role = "target"
            if time.year is not None:
                year = time.year
                ahead = time.tense in ("ahead", "due") and not scope.preceded(year)
                demanded = time.tense in ("ahead", "due") and roles.demands(text[time.position : mention.raw_end])
                if frame.year is not None and time.tense != "back":
                    if (
                        demanded
                        or (time.tense == "ahead" and scope.report and year == scope.base.year)
                        or (time.tense == "due" and year == frame.year)
                        or (year > frame.year and (ahead or not (scope.report or year == scope.spoken)))
                    ):
                        role, dated = "target", True
                    elif year < frame.year and not ahead and not goals:
                        role, dated = "actual", True
                    elif dated:
                        role, dated = frame.role, False
            ground = role if dated else frame.role
        stated_as, stated_for = role, year
        if _DELIVERED.match(post) and _ASSIGNED.search(pre[-8:]):
            stated_as = "target"
        compared = _COMPARED.search(pre[-12:]) if pre.endswith(("（", "的")) else None
        if compared is not None:
            stated_for = int(compared["year"])  # 比2030年（12座）增加3座
        if thread.started and year is not None and _TO_NEXT.match(_beyond_chain(text, mentions, index, end)):
            stated_as, stated_for = "actual", year if placed else year - scope.span
            if placed and frame.year is not None:
                role, year = frame.role, frame.year
        if alone is not None:
            where.place = alone
            region: str | None = alone
        else:
            region = _region(pre, post, subject, measure, index == 0, frame, where, scope)
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
                raw=paragraph.written(mention.raw_start, mention.raw_end),
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
                quote=_quote(paragraph, begin, end, mention),
                confidence=round(mention.confidence * sure, 3),
            )
        )
        thread.take(meaning, mention.kind, mention.unit)
        previous_end = mention.raw_end


def _beyond_chain(text: str, mentions: list[Mention], index: int, end: int) -> str:
    """What follows the row of numbers that mentions[index] stands in: 提高到 in 从62%、48%提高到66%、52%."""
    for at in range(index, len(mentions) - 1):
        between = text[mentions[at].raw_end : mentions[at + 1].raw_start]
        if between.strip() not in LINKS:
            return between
    return text[mentions[-1].raw_end : end]


def _region(
    pre: str, post: str, subject: str, measure: Measure, first: bool, frame: Frame, where: _Whereabouts, scope: _Scope
) -> str | None:
    """The region of one number: what it is said of, who acts in its sentence, or what the section is about."""
    if where.beside is not None and pre.strip() in LINKS:
        return where.beside
    if "；" in pre:  # who acted before it acts no more
        where.place = None
        first, pre = True, pre[pre.rindex("；") + 1 :]
    acting = scope.places.acting(pre, frame.region) if first or len(pre) > 3 else None
    if acting is not None and (first or acting[1]):
        where.place = acting[0]
    tied = where.linked or (pre.endswith(("、", "和")) and CLAUSE_END.search(pre) is None)
    held = where.beside if tied else None
    where.beside = held
    if held is None and measure in ("level", "added"):
        where.beside = scope.places.beside(pre, post, subject)
    where.linked = post.endswith("的") and where.beside is not None
    if where.beside is not None and not (counts_divisions(subject) and where.beside not in _WHOLE):
        return where.beside
    if where.place is not None and where.place != scope.base.region and counts_divisions(subject):
        return scope.base.region
    return where.place or frame.region


def _quote(paragraph: Paragraph, begin: int, end: int, mention: Mention) -> str:
    """The sentence, or of one that goes on and on the clauses around the number."""
    if end - begin > _SENTENCE_LIMIT:
        text = paragraph.text
        begin = max(begin, mention.start - _SENTENCE_LIMIT // 2)
        end = min(end, mention.end + _SENTENCE_LIMIT // 2)
        begin = max(begin, text.rfind("；", begin, mention.start) + 1)
        stop = text.find("；", mention.end, end)
        end = end if stop < 0 else stop + 1
    return paragraph.written(begin, end).strip().lstrip("#*-•●◆■> 　")


def _negate(bound: Decimal | None) -> Decimal | None:
    return None if bound is None else -bound
