"""From a document to its figures: every mention gets its subject, year, role, region, measure and sentence."""

import re
from bisect import bisect_right
from decimal import Decimal

from annals.figures import context
from annals.figures.flow import Paragraph, paragraphs, sentences
from annals.figures.measure import Operators
from annals.figures.mentions import Mention, find_mentions
from annals.figures.subject import left_noun, right_noun, strip_notes, tidy
from annals.model import Description, Document, Figure, Measure, Role

_CLAUSE_END = re.compile(r"[，,：:；;。！？!?]")
_SHARE = re.compile(r"占(?P<whole>[^，。；]{0,30}?)(?:的)?(?:比重|比例|份额|比|总量|总数)?(?:的)?$")
_NEW = re.compile(
    r"新(?:增|建|设|登记|成立|开|认定|培育|获批|审批|引进|引入|创建|开通|签|投|注册|入选|评|添|办|组建|落户|招|发展|改扩建|获评|布局|投放|入库)"
)
_TRANSPARENT = re.compile(r"按.{0,20}(?:计算|口径|看|分)$|分.{0,12}看$|其中$|.{0,10}下同$|扣除.{0,20}$|.{0,20}(?:来看|方面)$")
_LINK = frozenset(("", "、", "和", "及", "与", "以及", "、和"))
_PEOPLE_VERBS = ("吸引", "参与", "参加", "覆盖", "惠及", "服务", "受益", "辐射", "影响", "带动")
_GENERIC = frozenset("总数 总量 数量 总额 规模 总规模 人数 户数 家数 增速 占比 比重 比例 总计 合计 总值 其 全部 共计 增幅 涨幅 降幅 总数量 同比 数 总".split())
_RATE_WORDS = ("增速", "增长率", "增幅", "涨幅", "降幅")
_SENTENCE_LIMIT = 300


class _Carry:
    """What a paragraph hands from one number to the next."""

    __slots__ = ("down", "measure", "queue", "region", "subject")

    def __init__(self) -> None:
        self.subject = ""
        self.measure: Measure | None = None
        self.down = False
        self.region: str | None = None
        self.queue: list[str] = []


def read(document: Document, description: Description) -> tuple[Figure, ...]:
    """All figures of the document, in the order in which they stand.

    The year, role and region of a figure come from its sentence, else its section, else the document; the subject
    is an exact stretch of the text where it can be. What cannot be told is None or "" and lowers `confidence`.
    """
    figures: list[Figure] = []
    base = context.document_frame(description)
    frames = context.section_frames(description, document.text)
    starts = [start for start, _, _ in frames]
    for paragraph in paragraphs(document):
        mentions = find_mentions(paragraph.text)
        if not mentions:
            continue
        frame = _frame_at(paragraph.offset(0), frames, starts, base)
        _read_paragraph(paragraph, mentions, frame, description, figures)
    return tuple(figures)


def _frame_at(
    position: int, frames: list[tuple[int, int, context.Frame]], starts: list[int], base: context.Frame
) -> context.Frame:
    for index in range(bisect_right(starts, position) - 1, -1, -1):
        start, end, frame = frames[index]
        if start <= position < end:
            return frame
    return base


def _read_paragraph(
    paragraph: Paragraph,
    mentions: list[Mention],
    frame: context.Frame,
    description: Description,
    figures: list[Figure],
) -> None:
    text = paragraph.text
    years = context.year_events(text, description.year)
    carry = _Carry()
    at = 0
    for begin, end in sentences(text):
        inside: list[Mention] = []
        while at < len(mentions) and mentions[at].start < end:
            inside.append(mentions[at])
            at += 1
        if inside:
            _read_sentence(paragraph, begin, end, inside, frame, years, carry, description, figures)


def _read_sentence(
    paragraph: Paragraph,
    begin: int,
    end: int,
    mentions: list[Mention],
    frame: context.Frame,
    years: list[tuple[int, int | None, bool]],
    carry: _Carry,
    description: Description,
    figures: list[Figure],
) -> None:
    text = paragraph.text
    previous_end = begin
    for index, mention in enumerate(mentions):
        following = mentions[index + 1].raw_start if index + 1 < len(mentions) else end
        pre = text[previous_end : mention.raw_start]
        post = text[mention.raw_end : following]
        subject, measure, down, sure = _meaning(pre, post, mention, carry, mentions, index, text)
        year = frame.year
        role: Role = frame.role
        for position, stated, ahead in years:
            if position >= mention.start:
                break
            if position >= begin:
                year = stated
                if ahead and stated is not None and description.year is not None and stated > description.year:
                    role = "target"
        role = context.sentence_role(text[begin : mention.raw_end], role)
        region = frame.region
        value, high, low_bound, high_bound = mention.value, mention.value_high, mention.low, mention.high
        if down and measure in ("growth", "change"):
            value = -value
            high = None if high is None else -high
            low_bound, high_bound = _negate(high_bound), _negate(low_bound)
        start, stop = paragraph.span(mention.start, mention.end)
        figures.append(
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
                year=year,
                role=role,
                region=region,
                subject=subject,
                page=paragraph.first.page,
                quote=text[begin:end] if end - begin <= _SENTENCE_LIMIT else text[max(begin, mention.start - 120) : min(end, mention.end + 120)],
                confidence=round(mention.confidence * sure, 3),
            )
        )
        carry.subject, carry.measure, carry.down = subject, measure, down
        previous_end = mention.raw_end


def _negate(bound: Decimal | None) -> Decimal | None:
    return None if bound is None else -bound


def _meaning(
    pre: str, post: str, mention: Mention, carry: _Carry, mentions: list[Mention], index: int, text: str
) -> tuple[str, Measure, bool, float]:
    """(subject, measure, falling, how sure) of one number from the words around it."""
    link = pre.strip(" 　")
    if link in _LINK and link != "" and carry.measure is not None:
        subject = carry.queue.pop(0) if carry.queue else right_noun(post) or carry.subject
        return subject, carry.measure, carry.down, 0.9
    pre = strip_notes(pre)
    clauses = [part for part in _CLAUSE_END.split(pre)]
    clause = clauses[-1].lstrip(" 　、")
    operators = Operators(clause)
    rest = operators.rest
    measure, down = _measure(clause, operators, mention)
    share = None
    if mention.kind in ("percent", "ratio") and not operators.move:
        share = _SHARE.search(rest)
        if share:
            rest = rest[: share.start()]
            measure = "share"
    right = right_noun(post) if mention.kind != "money" or not rest else ""
    left, verb = left_noun(rest) if rest else ("", False)
    carry.queue = []
    if operators.separately and left:
        parts = [tidy(part) for part in re.split(r"、|和|与|及", left)]
        chain = 1
        while index + chain < len(mentions) and text[mentions[index + chain - 1].raw_end : mentions[index + chain].raw_start].strip() in _LINK:
            chain += 1
        if chain > 1 and len(parts) >= chain:
            parts = parts[-chain:]
            carry.queue = parts[1:]
            return parts[0], measure, down, 0.85
    counted = mention.kind in ("count", "duration") and right and not operators.move
    if counted and (not left or operators.to is False or verb):
        return right, measure, down, 0.9
    if left and left not in _GENERIC:
        return left, measure, down, 0.85 if verb else 0.9
    if left in _GENERIC and carry.subject:
        return carry.subject, measure, down, 0.85
    if right:
        return right, measure, down, 0.8
    if operators.move or operators.net or share or operators.to and not clauses[:-1]:
        if carry.subject:
            return carry.subject, measure, down, 0.9
    for earlier in reversed(clauses[:-1]):
        if not earlier or _TRANSPARENT.search(earlier):
            continue
        found, _ = left_noun(earlier)
        if len(found) >= 2:
            return found, measure, down, 0.6
    if carry.subject:
        return carry.subject, measure, down, 0.7
    return tidy(rest), measure, down, 0.3


def _measure(clause: str, operators: Operators, mention: Mention) -> tuple[Measure, bool]:
    unit = mention.unit
    if unit in ("百分点", "千分点"):
        return "change", operators.down
    if mention.kind in ("percent", "ratio"):
        if operators.move:
            return "growth", operators.down
        return "share", False
    if operators.net:
        return "change", operators.down
    if operators.move and not operators.to:
        if operators.rest and not operators.comparison and _NEW.search(operators.rest):
            return "added", False
        return "change", operators.down
    if _NEW.search(clause):
        return "added", False
    return "level", False
