"""Names of places that do not exist, and documents whose years differ from notice to notice."""

import difflib
import re
from collections.abc import Iterator

from annals import regions
from annals.checks.quoting import sentence
from annals.checks.rule import Found, Named, NamingRule, NoticeRule
from annals.model import Reading

_CANDIDATE = re.compile(r"[一-龥]{2,5}?(?:自治县|县|区|市)(?=\s*[、，,。；;）)和及与等为])")
# Behind the name of the place it lies in, a name needs no sign after it: 重庆市沙坪坝区科协.
_BELOW = re.compile(r"[一-龥]{2,8}?[省市州](?=([一-龥]{2,4}?(?:自治县|县|区)))")
_NO_NAME = re.compile(
    r"(?:各|全|本|我|该|外|老|新|主城|城|郊|市|山|林|库|园|社|片|校|景|灾|辖|军|战|街|厂|矿|牧|湖|库|功能|开发|高新|示范|试点|"
    r"实验|试验|保护|聚集|集聚|贫困|革命|民族|少数民族|自治|直辖|省|地|县|区|城|上|超|门|夜|股|楼|车|都)(?:区县|县区|自治县|县|区|市)$"
)
ALIKE = 0.9  # of two documents' names, 规划 and 计划 apart


def region_unknown(reading: Reading) -> Iterator[Found]:
    """Every place that a notice names exists; one that does not, but looks like one that does, is a misprint."""
    year = reading.description.year
    told: set[str] = set()
    for name, start, within in _candidates(reading):
        if name in told:
            continue
        meant = regions.nearest(name, within, year)
        if meant is None:
            continue
        told.add(name)
        yield Found(
            message="not_within" if within else "nowhere",
            given={"name": name, "meant": meant.name} | ({"within": within} if within else {}),
            evidence=sentence(reading, start, start + len(name)),
            start=start,
            end=start + len(name),
        )


def _candidates(reading: Reading) -> Iterator[tuple[str, int, str | None]]:
    """Names of places that no table holds: the name, where it stands, and the place it is to lie in."""
    for found in _CANDIDATE.finditer(reading.text):
        whole = found[0]
        endings = [whole[-length:] for length in range(3, len(whole) + 1)]
        if endings and not _NO_NAME.search(whole) and not any(regions.candidates(ending) for ending in endings):
            yield endings[0], found.end() - 3, reading.description.region
    for found in _BELOW.finditer(reading.text):
        outer = next((held.name for cut in range(len(found[0]) - 1) if (held := regions.find(found[0][cut:]))), None)
        name = found[1]
        if outer and not _NO_NAME.search(name) and not regions.candidates(name):
            yield name, found.start(1), outer


def document_years(named: tuple[Named, ...]) -> Iterator[Found]:
    """A named document spans the same years in all notices that name it. 规划 and 计划 are taken for one word."""
    groups: list[list[int]] = []
    for index, one in enumerate(named):
        for group in groups:
            other = named[group[0]]
            if other.first == one.first and alike(other.name, one.name):
                group.append(index)
                break
        else:
            groups.append([index])
    for group in groups:
        spans = {named[index].last for index in group}
        if len(spans) < 2:
            continue
        usual = max(sorted(spans), key=lambda last: sum(named[index].last == last for index in group))
        for index in group:
            one = named[index]
            if one.last != usual:
                other = next(named[i] for i in group if named[i].last == usual)
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
