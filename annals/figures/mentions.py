"""Numbers that measure something, found in one unwrapped paragraph, with all that is written around them.

A mention is the numeral core and what belongs to it: qualifier, magnitude, measure word. What it counts, when, where,
and whether it was planned or done, is for the other modules of this room.

What is no mention is told by type and structure, never by sentence: dates, clock times, ordinals, document and
telephone numbers, numbers in Latin words (PM2.5, 5G), in titles (《…》) and slogans (“六个一”), ranks, periods.
The reader goes from one possible beginning to the next, and looks a bounded distance to either side: linear time.
"""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from msgspec import Struct

from annals.figures.numerals import Numeral, read_digits, read_hanzi, ten_to
from annals.figures.units import Bound, MeasureWord, Tables, tables
from annals.model import FigureKind, Qualifier


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


# --- the shapes of numbers -----------------------------------------------------------------------

D = "[0-9０-９]"
HAN = "零〇一二三四五六七八九十百千万亿两几"
BANKERS = "壹贰叁肆伍陆柒捌玖拾佰仟"
DASH = "[-—–－―~～至到]"
SPACE = "[ \u00a0\u2002-\u200a\u3000]"

_NUMBER = re.compile(rf"(?:{D}{{1,3}}(?:[,，]{D}{{3}})+(?!{D})|{D}+)(?:[.．]{D}+)?")
_MAGNITUDE = re.compile(
    rf"{SPACE}?(万亿|[十百千]?[万亿]|千(?![瓦克米伏卡帕赫焦升分])|百(?=[余多]?[个名位人家户元亩场件]))"
)
_RANGE = re.compile(rf"{SPACE}?[-—–－―~～至到]{{1,2}}{SPACE}?(?={D})")
_HAN_RANGE = re.compile(rf"[至到](?=[{HAN}])")
_RATIO = re.compile(rf"(?:{SPACE}?[:：∶]{SPACE}?{D}+(?:[.．]{D}+)?)+")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4])[:：∶][0-5][0-9](?:[:：∶][0-5][0-9])?$")
_PER_MANY = re.compile(rf"{SPACE}?[/／]{SPACE}?(?:{D}+[十百千]?[万亿]?|[十百千]?[万亿])(?=$|[^0-9A-Za-z一-鿿])")
_SIMPLE_FRACTION = re.compile(rf"[/／]([1-9]|10)(?![0-9.．/／%])")
_LATIN_UNIT = re.compile(r"[A-Za-zμΩ°℃㎡㎥²³]+[23]?(?:[/·][A-Za-zμ²³㎡㎥]+[23]?)?")
_HAN_NUMBER = re.compile(rf"[数几]?[{HAN}]+|[{BANKERS}零万亿]+")
_HAN_SHARE = re.compile(rf"(?P<of>[{HAN}]+)分之(?P<part>[{HAN}]+(?:点[零〇一二三四五六七八九]+)?|{D}+(?:[.．]{D}+)?)")
_HAN_DECIMAL = re.compile(r"点([零〇一二三四五六七八九]+)")

# Numbers of other kinds, known by their shape alone.
_OTHER_NUMBER = re.compile(
    rf"""
      [12１２]{D}{{3}}{SPACE}?(?:[-—–－―~～/、至到和]{{1,2}}{SPACE}?(?:{D}{{4}}|{D}{{2}}){SPACE}?)*年(?:{SPACE}?{DASH}{SPACE}?{D}{{4}}{SPACE}?年)?
    | 0{D}{SPACE}?年
    | (?:19|20){D}{{2}}{SPACE}?[-—–－―~～至到]{{1,2}}{SPACE}?(?:19|20){D}{{2}}(?![0-9.．万亿%])
    | (?:19|20){D}{{2}}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])
    | {D}{{1,2}}{SPACE}?(?:[-—–－―~～、至到]{{1,2}}{SPACE}?{D}{{1,2}}{SPACE}?)?月(?:份)?(?:{SPACE}?{D}{{1,2}}{SPACE}?(?:[-—–－―~～、至到]{{1,2}}{SPACE}?{D}{{1,2}}{SPACE}?)?[日号])?
    | {D}{{1,2}}{SPACE}?(?:[-—–－―~～、至到]{{1,2}}{SPACE}?{D}{{1,2}}{SPACE}?)?日(?!内|以内|之内|以上|左右)
    | (?:[01]?[0-9]|2[0-4]){SPACE}?[时点](?!尚|间|代|期|段|位)(?:{SPACE}?{D}{{1,2}}{SPACE}?分|半|整|钟)?
    | {D}+(?:\.{D}+){{2,}}
    | 0{D}{{2,3}}-{D}{{7,8}} | {D}+-{D}+(?:-{D}+)+
    | {D}+{SPACE}?[号#＃](?!召)
    | {D}+(?:\.{D}+)?(?:[+＋×xX*＊·•]{SPACE}?(?:{D}+(?:\.{D}+)?|[A-Za-z]+|[一二三四五六七八九十]))+
    """,
    re.VERBOSE,
)
# The paragraph's own number: 1. / （3） / 2、 / **4. ; markdown marks before it are no text.
_OWN_NUMBER = re.compile(
    rf"[\s#*>_\-—•·●■]*[(（\[【［]?{D}{{1,3}}(?:\.{D}{{1,2}})*{SPACE}?(?:[)）\]】］.．、:：](?!{D})|(?=[\t\u3000]))"
)
_ORDINAL = re.compile(
    rf"第{SPACE}?(?:{D}+|[{HAN}]+)(?:{SPACE}?(?:[-—–－~～至到]|、第|、(?=[{HAN}{D[1:-1]}]{{1,3}}[届次批期条款项章]))第?{SPACE}?(?:{D}+|[{HAN}]+))*"
)
_LATIN_WORD = re.compile(r"[A-Za-z]+(?=[0-9]+(?:\.[0-9]+)?[万亿%％‰])|[A-Za-z][A-Za-z0-9_./:#?=&@+%\-]*")
_CELL = re.compile(rf"\s*(?P<sign>[-−－﹣]?)\s*(?P<number>(?:{D}{{1,3}}(?:[,，]{D}{{3}})+|{D}+)(?:[.．]{D}+)?)\s*")

_SIGNS = "-−－﹣"
_OPENING = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"'}
_QUOTE_REACH = 24
_TITLE_REACH = 120
# Before a number 前 makes a rank or a period (前10名, 前三季度), unless it ends another word (目前36家).
_FRONT_WORDS = frozenset("目此当之以提先日年月事会期间从空面跟生产赛")
_NO_LIMIT_WORDS = frozenset("每第头")


class _Count(NamedTuple):
    """A number with what is written inside and right after it."""

    numeral: Numeral
    end: int  # of the core
    inner: Qualifier | None  # 余, 多 inside the core
    scaled: bool  # a magnitude is written
    power: int
    digits: str


class _Tail(NamedTuple):
    """What follows a core: its unit and the words that bound it."""

    end: int
    unit: str
    kind: FigureKind
    qualifier: Qualifier | None
    word: MeasureWord | None


def find_mentions(text: str, *, cell: bool = False) -> list[Mention]:
    """Find the numbers that measure something in one paragraph (no layout line breaks inside), or in one table cell.

    >>> [(text[m.raw_start:m.raw_end], m.value, m.unit, m.qualifier) for text in
    ...  ["走访科技工作者1600余名，吸引近30万市民，比例达到10%以上"] for m in find_mentions(text)]
    [('1600余名', Decimal('1600'), '名', 'over'), ('近30万', Decimal('300000'), '', 'nearly'), ('10%以上', Decimal('10'), '%', 'at_least')]
    >>> find_mentions("第十二届大会于2021年9月17日召开，位居全国第3，“六个一”工程和《十条措施》落地")
    []
    >>> [(m.value, m.value_high, m.unit) for m in find_mentions("建成3至5家，两三个基地，一千二百余户")]
    [(Decimal('3'), Decimal('5'), '家'), (Decimal('2'), Decimal('3'), '个'), (Decimal('1200'), None, '户')]
    >>> find_mentions("1,234.5")
    []
    >>> [(m.value, m.bare) for m in find_mentions("1,234.5", cell=True)]
    [(Decimal('1234.5'), True)]
    """
    if cell:
        only = _read_cell(text)
        if only is not None:
            return [only]
    return _Reader(text, tables()).read()


def _read_cell(text: str) -> Mention | None:
    """A cell that is a number and nothing else; its unit stands in the table's header."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    numeral = read_digits(match["number"])
    if numeral is None:
        return None
    value = -numeral.value if match["sign"] else numeral.value
    start = match.start("sign") if match["sign"] else match.start("number")
    return Mention(
        start=start,
        end=match.end("number"),
        raw_start=start,
        raw_end=match.end("number"),
        value=value,
        value_high=None,
        low=value,
        high=value,
        precision=ten_to(numeral.place),
        unit="",
        qualifier="exact",
        kind="count",
        confidence=0.4,
        bare=True,
    )


_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


@cache
def _beginnings() -> re.Pattern[str]:
    """Where a number, or a stretch that hides numbers, may begin."""
    units = re.escape(tables().hanzi_units)
    return re.compile(
        rf"[0-9０-９A-Za-z第《“‘「『\"]|[{HAN}](?=[{HAN}余多来{units}]|分之|{SPACE}[{units}])"
        rf"|[数几](?=[十百千万亿])|[{BANKERS}](?=[{BANKERS}万亿元圆])"
    )


class _Reader:
    """One walk through one paragraph."""

    def __init__(self, text: str, words: Tables) -> None:
        self.text = text
        self.words = words
        self.found: list[Mention] = []
        self.quote_start = self.quote_end = -1

    def read(self) -> list[Mention]:
        text, search = self.text, _beginnings().search
        own = _OWN_NUMBER.match(text)
        at = own.end() if own else 0
        while (match := search(text, at)) is not None:
            at = match.start()
            character = text[at]
            if character in "0123456789０１２３４５６７８９":
                at = self._digits(at)
            elif character == "《":
                close = text.find("》", at, at + _TITLE_REACH)
                at = close + 1 if close > 0 else at + 1
            elif character == "第":
                ordinal = _ORDINAL.match(text, at)
                at = ordinal.end() if ordinal else at + 1
            elif character in _OPENING:
                if at != self.quote_end:
                    self.quote_start, self.quote_end = at, text.find(_OPENING[character], at + 1, at + _QUOTE_REACH)
                at += 1
            elif character.isascii():
                word = _LATIN_WORD.match(text, at)
                at = word.end() if word else at + 1
            else:
                at = self._hanzi(at)
        return self.found

    # --- Arabic digits -----------------------------------------------------------------------

    def _digits(self, start: int) -> int:
        """Read the number that begins here, if it measures; return where to go on."""
        text = self.text
        other = _OTHER_NUMBER.match(text, start)
        if other is not None:
            return other.end()
        number = _NUMBER.match(text, start)
        if number is None:
            return start + 1
        first = self._count(number)
        if first is None or self._is_named(start):
            return number.end()
        if text[number.end() : number.end() + 1] in (":", "：", "∶"):
            ratio = _RATIO.match(text, number.end())
            if ratio is not None:
                return self._ratio(start, ratio.end())
        if text[first.end : first.end + 1] in ("/", "／", " "):
            rate = self._rate(start, first)
            if rate is not None:
                return rate
        tail = self._tail(first.end)
        if tail is None:
            return first.end
        after = tail.end
        second_end = self._range(start, first, tail)
        if second_end is not None:
            return second_end
        if self._accept(start, first, tail):
            return after
        return max(first.end, number.end())

    def _count(self, number: re.Match[str]) -> _Count | None:
        """Take in the magnitude, and 余 or 多 before it: 12.58万, 2000余万."""
        text, end = self.text, number.end()
        inner: Qualifier | None = None
        mark = text[end : end + 1]
        if mark and mark in "余多来几" and text[end + 1 : end + 2] in ("万", "亿", "千", "百"):
            inner = "about" if mark == "来" else "over"
            end += 1
        magnitude = _MAGNITUDE.match(text, end)
        power = 0
        if magnitude is not None and not (
            self._is_year_like(number.group()) and not inner and self.words.phrases.at(text, end) is not None
        ):
            power = sum(_POWERS[c] for c in magnitude[1])
            end = magnitude.end()
        else:
            end = number.end()
            inner = None
        numeral = read_digits(number.group(), power)
        if numeral is None:
            return None
        return _Count(numeral, end, inner, power > 0, power, number.group())

    def _ratio(self, start: int, end: int) -> int:
        """Numbers with colons between them: parts of a whole (2.5：36.7：60.7), or a clock time."""
        text = self.text
        if _CLOCK.match(text[start:end]) and text[start - 1 : start] not in ("为", "比"):
            return end
        for part in re.finditer(rf"{D}+(?:[.．]{D}+)?", text[start:end]):
            numeral = read_digits(part.group())
            if numeral is not None:
                at = start + part.start()
                self._add(at, start + part.end(), at, start + part.end(), numeral, "", "ratio", "exact", 0.6)
        return end

    def _rate(self, start: int, first: _Count) -> int | None:
        """14.3/10万, or a fraction of small numbers (2/3)."""
        text = self.text
        fraction = _SIMPLE_FRACTION.match(text, first.end)
        whole = first.numeral.value
        if fraction is not None and first.digits.isdigit() and 0 < whole < int(fraction[1]):
            tail = self._tail(fraction.end())
            qualifier, raw_start = self._head(start)
            after = tail.end if tail is not None and not tail.unit else fraction.end()
            qualifier = qualifier or (tail.qualifier if tail is not None else None)
            share = (whole / int(fraction[1])).quantize(ten_to(-6))
            numeral = Numeral(value=share, place=-6, round_place=-6)
            self._add(start, fraction.end(), raw_start, after, numeral, "", "ratio", qualifier or "exact", 0.7)
            return fraction.end()
        many = _PER_MANY.match(text, first.end)
        if many is not None:
            qualifier, raw_start = self._head(start)
            tail = self._tail(many.end())
            after = tail.end if tail is not None and not tail.unit else many.end()
            qualifier = qualifier or (tail.qualifier if tail is not None else None)
            unit = many.group().replace("／", "/").strip()
            self._add(start, first.end, raw_start, after, first.numeral, unit, "ratio", qualifier or "exact", 0.95)
            return many.end()
        return None

    def _range(self, start: int, first: _Count, tail: _Tail) -> int | None:
        """Two numbers with a dash or 至 between them: 3至5家, 30%—40%, 1.5—2万人."""
        text = self.text
        between = _RANGE.match(text, tail.end if tail.unit else first.end)
        if between is None or tail.qualifier or first.inner or _OTHER_NUMBER.match(text, between.end()):
            return None
        if any(c in "至到" for c in between.group()) and text[start - 1 : start] in ("从", "由", "自"):
            return None
        number = _NUMBER.match(text, between.end())
        second = self._count(number) if number is not None else None
        if second is None or second.inner:
            return None
        last = self._tail(second.end)
        if last is None or (tail.unit and tail.unit != last.unit) or not (last.unit or second.scaled):
            return None
        low = first.numeral
        if second.scaled and not first.scaled and not tail.unit:
            scaled = read_digits(first.digits, second.power)
            if scaled is not None and scaled.value < second.numeral.value:
                low = scaled
        if low.value >= second.numeral.value:
            return None
        both = Numeral(
            value=low.value, place=second.numeral.place, round_place=low.round_place, value_high=second.numeral.value
        )
        count = _Count(both, second.end, None, second.scaled, second.power, second.digits)
        return last.end if self._accept(start, count, last) else second.end

    # --- Chinese numerals --------------------------------------------------------------------

    def _hanzi(self, start: int) -> int:
        """Read the Chinese numeral that begins here, if a measure word shows that it counts."""
        text, words = self.text, self.words
        phrase = words.phrases.at(text, start)
        if phrase is not None:
            return start + len(phrase[0])
        number = _HAN_NUMBER.match(text, start)
        if number is None:
            return start + 1
        if "分之" in text[start : number.end() + 2]:
            share = _HAN_SHARE.match(text, start)
            if share is not None:
                return self._share(share)
        written, end = number.group(), number.end()
        if self._is_named(start) or text[start - 1 : start].isdigit():
            return end
        inner: Qualifier | None = None
        power = 0
        if text[end : end + 1] in ("余", "多", "来") and text[end + 1 : end + 2] in ("万", "亿"):
            inner = "about" if text[end] == "来" else "over"
            power = _POWERS[text[end + 1]]
            end += 2
        numeral = read_hanzi(written, power)
        if numeral is None:
            return end
        tail = self._tail(end)
        if tail is None:
            return end
        between = _HAN_RANGE.match(text, end)
        if between is not None:
            second = _HAN_NUMBER.match(text, between.end())
            high = read_hanzi(second.group()) if second is not None else None
            last = self._tail(second.end()) if second is not None else None
            if second is not None and high is not None and last is not None and high.value > numeral.value:
                end, tail, inner = second.end(), last, None
                numeral = Numeral(value=numeral.value, place=0, round_place=0, value_high=high.value)
        if not self._hanzi_counts(start, written, numeral, inner, tail):
            return end
        count = _Count(numeral, end, inner, numeral.value >= 10000, power, written)
        return tail.end if self._accept(start, count, tail, hanzi=True) else end

    def _hanzi_counts(self, start: int, written: str, numeral: Numeral, inner: Qualifier | None, tail: _Tail) -> bool:
        """Whether a Chinese numeral counts something: grammar of numerals and measure words."""
        text = self.text
        if written == "一" and tail.unit not in ("倍", "番", "成"):
            return False
        if written in ("二", "一两", "万一", "几"):
            return False
        if self.quote_start < start < self.quote_end:
            return False
        if written[0] in "百千万亿" and not numeral.vague:
            bounded = inner or tail.qualifier or self._head(start)[0] or self._loose_head(start)
            if not bounded:
                return False
        if tail.word is None or not tail.unit:
            counted = inner or tail.qualifier == "over" or (written[0] in "百千万亿" and self._head(start)[0])
            return bool(counted) and text[tail.end : tail.end + 1] not in (
                "年",
                "载",
                "里",
                "岁",
                "次",
                "级",
                "届",
                "期",
            )
        if tail.word.hanzi != "yes":
            return False
        if tail.unit == "番" and "翻" not in text[max(0, start - 2) : start]:
            return False
        if tail.unit == "成" and not (
            tail.qualifier or text[tail.end : tail.end + 1] in ("", "，", "。", "；", "、", "的")
        ):
            return False
        following = text[tail.end : tail.end + 3]
        if following[:1] in ("一", "半") and following[1:2] != "般":
            return False  # 五个一, 一年半
        return not (
            tail.unit == "次" and following.startswith(("会议", "全会", "全体", "全委", "大会", "产业", "创业", "分配"))
        )

    def _share(self, share: re.Match[str]) -> int:
        """百分之十 is a percentage, 千分之五 a per-mille, 三分之二 a fraction."""
        text, start, end = self.text, share.start(), share.end()
        of, part = share["of"], share["part"]
        whole, _, decimals = part.partition("点")
        numeral = read_hanzi(whole) if whole[0] not in "0123456789０１２３４５６７８９" else read_digits(whole)
        base = read_hanzi(of)
        if numeral is None or base is None or self._is_named(start):
            return end
        if decimals:
            digits = "".join(str("零一二三四五六七八九".index(c.replace("〇", "零"))) for c in decimals)
            numeral = read_digits(f"{numeral.value}.{digits}")
            if numeral is None:
                return end
        unit, kind = {"百": ("%", "percent"), "千": ("‰", "percent"), "万": ("‱", "percent")}.get(of, ("", "ratio"))
        if not unit:
            if numeral.value >= base.value:
                return end
            place = -6
            numeral = Numeral(
                value=(numeral.value / base.value).quantize(ten_to(place)), place=place, round_place=place
            )
        qualifier, raw_start = self._head(start)
        bound = self._bound_after(end)
        self._add(
            start,
            end,
            raw_start,
            bound[1] if bound else end,
            numeral,
            unit,
            "percent" if kind == "percent" else "ratio",
            qualifier or (bound[0] if bound else "exact"),
            0.9,
            hanzi=True,
        )
        return end

    # --- what stands around a number -----------------------------------------------------------

    def _is_named(self, start: int) -> bool:
        """Whether what stands before makes the number a rank, a rate's base, or part of a longer sign."""
        text = self.text
        if not start:
            return False
        before = text[start - 1]
        if before in "每+＋×*·•/／_=#＃@&":
            return before != "每" or text[start - 2 : start - 1] != "以"
        if before == "前":
            return text[start - 2 : start - 1] not in _FRONT_WORDS
        return False

    @staticmethod
    def _is_year_like(digits: str) -> bool:
        return len(digits) == 4 and digits[:2] in ("19", "20") and digits.isdigit()

    def _head(self, start: int) -> tuple[Qualifier | None, int]:
        """The bounding word before a number, and where the mention begins with it."""
        text = self.text
        at = start
        if at and text[at - 1] in " \u00a0\u3000":
            at -= 1
        if text.endswith("人民币", max(0, at - 3), at):
            at -= 3
        elif at and text[at - 1] in "¥￥$":
            at -= 1
        found = self.words.before.before(text, at)
        if found is None:
            return None, start
        word, bound = found
        begin = at - len(word)
        if begin and text[begin - 1] in bound.not_beside:
            return None, start
        return bound.qualifier, begin

    def _loose_head(self, start: int) -> bool:
        """上百, 过万, 破亿: bounding words only before a magnitude that stands alone."""
        before, earlier = self.text[start - 1 : start], self.text[max(0, start - 2) : start - 1]
        return (
            (before == "上" and earlier not in ("以", "海", "线", "路", "网", "史", "身", "天", "山", "水", "世"))
            or (before == "过" and earlier not in ("通", "经", "不", "越", "度", "透", "穿", "难", "走"))
            or (before == "破" and earlier not in ("打", "侦", "攻", "爆"))
        )

    def _bound_after(self, at: int) -> tuple[Qualifier, int] | None:
        text = self.text
        if text[at : at + 1] == " ":
            at += 1
        found = self.words.after.at(text, at)
        if found is None:
            return None
        word, bound = found
        end = at + len(word)
        if text[end : end + 1] and text[end] in bound.not_beside:
            return None
        return bound.qualifier, end

    def _tail(self, end: int) -> _Tail | None:
        """Unit and bounding words after a core that ends here; None when Latin letters make it another kind of sign."""
        text, units = self.text, self.words.units
        at = end
        if text[at : at + 1] in (" ", "\u00a0", "\u3000"):
            at += 1
        spaced = at > end
        qualifier: Qualifier | None = None
        character = text[at : at + 1]
        if character and character in "余多来几+＋":
            if character in "来几":
                if units.at(text, at + 1) is not None:
                    qualifier = "about" if character == "来" else "over"
                    at += 1
            else:
                bound = self.words.after.at(text, at)
                if bound is not None and text[at + 1 : at + 2] not in tuple(bound[1].not_beside):
                    qualifier, at = "over", at + 1
            if text[at : at + 1] == " ":
                at += 1
            character = text[at : at + 1]
        unit, kind, word = "", "count", None
        after = at if qualifier else end
        if character and (character.isascii() or character in "μΩ°℃㎡㎥％‰‱"):
            latin = _LATIN_UNIT.match(text, at)
            if latin is not None:
                found = self._latin_unit(latin.group())
                if found is None and not spaced:
                    return None
                if found is not None:
                    unit, kind, after = latin.group(), found, latin.end()
                    if unit in ("bp", "BP"):
                        unit = "基点"
            elif character in "%％‰‱":
                sign = units.at(text, at)
                if sign is not None:
                    word, after = sign[1], at + 1
                    unit, kind = word.unit, word.kind
        elif character:
            entry = units.at(text, at)
            if entry is not None and entry[1].unit:
                written, word = entry
                if word.word != written and not written.startswith(word.word):
                    word = entry[1]
                size = len(written) if word.word == written else len(word.word)
                after = at + size
                unit, kind = word.unit, word.kind
            elif entry is None and character == "个":
                pass
        if unit == "个" and text[after : after + 1] in ("多", "余", "半") and text[after + 1 : after + 2] == "月":
            qualifier, unit, kind, after = "over", "个月", "duration", after + 2
        if unit and text[after : after + 1] in ("/", "／"):
            per = self._per(after + 1)
            if per is not None:
                unit, after = f"{unit}/{text[after + 1 : per]}", per
        if unit and not qualifier and kind in ("duration", "ratio", "money"):
            mark = text[after : after + 1]
            if mark in ("多", "余") and text[after + 1 : after + 2] not in tuple("媒功边样层发种方元年"):
                qualifier, after = "over", after + 1
        closing = self._bound_after(after)
        if closing is not None and (qualifier is None or closing[0] != "over"):
            if text[closing[1] - 1] in "余多+＋":
                closing = None
            else:
                qualifier, after = qualifier or closing[0], closing[1]
        return _Tail(after, unit, kind, qualifier, word)

    def _latin_unit(self, written: str) -> FigureKind | None:
        """The kind of a Latin unit such as kWh or μg/m3; None when it is none."""
        first, slash, per = written.partition("/")
        found = self.words.units.at(first, 0)
        if found is None or len(found[0]) != len(first):
            return None
        if slash:
            base = self.words.units.at(per, 0)
            if (base is None or len(base[0]) != len(per)) and per not in ("s", "h", "d", "a", "L", "t", "g", "m", "人"):
                return None
        return found[1].kind

    def _per(self, at: int) -> int | None:
        """The end of the unit that follows a slash: 元/吨, 人/平方公里, 微克/立方米, 吨/日."""
        text = self.text
        latin = _LATIN_UNIT.match(text, at)
        if latin is not None:
            return latin.end()
        found = self.words.units.at(text, at)
        if found is not None and found[1].unit:
            return at + len(found[1].word)
        return at + 1 if text[at : at + 1] in ("日", "月", "人", "年", "时", "天", "车", "生") else None

    # --- judging and recording -----------------------------------------------------------------

    def _accept(self, start: int, count: _Count, tail: _Tail, *, hanzi: bool = False) -> bool:
        """Record the number if it measures something; False when it is another kind of number."""
        text = self.text
        head, raw_start = self._head(start)
        unit, kind = tail.unit, tail.kind
        if start and text[start - 1] in "¥￥$" and kind == "count":
            unit, kind = ("美元" if text[start - 1] == "$" else "元"), "money"
        confidence = 0.95 if not hanzi else 0.85
        if start - 1 == self.quote_start and self.quote_end > 0:
            return False  # a slogan or a name: “15分钟生活圈”
        year_like = not hanzi and self._is_year_like(count.digits) and not count.scaled
        bounded = bool(head or count.inner or tail.qualifier)
        if not unit:
            if year_like and not (count.inner or tail.qualifier):
                return False
            if not (count.scaled or bounded):
                if hanzi or not self._is_index(start, count, tail):
                    return False
                confidence = 0.5
            elif not count.scaled:
                confidence = 0.7
        elif not self._measures(start, count, tail, head):
            return False
        elif year_like and len(unit) == 1 and kind == "count" and (start == 0 or text[start - 1] in "“《办届—·"):
            return False  # 2021部省共建…: a year before a name
        core_end = count.end
        if kind == "percent" and unit in ("%", "‰", "‱"):
            core_end = (
                text.index(text[tail.end - 1], count.end) + 1 if tail.qualifier is None else self._sign_end(count.end)
            )
        sign = 1
        core_start = start
        if not hanzi and start and text[start - 1] in _SIGNS and self._is_negative(start, count, unit):
            sign, core_start = -1, start - 1
            raw_start = min(raw_start, core_start)
        qualifier: Qualifier = count.inner or tail.qualifier or head or ("over" if count.numeral.vague else "exact")
        if head and (head in ("at_most", "under") or tail.qualifier in ("about", None)) and not count.inner:
            qualifier = head if tail.qualifier != "over" else "over"
        if head == "over" and self._is_verb(raw_start, start, tail):
            qualifier, raw_start = count.inner or tail.qualifier or "exact", core_start
        if hanzi and qualifier == "exact" and self._loose_head(start) and count.digits[0] in "百千万亿":
            qualifier, raw_start = "over", start - 1
        self._add(
            core_start,
            core_end,
            raw_start,
            max(tail.end, core_end),
            count.numeral,
            unit,
            kind,
            qualifier,
            confidence,
            sign=sign,
            hanzi=hanzi,
            remainder=bool(count.inner or tail.qualifier == "over"),
            after_magnitude=count.power if count.scaled and not count.inner else 0,
            bare=not unit and not count.scaled and not bounded,
        )
        return True

    def _sign_end(self, at: int) -> int:
        while self.text[at] not in "%％‰‱":
            at += 1
        return at + 1

    def _is_verb(self, raw_start: int, start: int, tail: _Tail) -> bool:
        """突破20项关键技术: to break through, not to exceed."""
        text = self.text
        return text[raw_start:start].startswith("突破") and any(
            noun in text[tail.end : tail.end + 14] for noun in ("技术", "瓶颈", "难题", "工艺", "难点", "卡脖子")
        )

    def _is_negative(self, start: int, count: _Count, unit: str) -> bool:
        before = self.text[start - 2 : start - 1]
        return (
            not before or before in " \u3000（(：:，,、为是至到率长|\t" or (unit in ("%", "‰") and not before.isascii())
        )

    def _is_index(self, start: int, count: _Count, tail: _Tail) -> bool:
        """A number without a unit that a verb states: 指数为103.2, 系数降至0.46; not a version (4.0)."""
        text = self.text
        before = text[start - 1 : start]
        after = text[count.end : count.end + 1]
        decimal = "." in count.digits or "．" in count.digits
        if (
            decimal
            and count.digits.endswith(".0")
            and len(count.digits) == 3
            and after not in ("，", "。", "；", "、", "")
        ):
            return False
        if before in ("为", "达", "至", "到", "升", "降") or text[start - 2 : start] in (
            "上涨",
            "下降",
            "提高",
            "指数",
            "系数",
        ):
            return (decimal or "," in count.digits or len(count.digits) <= 3) and after in tuple(
                "，。；、,;（(） 和\n"
            ) + ("",)
        return False

    def _measures(self, start: int, count: _Count, tail: _Tail, head: Qualifier | None) -> bool:
        """Whether number and unit measure, where a unit can also make a period, an age or a name."""
        text, unit = self.text, tail.unit
        following = text[tail.end : tail.end + 3]
        if tail.kind == "duration":
            return self._is_duration(start, count, tail, head)
        if unit == "岁":
            return "." in count.digits or "寿命" in text[max(0, start - 12) : start]
        if unit in ("千伏", "kV", "KV"):
            return not following[:1].strip() or not ("一" <= following[:1] <= "鿿")
        return True

    def _is_duration(self, start: int, count: _Count, tail: _Tail, head: Qualifier | None) -> bool:
        """A stretch of time that is measured (耗时30分钟, 工期5年以上), not a period that dates (近3年, 3年行动, 未来5年)."""
        text, unit = self.text, tail.unit
        before = text[max(0, start - 4) : start]
        following = text[tail.end : tail.end + 12]
        if before.endswith(("未来", "今后", "过去", "最近", "近", "前", "后", "每", "此后", "之后", "同期")):
            return unit not in ("年", "周", "个月", "天", "个季度") or text[max(0, start - 3) : start - 1] in (
                "时",
                "历",
            )
        if unit in ("分钟", "小时"):
            if "圈" in following:
                return False
            return not following.startswith(
                ("服务", "值", "在线", "自助", "不", "营业", "监", "开放", "热线", "运", "响应")
            )
        if unit == "年":
            if tail.qualifier or "." in count.digits or head:
                return True
            if following.startswith(("内", "以")) or before.endswith(
                ("连续", "为期", "期限", "任期", "满", "历时", "至少", "缩短", "延长")
            ):
                return True
            return following[:1] in ("", "，", "。", "；", "、", "）", ")")
        return not following.startswith(("来", "以来", "前", "后"))

    def _add(
        self,
        start: int,
        end: int,
        raw_start: int,
        raw_end: int,
        numeral: Numeral,
        unit: str,
        kind: FigureKind,
        qualifier: Qualifier,
        confidence: float,
        *,
        sign: int = 1,
        hanzi: bool = False,
        remainder: bool = False,
        after_magnitude: int = 0,
        bare: bool = False,
    ) -> None:
        value = numeral.value * sign
        low, high = _bounds(numeral, value, qualifier, after_magnitude if remainder else None)
        self.found.append(
            Mention(
                start=start,
                end=end,
                raw_start=raw_start,
                raw_end=raw_end,
                value=value,
                value_high=numeral.value_high,
                low=low,
                high=high,
                precision=ten_to(numeral.place),
                unit=unit,
                qualifier=qualifier,
                kind=kind,
                confidence=confidence,
                bare=bare,
                hanzi=hanzi,
            )
        )


def _bounds(
    numeral: Numeral, value: Decimal, qualifier: Qualifier, remainder: int | None
) -> tuple[Decimal | None, Decimal | None]:
    """The interval that a value and its qualifier mean.

    `remainder` is given where 余 or 多 follows: 1600余 stays below 1700, 30余万 below 40万, 30万余 below 31万. About and
    nearly reach as far as the last digit that is not zero, but no further than a tenth: 5%左右 is 4.5 to 5.5.
    """
    if numeral.vague:
        return numeral.low, numeral.high
    if numeral.value_high is not None:
        if qualifier in ("at_most", "under"):
            return value, numeral.value_high
        return value, None if qualifier in ("over", "at_least") else numeral.value_high
    match qualifier:
        case "exact":
            return value, value
        case "over":
            if remainder is None:
                return value, None
            return value, value + ten_to(remainder or numeral.round_place)
        case "at_least":
            return value, None
        case "under" | "at_most":
            return None, value
    margin = min(ten_to(numeral.round_place), abs(value) / 10)
    return value - margin, value + margin if qualifier == "about" else value
