"""Plans held against what came of them."""

from collections.abc import Iterator
from decimal import Decimal

from annals.checks.rule import Found, Stated, Subject, WarehouseRule, World
from annals.checks.words import Value, Word
from annals.model import Figure


def target_missed(subject: Subject, world: World) -> Iterator[Found]:
    """What a later notice reports of a target's year reaches the target."""
    if not subject.has_targets:
        return
    stated = subject.stated
    for target in stated:
        if target.figure.role != "target" or target.figure.year is None:
            continue
        results = [index for index in _results(stated, target) if stated[index].figure.measure == target.figure.measure]
        if not results:
            continue
        index = max(
            results, key=lambda i: (stated[i].source == target.source, stated[i].stated_on, stated[i].figure_id)
        )
        result = stated[index].figure
        if falls_short(target.figure, result):
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
        if figure.role != "target" or figure.year is None or (target.source, figure.year) not in world.reviewed:
            continue
        results = _results(stated, target)
        if any(stated[i].figure.measure == figure.measure for i in results):
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


def falls_short(target: Figure, result: Figure) -> bool:
    """Whether the result certainly misses the target, going by what both intervals allow.

    A target without a lower bound (不超过), or for a fall (下降5%以上), is a ceiling; others ask for their lower bound.
    """
    if target.low is None or (target.high is not None and target.high < 0):
        return target.high is not None and result.low is not None and result.low > target.high
    return result.high is not None and (
        result.high < target.low or (result.high == target.low and _strictly(target, result))
    )


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
        and one.notice_id != target.notice_id
        and one.stated_on >= target.stated_on
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
