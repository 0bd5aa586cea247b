"""One place beside the others of its rank."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from annals import regions
from annals.checks.rule import Found, Stated, Subject, WarehouseRule, World
from annals.series import unit_class

FACTOR = 500  # times the largest of the others, or one of so many of the smallest: a slip of 千 or 万
FEWEST = 3  # others
_SMALL = 10  # a place may well have none or a few of what others have thousands of
_RANKS = {"省": "province", "县": "county", "区": "county", "旗": "county"}


def beside_peers(subject: Subject, world: World) -> Iterator[Found]:
    """What a place reports is of the magnitude of what the others of its rank report for that year."""
    stated = subject.stated
    if len(stated) <= FEWEST or len({one.figure.region for one in stated}) <= FEWEST:
        return
    for measure in ("level", "added"):
        groups: dict[tuple[int, str, str, str], dict[str, int]] = defaultdict(dict)
        for ((place, _), year), indices in subject.actual[measure].items():
            rank = _rank(place, year)
            if rank is None or len({stated[index].figure.value for index in indices}) > 1:
                continue
            figure = stated[indices[-1]].figure
            unit = unit_class(figure.unit, figure.kind, figure.subject)
            if figure.kind in ("count", "money") and figure.value is not None and figure.value > 0:
                groups[year, rank, figure.kind, unit][place] = indices[-1]
        for group in groups.values():
            if len(group) > FEWEST:
                yield from _outliers(stated, group)


def _outliers(stated: tuple[Stated, ...], group: dict[str, int]) -> Iterator[Found]:
    values = sorted((stated[index].figure.value or Decimal(0), place) for place, index in group.items())
    suspects = []
    if values[-1][0] >= FACTOR * values[-2][0]:
        suspects.append((values[-1][1], values[-2][1], "too_large"))
    if values[0][0] >= _SMALL and FACTOR * values[0][0] <= values[1][0]:
        suspects.append((values[0][1], values[1][1], "too_small"))
    for place, nearest, message in suspects:
        index, figure = group[place], stated[group[place]].figure
        other = stated[group[nearest]].figure
        yield Found(
            message=message,
            given={
                "place": place,
                "figure": figure.raw,
                "others": len(group) - 1,
                "nearest": nearest,
                "other": other.raw,
                "factor": FACTOR,
            },
            evidence=figure.quote,
            figure=index,
            start=figure.start,
            end=figure.end,
        )


@lru_cache(maxsize=4096)
def _rank(place: str, year: int) -> str | None:
    """Provinces beside provinces, counties and districts beside each other; by its last character where unknown."""
    found = regions.find(place, year) if place else None
    return found.kind if found is not None else _RANKS.get(place[-1:])


RULES = (
    WarehouseRule(
        code="beside_peers",
        severity="warning",
        check=beside_peers,
    ),
)
