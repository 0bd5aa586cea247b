"""What the indicator catalogue says of indicators among themselves, held against what one notice states of a year."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from annals.checks.precision import Range, stated, written
from annals.checks.quoting import bounds, sentence
from annals.checks.rule import Found, NoticeRule
from annals.indicators import Difference, Identity, Indicator, Part, Ratio, Stock, Sum, catalogue
from annals.model import Figure, Measure, Reading, Record

Key = tuple[str, Measure, int]  # indicator, measure, year
Known = dict[Key, Figure]


class Computed(Record, frozen=True, kw_only=True):
    """What an identity makes of other figures, and of which; `at_most` where less is no fault."""

    range: Range
    formula: str
    figures: tuple[Figure, ...]
    at_most: bool = False


def identity(reading: Reading) -> Iterator[Found]:
    """Sums, quotients, differences, stocks and parts come out, as exactly as the figures are stated.

    Only what a notice states once of an indicator, place and year, or each time alike, is held against the rest.
    """
    for known in _by_place(reading):
        for (code, measure, year), figure in known.items():
            indicator, said = catalogue().by_code[code], stated(figure)
            if said is None or measure != indicator.measure:
                continue
            for one in indicator.identities:
                computed = _compute(known, indicator, one, year)
                if computed is None or _in_one_sentence(reading, one, (figure, *computed.figures)):
                    continue
                tolerance = 0.0 if isinstance(one, Part) else one.tolerance_percent
                allowed = computed.range.wider(abs(computed.range.high) * Decimal(str(tolerance)) / 100)
                if said.low > allowed.high or (said.high < allowed.low and not computed.at_most):
                    yield _found(reading, figure, indicator, computed)


def _by_place(reading: Reading) -> Iterator[Known]:
    """The figures of indicators that a notice states of a place; none where it states different ones."""
    found: dict[str, Known] = defaultdict(dict)
    torn: set[tuple[str, Key]] = set()
    for figure in reading.figures:
        if figure.indicator is None or figure.year is None or figure.role != "actual":
            continue
        place, key = figure.region or "", (figure.indicator, figure.measure, figure.year)
        if found[place].setdefault(key, figure).value != figure.value:
            torn.add((place, key))
    for place, key in torn:
        del found[place][key]
    yield from found.values()


def _compute(known: Known, indicator: Indicator, one: Identity, year: int) -> Computed | None:
    """What the identity makes of the figures of a place; None where one is missing, or is about so much only."""

    def own(code: str, at: int = year) -> Key:
        return code, catalogue().by_code[code].measure, at

    match one:
        case Sum():
            return _sum(known, [own(code) for code in one.of], [])
        case Difference():
            return _sum(known, [own(one.of)], [own(one.less)])
        case Part():
            return _sum(known, [own(one.of)], [], at_most=True)
        case Ratio():
            above, below = (_sum(known, [own(code)], []) for code in (one.of, one.per))
            quotient = None if above is None or below is None else above.range.over(below.range)
            if above is None or below is None or quotient is None:
                return None
            return Computed(
                range=quotient.times(Decimal(str(one.times))),
                formula=f"{above.formula} ÷ {below.formula}",
                figures=above.figures + below.figures,
            )
        case Stock():
            last = own(indicator.code, year - 1)
            changed = _sum(known, [last, (indicator.code, "change", year)], [])
            if changed is not None or one.added is None:  # of its own additions the rule on stocks and flows tells
                return changed
            removed = [own(one.removed)] if one.removed else []
            return _sum(known, [last, own(one.added)], removed, at_most=not removed)


def _sum(known: Known, plus: list[Key], minus: list[Key], *, at_most: bool = False) -> Computed | None:
    total = Range(Decimal(0), Decimal(0))
    formula = ""
    figures = []
    for key in (*plus, *minus):
        figure = known.get(key)
        range_ = None if figure is None else stated(figure)
        if figure is None or range_ is None:
            return None
        total = total - range_ if key in minus else total + range_
        formula += (" − " if key in minus else " + ") * bool(formula) + figure.raw
        figures.append(figure)
    return Computed(range=total, formula=formula, figures=tuple(figures), at_most=at_most)


def _in_one_sentence(reading: Reading, one: Identity, figures: tuple[Figure, ...]) -> bool:
    """Whether a stock and what it is made of stand together, of which the rule on sentences tells."""
    return isinstance(one, Stock) and len({bounds(reading, figure.start, figure.end) for figure in figures}) == 1


def _found(reading: Reading, figure: Figure, indicator: Indicator, computed: Computed) -> Found:
    return Found(
        message="too_much" if computed.at_most else "other_value",
        given={
            "indicator": indicator.name,
            "figure": figure.raw,
            "formula": computed.formula,
            "computed": written((computed.range.low + computed.range.high) / 2, figure.unit),
        },
        evidence=sentence(reading, figure.start, figure.end),
        figure=next(index for index, held in enumerate(reading.figures) if held is figure),
        start=figure.start,
        end=figure.end,
    )


RULES = (
    NoticeRule(
        code="identity",
        severity="warning",
        check=identity,
    ),
)
