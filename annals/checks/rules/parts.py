"""Parts and their wholes, as amounts, within a sentence or two."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from annals.checks.divided import divided
from annals.checks.divisions import WHOLE, exclusive, name
from annals.checks.precision import Range, last_digit, stated, written
from annals.checks.quoting import by_sentence, sentence
from annals.checks.rule import Found, NoticeRule
from annals.checks.tables import Column, totalled
from annals.checks.words import Value
from annals.indicators import Sum, catalogue
from annals.model import Figure, Reading
from annals.series import normal_subject, unit_class

_AMONG = "其中"
_TAKES_APART = re.compile(r"其中|包括|(?<=[\d一-龥])[：:]")
_NESTED = re.compile(r"其中|[（(]")
_SO_FAR = re.compile(r"累计|总数|总计")  # what stands by now, of which nothing was taken apart
_PLACE = re.compile(r"[区县市州旗]$")
_NO_PART = re.compile(r"带动|撬动|吸引|累计|增|占|比|另")
_NEAR = 60  # characters; the whole stands in the same sentence or the one before
_COUNTED = ("count", "money")
_AMOUNTS = ("level", "added")
_RATE = re.compile(r"每(?:[百千万亿]|一)?[一-龥]{1,4}$")
_NO_SUM = re.compile(r"人均|平均|均价|率|指数|价格|每")
_SHARE_OF = re.compile(r"占比?(?P<whole>[^，。；：\d]{0,24}?)的?(?:比重|比例|份额)?(?:为|达到?|约)?$")
_ALL = re.compile(r"^(?:全部|全市|全省|全区|全县)?(?:总量|总数|总额|总人数|总计|总|全部|其)?$")
_IN_PERCENT = {"%": 1, "成": 10}
_OF_WHOLE = re.compile(r"[，,]?(?:仅|只|已)?(?:占|完成|达到?|为)[^，。；\d]{0,12}")
_RATE_OF = re.compile(r"(?P<stem>[一-龥]{2,4})率(?:约?为|达到?|是|约)?$")
_NO_RATE = re.compile(r"[增降升速年均]|[同环]比|占")
_OUT_OF = re.compile(r"[^，。；、\d]{0,10}中[，,]?(?:已?有|共有)?[^，。；、\d]{0,8}")
_IN_ALL = re.compile(r"总|共|全部")
_NEXT = re.compile(r"[，,][^，。；、：\d]{2,14}")
_BY = re.compile(r"(?:其中|按[^，。；]{1,8}分)")
_TWICE = Decimal("1.9")
_SLACK = Decimal("0.1")  # points beyond what rounding explains


def parts_exceed_whole(reading: Reading) -> Iterator[Found]:
    """What follows 其中 is a part of the count before it, and not more; nor are all that exclude each other."""
    told = set()
    for found in _parts_of_parts(reading):
        told.add(found.figure)
        yield found
    for found in (*_other_sums(reading, more=True), *_other_totals(reading, more=True)):
        if found.figure not in told and "places" not in found.given:
            yield found


def _parts_of_parts(reading: Reading) -> Iterator[Found]:
    if not _TAKES_APART.search(reading.text):
        return
    figures = reading.figures
    for (low, high), indices in by_sentence(reading).items():
        opened = _TAKES_APART.search(reading.text, low, high)
        if opened is None:
            continue
        among = opened.start()
        amounts = [i for i in indices if _is_amount(reading, figures[i]) and not _in_brackets(reading, figures[i], low)]
        wholes = [figures[i] for i in amounts if figures[i].end <= among]
        parts: dict[int, Figure] = {}
        for index in amounts:
            part = figures[index]
            whole = next((one for one in reversed(wholes) if _comparable(one, part)), None)
            if part.start < among or part.low is None or whole is None or whole.high is None:
                continue
            if _SO_FAR.search(reading.text, among, part.start):
                break
            if sum(figures[other].low or 0 for other in parts) == whole.high:
                break  # all of it has been told; what follows is of something else
            if part.low <= whole.high:
                parts[index] = whole
            elif part.measure == "level" and opened[0] == _AMONG:
                yield Found(
                    message="part_too_large",
                    given={"part": part.raw, "whole": whole.raw},
                    evidence=sentence(reading, whole.start, part.end),
                    figure=index,
                    start=part.start,
                    end=part.end,
                )
        yield from _too_much(reading, opened, parts)


def _too_much(reading: Reading, opened: re.Match[str], parts: Mapping[int, Figure]) -> Iterator[Found]:
    """The whole of parts that exclude each other, each no more than it, where together they are."""
    if len(parts) < 2 or len({id(whole) for whole in parts.values()}) > 1:
        return
    figures, whole = reading.figures, next(iter(parts.values()))
    held = [figures[index] for index in parts]
    if _is_sum(whole, held):
        return
    between = reading.text[opened.end() : held[-1].start]
    if _NESTED.search(between) or len({(one.measure, one.region) for one in held}) > 1:
        return
    ends = [opened.end(), *(one.end for one in held)]
    clauses = [reading.text[end : one.start] for end, one in zip(ends, held, strict=False)]
    names = [name(clause) for clause in clauses]
    money = whole.kind == "money" and not any(map(_NO_PART.search, clauses))
    if not (exclusive(names, reading.text[whole.end : opened.end()]) or (money and exclusive(names, "按用途分"))):
        return
    rounding = sum((last_digit(one.raw, one.value or Decimal(0)) / 2 for one in held), Decimal(0))
    total = sum((one.low or Decimal(0) for one in held), Decimal(0))
    if whole.high is not None and total - rounding > whole.high:
        yield Found(
            message="sum_too_large",
            given={"whole": whole.raw, "sum": written(total, whole.unit), "parts": " + ".join(one.raw for one in held)},
            evidence=sentence(reading, whole.start, held[-1].end),
            figure=figures.index(whole),
            start=whole.start,
            end=whole.end,
        )


def places_exceed_whole(reading: Reading) -> Iterator[Found]:
    """What is dealt out to several places adds up to no more than the amount before it."""
    told = set()
    for found in _dealt_out(reading):
        told.add(found.figure)
        yield found
    for found in (*_other_sums(reading, more=True), *_other_totals(reading, more=True)):
        if found.figure not in told and "places" in found.given:
            yield found


def _dealt_out(reading: Reading) -> Iterator[Found]:
    figures = reading.figures
    if len({figure.region for figure in figures}) < 2:
        return
    for (low, high), indices in by_sentence(reading).items():
        regions = {figures[index].region for index in indices}
        if len(regions) < 2:
            continue
        among = reading.text.find(_AMONG, low, high)
        parts = [i for i in indices if figures[i].start > among and _is_amount(reading, figures[i])]
        for at, first in enumerate(parts):
            end = figures[first].start if among == -1 else among
            before = [
                one
                for one in figures[max(first - 12, 0) : first]
                if one.end <= end and end - one.end < _NEAR and (one.start >= low or among != -1)
            ]
            whole = next((one for one in reversed(before) if _comparable(one, figures[first])), None)
            if whole is None or whole.high is None or not _is_amount(reading, whole):
                continue
            if among == -1 and whole.region != reading.description.region:
                break
            if _PLACE.search(reading.text[whole.start - 1 : whole.start]):  # the first of the places, and no whole
                break
            dealt = [figures[i] for i in parts[at:] if _comparable(whole, figures[i])]
            if among == -1:
                dealt = [one for one in dealt if one.unit == whole.unit and _dealt(whole, one, regions)]
            places = {figure.region for figure in dealt}
            if len(dealt) < 2 or len(places) < len(dealt) or whole.region in places:
                break
            total = sum((figure.low or Decimal(0) for figure in dealt), Decimal(0))
            if total > whole.high:
                yield Found(
                    message="sum_too_large",
                    given={
                        "places": len(dealt),
                        "whole": whole.raw,
                        "sum": written(total, whole.unit),
                        "parts": " + ".join(figure.raw for figure in dealt),
                    },
                    evidence=sentence(reading, whole.start, dealt[-1].end),
                    figure=figures.index(whole),
                    start=whole.start,
                    end=whole.end,
                )
            break


def _dealt(whole: Figure, part: Figure, places: set[str | None]) -> bool:
    """Whether a part is of what the whole is: it bears its name, or none but that of a place."""
    return part.subject == whole.subject or any(place and place in part.subject for place in places)


def parts_miss_whole(reading: Reading) -> Iterator[Found]:
    """The parts of a division that leaves nothing over, men and women or town and country, make the whole before them.

    Of indicators that the catalogue knows for sums, the rule on identities tells.
    """
    told = set()
    for found in _known_divisions(reading):
        told.add(found.figure)
        yield found
    for found in _other_sums(reading, more=False):
        if found.figure not in told:
            yield found
    yield from _other_totals(reading, more=False)


def _known_divisions(reading: Reading) -> Iterator[Found]:
    if not any(division[0] in reading.text for division in WHOLE):
        return
    figures = reading.figures
    for (low, _), indices in by_sentence(reading, across="；;").items():
        amounts = [index for index in indices if _is_amount(reading, figures[index])]
        for division in WHOLE:
            named = [_named(reading, low, indices, amounts, part) for part in division]
            parts = [index for index in named if index is not None]
            if len(parts) < len(division) or parts != sorted(set(parts)):
                continue
            first = figures[parts[0]]
            if any(
                not _comparable(first, figures[index]) or figures[index].measure != first.measure for index in parts
            ):
                continue
            whole = _before(reading, parts[0], first)
            if whole is None or not _alike(whole, first) or any(word in whole.subject for word in division):
                continue
            if _NO_SUM.search(whole.subject):
                continue
            if _is_sum(whole, [figures[index] for index in parts]):
                continue
            ranges = [stated(figures[index]) for index in parts]
            said = stated(whole)
            if said is None or None in ranges:
                continue
            total = _total([one for one in ranges if one is not None])
            if not total.apart(said) or (total.low > said.high and whole.start >= low):  # more is parts_exceed_whole's
                continue
            yield Found(
                message="other_sum",
                given={
                    "whole": whole.raw,
                    "sum": written((total.low + total.high) / 2, whole.unit),
                    "parts": " + ".join(figures[index].raw for index in parts),
                },
                evidence=sentence(reading, whole.start, figures[parts[-1]].end),
                figure=figures.index(whole),
                start=whole.start,
                end=whole.end,
            )


def _other_sums(reading: Reading, *, more: bool) -> Iterator[Found]:
    """Lists that leave nothing over and yet do not make the amount before them: they make more, or less."""
    figures = reading.figures
    for one in divided(reading):
        whole, parts = figures[one.whole], [figures[index] for index in one.parts]
        if _is_sum(whole, parts) or _NO_SUM.search(whole.subject):
            continue
        total, said = _sum(parts), stated(whole)
        if total is None or said is None or not total.apart(said) or (total.low > said.high) != more:
            continue
        if one.places and not more:
            continue
        given: dict[str, Value] = {
            "whole": whole.raw,
            "sum": written((total.low + total.high) / 2, whole.unit),
            "parts": " + ".join(part.raw for part in parts),
        }
        if one.places:
            given["places"] = len(parts)
        yield Found(
            message="sum_too_large" if more else "other_sum",
            given=given,
            evidence=sentence(reading, min(whole.start, parts[0].start), max(whole.end, parts[-1].end)),
            figure=one.whole,
            start=whole.start,
            end=whole.end,
        )


def _other_totals(reading: Reading, *, more: bool) -> Iterator[Found]:
    """Columns of amounts that do not make their total: they make more, or less, though not a multiple of it."""
    figures = reading.figures
    for columns in totalled(reading):
        for column in columns:
            whole, parts = figures[column.total], [figures[index] for index in column.parts]
            if whole.kind not in _COUNTED or whole.measure not in _AMOUNTS or _NO_SUM.search(column.header):
                continue
            total, said = _sum(parts), stated(whole)
            if total is None or said is None or not total.apart(said) or (total.low > said.high) != more:
                continue
            if total.low > _TWICE * said.high or said.low > _TWICE * total.high:
                continue  # another column's total, or rows that hold each other
            given: dict[str, Value] = {
                "whole": whole.raw,
                "sum": written((total.low + total.high) / 2, whole.unit),
                "parts": " + ".join(part.raw for part in parts),
            }
            if more and _of_places(column, parts):
                given["places"] = len(parts)
            yield Found(
                message="sum_too_large" if more else "other_sum",
                given=given,
                evidence=whole.quote,
                figure=column.total,
                start=whole.start,
                end=whole.end,
            )


def _of_places(column: Column, parts: Sequence[Figure]) -> bool:
    return all(map(_PLACE.search, column.labels)) and len({part.region for part in parts}) == len(parts)


def _sum(parts: Sequence[Figure]) -> Range | None:
    """What amounts add up to; None where one is not exact."""
    ranges = [one for part in parts if (one := stated(part)) is not None]
    return _total(ranges) if len(ranges) == len(parts) else None


def _named(reading: Reading, low: int, indices: Sequence[int], amounts: Sequence[int], part: str) -> int | None:
    """The only amount of a sentence that the words name in their own clause; None where there is none, or several."""
    found = []
    for index in amounts:
        figure = reading.figures[index]
        at = indices.index(index)
        start = reading.figures[indices[at - 1]].end if at else low
        clause = re.split(r"[，。；：、]", reading.text[start : figure.start])[-1]
        if part in clause and not _NO_SUM.search(clause + figure.subject):
            found.append(index)
    return found[0] if len(found) == 1 else None


def share_of_amounts(reading: Reading) -> Iterator[Found]:
    """A share is that of the amounts beside it: of 168 experts 71 are women, and those are 42.3 percent."""
    if not any(figure.unit in _IN_PERCENT for figure in reading.figures):
        return
    for indices in by_sentence(reading).values():
        for at, index in enumerate(indices):
            share = reading.figures[index]
            if at == 0 or share.unit not in _IN_PERCENT or share.measure not in ("share", "level"):
                continue
            beside = _shared(reading, indices[:at], index)
            if beside is not None and (found := _other_share(reading, *beside, index)) is not None:
                yield found
    yield from _shares_in_tables(reading)


def _shared(reading: Reading, before: Sequence[int], index: int) -> tuple[Figure, Figure] | None:
    """The part and the whole that a share is of, by the words in front of it."""
    text, figures = reading.text, reading.figures
    last = figures[before[-1]]
    between = text[last.end : figures[index].start]
    if _is_amount(reading, last) and between.removeprefix(last.unit) == "的":  # 占计划50个的84%
        if len(before) < 2:
            return None
        part = figures[before[-2]]
        opening = text[part.end : last.start].removeprefix(part.unit)
        return (part, last) if _OF_WHOLE.fullmatch(opening) and _same_unit(part, last) else None
    if (rate := _RATE_OF.search(between)) is not None:  # 入围258件，入围率为30%
        return _rated(reading, before, between[: rate.start()], rate["stem"])
    named, index_of_part = _SHARE_OF.search(between), _part(reading, before)
    if named is None or index_of_part is None:
        return None
    part = figures[index_of_part]
    holder = re.split("[，。；：、]", between[: named.start()])[-1].removeprefix(part.unit).strip()
    if holder and holder not in part.subject:
        return None
    whole = _whole(reading, index_of_part, named["whole"])
    if whole is None and not named["whole"]:
        whole = _beside(reading, before, index_of_part)
    return None if whole is None else (part, whole)


def _rated(reading: Reading, before: Sequence[int], clause: str, stem: str) -> tuple[Figure, Figure] | None:
    """The two amounts in front of a rate, where the words around the second are those that the rate is of."""
    if len(before) < 2 or _NO_RATE.search(stem):
        return None
    whole, part = (reading.figures[index] for index in before[-2:])
    words = reading.text[whole.end : part.start].removeprefix(whole.unit) + clause
    told = all(character in words for character in stem) and not re.search(f"[不未无]{stem}", words)
    told = told and whole.indicator is None and whole.end <= part.start
    if not told or not _alike(whole, part) or (whole.value or 0) < (part.value or 0):
        return None
    if not _is_amount(reading, part) or whole.region != part.region:
        return None
    return part, whole


def _beside(reading: Reading, before: Sequence[int], part: int) -> Figure | None:
    """A total right before the part, or what it is out of: 总投入868万元，拨款520万元; 320户中有240户."""
    at = before.index(part)
    if at == 0:
        return None
    text, whole = reading.text, reading.figures[before[at - 1]]
    own = reading.figures[part]
    between = text[whole.end : own.start].removeprefix(whole.unit)
    clause = re.split(r"[，。；：、\n]", text[max(whole.start - 16, 0) : whole.start])[-1]
    if not _alike(whole, own) or not (
        _OUT_OF.fullmatch(between) or (_IN_ALL.search(clause) and _NEXT.fullmatch(between))
    ):
        return None
    return whole


def _other_share(reading: Reading, part: Figure, whole: Figure, index: int) -> Found | None:
    share = reading.figures[index]
    some, all_of_it, said = stated(part), stated(whole), stated(share)
    ratio = None if some is None or all_of_it is None else some.over(all_of_it)
    if ratio is None or said is None:
        return None
    percent = said.times(Decimal(_IN_PERCENT[share.unit]))
    if not ratio.times(Decimal(100)).wider(_SLACK).apart(percent):
        return None
    in_a_table = " | " in share.quote
    return Found(
        message="other_share",
        given={
            "part": part.raw,
            "whole": whole.raw,
            "computed": f"{50 * (ratio.low + ratio.high):.1f}",
            "share": share.raw,
        },
        evidence=share.quote if in_a_table else sentence(reading, min(whole.start, part.start), share.end),
        figure=index,
        start=share.start,
        end=share.end,
    )


def _shares_in_tables(reading: Reading) -> Iterator[Found]:
    """Shares beside amounts in a table with one column of each and their totals; where most of them agree."""
    figures = reading.figures
    for columns in totalled(reading):
        shares = [one for one in columns if figures[one.total].unit == "%" and figures[one.total].value == 100]
        amounts = [one for one in columns if figures[one.total].kind in _COUNTED]
        if len(shares) != 1 or len(amounts) != 1 or shares[0].rows != amounts[0].rows:
            continue
        whole = figures[amounts[0].total]
        pairs = zip(amounts[0].parts, shares[0].parts, strict=True)
        found = [one for part, share in pairs if (one := _other_share(reading, figures[part], whole, share))]
        if 2 * len(found) <= len(shares[0].parts):  # most agree, and so are shares of this total
            yield from found


def _part(reading: Reading, before: Sequence[int]) -> int | None:
    """The amount that 占 speaks of: the last before it, with no more than its growth between."""
    for index in reversed(before):
        figure = reading.figures[index]
        if figure.measure == "level" and figure.kind in _COUNTED:
            return index
        if figure.measure not in ("growth", "change"):
            return None
    return None


def _whole(reading: Reading, part: int, name: str) -> Figure | None:
    """What the share is of: the amount of that name before the part or, where it has no name, the one before 其中."""
    figures, share_of = reading.figures, reading.figures[part]
    near = [one for one in figures[max(part - 12, 0) : part] if _comparable(one, share_of) and _is_amount(reading, one)]
    if not _ALL.match(name):
        wanted = normal_subject(name)
        found = [one for one in near if one.measure == "level" and normal_subject(one.subject) == wanted]
        return found[-1] if found else None
    return _before(reading, part, share_of)


def _before(reading: Reading, part: int, like: Figure) -> Figure | None:
    """The amount that 其中 or 按…分 takes apart: the last one before those words, close by, like the part."""
    figures, text = reading.figures, reading.text
    opened = None
    for found in _BY.finditer(text, max(text.rfind(end, 0, like.start) for end in "。\n") + 1, like.start):
        opened = found
    if opened is None:
        return None
    for one in reversed(figures[max(part - 12, 0) : part]):
        if one.end > opened.start():
            continue
        if opened.start() - one.end > _NEAR:
            return None
        if _comparable(one, like) and one.measure in _AMOUNTS and _is_amount(reading, one):
            return one
    return None


def _in_brackets(reading: Reading, figure: Figure, low: int) -> bool:
    """Whether a figure is only an aside: 45件（含督办件14件）."""
    text = reading.text
    opened = max(text.rfind("（", low, figure.start), text.rfind("(", low, figure.start))
    return opened > max(text.rfind("）", low, figure.start), text.rfind(")", low, figure.start))


def _is_amount(reading: Reading, figure: Figure) -> bool:
    """Whether a figure may be a whole or a part: no change of it, and not so much of it a head (每千人6.5批次)."""
    return (
        figure.kind in _COUNTED
        and figure.measure in _AMOUNTS
        and not _RATE.search(reading.text[max(figure.start - 8, 0) : figure.start])
    )


def _comparable(whole: Figure, part: Figure) -> bool:
    return (
        whole.kind == part.kind
        and (whole.year, whole.role) == (part.year, part.role)
        and unit_class(whole.unit, whole.kind, whole.subject) == unit_class(part.unit, part.kind, part.subject)
    )


def _same_unit(one: Figure, other: Figure) -> bool:
    """Whether two amounts are of one unit, of whatever year and whether planned or reached."""
    return one.kind == other.kind and one.unit == other.unit


def _alike(one: Figure, other: Figure) -> bool:
    return one.measure == other.measure and _comparable(one, other)


def _is_sum(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether the catalogue itself says that the whole is the sum of these parts."""
    indicator = catalogue().by_code.get(whole.indicator or "")
    codes = {part.indicator for part in parts}
    return indicator is not None and any(isinstance(one, Sum) and codes == set(one.of) for one in indicator.identities)


def _total(ranges: Sequence[Range]) -> Range:
    total = ranges[0]
    for one in ranges[1:]:
        total = total + one
    return total


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
        code="parts_miss_whole",
        severity="warning",
        check=parts_miss_whole,
    ),
    NoticeRule(
        code="share_of_amounts",
        severity="warning",
        check=share_of_amounts,
    ),
)
