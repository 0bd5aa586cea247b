"""Names of places that do not exist, and documents whose years differ from notice to notice."""

import difflib
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from annals import regions
from annals.checks.quoting import sentence
from annals.checks.rule import Found, Named, NamingRule, NoticeRule
from annals.model import Reading, Record
from annals.settings import PROJECT
from annals.tsvfile import read_rows

NO_NAMES = PROJECT / "include" / "reference" / "words_before_districts.tsv"

_SUFFIX = re.compile(r"(?:自治[州县区]|[省市县区州旗])(?![场民域级块间政价值面况容长树分别位])")
_ENDING = re.compile("(?:自治[州县区旗]|[市县区州旗])$")
_NAME = 14  # characters of the longest name
_COUNTED = re.compile("[一二三四五六七八九十两几多数各某本该每]个?[市县区州旗]")
_HAN = re.compile("[一-龥]+")
_LISTED = re.compile(r"[、，,和与及跟同或]|以及")
_BOUNDARY = re.compile(r"[^一-龥]$|[和与及跟同在对向赴到从由请往于派]$|[援帮]助$|来自$|新增$|前往$")
_LONG = 5  # of so many characters, one that differs tells by itself
ALIKE = 0.9  # of two documents' names, 规划 and 计划 apart


def region_unknown(reading: Reading) -> Iterator[Found]:
    """Every place that a notice names exists; one that does not, but is a character away from one that does, is a
    misprint. A name that is merely unknown says nothing.

    What it is held against: the place that the name stands behind (陕西省榆林市), those it is listed with, the notice's
    own. Without any of these, or amid a word, only a character that is often taken for another tells.
    """
    text, year = reading.text, reading.description.year
    own = regions.find(reading.description.region) if reading.description.region else None
    told: set[str] = set()
    last: _Known | None = None  # the place named before
    for found in _SUFFIX.finditer(text):
        province = _outers(last.region)[-1:] if last else []
        known = _known(text, found.end(), year, province[0] if province else own)
        if known is not None:
            last = known if known.end - known.start > 2 else None  # 城区 is a place, and the end of many words
            continue
        misprint = _misprint(text, found.end(), last, own, year)
        if misprint is None:
            continue
        start, end, meant, within = misprint
        last = _Known(start=start, end=end, region=meant)
        name = text[start:end]
        if name not in told:
            told.add(name)
            yield Found(
                message="not_within" if within else "nowhere",
                given={"name": name, "meant": meant.name} | ({"within": within.name} if within else {}),
                evidence=sentence(reading, start, end),
                start=start,
                end=end,
            )


class _Known(Record, frozen=True, kw_only=True):
    """A place that a text names: text[start:end]."""

    start: int
    end: int
    region: regions.Region | None


def _known(text: str, end: int, year: int | None, within: regions.Region | None) -> _Known | None:
    """The place whose name ends there, the longest; without a region where several share the name."""
    for start in range(max(0, end - _NAME), end - 1):
        name = text[start:end]
        if regions.candidates(name):
            return _Known(start=start, end=end, region=_find(name, year, within and within.name))
    return None


_find = lru_cache(maxsize=4096)(regions.find)


def _misprint(
    text: str, end: int, last: _Known | None, own: regions.Region | None, year: int | None
) -> tuple[int, int, regions.Region, regions.Region | None] | None:
    """Where the misprinted name that ends there begins and ends, what is meant, and within what that was looked for."""
    for start in range(max(last.end if last else 0, end - _NAME), end - 2):
        name = text[start:end]
        near = regions.misprints(name, year) if _HAN.fullmatch(name) and not _COUNTED.match(name) else []
        if not near:
            continue
        beside = last if last is not None and _LISTED.fullmatch(text[last.end : start]) else _next(text, end, year, own)
        behind = last if last is not None and last.end == start else None
        alike = [one for one in near if one.lookalike]
        if _no_name(name) and not (alike and (beside or behind)):
            continue
        tried: list[tuple[regions.Region, list[regions.Misprint]]] = []
        if behind is not None and behind.region is not None:
            tried += [(outer, near) for outer in (behind.region, *_outers(behind.region))]
        if beside is not None:
            tried += [(outer, near) for outer in _outers(beside.region)]
        if own is not None:  # 深水区 is no misprint of 三水区
            whole = len(name) >= _LONG - 1 and (start == 0 or _BOUNDARY.search(text[max(0, start - 2) : start]))
            tried += [(outer, near if whole else alike) for outer in (own, *_outers(own))]
        for outer, some in tried:
            within = [one for one in some if regions.contains(outer, one.region) and one.region != outer]
            if meant := _meant(within, beside.region if beside else None):
                return start, end, meant, outer
        sure = [one for one in near if not one.sort] if len(name) > _LONG else alike
        if len(sure) == 1:
            return start, end, sure[0].region, None
    return None


def _no_name(name: str) -> bool:
    """
    >>> _no_name("主城区"), _no_name("各区县"), _no_name("沙坪坝区")
    (True, True, False)
    """
    core = _ENDING.sub("", name)
    return any(core.endswith(word) for word in _no_names())


@cache
def _no_names() -> tuple[str, ...]:
    return tuple(word for (word,) in read_rows(NO_NAMES, "word"))


def _next(text: str, end: int, year: int | None, own: regions.Region | None) -> _Known | None:
    """The place that is listed right behind: 西阳县、云阳县."""
    if not _LISTED.match(text, end):
        return None
    suffix = _SUFFIX.search(text, end + 1, end + _NAME)
    known = _known(text, suffix.end(), year, own) if suffix else None
    return known if known is not None and known.start == end + 1 else None


def _outers(region: regions.Region | None) -> list[regions.Region]:
    """What holds a place, from its prefecture to its province."""
    found: list[regions.Region] = []
    outer = regions.parent(region) if region else None
    while outer is not None and outer.kind not in ("country", "world"):
        found.append(outer)
        outer = regions.parent(outer)
    return found


def _meant(near: list[regions.Misprint], beside: regions.Region | None) -> regions.Region | None:
    """The place that is meant: the only one, the only likeness, or the only one of the sort that it is listed with."""
    for some in (
        near,
        [one for one in near if one.lookalike],
        [one for one in near if beside is not None and one.region.kind == beside.kind],
    ):
        if len(some) == 1:
            return some[0].region
    return None


def document_years(named: tuple[Named, ...]) -> Iterator[Found]:
    """A named document spans the same years in all notices that name it. 规划 and 计划 are taken for one word.

    Editions follow each other (2016—2020, 2021—2025); spans that overlap and differ are of one edition, unless it says
    that it rolls on.
    """
    groups: list[list[int]] = []
    for index, one in enumerate(named):
        for group in groups:
            other = named[group[0]]
            if one.first <= other.last and other.first <= one.last and alike(other.name, one.name):
                group.append(index)
                break
        else:
            groups.append([index])
    for group in groups:
        spans = [(named[index].first, named[index].last) for index in group]
        if len(set(spans)) < 2 or any("滚动" in named[index].name for index in group):
            continue
        usual = max(sorted(set(spans)), key=spans.count)
        other = named[group[spans.index(usual)]]
        for index, span in zip(group, spans, strict=True):
            if span != usual:
                one = named[index]
                yield Found(
                    message="other_span",
                    given={
                        "name": one.name,
                        "here": f"{one.first}–{one.last}",
                        "elsewhere": f"{other.first}–{other.last}",
                        "sentence": other.evidence,
                    },
                    evidence=one.evidence,
                    figure=index,
                )


def alike(one: str, other: str) -> bool:
    """Whether two names are of the same document.

    >>> alike("云川市全民科普行动计划实施方案", "云川市全民科普行动规划实施方案")
    True
    >>> alike("云川市科普发展规划", "云川市人才发展规划")
    False
    """
    first, second = (re.sub(r"规划|计划|[“”\"《》]", "", name) for name in (one, other))
    if min(len(first), len(second)) < 6:
        return first == second
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


RULES = (
    NoticeRule(
        code="region_unknown",
        severity="warning",
        check=region_unknown,
    ),
)
NAMING_RULES = (
    NamingRule(
        code="document_years",
        severity="warning",
        check=document_years,
    ),
)
