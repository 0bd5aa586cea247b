"""What a figure cannot be by its own words: more than the whole, below zero, a part of one, in a foreign unit."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from annals.checks.quoting import bounds, sentence, squeezed
from annals.checks.rule import Found, NoticeRule
from annals.indicators import Indicator, catalogue
from annals.model import Figure, Reading, Severity
from annals.series import normal_subject, unit_class
from annals.settings import PROJECT
from annals.tsvfile import read_rows

RATES = PROJECT / "include" / "reference" / "rates_beyond_whole.tsv"
DIMENSIONS = PROJECT / "include" / "reference" / "unit_dimensions.tsv"
SIGNED = PROJECT / "include" / "reference" / "signed_quantities.tsv"
_WHOLES = {"%": 100, "‰": 1000}
_CLAUSE = re.compile("[，,。；;：:！？（(\t|\n]")
# An amount as a percentage of another, of which it is no part: 完成预算的103%, 是上年的230%.
_MEASURED_BY = re.compile(
    r"完成了?$|占[^，。；：]{0,12}(?:预算|计划|任务|目标|指标|定额)的?$|"
    r"(?:完成|实现|恢复[到至]|达到?|为|是|相当于|等于|超过?)[^，。；：占]{0,24}"
    r"(?:预算|计划|任务|目标|指标|进度|定额|标准|年|上届|上期|往届|同期|平均|基期|基数|水平|之前|原来|预期|设计)[^，。；：占]{0,8}的?(?:近|约|逾)?$"
)
_GREW = re.compile(
    r"(?:同比|环比|比上年|较上年|比去年|增长|上升|提高|上涨|增加|扩大|增幅|涨幅)(?!到|至|为)[^，。；：]{0,6}$"
)
_SPEED = re.compile(r"[以上左右]*(?:的[^，。；]{0,6}(?:速度|增速|增幅|回报|收益|利润|利率)|递增|增长)")
_COUNTED = ("人", "名", "位", "家", "人次", "所", "场", "次", "件")
# So many to a head, a day, a 亿元: an average and no count.
_AVERAGE = re.compile(
    r"每|平均|[人户年月日校村县亩场师生班篇镇乡社区店馆站件次均]均(?!衡|匀|等|已|为|有|可|能|由|设|在)|均值|万车|[/／]"
)
_A_HEAD = re.compile(r"[一-龥]{0,2}[/／]")
_PER = re.compile(
    r"^[全市省区县国]{0,2}[百千万](?:人口?|户|名)(?!次)|率|比例?(?!上年|去年|赛|拼)|密度|强度|亿元(?:地区|生产|产值|GDP)"
)
_MINUS = re.compile(r"(?:(?<=[一-龥])[-－−]|(?<![减担背抱肩欠自胜辜])负)$")
_SIGNS = ("-", "－", "−", "负")
_NUMBERED = re.compile(r"[\d一二三四五六七八九十][一-龥]{1,2}[-－−]$")  # 8月-10场, 5楼-6间: from, not minus
_STATES = re.compile(r"(?:为|是|达到?|约|共有?|有|至|突破|超过?|实现|完成|稳定在|保持在|[:：\s])*$")


def share_within_100(reading: Reading) -> Iterator[Found]:
    """A part is at most its whole; a rate that is no part of a whole (毛入学率, 完成预算的103%) may be more."""
    yield from _beyond(reading, "%")


def share_within_1000(reading: Reading) -> Iterator[Found]:
    """The same of per-mille."""
    yield from _beyond(reading, "‰")


def _beyond(reading: Reading, unit: str) -> Iterator[Found]:
    whole = _WHOLES[unit]
    for index, figure in enumerate(reading.figures):
        if figure.unit != unit or figure.measure != "share" or figure.value is None:
            continue
        top = max(figure.value, figure.value if figure.value_high is None else figure.value_high)
        if top > whole and not _no_part(reading, figure):
            yield _found(reading, index, "above", whole=f"{whole:,}{unit}")


def _no_part(reading: Reading, figure: Figure) -> bool:
    end = max(0, figure.end)
    indicator = catalogue().by_code.get(figure.indicator or "")
    if indicator is not None and indicator.high is not None and indicator.high > _WHOLES[figure.unit]:
        return True  # indicator_at_most knows better
    clause = _CLAUSE.split(_before(reading, figure))[-1]
    said = clause + "/" + (figure.subject or "")
    if _SPEED.match(reading.text[end : end + 16]):
        return True
    return any(word in said for word in _rates()) or any(one.search(clause) for one in (_MEASURED_BY, _GREW))


def amount_not_negative(reading: Reading) -> Iterator[Found]:
    """A level, an addition or a share is not below zero, but for balances, temperatures and what is net.

    A dash or 负 before a number that was read without it counts as well; there it may be a dash after all, and warns.
    """
    for index, figure in enumerate(reading.figures):
        if figure.measure not in ("level", "added", "share") or figure.value is None:
            continue
        severity: Severity | None = None
        # Most figures have no such sign right before them, whatever the sentence is.
        if figure.value > 0 and reading.text[max(0, figure.start - 8) : figure.start].rstrip()[-1:] not in _SIGNS:
            continue
        before = _before(reading, figure)
        if figure.value > 0:
            if not _MINUS.search(before) or _NUMBERED.search(before) or figure.value_high is not None:
                continue
            severity = "warning"
        elif figure.value == 0:
            continue
        indicator = catalogue().by_code.get(figure.indicator or "")
        if indicator is not None and indicator.sign == "any":
            continue
        said = "/".join((_CLAUSE.split(before)[-1], figure.subject or "", figure.unit or ""))
        if not any(word in said for word in _signed()):
            yield _found(reading, index, "below", severity)


def people_whole(reading: Reading) -> Iterator[Found]:
    """People, bodies and events are counted in whole numbers; averages of them are not."""
    for index, figure in enumerate(reading.figures):
        if figure.value is None or figure.kind != "count" or figure.unit not in _COUNTED or not figure.value % 1:
            continue
        before = _before(reading, figure)
        clause = _CLAUSE.split(before)[-1] + (figure.subject or "")
        after = reading.text[max(0, figure.end) : max(0, figure.end) + 4]
        average = _AVERAGE.search(before + (figure.subject or "")) or _PER.search(clause) or _A_HEAD.match(after)
        if average is None:
            yield _found(reading, index, "part")


def indicator_unit(reading: Reading) -> Iterator[Found]:
    """An indicator is stated in a unit that measures it. A figure in a unit of another sort gets no indicator from the
    reader: what stands right before it tells which one is meant."""
    for index, figure in enumerate(reading.figures):
        if figure.measure not in ("level", "share") or not figure.unit or not figure.kind:
            continue
        known = catalogue().by_code.get(figure.indicator or "")
        if known is not None:
            own = {unit_class(unit, known.kind) for unit in (known.unit, *known.units)}
            foreign = (
                figure.measure == known.measure and unit_class(figure.unit, figure.kind, figure.subject) not in own
            )
        else:
            known = _stated(reading, figure)
            foreign = known is not None
        if known is not None and foreign:
            yield _found(reading, index, "foreign", indicator=known.name, unit=known.unit or "/", other=figure.unit)


def _stated(reading: Reading, figure: Figure) -> Indicator | None:
    """The indicator whose name stands before the figure with nothing but a verb between, where none that goes by the
    name is measured in anything like the figure's unit."""
    name = normal_subject(figure.subject or "")
    called = catalogue().by_name.get(name, ())
    sort = _dimensions().get(figure.unit)
    if not called or sort is None:
        return None
    before = _CLAUSE.split(_before(reading, figure))[-1]
    if not before[: _STATES.search(before).start()].endswith(name[-4:]):  # type: ignore[union-attr]
        return None
    own = {_dimensions().get(unit) for one in called for unit in (one.unit, *one.units)}
    if None in own or sort in own:
        return None
    if any(name in map(normal_subject, one.shorthand) for one in called):
        return None
    return called[0]


def _before(reading: Reading, figure: Figure) -> str:
    """The words of the sentence, or of the table's cell, before the figure."""
    start = max(0, figure.start)
    low, _ = bounds(reading, start, max(start, figure.end))
    return squeezed(re.split(r"[\t|]|\n\n", reading.text[low:start])[-1])


@cache
def _rates() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows(RATES, "word"))


@cache
def _signed() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows(SIGNED, "word"))


@cache
def _dimensions() -> dict[str, str]:
    rows = read_rows(DIMENSIONS, "dimension", "units")
    return dict(chain.from_iterable(((unit, sort) for unit in units.split(",")) for sort, units in rows))


def _found(reading: Reading, index: int, message: str, severity: Severity | None = None, **given: str) -> Found:
    figure = reading.figures[index]
    start = max(0, figure.start)
    return Found(
        message=message,
        given={"figure": figure.raw or "", **given},
        evidence=sentence(reading, start, max(start, figure.end)),
        figure=index,
        start=figure.start,
        end=figure.end,
        severity=severity,
    )


RULES = (
    NoticeRule(code="share_within_0_100", severity="error", check=share_within_100),
    NoticeRule(code="share_within_0_1000", severity="error", check=share_within_1000),
    NoticeRule(code="amount_not_negative", severity="error", check=amount_not_negative),
    NoticeRule(code="people_whole", severity="warning", check=people_whole),
    NoticeRule(code="indicator_unit", severity="warning", check=indicator_unit),
)
