"""Last year's numbers, as a notice tells them again, held against what was said a year ago."""

import re
from collections import defaultdict
from collections.abc import Iterator

from annals.checks.rule import Found, Stated, Subject, WarehouseRule, World
from annals.checks.rules.series import apart
from annals.model import Figure

_CLAUSE = re.compile(r"[，。；：、,;\d%％]")


def restated(subject: Subject, world: World) -> Iterator[Found]:
    """The year before, as a notice states it beside its own year, is what the notice of that year said.

    Of subjects that do not say enough, 公众 or 学生: what tells them to be the same are the words before this year's
    number, 惠及公众 here and 惠及公众 there.
    """
    stated = subject.stated
    if len({one.notice_id for one in stated}) < 2:
        return
    for again, own in _pairs(stated):
        words = _words(stated[own].figure)
        earlier = [
            index
            for index, one in enumerate(stated)
            if one.notice_id != stated[again].notice_id
            and one.figure.year == stated[again].figure.year
            and one.figure.year is not None
            and one.figure.year < one.stated_on.year
            and one.stated_on < stated[again].stated_on
            and _words(one.figure) == words
        ]
        if not earlier or len({stated[index].figure.value for index in earlier}) > 1:
            continue
        first, now = stated[earlier[-1]], stated[again].figure
        if not apart(first.figure, now):
            continue
        yield Found(
            message="swapped" if swapped(now, first.figure) else "apart",
            given={
                "again": now.raw,
                "year": now.year or 0,
                "first": first.figure.raw,
                "title": first.title or first.notice_id,
                "sentence": first.figure.quote,
            },
            evidence=now.quote,
            figure=again,
            start=now.start,
            end=now.end,
        )


def _pairs(stated: tuple[Stated, ...]) -> Iterator[tuple[int, int]]:
    """Where a sentence states its year and the year before it: the places of the latter and of the former."""
    sentences: dict[tuple[str, str], dict[int | None, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, one in enumerate(stated):
        sentences[one.notice_id, one.figure.quote][one.figure.year].append(index)
    for years in sentences.values():
        for year, own in years.items():
            again = years.get(year - 1, []) if year is not None else []
            if len(own) == len(again) == 1:
                yield again[0], own[0]


def _words(figure: Figure) -> str:
    """The clause in front of a number: 惠及公众."""
    return _CLAUSE.split(figure.quote.partition(figure.raw)[0].strip())[-1].strip()


def swapped(one: Figure, other: Figure) -> bool:
    """Whether two numbers have the same digits, but for two neighbours that changed places: 143.6 and 134.6."""
    left, right = ("".join(filter(str.isdigit, figure.raw)) for figure in (one, other))
    if len(left) != len(right) or left == right:
        return False
    at = next(index for index in range(len(left)) if left[index] != right[index])
    return right == left[:at] + left[at : at + 2][::-1] + left[at + 2 :]


RULES = (
    WarehouseRule(
        code="restated",
        severity="warning",
        check=restated,
        vague=True,
    ),
)
