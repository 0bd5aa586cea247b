"""Plans held against what came of them."""

from collections.abc import Iterator
from decimal import Decimal

from annals.checks.rule import Found, Stated, WarehouseRule
from annals.model import Figure


def target_missed(stated: tuple[Stated, ...]) -> Iterator[Found]:
    """What a later notice reports of a target's year reaches the target."""
    for target in stated:
        if target.figure.role != "target" or target.figure.year is None:
            continue
        results = [
            (index, one)
            for index, one in enumerate(stated)
            if one.figure.role == "actual"
            and one.figure.year == target.figure.year
            and one.notice_id != target.notice_id
            and one.stated_on >= target.stated_on
        ]
        if not results:
            continue
        index, result = max(results, key=lambda pair: (pair[1].source == target.source, pair[1].stated_on))
        if falls_short(target.figure, result.figure):
            yield Found(
                message=f"{result.figure.year}: {result.figure.raw} reported, {target.figure.raw} planned",
                expected=f"{target.figure.raw} ({target.title or target.notice_id}: {target.figure.quote})",
                seen=result.figure.raw,
                evidence=result.figure.quote,
                action="Read both sentences: do they speak of the same thing? If so, the target was missed.",
                figure=index,
                start=result.figure.start,
                end=result.figure.end,
            )


def falls_short(target: Figure, result: Figure) -> bool:
    """Whether the result certainly misses the target, going by what both intervals allow.

    A target without a lower bound (不超过), or for a fall (下降5%以上), is a ceiling; others ask for their lower bound.
    """
    if target.low is None or (target.high is not None and target.high < 0):
        return target.high is not None and result.low is not None and result.low > target.high
    return result.high is not None and (
        result.high < target.low or (result.high == target.low and _strictly(target, result, target.low))
    )


def _strictly(target: Figure, result: Figure, bound: Decimal) -> bool:
    return target.qualifier == "over" or result.qualifier in ("under", "nearly")


RULES = (
    WarehouseRule(
        code="plan_vs_result",
        severity="warning",
        sentence="What is reported of a target's year reaches the target.",
        check=target_missed,
    ),
)
