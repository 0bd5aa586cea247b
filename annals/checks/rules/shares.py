"""Parts and their wholes, within a sentence."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from annals.checks.quoting import bounds, sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Figure, Reading

_AMONG = "其中"
_OF = ("占", "比重", "比例", "份额")
_ROUNDING = Decimal("0.5")  # points that rounded shares may add up to beyond 100


def parts_exceed_whole(reading: Reading) -> Iterator[Found]:
    """What follows 其中 is a part of the count before it, and not more."""
    if _AMONG not in reading.text:
        return
    for (low, high), indices in _by_sentence(reading).items():
        among = reading.text.find(_AMONG, low, high)
        if among == -1:
            continue
        figures = reading.figures
        wholes = [index for index in indices if figures[index].end <= among and figures[index].kind in _COUNTED]
        for index in indices:
            part = figures[index]
            if part.start < among or part.low is None or part.measure != "level":
                continue
            whole = next((figures[i] for i in reversed(wholes) if _comparable(figures[i], part)), None)
            if whole is not None and whole.high is not None and part.low > whole.high:
                yield Found(
                    message="part_too_large",
                    given={"part": part.raw, "whole": whole.raw},
                    evidence=sentence(reading, whole.start, part.end),
                    figure=index,
                    start=part.start,
                    end=part.end,
                )


def places_exceed_whole(reading: Reading) -> Iterator[Found]:
    """What 其中 deals out to several places adds up to no more than the amount before it."""
    if _AMONG not in reading.text:
        return
    figures = reading.figures
    for (low, high), indices in _by_sentence(reading).items():
        among = reading.text.find(_AMONG, low, high)
        if among == -1:
            continue
        parts = [index for index in indices if figures[index].start > among and figures[index].kind in _COUNTED]
        before = [index for index, figure in enumerate(figures) if figure.end <= among and among - figure.end < _NEAR]
        for first in parts[:1]:
            whole = next((figures[i] for i in reversed(before) if _comparable(figures[i], figures[first])), None)
            dealt = [figures[i] for i in parts if whole is not None and _comparable(whole, figures[i])]
            places = {figure.region for figure in dealt}
            if (
                whole is None
                or whole.high is None
                or len(dealt) < 2
                or len(places) < len(dealt)
                or whole.region in places
            ):
                continue
            total = sum((figure.low or Decimal(0) for figure in dealt), Decimal(0))
            if total > whole.high:
                yield Found(
                    message="sum_too_large",
                    given={
                        "places": len(dealt),
                        "whole": whole.raw,
                        "sum": f"{total.normalize():,f}{whole.unit}",
                        "parts": " + ".join(figure.raw for figure in dealt),
                    },
                    evidence=sentence(reading, whole.start, dealt[-1].end),
                    figure=figures.index(whole),
                    start=whole.start,
                    end=whole.end,
                )


_NEAR = 60  # characters; the whole stands in the same sentence or the one before
_COUNTED = ("count", "money")


def _comparable(whole: Figure, part: Figure) -> bool:
    return (whole.unit, whole.kind, whole.year, whole.role) == (part.unit, part.kind, part.year, part.role)


def shares_exceed_whole(reading: Reading) -> Iterator[Found]:
    """Shares that a sentence gives of one whole, by 分别占, add up to 100 percent at most."""
    if "分别" not in reading.text:
        return
    for (low, high), indices in _by_sentence(reading).items():
        text = reading.text[low:high]
        if "分别" not in text or not any(word in text for word in _OF):
            continue
        shares = [
            index
            for index in indices
            if reading.figures[index].unit == "%" and reading.figures[index].measure in ("share", "level")
        ]
        if len(shares) < 2 or "增长" in text or "提高" in text:
            continue
        total = sum((reading.figures[index].low or Decimal(0) for index in shares), Decimal(0))
        if total > 100 + _ROUNDING * len(shares):
            first, last = reading.figures[shares[0]], reading.figures[shares[-1]]
            yield Found(
                message="over_100",
                given={"sum": total, "shares": " + ".join(reading.figures[index].raw for index in shares)},
                evidence=sentence(reading, first.start, last.end),
                start=first.start,
                end=last.end,
            )


def _by_sentence(reading: Reading) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, figure in enumerate(reading.figures):
        found[bounds(reading, figure.start, figure.end)].append(index)
    return {place: indices for place, indices in found.items() if len(indices) > 1}


RULES = (
    NoticeRule(
        code="parts_exceed_whole",
        severity="warning",
        check=parts_exceed_whole,
    ),
    NoticeRule(
        code="places_exceed_whole",
        severity="warning",
        check=places_exceed_whole,
    ),
    NoticeRule(
        code="shares_exceed_whole",
        severity="warning",
        check=shares_exceed_whole,
    ),
)
