"""Plans held against what came of them."""

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from annals.checks.quoting import squeezed
from annals.checks.rule import Found, Stated, Subject, WarehouseRule, World, of_part_of_year
from annals.checks.words import Value, Word
from annals.indicators import catalogue
from annals.model import Figure
from annals.series import normal_subject, unit_class

_ADDING = ("新建", "新增", "新建成", "新设", "新命名", "新认定", "新成立", "建成", "增加", "新购置", "新培育")
_LISTED = re.compile(r"(?:方面|活动|事项|项目|举措|任务|措施|环节|工程|行动|工作|重点|亮点|实事|大事)$")
_ERRAND = re.compile(r"报送|上报|请各|应有|应具备|不得|申报|每")
_LONG_LIST = 30
_TELLING = 3  # characters of a name that do not stand anywhere by chance


def target_missed(subject: Subject, world: World) -> Iterator[Found]:
    """What is reported of a target's year, once that is over, reaches the target.

    Where the newest notice states several numbers of the year, of its half and of all of it, none of them may.
    """
    if not subject.has_targets:
        return
    stated = subject.stated
    for target in stated:
        if target.figure.role != "target" or target.figure.year is None:
            continue
        results = [
            index
            for index in _results(stated, target)
            if stated[index].figure.measure == target.figure.measure
            and stated[index].stated_on.year > target.figure.year
        ]
        if not results:
            continue
        newest = max(
            (stated[index] for index in results),
            key=lambda one: (one.source == target.source, one.stated_on, one.figure_id),
        )
        last = [index for index in results if stated[index].notice_id == newest.notice_id]
        if all(falls_short(target.figure, stated[index].figure) for index in last):
            index = last[-1]
            result = stated[index].figure
            yield Found(
                message="falls_short",
                given={
                    "year": target.figure.year,
                    "result": result.raw,
                    "target": target.figure.raw,
                    "title": target.title or target.notice_id,
                    "sentence": target.figure.quote,
                },
                evidence=result.quote,
                figure=index,
                start=result.start,
                end=result.end,
            )


def target_dropped(subject: Subject, world: World) -> Iterator[Found]:
    """Once a source's review of a year is out, it says what came of each target for that year."""
    if not subject.has_targets:
        return
    stated = subject.stated
    for index, target in enumerate(stated):
        figure = target.figure
        if figure.role != "target" or figure.year is None or not _promises(target):
            continue
        review = target.source, target.place, figure.year
        if review not in world.reviewed:
            continue
        results = _results(stated, target)
        measures = {stated[i].figure.measure for i in results}
        if figure.measure in measures or (figure.measure == "added" and "change" in measures):
            continue
        if results and figure.measure == "added" and _said(figure, world.reviews(*review)):
            continue
        if not results and _spoken_of(figure, world.reviews(*review)):
            continue
        given: dict[str, Value] = {"target": figure.raw, "year": figure.year, "measure": Word(figure.measure)}
        if results:
            other = stated[results[-1]].figure
            given |= {"result": other.raw, "other_measure": Word(other.measure), "sentence": other.quote}
        yield Found(
            message="other_measure" if results else "silent",
            given=given,
            evidence=figure.quote,
            figure=index,
            start=figure.start,
            end=figure.end,
        )


def _promises(target: Stated) -> bool:
    """Whether a target is a plan's own: no clerk's errand of a circular, no count that only introduces a list."""
    figure = target.figure
    before = figure.quote.partition(figure.raw)[0]
    if figure.qualifier in ("under", "at_most") or _ERRAND.search(re.split("[，。；]", before)[-1]):
        return False
    return target.genre in ("plan", "report") and not (
        figure.kind == "count" and _LISTED.search(normal_subject(figure.subject)) and (figure.value or 0) <= _LONG_LIST
    )


def _said(figure: Figure, reviews: str) -> bool:
    """Whether the reviews tell of additions under the name of what was to be added: 新建画廊36处，达到279处."""
    name = squeezed(normal_subject(figure.subject))
    return any(f"{verb}{name}" in reviews for verb in _ADDING)


def _spoken_of(figure: Figure, reviews: str) -> bool:
    """Whether the beginning or the end of the subject's name stands in the reviews; what came of it may stand anywhere.

    What has no name of its own cannot be looked for.
    """
    name = squeezed(normal_subject(figure.subject))
    return len(name) < _TELLING or name[:_TELLING] in reviews or name[-_TELLING:] in reviews


def falls_short(target: Figure, result: Figure) -> bool:
    """Whether the result certainly misses the target, going by what both intervals allow.

    A target without a lower bound (不超过), for a fall (下降5%以上), or for what is better low (失业率) is a ceiling;
    others ask for their lower bound. What is stated in other units says nothing.
    """
    target, result = _in_percent(target), _in_percent(result)
    if target.kind == "percent" and target.unit != result.unit:
        return False
    if target.low is None or (target.high is not None and (target.high < 0 or _better_low(target))):
        return target.high is not None and result.low is not None and result.low > target.high
    return result.high is not None and (
        result.high < target.low or (result.high == target.low and _strictly(target, result))
    )


def _in_percent(figure: Figure) -> Figure:
    """Six tenths (六成) as 60 percent."""
    if figure.unit != "成":
        return figure
    low, high = (None if bound is None else 10 * bound for bound in (figure.low, figure.high))
    return replace(figure, unit="%", low=low, high=high)


def _unit(figure: Figure) -> str:
    return unit_class(figure.unit, figure.kind, figure.subject)


def _better_low(figure: Figure) -> bool:
    indicator = catalogue().by_code.get(figure.indicator or "")
    return indicator is not None and indicator.target == "ceiling"


def _strictly(target: Figure, result: Figure) -> bool:
    return target.qualifier == "over" or (result.qualifier in ("under", "nearly") and result.high != Decimal(0))


def _results(stated: tuple[Stated, ...], target: Stated) -> list[int]:
    """What later notices report of the target's year and place, in the order in which it was stated."""
    found = [
        index
        for index, one in enumerate(stated)
        if one.figure.role == "actual"
        and one.figure.year == target.figure.year
        and one.figure.region == target.figure.region
        and one.figure.kind == target.figure.kind
        and (one.figure.kind == "percent" or _unit(one.figure) == _unit(target.figure))
        and one.notice_id != target.notice_id
        and one.stated_on >= target.stated_on
        and not of_part_of_year(one.figure)
    ]
    return sorted(found, key=lambda index: (stated[index].stated_on, stated[index].figure_id))


RULES = (
    WarehouseRule(
        code="plan_vs_result",
        severity="warning",
        check=target_missed,
    ),
    WarehouseRule(
        code="target_dropped",
        severity="info",
        check=target_dropped,
    ),
)
