"""What is written around a numeral: the words that bound it, and its unit."""

from typing import NamedTuple

from annals.figures.shapes import LATIN_UNIT, PERCENT_SIGNS, SPACES
from annals.figures.units import MeasureWord, Tables
from annals.model import FigureKind, Qualifier

_RATE_BASES = frozenset("日月人年时天车生")
_NOT_MORE = tuple("媒功边样层发种方元年个")  # after 多 they make another word: 多媒体, 多元


class Tail(NamedTuple):
    """What follows a numeral: where it all ends, the unit, the bounding word."""

    end: int
    core_end: int  # of the numeral itself, with its % sign
    unit: str
    kind: FigureKind
    qualifier: Qualifier | None
    word: MeasureWord | None


def read_head(text: str, start: int, words: Tables) -> tuple[Qualifier | None, int]:
    """The bounding word before a numeral, and where it begins; None and `start` where there is none.

    >>> from annals.figures.units import tables
    >>> read_head("吸引近30万人", 3, tables()), read_head("签约30个", 2, tables()), read_head("春节约30万", 3, tables())
    (('nearly', 2), (None, 2), ('about', 2))
    """
    at = start
    if at and text[at - 1] in SPACES:
        at -= 1
    if text.endswith("人民币", max(0, at - 3), at):
        at -= 3
    elif at and text[at - 1] in "¥￥$":
        at -= 1
    for word, bound in words.before.before(text, at):
        begin = at - len(word)
        if not begin or text[begin - 1] not in bound.not_beside:
            return (None, start) if bound.qualifier == "exact" else (bound.qualifier, begin)
    return None, start


def bound_after(text: str, at: int, words: Tables) -> tuple[Qualifier, int] | None:
    """The bounding word that stands here, and where it ends: 以上, 左右, 余.

    >>> from annals.figures.units import tables
    >>> bound_after("10%以上的", 3, tables()), bound_after("10亿余额", 3, tables())
    (('at_least', 5), None)
    """
    if text[at : at + 1] == " ":
        at += 1
    found = words.after.at(text, at)
    if found is None or found[1].qualifier == "exact":
        return None
    word, bound = found
    end = at + len(word)
    if text[end : end + 1] and text[end] in bound.not_beside:
        return None
    return bound.qualifier, end


def read_tail(text: str, end: int, words: Tables) -> Tail | None:
    """Unit and bounding words after a numeral that ends at `end`; None when Latin letters make it another sign (5G).

    >>> from annals.figures.units import tables
    >>> read_tail("30余家单位", 2, tables())[:5]
    (4, 2, '家', 'count', 'over')
    >>> read_tail("12.5微克/立方米左右", 4, tables())[:5]
    (12, 4, '微克/立方米', 'count', 'about')
    >>> read_tail("10%以上", 2, tables())[:5]
    (5, 3, '%', 'percent', 'at_least')
    """
    at = end + 1 if text[end : end + 1] and text[end] in SPACES else end
    if text[at : at + 2] == "**":  # Markdown's bold
        at += 2
    qualifier, at = _mark(text, at, words)
    character = text[at : at + 1]
    unit, word = "", None
    kind: FigureKind = "count"
    after = at if qualifier else end
    core_end = end
    if not character:
        pass
    elif character in PERCENT_SIGNS:
        found = words.units.at(text, at)
        if found is not None:
            word, after = found[1], at + 1
            unit, kind, core_end = word.unit, word.kind, after
    elif character.isascii() or character in "μΩ°℃㎡㎥":
        latin = LATIN_UNIT.match(text, at)
        if latin is not None:
            latin_kind = _latin_kind(latin.group(), words)
            if latin_kind is not None:
                unit, kind, after = latin.group(), latin_kind, latin.end()
            elif at == end:
                return None
    else:
        found = words.units.at(text, at)
        if found is not None and found[1].unit:
            word = found[1]
            unit, kind, after = word.unit, word.kind, at + len(word.word)
    if unit == "个" and text[after : after + 2] in ("多月", "余月", "半月"):
        qualifier, unit, kind, after = "over", "个月", "duration", after + 2
    if unit and text[after : after + 1] in ("/", "／"):
        per = _per(text, after + 1, words)
        if per is not None:
            unit, after = f"{unit}/{text[after + 1 : per]}", per
    if (
        unit
        and not qualifier
        and (kind in ("duration", "ratio", "money") or unit == "成")
        and text[after : after + 1] in ("多", "余")
    ):
        if text[after + 1 : after + 2] not in _NOT_MORE:
            qualifier, after = "over", after + 1
    elif (
        unit
        and text[after : after + 1] == "内"
        and (kind == "duration" or unit in ("米", "公里"))
        and (text[after + 1 : after + 2] not in tuple("容部外地"))
    ):
        qualifier, after = qualifier or "at_most", after + 1
    closing = bound_after(text, after, words)
    if closing is not None and text[closing[1] - 1] not in "余多+＋":
        qualifier, after = qualifier or closing[0], closing[1]
    return Tail(after, core_end, unit, kind, qualifier, word)


def _mark(text: str, at: int, words: Tables) -> tuple[Qualifier | None, int]:
    """余, 多, 来, 几 or + right after a numeral, before its unit: 1600余名, 20来家."""
    character = text[at : at + 1]
    if not character or character not in "余多来几+＋":
        return None, at
    if character in "来几":
        if words.units.at(text, at + 1) is None:
            return None, at
        return ("about" if character == "来" else "over"), at + 1
    bound = bound_after(text, at, words)
    if bound is None:
        return None, at
    return bound[0], bound[1] + 1 if text[bound[1] : bound[1] + 1] == " " else bound[1]


def _latin_kind(written: str, words: Tables) -> FigureKind | None:
    """The kind of a unit in Latin letters such as kWh or μg/m3; None when it is none."""
    first, slash, per = written.partition("/")
    found = words.units.at(first, 0)
    if found is None or len(found[0]) != len(first):
        return None
    if slash:
        base = words.units.at(per, 0)
        if (base is None or len(base[0]) != len(per)) and per not in ("s", "h", "d", "a", "L", "t", "g", "m"):
            return None
    return found[1].kind


def _per(text: str, at: int, words: Tables) -> int | None:
    """The end of the unit after a slash: 元/吨, 人/平方公里, 微克/立方米, 吨/日."""
    latin = LATIN_UNIT.match(text, at)
    if latin is not None:
        return latin.end()
    found = words.units.at(text, at)
    if found is not None and found[1].unit:
        return at + len(found[1].word)
    return at + 1 if text[at : at + 1] and text[at] in _RATE_BASES else None
