"""What is stated of one subject over the years: stocks and flows, growth, jumps, repetitions, units, agreement."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from annals.checks.precision import Range, last_digit
from annals.checks.precision import stated as exactly
from annals.checks.rule import Found, Stated, Subject, WarehouseRule, World
from annals.checks.rules.movements import in_other_terms, in_percent
from annals.checks.words import Value, Word
from annals.indicators import catalogue
from annals.model import Figure, Measure

FACTOR = 100  # times the year before: a slip of 万, where the catalogue states no bound
ROUNDING = Decimal("1.0")  # points by which a stated growth may differ from that of levels, which are revised
PRICES = Decimal(10)  # points by which that of money may, of another base or other prices
_STATIC = ("平方公里", "公里", "平方米", "米", "公顷", "亩")  # land does not grow
_HALF = Decimal("0.5")
REVISION = Decimal("0.02")  # of the value: publishers revise first estimates by so much
TELLING = 4  # significant digits of a number that does not recur by chance


def stock_and_flow(subject: Subject, world: World) -> Iterator[Found]:
    """Last year's standing and what was added give this year's. Less may be, where some were closed; more may not."""
    stated = subject.stated
    levels = subject.actual["level"]
    added = subject.actual["added"]
    for (place, year), indices in levels.items():
        if (place, year) not in added:
            continue
        before, new = _only(stated, levels.get((place, year - 1))), _only(stated, added.get((place, year)))
        index = _only(stated, indices)
        if before is None or new is None or index is None:
            continue
        standing, last, flow = (stated[i].figure for i in (index, before, new))
        if standing.low is None or last.high is None or flow.high is None:
            continue
        if _in_one_sentence(stated, index, before, new):  # the rule on sentences tells of it
            continue
        halves = [last_digit(one.raw, one.value or Decimal(0)) / 2 for one in (standing, last, flow)]
        rounding = sum((half for half in halves if half > _HALF), Decimal(0))  # whole numbers are not rounded
        if standing.low - rounding > last.high + flow.high:
            yield _found(
                stated,
                index,
                "too_much",
                before=last.raw,
                last_year=year - 1,
                added=flow.raw,
                standing=standing.raw,
                year=year,
                sum=last.high + flow.high,
                before_title=_title(stated[before]),
                added_title=_title(stated[new]),
            )


def growth_and_levels(subject: Subject, world: World) -> Iterator[Found]:
    """A stated growth is that of the levels stated; of money only far beyond what prices and revisions make of it."""
    stated = subject.stated
    levels = subject.actual["level"]
    for ((region, _), year), indices in subject.actual["growth"].items():
        index = _only(stated, indices)
        if index is None:
            continue
        for kind, rounding in (("", ROUNDING), ("money", PRICES)):
            after = _only(stated, levels.get(((region, kind), year)))
            before = _only(stated, levels.get(((region, kind), year - 1)))
            if after is None or before is None or _in_one_sentence(stated, index, after, before):
                continue
            growth, now, last = (stated[i].figure for i in (index, after, before))
            now_range, last_range, said = exactly(now), exactly(last), in_percent(growth)
            ratio = None if now_range is None or last_range is None else now_range.over(last_range)
            if ratio is None or said is None or (kind and in_other_terms(now, growth.quote)):
                continue
            if _leap(now, last):  # the rule on jumps tells of it
                continue
            computed = Range((ratio.low - 1) * 100, (ratio.high - 1) * 100)
            if computed.wider(rounding).apart(said):
                yield _found(
                    stated,
                    index,
                    "other_growth",
                    growth=growth.raw,
                    before=last.raw,
                    now=now.raw,
                    computed=f"{(computed.low + computed.high) / 2:.1f}",
                    before_title=_title(stated[before]),
                    after_title=_title(stated[after]),
                )


def jump(subject: Subject, world: World) -> Iterator[Found]:
    """From one year to the next a value stays within what its indicator allows, or else within a factor of 100."""
    stated = subject.stated
    for measure in ("level", "added", "share"):
        values = subject.actual[measure]
        for (place, year), indices in values.items():
            if (place, year - 1) not in values:
                continue
            index, before = _only(stated, indices), _only(stated, values.get((place, year - 1)))
            if index is None or before is None:
                continue
            now, last = stated[index].figure, stated[before].figure
            if now.value is None or last.value is None:
                continue
            if leap := _leap(now, last):
                message, allowed = leap
                yield _found(
                    stated,
                    index,
                    message,
                    before=last.raw,
                    last_year=year - 1,
                    now=now.raw,
                    year=year,
                    before_title=_title(stated[before]),
                    **allowed,
                )


def _leap(now: Figure, last: Figure) -> tuple[str, dict[str, Value]] | None:
    """The message, and what was allowed, where the step from `last` to `now` goes beyond it."""
    assert now.value is not None and last.value is not None
    indicator = catalogue().by_code.get(now.indicator or "")
    if indicator is not None and indicator.measure == now.measure:
        if indicator.jump_points is not None and now.kind == "percent":
            if abs(now.value - last.value) > Decimal(str(indicator.jump_points)):
                return "points", {"most": f"{indicator.jump_points:g}", "indicator": indicator.name}
            return None
        if indicator.jump_percent is not None and last.value:
            if abs(100 * (now.value - last.value) / last.value) > Decimal(str(indicator.jump_percent)):
                return "percent", {"most": f"{indicator.jump_percent:g}", "indicator": indicator.name}
            return None
    if now.kind in ("count", "money") and now.value > 0 and last.value > 0:
        large, small = max(now.value, last.value), min(now.value, last.value)
        if large / small >= FACTOR:
            return "times", {"most": FACTOR}
    return None


def unchanged(subject: Subject, world: World) -> Iterator[Found]:
    """An exact, telling number does not come back a year later: it may have been copied."""
    stated = subject.stated
    for measure in ("level", "added"):
        values = subject.actual[measure]
        for (place, year), indices in values.items():
            if (place, year - 1) not in values:
                continue
            index, before = _only(stated, indices), _only(stated, values.get((place, year - 1)))
            if index is None or before is None or stated[index].notice_id == stated[before].notice_id:
                continue
            now, last = stated[index].figure, stated[before].figure
            if _unit_class(now) in _STATIC:
                continue
            if now.value is not None and now.value == last.value and _digits(now.value) >= TELLING:
                yield _found(
                    stated,
                    index,
                    "same",
                    now=now.raw,
                    year=year,
                    before=last.raw,
                    last_year=year - 1,
                    before_title=_title(stated[before]),
                )


def unit_changed(subject: Subject, world: World) -> Iterator[Found]:
    """A subject keeps its unit from one year to the next."""
    stated = subject.stated
    if len({one.figure.year for one in stated}) < 2:
        return
    units: dict[tuple[str, Measure, int], set[str]] = defaultdict(set)
    first: dict[tuple[str, Measure, int], int] = {}
    for index, one in enumerate(stated):
        figure = one.figure
        if figure.year is None or figure.role != "actual" or figure.measure not in ("level", "added"):
            continue
        if figure.kind in ("count", "duration"):
            units[figure.region or "", figure.measure, figure.year].add(_unit_class(figure))
            first.setdefault((figure.region or "", figure.measure, figure.year), index)
    for (place, measure, year), now in units.items():
        last = units.get((place, measure, year - 1))
        if last and not now & last:
            index = first[place, measure, year]
            yield _found(
                stated,
                index,
                "other_unit",
                now=_listed(now),
                year=year,
                before=_listed(last),
                figure=stated[index].figure.raw,
            )


def disagreement(subject: Subject, world: World) -> Iterator[Found]:
    """Two notices that state the same thing of the same year and place state the same. Small revisions pass.

    What is stated before its year is over covers a part of it, and agrees with nothing but itself.
    """
    stated = subject.stated
    for measure in ("level", "added", "share", "growth"):
        for indices in subject.actual[measure].values():
            if len(indices) < 2:
                continue
            by_notice: dict[str, list[int]] = defaultdict(list)
            for index in indices:
                figure = stated[index].figure
                if figure.year is None or stated[index].stated_on.year > figure.year:
                    by_notice[stated[index].notice_id].append(index)
            single = [mine[0] for mine in by_notice.values() if len({stated[i].figure.value for i in mine}) == 1]
            single.sort(key=lambda index: (stated[index].stated_on, stated[index].figure_id))
            for earlier, later in pairwise(single):
                one, other = stated[earlier].figure, stated[later].figure
                if apart(one, other):
                    yield _found(
                        stated,
                        later,
                        "apart",
                        here=other.raw,
                        other=one.raw,
                        title=_title(stated[earlier]),
                        sentence=one.quote,
                    )


def apart(one: Figure, other: Figure) -> bool:
    """Whether two statements of one thing differ by more than publishers revise."""
    if one.value is None or other.value is None:
        return False
    if abs(one.value - other.value) <= REVISION * max(abs(one.value), abs(other.value)):
        return False
    return _above(one, other) or _above(other, one)


def _above(one: Figure, other: Figure) -> bool:
    return one.low is not None and other.high is not None and one.low > other.high


def _in_one_sentence(stated: tuple[Stated, ...], *indices: int) -> bool:
    return len({(stated[index].notice_id, stated[index].figure.quote) for index in indices}) == 1


def _only(stated: tuple[Stated, ...], indices: list[int] | None) -> int | None:
    """The newest of the figures, where all say the same; None where they do not, or there is none."""
    if not indices or len({(stated[i].figure.value, _unit_class(stated[i].figure)) for i in indices}) > 1:
        return None
    return max(indices, key=lambda index: stated[index].stated_on)


def _unit_class(figure: Figure) -> str:
    """The unit as the series tells it: 家 and 个 are one."""
    return figure.series.split("|")[1] if figure.series and figure.series.count("|") >= 2 else figure.unit


def _found(stated: tuple[Stated, ...], index: int, message: str, **given: Value) -> Found:
    figure = stated[index].figure
    return Found(
        message=message,
        given=given,
        evidence=figure.quote,
        figure=index,
        start=figure.start,
        end=figure.end,
    )


def _title(one: Stated) -> str:
    return one.title or one.notice_id


def _listed(units: set[str]) -> tuple[str | Word, ...]:
    return tuple(unit or Word("no_unit") for unit in sorted(units))


def _digits(value: Decimal) -> int:
    """How many significant digits a number has.

    >>> _digits(Decimal("125800")), _digits(Decimal("20000000"))
    (4, 1)
    """
    return len(value.normalize().as_tuple().digits)


RULES = (
    WarehouseRule(
        code="stock_and_flow",
        severity="warning",
        check=stock_and_flow,
    ),
    WarehouseRule(
        code="growth_and_levels",
        severity="warning",
        check=growth_and_levels,
    ),
    WarehouseRule(
        code="jump",
        severity="warning",
        check=jump,
    ),
    WarehouseRule(
        code="unchanged",
        severity="info",
        check=unchanged,
    ),
    WarehouseRule(
        code="unit_changed",
        severity="info",
        check=unit_changed,
    ),
    WarehouseRule(
        code="disagreement",
        severity="warning",
        check=disagreement,
    ),
)
