"""The years of figures: none that no notice can mean, nothing done before its time, no target out of sight."""

import re
from collections.abc import Iterator

from annals.checks.quoting import bounds, sentence
from annals.checks.rule import Found, NoticeRule
from annals.checks.rules.years import number
from annals.model import Figure, Reading

FIRST, LAST = 1900, 2100  # years that figures are of
REACH = 30  # years from publication to a target

_DIGITS = r"\d{4}|[一二三][〇○零一二三四五六七八九]{3}"
_YEAR = re.compile(rf"({_DIGITS})\s*年")
# The year that a sentence begins with. 到2035年 aims; 2025年亚运会 names.
_BEGINS = re.compile(
    rf"[\s#*　]*(?P<until>截至|截止到?|在)?(?P<to>到|至)?(?P<year>{_DIGITS})\s*年"
    r"(?P<whole>度|全年|[末底]|[上下]半年|[一二三四第]{1,2}季度)?(?![一-龥]{0,6}(?:[运览峰大博]会|亚运|奥运|世博|[大联]赛|锦标赛|杯|文化节|规划|计划|目标|任务))"
)
_AHEAD = re.compile(
    "将|拟|计划|规划|预计|预期|预测|力争|争取|确保|目标|到期|届时|展望|远景|有望|安排|努力|不低于|不少于|不超过|以上|以内"
    "|建议|应当|(?<!主|重|需|摘|纪|概|扼|紧)要(?!素|点|求|事|闻)|实现|达峰|基本|如期|有效期|期限|分期|合同"
)
_DONE = re.compile("已|累计|共(?!同|享|建|和|青)|实有|实际|完成了|建成了|(?:比|较)(?:上年|去年|同期)|同比|现有")
_FORWARD = re.compile("计划|打算|下一步|安排|展望|目标|思路|重点工作|部署|要求")
_EXPIRES = re.compile(r"(?:有效|[期年]限|使用[期权]|租[期赁]|合同|特许|有效期限?|截止)[^，。；]{0,16}$")
_DAY = re.compile(r"\s*年?\s*\d{1,2}\s*月\s*\d{1,2}\s*日|年?[^，。；]{0,6}(?:到期|期满|届满|[为]?止)")


def year_plausible(reading: Reading) -> Iterator[Found]:
    """A figure is of a year within living memory or sight. Sentences may tell of 1876; none tells what stood at the end
    of 1202, nor of anything in 2203."""
    told: set[int] = set()
    odd = any(not FIRST <= number(found[1]) <= LAST for found in _YEAR.finditer(reading.text))
    for index, figure in enumerate(reading.figures):
        year = figure.year
        if year is None or FIRST <= year <= LAST:
            if not odd:
                continue
            low, high = _sentence(reading, figure)
            begins = _BEGINS.match(reading.text, low, high)
            if begins is None or low in told or "公元" in reading.text[low:high]:
                continue
            year = number(begins["year"])
            if FIRST <= year <= LAST or not (year > LAST or begins["whole"]):
                continue
            told.add(low)
        yield _found(reading, index, "outside", year=year, first=FIRST, last=LAST)


def actual_not_ahead(reading: Reading) -> Iterator[Found]:
    """What is reported as done does not lie ahead of its publication.

    A year ahead makes readers take a sentence for an aim: so one that begins with the year and aims at nothing counts
    as a report too, but in a plan or a notice that asks, only one that says 已 or 比上年.
    """
    published = _published(reading)
    asks = reading.description.genre in ("plan", "notice", "report")
    forward = [(s.start, s.end) for s in reading.description.sections if _FORWARD.search(s.title)]
    for index, figure in enumerate(reading.figures):
        if figure.year is None or figure.year <= published:
            continue
        low, high = _sentence(reading, figure)
        said = reading.text[low:high]
        done = _DONE.search(said) is not None
        if figure.role == "actual":
            if done or not asks:
                yield _found(reading, index, "ahead", year=figure.year, published=published)
            continue
        begins = _BEGINS.match(reading.text, low, high)
        if begins is None or begins["to"] or number(begins["year"]) != figure.year:
            continue
        next_year = figure.year == published + 1
        if (
            not _AHEAD.search(said)
            and (done or not (asks or next_year))
            and not any(start <= figure.start < end for start, end in forward)
        ):
            yield _found(reading, index, "ahead", year=figure.year, published=published)


def target_within_reach(reading: Reading) -> Iterator[Found]:
    """A target lies at most 30 years ahead; the day on which a right or a paper runs out is no target's."""
    published = _published(reading)
    for index, figure in enumerate(reading.figures):
        if figure.role != "target" or figure.year is None or figure.year - published <= REACH:
            continue
        low, high = _sentence(reading, figure)
        said = reading.text[low:high]
        at = said.find(str(figure.year))
        if at >= 0 and (_EXPIRES.search(said[:at]) or _DAY.match(said, at + 4)):
            continue
        yield _found(reading, index, "far", year=figure.year, published=published)


def _sentence(reading: Reading, figure: Figure) -> tuple[int, int]:
    start = max(0, figure.start)
    low, high = bounds(reading, start, max(start, figure.end))
    while low < high and reading.text[low] in " \n\t\r\u3000#*":
        low += 1
    return low, high


def _published(reading: Reading) -> int:
    return (reading.description.published_on or reading.capture.fetched_at.date()).year


def _found(reading: Reading, index: int, message: str, **given: int) -> Found:
    figure = reading.figures[index]
    return Found(
        message=message,
        given={"figure": figure.raw, **given},
        evidence=sentence(reading, max(0, figure.start), max(0, figure.start, figure.end)),
        figure=index,
        start=figure.start,
        end=figure.end,
    )


RULES = (
    NoticeRule(code="year_plausible", severity="error", check=year_plausible),
    NoticeRule(code="actual_not_ahead", severity="error", check=actual_not_ahead),
    NoticeRule(code="target_within_reach", severity="warning", check=target_within_reach),
)
