"""Where a quantity stood, what came to it and where it stands, within a sentence."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from annals.checks.precision import Range, stated, written
from annals.checks.quoting import by_sentence, one_line
from annals.checks.rule import Found, NoticeRule
from annals.checks.words import Value
from annals.model import Figure, Measure, Reading, Record
from annals.series import unit_class

_MOVED = re.compile(r"[增减升降涨加新提落扩缩]")
_COMPARED = re.compile(r"[比较](?:上|去|前|同)[^，。；\d]{0,5}$")  # 比上年的1200人 is no level of this year
_GONE = re.compile(r"撤销|注销|关闭|关停|退出|取消|合并|摘牌|淘汰|减少|清退|停办|到期|整合|划转|除名|失效|停止|拆除|净")
# Growth in other terms than those of the levels beside it.
_OTHER_TERMS = re.compile(r"可比|不变价|实际|同口径|扣除|剔除|名义|年均|平均|两年|同期")
# In front of a number: what stood before the year, what came to it, what stands now, and what is something else.
_STOOD = re.compile(
    r"(?:上|去)年(?:末|底)|年初|原有|原先|原来|此前|只有|在(?:上年|去年|原有?)|期初|结转|由[^，]{0,10}$"
)
# No sentence of those without one of these.
_STANDING = ("末", "底", "初", "原", "此前", "只有", "结转", "在上年", "在去年", "由")
_DATED = re.compile(r"(?P<year>(?:19|20)\d\d)年[末底初]")
_CAME = re.compile(r"新[一-龥]{1,6}$|[新增添][一-龥]{0,8}$|扩[充建]|又有")
_STANDS = re.compile(r"年[末底]|期末|现有|现存|目前|如今|达到?|增至|增加[到至为]|总[数量]|累计|共|在[册管库岗]")
_BESIDES = re.compile(r"其中|比[^，]{0,8}$|[较比](?:上|去)年|占|平均|每|同期|改造|计划")
_NO_THING = re.compile(
    r"(?:19|20)\d\d年?|[，、,：（()）\s]|(?:上|去|当|今|本|全|同)?年(?:末|底|初|内)?|全[市省县区]|原有|原先|原来|此前|只有|期[初末]|"
    r"这次|先后|新[一-龥]{1,2}|增[设添加至到]{0,2}|添置|扩[充建]|现有|现存|目前|如今|达到?|总[数量]|累计|共有?|拥有|建成|由|从|的|有|又|再|为|至|在|加上|发展"
)
_REAL = re.compile(r"增加值|总产值|生产总值|GDP")
_SLACK = Decimal("0.05")  # points beyond what rounding explains


class Movement(Record, frozen=True, kw_only=True):
    """What one sentence states of one quantity: places in the figures of the notice."""

    now: int
    before: int | None
    change: int | None
    added: int | None
    growth: int | None
    sentence: tuple[int, int]


def movements(reading: Reading) -> Iterator[Movement]:
    """The quantities whose level a sentence states together with another level or a movement, each once."""
    if not _MOVED.search(reading.text):
        return
    for place, indices in by_sentence(reading).items():
        groups: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for index in indices:
            figure = reading.figures[index]
            if figure.role == "actual" and figure.year is not None and figure.subject:
                groups[figure.subject, figure.region].append(index)
        for group in groups.values():
            if len(group) > 1 and (found := _movement(reading, group, place)) is not None:
                yield found


def _movement(reading: Reading, group: list[int], place: tuple[int, int]) -> Movement | None:
    """The levels and movements of a subject; None where there are several of a kind, or no level."""
    figures = reading.figures
    levels = [
        index
        for index in group
        if figures[index].measure in ("level", "share")
        and not _COMPARED.search(reading.text[max(figures[index].start - 8, 0) : figures[index].start])
    ]
    year = max((figures[index].year or 0 for index in levels), default=None)
    if year is None:
        return None
    now = [index for index in levels if figures[index].year == year]
    unit = _unit(figures[now[0]])
    before = [index for index in levels if figures[index].year == year - 1 and _unit(figures[index]) == unit]

    def moved(measure: Measure, unit: str) -> list[int]:
        return [
            index
            for index in group
            if (figures[index].measure, figures[index].year, _unit(figures[index])) == (measure, year, unit)
            and "累计" not in reading.text[max(figures[index].start - 6, 0) : figures[index].start]
        ]

    change = moved("change", "百分点" if unit == "%" else unit)
    added = moved("added", unit)
    growth = [growing for growing_in in ("%", "成", "倍") for growing in moved("growth", growing_in)]
    if any(len(some) > 1 for some in (now, before, change, added, growth)):
        return None
    return Movement(
        now=now[0],
        before=before[0] if before else None,
        change=change[0] if change else None,
        added=added[0] if added else None,
        growth=growth[0] if growth else None,
        sentence=place,
    )


def change_and_levels(reading: Reading) -> Iterator[Found]:
    """The year before and the change make this year: 143.6 and 14.6 make 158.2."""
    for one in movements(reading):
        if one.before is None or one.change is None:
            continue
        before, change, now = (_range(reading, index) for index in (one.before, one.change, one.now))
        if before is None or change is None or now is None or not (before + change).apart(now):
            continue
        figures = reading.figures
        yield _found(
            reading,
            one,
            index=one.now,
            message="other_change",
            given={
                "before": figures[one.before].raw,
                "change": figures[one.change].raw,
                "now": figures[one.now].raw,
                "sum": _said(before + change, figures[one.now]),
            },
        )


def growth_of_levels(reading: Reading) -> Iterator[Found]:
    """A growth is that of the level beside it over the one before, or over what the level was without its change."""
    for one in movements(reading):
        if one.growth is None or (one.before is None and one.change is None):
            continue
        figures, text = reading.figures, reading.text[slice(*one.sentence)]
        if figures[one.now].kind == "percent" or in_other_terms(figures[one.now], text):
            continue
        now, growth = _range(reading, one.now), in_percent(figures[one.growth])
        if now is None or growth is None:
            continue
        if one.before is not None:
            before = _range(reading, one.before)
        else:
            change = _range(reading, one.change)
            before = None if change is None else now - change
        ratio = None if before is None else now.over(before)
        if before is None or ratio is None:
            continue
        computed = Range((ratio.low - 1) * 100, (ratio.high - 1) * 100)
        if computed.wider(_SLACK).apart(growth):
            beside = one.change if one.before is None else one.before
            assert beside is not None
            yield _found(
                reading,
                one,
                index=one.growth,
                message="from_before" if beside == one.before else "from_change",
                given={
                    "growth": figures[one.growth].raw,
                    "now": figures[one.now].raw,
                    "beside": figures[beside].raw,
                    "computed": f"{(computed.low + computed.high) / 2:.1f}",
                },
            )


def in_other_terms(level: Figure, text: str) -> bool:
    """Whether a growth is likely not that of the levels: in constant prices, on another base, an average of years."""
    return _OTHER_TERMS.search(text) is not None or (level.kind == "money" and _REAL.search(level.subject) is not None)


def in_percent(growth: Figure) -> Range | None:
    """A growth's range in percent: 增长1.5倍 is one of 150, 增长一成 one of 10."""
    range_ = stated(growth)
    factor = {"%": 1, "成": 10, "倍": 100}.get(growth.unit)
    return None if range_ is None or factor is None else range_.times(Decimal(factor))


def stock_of_flow(reading: Reading) -> Iterator[Found]:
    """What stood and what was added make what stands; less only where a sentence says that some are gone."""
    told = set()
    for one in _stocks(reading):
        told.add(one.sentence)
        yield from _unlike_stock(reading, one)
    for one in by_words(reading):
        if one.sentence not in told and not _less(reading, one):
            yield from _unlike_stock(reading, one)


def _stocks(reading: Reading) -> Iterator[Movement]:
    """What sentences state by subject and year of what stood, what was added and what stands."""
    for one in movements(reading):
        if one.before is None or one.added is None or one.change is not None:
            continue
        yield one


def by_words(reading: Reading) -> Iterator[Movement]:
    """Sentences that say by their words what stood, what was added and what stands: 原有64个，增设9个，现有73个.

    They hold three amounts of one unit, and name no second thing that is counted.
    """
    if not any(word in reading.text for word in _STANDING):
        return
    for place, indices in by_sentence(reading).items():
        if not _STOOD.search(reading.text, *place) and not _DATED.search(reading.text, *place):
            continue
        groups: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for index in indices:
            figure = reading.figures[index]
            if figure.kind == "count" and figure.measure in ("level", "added") and figure.role == "actual":
                groups[unit_class(figure.unit, figure.kind, ""), figure.region].append(index)
        for group in groups.values():
            if len(group) == 3 and (found := _by_words(reading, indices, group, place)) is not None:
                yield found


def _by_words(reading: Reading, indices: list[int], group: list[int], place: tuple[int, int]) -> Movement | None:
    text, figures = reading.text, reading.figures
    parts: dict[str, int] = {}
    things: list[str] = []
    for index in group:
        at = indices.index(index)
        low = figures[indices[at - 1]].end if at else place[0]
        figure = figures[index]
        opening = re.sub(r"^.*[。；]", "", text[low : figure.start], flags=re.DOTALL)
        if at:
            opening = opening.removeprefix(figures[indices[at - 1]].unit)
        high = figures[indices[at + 1]].start if at + 1 < len(indices) else place[1]
        behind = re.split(r"[，。；、]", text[figure.end : high])[0].removeprefix(figure.unit)
        if _BESIDES.search(opening):
            return None
        dated, year = _DATED.search(opening), reading.description.year
        if _STOOD.search(opening) or (dated and year and int(dated["year"]) < year):
            part = "" if _CAME.search(opening) else "before"
        elif _STANDS.search(opening):
            part = "now"
        else:
            part = "added" if _CAME.search(opening) or figure.measure == "added" else ""
        if not part or part in parts:
            return None
        parts[part] = index
        clause = opening.split("，")[-1] if part == "added" else opening
        things.append(_NO_THING.sub("", clause + ("" if "基础上" in behind else behind)))
    if len(parts) < 3 or not _one_thing(things):
        return None
    return Movement(
        now=parts["now"], before=parts["before"], added=parts["added"], change=None, growth=None, sentence=place
    )


def _one_thing(names: list[str]) -> bool:
    """Whether names may be of one thing: those that say anything end alike.

    >>> _one_thing(["注册讲师", "", "讲师"]), _one_thing(["讲师", "会员", ""]), _one_thing(["观测点", "观测员"])
    (True, False, False)
    """
    return len({name[-2:] for name in names if len(name) > 1}) < 2


def _less(reading: Reading, one: Movement) -> bool:
    """Whether less stands than stood and came: where words alone tell the three apart, some may be gone unsaid."""
    figures = reading.figures
    assert one.before is not None
    assert one.added is not None
    before, added, now = (figures[index].value or Decimal(0) for index in (one.before, one.added, one.now))
    return now < before + added


def _unlike_stock(reading: Reading, one: Movement) -> Iterator[Found]:
    figures = reading.figures
    before, added, now = (_range(reading, index) for index in (one.before, one.added, one.now))
    if before is None or added is None or now is None or not (before + added).apart(now):
        return
    if now.high < (before + added).low and _GONE.search(reading.text[slice(*one.sentence)]):
        return
    assert one.before is not None
    assert one.added is not None
    yield _found(
        reading,
        one,
        index=one.now,
        message="too_much" if now.low > (before + added).high else "too_little",
        given={
            "before": figures[one.before].raw,
            "added": figures[one.added].raw,
            "now": figures[one.now].raw,
            "sum": _said(before + added, figures[one.now]),
        },
    )


def _range(reading: Reading, index: int | None) -> Range | None:
    return None if index is None else stated(reading.figures[index])


def _unit(figure: Figure) -> str:
    return unit_class(figure.unit, figure.kind, figure.subject)


def _said(range_: Range, like: Figure) -> str:
    return written((range_.low + range_.high) / 2, like.unit)


def _found(reading: Reading, one: Movement, *, index: int, message: str, given: Mapping[str, Value]) -> Found:
    figure = reading.figures[index]
    return Found(
        message=message,
        given=given,
        evidence=one_line(reading.text[slice(*one.sentence)]),
        figure=index,
        start=figure.start,
        end=figure.end,
    )


RULES = (
    NoticeRule(
        code="change_and_levels",
        severity="warning",
        check=change_and_levels,
    ),
    NoticeRule(
        code="growth_of_levels",
        severity="warning",
        check=growth_of_levels,
    ),
    NoticeRule(
        code="stock_of_flow",
        severity="warning",
        check=stock_of_flow,
    ),
)
