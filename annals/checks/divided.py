"""Amounts that a sentence divides into a list that leaves nothing over: 126件，分为民生类58件、城建类41件、其他27件."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from annals.checks.divisions import overlapping
from annals.checks.quoting import by_sentence
from annals.model import Figure, Reading, Record
from annals.series import unit_class

# No division without one of these.
_TOLD = (
    "分为", "分别", "分成", "计有", "构成", "组成", "其余", "其他", "其它", "剩余", "余下",
    "等奖", "：", ":", "（", "(",
)  # fmt: skip
_JOINT = re.compile(r"[、，,；;和及与\s]*(?P<name>[^、，。；：:,;\d（）()]{1,14}?)")
_INTO = re.compile(r"[，,]?\s*(?:共?分为|分别为|分别是|分成|计有)")
_COLON = re.compile(r"\s*[：:]")
_FROM = re.compile(r"[，,]?\s*(?:由|其中)?")
_MADE_OF = re.compile(r"[一-龥]{0,4}(?:构成|组成)")
_REST = re.compile(r"[，、,]?\s*(?:其余|其他|其它|剩余|余下)")
_ALL = re.compile(r"共|总|合计|全部")
_PRIZE = re.compile(r"([特一二三四五])等奖")
_MORE = re.compile(r"^[^，。；]{0,6}等|^[^。；]{0,12}(?:另|还有|此外)")
_SUM_AFTER = re.compile(r"[，,]\s*(?:全年|全市|合计|总计|共计|共)[^，。；、\d]{0,10}")
_PLACE = re.compile(r"[一-龥]{1,8}[区县市州旗]$")
_RESPECTIVE = re.compile(r"[，,：:；;]\s*(?:其中[，,：:]?)?(?P<names>[^，。；\d]{4,60}?)分别(?:为|是|有)?")
_YEAR = re.compile(r"四个季度|各季度|上半年.*下半年")
_AMONG = re.compile(r"其中|最[多少高低大小]")


class Divided(Record, frozen=True, kw_only=True):
    """A whole and its parts: places in the figures of the notice. Those of `places` need not be all."""

    whole: int
    parts: tuple[int, ...]
    places: bool = False


def divided(reading: Reading) -> Iterator[Divided]:
    """The divisions of running text whose words say that they are complete."""
    if not _tells(reading.text):
        return
    for (low, high), indices in by_sentence(reading).items():
        if len(indices) < 3 or not _tells(reading.text[low:high]):
            continue
        at = 0
        while at < len(indices):
            run = _run(reading, indices, at)
            if len(run) > 1 and (found := _division(reading, indices, at, run, low, high)) is not None:
                yield found
            at += max(len(run), 1)


@lru_cache(maxsize=64)
def _tells(text: str) -> bool:
    return any(word in text for word in _TOLD)


def _run(reading: Reading, indices: Sequence[int], at: int) -> list[int]:
    """Amounts of one kind and unit from this on that short names alone part from each other."""
    figures = reading.figures
    first = figures[indices[at]]
    if not _amount(first):
        return []
    run = [indices[at]]
    for index in indices[at + 1 :]:
        figure, last = figures[index], figures[run[-1]]
        between = reading.text[last.end : figure.start].removeprefix(last.unit)
        bare = not between.strip("、，,和及与 \n")
        if not like(first, figure) or figure.measure != first.measure or not (bare or _JOINT.fullmatch(between)):
            break
        if _SUM_AFTER.fullmatch(between) or _AMONG.search(between):
            break
        run.append(index)
    return run


def _division(reading: Reading, indices: Sequence[int], at: int, run: list[int], low: int, high: int) -> Divided | None:
    figures, text = reading.figures, reading.text
    behind = text[figures[run[-1]].end : high].removeprefix(figures[run[-1]].unit)
    after = indices[at + len(run)] if at + len(run) < len(indices) else None
    before = text[max(low, figures[indices[at - 1]].end if at else low) : figures[run[0]].start]
    if _MORE.search(behind):
        return None
    if after is not None and "分别" in before and like(figures[after], figures[run[0]]):
        between = text[figures[run[-1]].end : figures[after].start].removeprefix(figures[run[0]].unit)
        if _SUM_AFTER.fullmatch(between) and ("年" not in between or _YEAR.search(text, low, figures[run[0]].start)):
            return Divided(whole=after, parts=tuple(run))
    # The whole may have been read as the first of the run: 180件，一等奖30件.
    for whole, parts in ((run[0], run[1:]), (indices[at - 1] if at else None, run)):
        if (
            whole is None
            or len(parts) < 2
            or not _amount(figures[whole])
            or not like(figures[whole], figures[parts[0]])
        ):
            continue
        if after is not None and like(figures[after], figures[parts[0]]):
            continue
        opener = text[figures[whole].end : figures[parts[0]].start].removeprefix(figures[whole].unit)
        if _places(reading, parts, opener):
            return Divided(whole=whole, parts=tuple(parts), places=True)
        names = _names(reading, parts, opener)
        if overlapping("，".join(names)) or len(set(names)) < len(names):
            continue
        first = whole == run[0]  # which may be a part itself
        alone = not first or not any(like(figures[index], figures[whole]) for index in indices[:at])
        called = "" if not first else re.split(r"[，。；：\n]", before)[-1]
        last = text[figures[parts[-2]].end : figures[parts[-1]].start].removeprefix(figures[whole].unit)
        told = "中" in opener or (first and alone and _ALL.search(called) is not None)
        rest = told and _REST.match(last) is not None
        if "其中" in opener and not rest:
            continue
        prizes = [found[1] if (found := _PRIZE.search(name)) else "" for name in names]
        if (
            _INTO.match(opener)
            or (_COLON.match(opener) and _only_strung(reading, parts) and not behind.strip("。；\n "))
            or (_FROM.match(opener) and "由" in opener[:3] and _MADE_OF.match(behind))
            or rest
            or (
                alone
                and not _PRIZE.search(called)
                and len(prizes) > 2
                and "".join(prizes[-len(parts) :]) in "特一二三四五"
                and all(prizes)
            )
        ):
            return Divided(whole=whole, parts=tuple(parts))
    return None


def _places(reading: Reading, parts: Sequence[int], opener: str) -> bool:
    """Whether the parts are what places have: 70座（甲区31座、乙区28座）, or 甲区、乙区分别为31座、28座."""
    respective = _RESPECTIVE.fullmatch(opener)
    if respective:
        names = re.split("[、和与及]", respective["names"])
        return len(names) == len(parts) and all(map(_PLACE.search, names))
    names = _names(reading, parts, opener)
    return opener[:1] in ("（", "(") and all(map(_PLACE.search, names))


def _only_strung(reading: Reading, parts: Sequence[int]) -> bool:
    """Whether no comma stands between the parts: after a colon, one may begin something else."""
    figures = reading.figures
    return not any(
        re.search("[，,]", reading.text[figures[one].end : figures[other].start]) for one, other in pairwise(parts)
    )


def _names(reading: Reading, parts: Sequence[int], opener: str) -> list[str]:
    figures = reading.figures
    names = [opener]
    for one, other in pairwise(parts):
        names.append(
            reading.text[figures[one].end : figures[other].start].removeprefix(figures[one].unit).strip("、，和 ")
        )
    return names


def _amount(figure: Figure) -> bool:
    return figure.kind in ("count", "money") and figure.measure in ("level", "added")


def like(one: Figure, other: Figure) -> bool:
    """Whether two amounts may be added up or held against each other: of one kind, unit, year and role."""
    return (
        _amount(one)
        and _amount(other)
        and (one.kind, one.year, one.role) == (other.kind, other.year, other.role)
        and unit_class(one.unit, one.kind, "") == unit_class(other.unit, other.kind, "")
    )
