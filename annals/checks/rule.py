"""What a check is, and what it says. Rules are pure: records in, findings out, no database and no clock."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from annals.checks.words import Value
from annals.model import Figure, Genre, Reading, Record, Severity

Place = tuple[str, str]
Index = dict[tuple[Place, int], list[int]]


class Found(Record, frozen=True, kw_only=True):
    """What a rule found. `figure` counts into the figures it was given; None speaks of the notice as a whole.

    `message` names one of the check's messages in include/words/checks, `given` fills its places: texts as the notice
    has them, numbers, a `Word` of the vocabulary where a code needs a word in the reader's language.
    """

    message: str
    given: Mapping[str, Value]
    evidence: str  # the sentence
    figure: int | None = None
    start: int | None = None
    end: int | None = None
    severity: Severity | None = None  # where this case weighs less than the rule's own


class Stated(Record, frozen=True, kw_only=True):
    """A figure beside the notice that states it, for rules that compare notices."""

    figure_id: str
    notice_id: str
    title: str | None
    source: str
    genre: Genre
    place: str | None  # that the notice is about
    stated_on: date  # publication, or where that is unknown, capture
    staged: bool  # of this run, as against published before
    figure: Figure


class Subject:
    """All that is stated of one subject, in all places, years and notices, in the order of years.

    A `vague` one (公众) does not say what it is: these are the figures of one source and place that share the word.
    `actual` finds what was reported of whole years: by measure, then by (place, year), the places in `stated`.
    """

    def __init__(self, stated: tuple[Stated, ...]) -> None:
        self.stated = stated

    @property
    def vague(self) -> bool:
        return self.stated[0].figure.series is None and self.stated[0].figure.indicator is None

    @cached_property
    def has_targets(self) -> bool:
        return any(one.figure.role == "target" for one in self.stated)

    @cached_property
    def actual(self) -> dict[str, Index]:
        found: dict[str, Index] = defaultdict(lambda: defaultdict(list))
        for index, one in enumerate(self.stated):
            figure = one.figure
            if figure.role == "actual" and figure.year is not None and not of_part_of_year(figure):
                found[figure.measure][place(figure), figure.year].append(index)
        return found


_PART_OF_YEAR = re.compile(r"[上下]半年|季度|(?<!\d)(?:[1-9]|1[01])月|(?<!\d)12月(?![底末])")


def of_part_of_year(figure: Figure) -> bool:
    """Whether the sentence says before the number that it tells of a part of the year: 上半年, 截至8月底, 1—9月."""
    quote = figure.quote
    if "月" not in quote and "季" not in quote and "半年" not in quote:
        return False
    return _PART_OF_YEAR.search(quote.partition(figure.raw)[0]) is not None


def place(figure: Figure) -> Place:
    """What must agree besides subject, measure and year. Growth goes by region alone: its unit is always %."""
    return (figure.region or "", "" if figure.measure == "growth" or figure.kind == "count" else figure.kind)


class World(Record, frozen=True, kw_only=True):
    """What rules over the warehouse may know besides: for which years of which places a source's reviews are out.

    `reviews` gives the text of these reviews of a source, place and year, without white space.
    """

    reviewed: frozenset[tuple[str, str | None, int]] = frozenset()
    reviews: Callable[[str, str | None, int], str] = lambda source, place, year: ""


class Named(Record, frozen=True, kw_only=True):
    """A named document with the years it is said to span: 《…实施方案（2021—2025年）》."""

    notice_id: str
    name: str
    first: int
    last: int
    evidence: str


class NoticeRule(Record, frozen=True, kw_only=True):
    """A rule over one notice; its words, by its code, stand in include/words/checks."""

    code: str
    severity: Severity
    check: Callable[[Reading], Iterable[Found]]


class WarehouseRule(Record, frozen=True, kw_only=True):
    """A rule over all that is stated of one subject, or with `vague` of subjects that do not say enough.

    `Found.figure` counts into what is stated.
    """

    code: str
    severity: Severity
    check: Callable[[Subject, World], Iterable[Found]]
    vague: bool = False


class NamingRule(Record, frozen=True, kw_only=True):
    """A rule over all named documents with years that notices speak of. `Found.figure` counts into them."""

    code: str
    severity: Severity
    check: Callable[[tuple[Named, ...]], Iterable[Found]]


Rule = NoticeRule | WarehouseRule | NamingRule


class Result(Record, frozen=True, kw_only=True):
    """How one check went: over how many rows, figures or notices, and how many of them failed."""

    code: str
    kind: Literal["expectation", "rule"]
    subject: str  # the staged table; "notice" for rules over one notice, "warehouse" for rules over all
    sentence: str
    severity: Severity
    evaluated: int
    failed: int
    seconds: float
