"""What is stated of one subject over the years: stocks and flows, growth, jumps, repetitions, units, agreement."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from annals.checks.rule import Found, Stated, Subject, WarehouseRule, World
from annals.indicators import catalogue
from annals.model import Figure

FACTOR = 500  # times the year before: a slip of 千 or 万, where the catalogue states no bound
ROUNDING = Decimal("1.0")  # points by which a stated growth may differ from that of rounded levels
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
        if None in (standing.low, last.high, flow.high):
            continue
        assert standing.low is not None and last.high is not None and flow.high is not None
        if standing.low > last.high + flow.high:
            yield _found(
                stated,
                index,
                message=f"{last.raw} in {year - 1} and {flow.raw} added do not give {standing.raw} in {year}",
                expected=f"at most {_plain(last.high + flow.high)} ({last.raw} + {flow.raw})",
                action=f"Compare with {_title(stated[before])} and {_title(stated[new])}.",
            )


def growth_and_levels(subject: Subject, world: World) -> Iterator[Found]:
    """A stated growth is that of the levels stated. Of counts: growth of money is often in constant prices."""
    stated = subject.stated
    levels = subject.actual["level"]
    for (place, year), indices in subject.actual["growth"].items():
        index = _only(stated, indices)
        after, before = _only(stated, levels.get((place, year))), _only(stated, levels.get((place, year - 1)))
        if index is None or after is None or before is None:
            continue
        growth, now, last = (stated[i].figure for i in (index, after, before))
        if growth.value is None or not now.value or not last.value or "exact" != now.qualifier != last.qualifier:
            continue
        computed = 100 * (now.value - last.value) / last.value
        if abs(computed - growth.value) > ROUNDING:
            yield _found(
                stated,
                index,
                message=f"{growth.raw} is stated, {last.raw} → {now.raw} is {computed:.1f} %",
                expected=f"{computed:.1f} %",
                action=f"Compare with {_title(stated[before])} and {_title(stated[after])}.",
            )


def jump(subject: Subject, world: World) -> Iterator[Found]:
    """From one year to the next a value stays within what its indicator allows, or else within a factor of 500."""
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
            if allowed := _leap(now, last):
                yield _found(
                    stated,
                    index,
                    message=f"from {last.raw} in {year - 1} to {now.raw} in {year}",
                    expected=allowed,
                    action=f"A slip of 万 or 亿, or a misreading? Compare with {_title(stated[before])}.",
                )


def _leap(now: Figure, last: Figure) -> str | None:
    """What was allowed, where the step from `last` to `now` goes beyond it."""
    assert now.value is not None and last.value is not None
    indicator = catalogue().by_code.get(now.indicator or "")
    if indicator is not None and indicator.measure == now.measure:
        if indicator.jump_points is not None and now.kind == "percent":
            if abs(now.value - last.value) > Decimal(str(indicator.jump_points)):
                return f"a step of at most {indicator.jump_points:g} points ({indicator.name})"
            return None
        if indicator.jump_percent is not None and last.value:
            if abs(100 * (now.value - last.value) / last.value) > Decimal(str(indicator.jump_percent)):
                return f"a step of at most {indicator.jump_percent:g} % ({indicator.name})"
            return None
    if now.kind in ("count", "money") and now.value > 0 and last.value > 0:
        large, small = max(now.value, last.value), min(now.value, last.value)
        if large / small >= FACTOR:
            return f"at most {FACTOR} times as much or as little as the year before"
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
            if now.value is not None and now.value == last.value and _digits(now.value) >= TELLING:
                yield _found(
                    stated,
                    index,
                    message=f"{now.raw} in {year}, the very number of {year - 1}",
                    expected=f"another number than {last.raw}",
                    action=f"Copied from the year before? Compare with {_title(stated[before])}.",
                )


def unit_changed(subject: Subject, world: World) -> Iterator[Found]:
    """A subject keeps its unit from one year to the next."""
    stated = subject.stated
    if len({one.figure.year for one in stated}) < 2:
        return
    units: dict[tuple[str, int], set[str]] = defaultdict(set)
    first: dict[tuple[str, int], int] = {}
    for index, one in enumerate(stated):
        figure = one.figure
        if figure.year is not None and figure.kind == "count" and figure.role == "actual" and figure.measure == "level":
            units[figure.region or "", figure.year].add(_unit_class(figure))
            first.setdefault((figure.region or "", figure.year), index)
    for (place, year), now in units.items():
        last = units.get((place, year - 1))
        if last and not now & last:
            index = first[place, year]
            yield _found(
                stated,
                index,
                message=f"counted in {_listed(now)} in {year}, in {_listed(last)} the year before",
                expected=_listed(last),
                action="Another way of counting breaks the series; if it is the same, add it to unit_classes.tsv.",
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
                year = stated[index].figure.year
                if year is None or stated[index].stated_on.year > year:
                    by_notice[stated[index].notice_id].append(index)
            single = [mine[0] for mine in by_notice.values() if len({stated[i].figure.value for i in mine}) == 1]
            single.sort(key=lambda index: (stated[index].stated_on, stated[index].figure_id))
            for earlier, later in pairwise(single):
                one, other = stated[earlier].figure, stated[later].figure
                if _apart(one, other):
                    yield _found(
                        stated,
                        later,
                        message=f"{other.raw} here, {one.raw} in {_title(stated[earlier])}",
                        expected=f"{one.raw}: {one.quote}",
                        action="Do both speak of the same thing? If so, which of them did the publisher correct?",
                    )


def _apart(one: Figure, other: Figure) -> bool:
    if one.value is None or other.value is None:
        return False
    if abs(one.value - other.value) <= REVISION * max(abs(one.value), abs(other.value)):
        return False
    return _above(one, other) or _above(other, one)


def _above(one: Figure, other: Figure) -> bool:
    return one.low is not None and other.high is not None and one.low > other.high


def _only(stated: tuple[Stated, ...], indices: list[int] | None) -> int | None:
    """The newest of the figures, where all say the same; None where they do not, or there is none."""
    if not indices or len({(stated[i].figure.value, _unit_class(stated[i].figure)) for i in indices}) > 1:
        return None
    return max(indices, key=lambda index: stated[index].stated_on)


def _unit_class(figure: Figure) -> str:
    """The unit as the series tells it: 家 and 个 are one."""
    return figure.series.split("|")[1] if figure.series and figure.series.count("|") >= 2 else figure.unit


def _found(stated: tuple[Stated, ...], index: int, *, message: str, expected: str, action: str) -> Found:
    figure = stated[index].figure
    return Found(
        message=message,
        expected=expected,
        seen=figure.raw,
        evidence=figure.quote,
        action=action,
        figure=index,
        start=figure.start,
        end=figure.end,
    )


def _title(one: Stated) -> str:
    return f"“{one.title or one.notice_id}”"


def _listed(units: set[str]) -> str:
    return ", ".join(sorted(unit or "no unit" for unit in units))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


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
        sentence="A standing is not more than the year before's with what was added.",
        check=stock_and_flow,
    ),
    WarehouseRule(
        code="growth_and_levels",
        severity="warning",
        sentence="A stated growth is that of the stated levels.",
        check=growth_and_levels,
    ),
    WarehouseRule(
        code="jump",
        severity="warning",
        sentence="A value stays within what its indicator allows from one year to the next.",
        check=jump,
    ),
    WarehouseRule(
        code="unchanged",
        severity="info",
        sentence="A telling number does not come back a year later.",
        check=unchanged,
    ),
    WarehouseRule(
        code="unit_changed",
        severity="info",
        sentence="A subject keeps its unit over the years.",
        check=unit_changed,
    ),
    WarehouseRule(
        code="disagreement",
        severity="warning",
        sentence="Two notices that state the same thing state the same.",
        check=disagreement,
    ),
)
