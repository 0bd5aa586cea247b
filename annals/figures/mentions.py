"""Numbers that measure something, found in one unwrapped paragraph, with all that is written around them.

A mention is the numeral core and what belongs to it: qualifier, magnitude, measure word. What it counts, when, where,
and whether it was planned or done, is for the other modules of this room.

What is no mention is told by type and structure, never by sentence: dates, clock times, ordinals, document and
telephone numbers, numbers in Latin words (PM2.5, 5G), in titles (《…》) and slogans (“六个一”), ranks, periods.
The reader goes from one possible beginning to the next and looks a bounded distance to either side: linear time.
"""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from msgspec import Struct, structs

from annals.figures import shapes
from annals.figures.judgement import (
    at_least_of,
    breaks_through,
    counts_noun,
    hanzi_counts,
    is_arabic,
    is_index,
    is_named,
    is_negative,
    is_year_like,
    loosely_bounded,
    measures,
    sums_names,
)
from annals.figures.numerals import POWERS, Numeral, read_digits, read_hanzi, ten_to
from annals.figures.surroundings import Tail, bound_after, read_head, read_tail
from annals.figures.units import Tables, tables
from annals.model import FigureKind, Qualifier

_PAIR = 2
_QUOTE_REACH = 24
_TITLE_REACH = 120
_FELL = re.compile("[由从自减降缩回落跌]|压缩|名次|排名|位次|比分")


class Mention(Struct, frozen=True, kw_only=True, gc=False):
    """One number as written. Offsets are into the paragraph given; `raw` is `text[raw_start:raw_end]`.

    `value` is in base units (12.58万 → 125800; 元; percentages as written); `value_high` only in a range (3至5家).
    `low` and `high` bound what value and qualifier mean (None is open; an exact number has low = high = value).
    `precision` is the place of the last digit stated: 100 for 12.58万, 0.1 for 16.0%.
    `confidence` is 0–1: how sure it is that the number measures something at all.
    `bare` says that no unit, magnitude or qualifier is written: a table cell's number, or an index.
    `hanzi` says that it is written in Chinese numerals.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int
    value: Decimal
    value_high: Decimal | None
    low: Decimal | None
    high: Decimal | None
    precision: Decimal
    unit: str
    qualifier: Qualifier
    kind: FigureKind
    confidence: float
    bare: bool = False
    hanzi: bool = False


def find_mentions(text: str, *, cell: bool = False) -> list[Mention]:
    """Find the numbers that measure something in one paragraph (no layout line breaks inside), or in one table cell.

    >>> text = "看望乡村教师1400余名，吸引近40万群众，覆盖率达到70%以上"
    >>> for m in find_mentions(text): print(text[m.raw_start:m.raw_end], m.value, m.unit, m.qualifier, m.low, m.high)
    1400余名 1400 名 over 1400 1500
    近40万 400000  nearly 360000 400000
    70%以上 70 % at_least 70 None
    >>> find_mentions("第十二届大会于2021年9月17日召开，位居全国第3，“六个一”工程和《十条措施》落地")
    []
    >>> [(m.value, m.value_high, m.unit) for m in find_mentions("建成3至5家，两三个基地，一千二百余户")]
    [(Decimal('3'), Decimal('5'), '家'), (Decimal('2'), Decimal('3'), '个'), (Decimal('1200'), None, '户')]
    >>> find_mentions("1,234.5"), [(m.value, m.bare) for m in find_mentions("1,234.5", cell=True)]
    ([], [(Decimal('1234.5'), True)])
    """
    if cell:
        only = _read_cell(text)
        if only is not None:
            return [only]
    return _Reader(text, tables()).read()


@cache
def _beginnings() -> re.Pattern[str]:
    return shapes.beginnings(tables().hanzi_units)


def _read_cell(text: str) -> Mention | None:
    """A cell that is a number and nothing else; its unit stands in the table's header."""
    match = shapes.CELL.fullmatch(text)
    numeral = read_digits(match["number"]) if match is not None else None
    if match is None or numeral is None:
        return None
    start, end = match.start("sign" if match["sign"] else "number"), match.end("number")
    negative = match["sign"] != "" and match["sign"] in shapes.SIGNS
    found = _Found(start, end, start, end, numeral, "", "count", "exact", 0.4, negative=negative, bare=True)
    return found.mention()


class _Count(NamedTuple):
    """A numeral with what is written inside it."""

    numeral: Numeral
    end: int
    inner: Qualifier | None  # 余, 多 inside: 2000余万
    power: int  # of the magnitude written
    digits: str


class _Found(NamedTuple):
    """What a mention is made from. `remainder`: 余 or 多 leaves open the digits below this power, or below the last
    digit that is not zero (0)."""

    start: int
    end: int
    raw_start: int
    raw_end: int
    numeral: Numeral
    unit: str
    kind: FigureKind
    qualifier: Qualifier
    confidence: float
    negative: bool = False
    hanzi: bool = False
    bare: bool = False
    remainder: int | None = None

    def mention(self) -> Mention:
        numeral = self.numeral
        value = -numeral.value if self.negative else numeral.value
        low, high = _interval(numeral, value, self.qualifier, self.remainder)
        if low is not None and high is not None and low > high:
            low, high = high, low  # of a range that a slip turned round
        return Mention(
            start=self.start,
            end=self.end,
            raw_start=self.raw_start,
            raw_end=self.raw_end,
            value=value,
            value_high=numeral.value_high,
            low=low,
            high=high,
            precision=ten_to(numeral.place),
            unit=self.unit,
            qualifier=self.qualifier,
            kind=self.kind,
            confidence=self.confidence,
            bare=self.bare,
            hanzi=self.hanzi,
        )


def _interval(
    numeral: Numeral, value: Decimal, qualifier: Qualifier, remainder: int | None
) -> tuple[Decimal | None, Decimal | None]:
    """The interval that a value and its qualifier mean.

    1600余 stays below 1700, 30余万 below 40万, 30万余 below 31万; 超1600 is open above. About and nearly reach as far
    as the last digit that is not zero, but no further than a tenth: 5%左右 is 4.5 to 5.5, 近30万 27万 to 30万.
    """
    if numeral.vague:
        return numeral.low, numeral.high
    upper = value if numeral.value_high is None else numeral.value_high
    match qualifier:
        case "exact":
            return value, upper
        case "over":
            return value, None if remainder is None else value + ten_to(remainder or numeral.round_place)
        case "at_least":
            return value, None
        case "under" | "at_most":
            return (None if numeral.value_high is None else value), upper
    margin = min(ten_to(numeral.round_place), abs(value) / 10)
    return value - margin, upper + margin if qualifier == "about" else upper


class _Reader:
    """One walk through one paragraph."""

    def __init__(self, text: str, words: Tables) -> None:
        self.text = text
        self.words = words
        self.found: list[Mention] = []
        self.quote_start = self.quote_end = -1
        self.carried: tuple[Qualifier, str, int] | None = None  # 超98.5%、99%: a word before both, unit, end
        self.waiting: list[tuple[_Found, str]] = []  # 分别为3、5家: numbers that take the next one's unit

    def read(self) -> list[Mention]:
        text, search = self.text, _beginnings().search
        own = shapes.OWN_NUMBER.match(text)
        at = own.end() if own else 0
        while (match := search(text, at)) is not None:
            at = match.start()
            character = text[at]
            if character in shapes.DIGITS:
                at = self._read_digits(at)
            elif character == "《":
                close = text.find("》", at, at + _TITLE_REACH)
                at = close + 1 if close > 0 else at + 1
            elif character == "第":
                ordinal = shapes.ORDINAL.match(text, at)
                at = ordinal.end() if ordinal else at + 1
            elif character in shapes.QUOTES:
                if at != self.quote_end:
                    self.quote_start = at
                    self.quote_end = text.find(shapes.QUOTES[character], at + 1, at + _QUOTE_REACH)
                at += 1
            elif character.isascii():
                word = shapes.LATIN_WORD.match(text, at)
                at = word.end() if word else at + 1
            else:
                at = self._read_hanzi(at)
        return self.found

    # --- Arabic digits: each returns where to go on -------------------------------------------------

    def _read_digits(self, start: int) -> int:
        text = self.text
        other = shapes.OTHER_NUMBER.match(text, start)
        if other is not None:
            return other.end()
        number = shapes.NUMBER.match(text, start)
        if number is None:
            return start + 1
        count = self._count(number)
        if count is None or is_named(text, start):
            return number.end()
        following = text[count.end : count.end + 1]
        if following and following in ":：∶ ":
            ratio = shapes.RATIO.match(text, count.end)
            if ratio is not None:
                return self._read_ratio(start, ratio.end())
        if following and following in "/／ ":
            rate = self._read_rate(start, count)
            if rate is not None:
                return rate
        tail = read_tail(text, count.end, self.words)
        if tail is None:
            return count.end
        second = self._read_range(start, count, tail)
        if second is not None:
            return second
        return tail.end if self._accept(start, count, tail) else count.end

    def _count(self, number: re.Match[str]) -> _Count | None:
        """Take in the magnitude, and 余 or 多 before it: 12.58万, 2000余万."""
        text, end = self.text, number.end()
        digits = number.group()
        inner: Qualifier | None = None
        at = end + 1 if text[end : end + 1] == " " else end
        mark = text[at : at + 1]
        if mark and mark in "余多来几" and text[at + 1 : at + 2] in POWERS:
            inner = "about" if mark == "来" else "over"
            end = at + 1
        magnitude = shapes.MAGNITUDE.match(text, end)
        if magnitude is None or (is_year_like(digits) and self.words.phrases.at(text, end) is not None):
            numeral = read_digits(digits)
            return None if numeral is None else _Count(numeral, number.end(), None, 0, digits)
        power = sum(POWERS[character] for character in magnitude[1])
        numeral = read_digits(digits, power)
        return None if numeral is None else _Count(numeral, magnitude.end(), inner, power, digits)

    def _read_ratio(self, start: int, end: int) -> int:
        """Numbers with colons between them: parts of a whole (4.1：38.2：57.7), a clock time, or a table's label."""
        text = self.text
        before = text[max(0, start - 2) : start].rstrip(shapes.SPACES)[-1:]
        if shapes.CLOCK.fullmatch(text, start, end) and before not in ("为", "比"):
            return end
        parts = [(start + m.start(), start + m.end(), m.group()) for m in shapes.RATIO_PART.finditer(text[start:end])]
        if before in ("表", "图", "附") or any(is_year_like(digits) for _, _, digits in parts):
            return parts[0][1]
        if len(parts) == _PAIR and (one := _to_one(parts[0][2], parts[1][2])) is not None:
            self._add_share(start, end, end, one, "", "ratio")  # 2.4∶1
            return end
        for begin, stop, digits in parts:
            numeral = read_digits(digits)
            if numeral is not None:
                self._add(_Found(begin, stop, begin, stop, numeral, "", "ratio", "exact", 0.6))
        return end

    def _read_rate(self, start: int, count: _Count) -> int | None:
        """14.3/10万, or a fraction of small numbers (2/3)."""
        text = self.text
        fraction = shapes.FRACTION.match(text, count.end)
        many = shapes.PER_MANY.match(text, count.end)
        numeral, unit, core_end = count.numeral, "", count.end
        if fraction is not None and count.digits.isdigit() and 0 < numeral.value < int(fraction[1]):
            numeral = _share_of(numeral.value, Decimal(fraction[1]))
            after = core_end = fraction.end()
        elif many is not None:
            unit, after = many.group().replace("／", "/").replace(" ", ""), many.end()
        else:
            return None
        self._add_share(start, core_end, after, numeral, unit, "ratio")
        return after

    def _read_range(self, start: int, first: _Count, tail: Tail) -> int | None:
        """Two numbers with a dash or 至 between them: 3至5家, 30%—40%, 1.5—2万人."""
        text = self.text
        between = shapes.RANGE.match(text, tail.end if tail.unit else first.end)
        if between is None or tail.qualifier or first.inner or shapes.OTHER_NUMBER.match(text, between.end()):
            return None
        worded = "至" in between.group() or "到" in between.group()
        if worded and text[start - 1 : start] in ("从", "由", "自"):
            return None
        number = shapes.NUMBER.match(text, between.end())
        second = self._count(number) if number is not None else None
        last = read_tail(text, second.end, self.words) if second is not None else None
        if second is None or last is None or second.inner:
            return None
        if (tail.unit and tail.unit != last.unit) or not (last.unit or second.power):
            return None
        low = first.numeral
        if second.power and not first.power and not tail.unit:
            scaled = read_digits(first.digits, second.power)
            if scaled is not None and scaled.value < second.numeral.value:
                low = scaled
        high = second.numeral.value
        if low.value == high or (low.value > high and not self._misordered(start, first, second, tail, last)):
            return None
        both = Numeral(low.value, min(low.place, second.numeral.place), low.round_place, value_high=high)
        count = _Count(both, second.end, None, second.power, second.digits)
        return last.end if self._accept(start, count, last) else second.end

    def _misordered(self, start: int, first: _Count, second: _Count, tail: Tail, last: Tail) -> bool:
        """Whether a larger number before a smaller one is a range all the same: 30-20场, 20万元至8万元.

        Not where something fell to the second (减至), nor in a sign of letters and digits (A8-3) or a table's number.
        """
        before = self.text[max(0, start - 12) : start]
        return (
            bool(last.unit)
            and (first.power == second.power or bool(tail.unit))
            and not is_year_like(first.digits)
            and not (before[-1:].isascii() and before[-1:].isalnum())
            and before[-1:] not in tuple(f"{shapes.SIGNS}表图附第")
            and _FELL.search(before) is None
        )

    # --- Chinese numerals ---------------------------------------------------------------------------

    def _read_hanzi(self, start: int) -> int:
        text, words = self.text, self.words
        phrase = words.phrases.at(text, start)
        if phrase is not None:
            return start + len(phrase[0])
        half = shapes.HALF.match(text, start)
        if half is not None:
            self._add_share(start, half.end(), half.end(), Numeral(Decimal(50), 1, 1), "%", "percent", hanzi=True)
            return half.end()
        number = shapes.HANZI_NUMBER.match(text, start)
        if number is None:
            return start + 1
        if "分之" in text[start : number.end() + 2]:
            share = shapes.HANZI_SHARE.match(text, start)
            if share is not None:
                return self._read_share(share)
        written, end = number.group(), number.end()
        if is_named(text, start) or is_arabic(text[start - 1 : start]) or self.quote_start < start < self.quote_end:
            return end
        inner: Qualifier | None = None
        power = 0
        if text[end : end + 1] in ("余", "多", "来") and text[end + 1 : end + 2] in ("万", "亿"):
            inner = "about" if text[end] == "来" else "over"
            power = POWERS[text[end + 1]]
            end += 2
        numeral = read_hanzi(written, power)
        tail = read_tail(text, end, words)
        between = shapes.HANZI_RANGE.match(text, end)
        if numeral is not None and between is not None:
            second = shapes.HANZI_NUMBER.match(text, between.end())
            high = read_hanzi(second.group()) if second is not None else None
            if second is not None and high is not None and high.value > numeral.value:
                end, inner = second.end(), None
                numeral = Numeral(numeral.value, 0, 0, value_high=high.value)
                tail = read_tail(text, end, words)
        if numeral is None or tail is None:
            return end
        loose: Qualifier | None = "over" if written[0] in "百千万亿" and loosely_bounded(text, start) else None
        bound = inner or read_head(text, start, words)[0] or loose
        if not hanzi_counts(text, start, written, numeral, tail, bound):
            return end
        if not power and written[-1] in "万亿" and len(written) > 1:
            power = POWERS[written[-1]]
        count = _Count(numeral, end, inner, power, written)
        return tail.end if self._accept(start, count, tail, hanzi=True, loose=loose) else end

    def _read_share(self, share: re.Match[str]) -> int:
        """百分之十 is a percentage, 千分之五 a per-mille, 三分之二 a fraction."""
        start, end, of = share.start(), share.end(), share["of"]
        whole, _, decimals = share["part"].partition("点")
        numeral = read_digits(whole) if whole[0] in shapes.DIGITS else read_hanzi(whole)
        base = read_hanzi(of)
        if numeral is None or base is None or is_named(self.text, start) or self.quote_start < start < self.quote_end:
            return end
        if decimals:
            places = "".join(str("零一二三四五六七八九".index(c)) for c in decimals.replace("〇", "零"))
            numeral = read_digits(f"{numeral.value}.{places}") or numeral
        unit = {"百": "%", "千": "‰", "万": "‱"}.get(of)
        if unit:
            self._add_share(start, end, end, numeral, unit, "percent", hanzi=True)
        elif numeral.value < base.value:
            self._add_share(start, end, end, _share_of(numeral.value, base.value), "", "ratio", hanzi=True)
        return end

    # --- judging and recording ----------------------------------------------------------------------

    def _accept(
        self, start: int, count: _Count, tail: Tail, *, hanzi: bool = False, loose: Qualifier | None = None
    ) -> bool:
        """Record the number if it measures something; False when it is another kind of number."""
        text = self.text
        if self.quote_start < start < self.quote_end and (
            start == self.quote_start + 1
            or text[self.quote_start + 1] in shapes.HANZI
            or (tail.end == self.quote_end and self.quote_end - self.quote_start < 12)
        ):
            return False  # a slogan or a name: “15分钟生活圈”, “三个100亿”, “科创20条”
        head, raw_start = read_head(text, start, self.words)
        if head is None and loose is not None:
            head, raw_start = loose, start - 1
        elif head == "over" and breaks_through(text, raw_start, start, tail.end):
            head, raw_start = None, start
        unit, kind = tail.unit, tail.kind
        if start and text[start - 1] in "¥￥$" and kind == "count":
            unit, kind = ("美元" if text[start - 1] == "$" else "元"), "money"
        confidence = 0.85 if hanzi else 0.95
        year_like = not hanzi and not count.power and is_year_like(count.digits)
        marked = bool(count.inner or tail.qualifier)
        bare = not (unit or count.power or head or marked or hanzi)
        if bare:
            if not hanzi and self._awaits(start, count):
                found = _Found(start, count.end, start, count.end, count.numeral, "", "count", "exact", 0.7)
                self.waiting.append((found, count.digits))
                return False
            noun = len(count.digits) < 4 and (
                counts_noun(text, count.end, self.words) or sums_names(text, start, count.end)
            )
            if year_like or not (noun or is_index(text, start, count.end, count.digits)):
                return False
            bare, confidence = not noun, 0.7 if noun else 0.5
        elif not unit and not count.power and not hanzi:
            if not marked and (year_like or len(count.digits) < 2):
                return False
            if text[tail.end : tail.end + 2].lstrip()[:1] in tuple("周年月日号级届层楼线路版岁时点后前强"):
                return False  # 不满16周岁
            confidence = 0.7
        elif unit and not measures(text, start, count.digits, tail, head):
            return False
        elif year_like and len(unit) == 1 and kind == "count" and (not start or text[start - 1] in "“《办届席加布评—·"):
            return False  # 2021部省共建…: a year before a name
        qualifier: Qualifier = count.inner or tail.qualifier or head or ("over" if count.numeral.vague else "exact")
        if head and not count.inner and tail.qualifier == "about":
            qualifier = head  # 不超过…左右
        if qualifier == "exact":
            qualifier = "at_least" if at_least_of(text, start) else self._carry(start, unit)
        if head and unit:
            self.carried = (head, unit, tail.end)
        if not hanzi:
            self._share_unit(start, unit, kind, count.power)
        core_start = start
        negative = not hanzi and start > 0 and text[start - 1] in shapes.SIGNS and is_negative(text, start, unit)
        if negative:
            core_start = start - 1
            raw_start = min(raw_start, core_start)
        remainder = None
        if count.inner:
            remainder = 0
        elif tail.qualifier == "over" and head is None:
            remainder = count.power
        self._add(
            _Found(
                core_start,
                max(count.end, tail.core_end),
                raw_start,
                max(tail.end, tail.core_end),
                count.numeral,
                unit,
                kind,
                qualifier,
                confidence,
                negative=negative,
                hanzi=hanzi,
                bare=bare,
                remainder=remainder,
            )
        )
        return True

    def _awaits(self, start: int, count: _Count) -> bool:
        """Whether a number without a unit shares that of the next one: 分别为3、5家."""
        text = self.text
        joined = text[count.end : count.end + 1] in ("、", "和", "及", "与") and is_arabic(
            text[count.end + 1 : count.end + 2]
        )
        if self.waiting and self.waiting[-1][0].end + 1 != start:
            self.waiting.clear()
        return joined and (bool(self.waiting) or "分别" in text[max(0, start - 24) : start])

    def _share_unit(self, start: int, unit: str, kind: FigureKind, power: int) -> None:
        """Give unit and magnitude read at `start` to the numbers that are joined to it and have none."""
        if self.waiting:
            if unit and self.waiting[-1][0].end + 1 == start:
                for found, digits in self.waiting:
                    numeral = read_digits(digits, power) or found.numeral
                    self.found.append(found._replace(numeral=numeral, unit=unit, kind=kind).mention())
            self.waiting.clear()
            return
        at, end = len(self.found) - 1, start
        while unit and at >= 0 and self.text[self.found[at].end : end] in ("、", "和"):
            before = self.found[at]
            if before.unit or before.raw_end != before.end or before.kind != "count" or before.bare or before.hanzi:
                break
            self.found[at] = structs.replace(before, unit=unit, kind=kind)
            at, end = at - 1, before.raw_start

    def _carry(self, start: int, unit: str) -> Qualifier:
        """A word before the first of two joined numbers bounds the second: 超98.5%、99%."""
        if self.carried is not None:
            qualifier, carried_unit, end = self.carried
            if unit == carried_unit and self.text[end:start] in ("、", "和", "及", "与"):
                self.carried = (qualifier, unit, start)
                return qualifier
        return "exact"

    def _add_share(
        self,
        start: int,
        core_end: int,
        after: int,
        numeral: Numeral,
        unit: str,
        kind: FigureKind,
        *,
        hanzi: bool = False,
    ) -> None:
        """Record a rate or a fraction, with the words that bound it on either side."""
        head, raw_start = read_head(self.text, start, self.words)
        closing = bound_after(self.text, after, self.words)
        qualifier: Qualifier = head or (closing[0] if closing else "exact")
        raw_end = closing[1] if closing else after
        self._add(_Found(start, core_end, raw_start, raw_end, numeral, unit, kind, qualifier, 0.9, hanzi=hanzi))

    def _add(self, found: _Found) -> None:
        self.found.append(found.mention())


def _to_one(first: str, second: str) -> Numeral | None:
    """What a ratio of two comes to where one side of it is 1, else None: both are then parts of a whole.

    >>> _to_one("2.4", "1").value, _to_one("1", "0.5").value, _to_one("51", "49")
    (Decimal('2.4'), Decimal('2'), None)
    """
    left, right = read_digits(first), read_digits(second)
    if left is None or right is None or not left.value or not right.value or 1 not in (left.value, right.value):
        return None
    if right.value == 1:
        return left
    share = _share_of(left.value, right.value)
    return Numeral(share.value.normalize() + 0, share.place, share.round_place)


def _share_of(part: Decimal, whole: Decimal) -> Numeral:
    """A fraction as a number of six places.

    >>> _share_of(Decimal(2), Decimal(3)).value
    Decimal('0.666667')
    """
    return Numeral((part / whole).quantize(ten_to(-6)), -6, -6)
