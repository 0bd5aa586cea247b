"""Numerals as they are written, Arabic and Chinese, read exactly.

>>> read_digits("１2,345.60", 4).value
Decimal('123456000')
>>> read_hanzi("一千二百零五").value, read_hanzi("两万五").value, read_hanzi("拾贰万").value
(Decimal('1205'), Decimal('25000'), Decimal('120000'))
"""

from decimal import Decimal

from msgspec import Struct

MAX_DIGITS = 24  # longer runs of digits are identifiers; it also keeps every number exact in a Decimal
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_BANKERS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億圆", "一二三四五六七八九十百千万亿元")
_PLACES = {power: Decimal(10) ** power if power < 0 else Decimal(10**power) for power in range(-MAX_DIGITS, 41)}


class Numeral(Struct, frozen=True, gc=False):
    """What a numeral says. `place` is the power of ten of the last digit stated, `round_place` that of the last digit
    that is not zero (1600: 0 and 2). `vague` marks 十几, 几百, 数千: `low` and `high` are what those words leave open.
    """

    value: Decimal
    place: int
    round_place: int
    value_high: Decimal | None = None
    vague: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


def ten_to(power: int) -> Decimal:
    """The power of ten, written out.

    >>> ten_to(2), ten_to(-1)
    (Decimal('100'), Decimal('0.1'))
    """
    return _PLACES[power]


def read_digits(text: str, power: int = 0) -> Numeral | None:
    """Read Arabic digits, with thousands separators, full-width or not, times ten to the power; None if no number.

    >>> read_digits("12.58", 4)
    Numeral(value=Decimal('125800'), place=2, round_place=2, value_high=None, vague=False, low=None, high=None)
    >>> read_digits("16.4", 8).value        # never 1639999999
    Decimal('1640000000')
    >>> read_digits("9" * 25) is None
    True
    """
    if len(text) > MAX_DIGITS + 10:
        return None
    plain = (text if text.isascii() else text.translate(FULL_WIDTH)).replace(",", "")
    whole, _, fraction = plain.partition(".")
    digits = whole + fraction
    if not digits.isascii() or not digits.isdigit() or len(digits) > MAX_DIGITS:
        return None
    place = power - len(fraction)
    number = int(digits)
    stripped = digits.rstrip("0")
    return Numeral(
        value=Decimal(number * 10**place) if place >= 0 else Decimal(number).scaleb(place),
        place=place,
        round_place=place + len(digits) - len(stripped) if stripped else place,
    )


def read_hanzi(text: str, power: int = 0) -> Numeral | None:
    """Read a Chinese numeral, times ten to the power; None when it is no numeral (二〇三五 is a year, 一二三 a list).

    Two neighbouring digits are a range, 几 and 数 are vague:

    >>> read_hanzi("两三").value_high, read_hanzi("七八十").value, read_hanzi("十七八").value_high
    (Decimal('3'), Decimal('70'), Decimal('18'))
    >>> n = read_hanzi("十几"); n.value, n.low, n.high
    (Decimal('10'), Decimal('11'), Decimal('19'))
    >>> n = read_hanzi("数十", 4); n.value, n.low, n.high
    (Decimal('100000'), Decimal('200000'), Decimal('1000000'))
    >>> read_hanzi("二〇三五") is None and read_hanzi("一二三") is None
    True
    """
    plain = text.translate(_BANKERS)
    if len(plain) > MAX_DIGITS:
        return None
    if "几" in plain or "数" in plain:
        return _read_vague(plain, power)
    pair = _neighbours(plain)
    if pair is not None:
        at, high_text = pair
        low, high = _whole(plain[: at + 1] + plain[at + 2 :]), _whole(high_text)
        if low is None or high is None or low >= high:
            return None
        return Numeral(
            value=Decimal(low * 10**power),
            value_high=Decimal(high * 10**power),
            place=power + _zeros(low),
            round_place=power + _zeros(low),
        )
    number = _whole(plain)
    if number is None:
        return None
    place = power + (min(_zeros(number), 8) if plain[-1] in POWERS else 0)
    return Numeral(value=Decimal(number * 10**power), place=place, round_place=power + _zeros(number))


def _neighbours(plain: str) -> tuple[int, str] | None:
    """Where two digits stand side by side as in 三四十, and the numeral without the first of them."""
    for at in range(len(plain) - 1):
        first, second = DIGITS.get(plain[at]), DIGITS.get(plain[at + 1])
        if first and second:
            if second == first + 1 or (first, second) == (3, 5):
                return at, plain[:at] + plain[at + 1 :]
            return None
    return None


def _read_vague(plain: str, power: int) -> Numeral | None:
    mark = "几" if "几" in plain else "数"
    head, _, tail = plain.partition(mark)
    scale = _whole(tail) if tail else 1
    if scale is None or (tail and tail[0] not in POWERS):
        return None
    if not head:
        if not tail:
            return None
        low, high, value = 2 * scale, 10 * scale, scale
    else:
        base = _whole(head)
        if base is None or head[-1] not in POWERS:
            return None
        step = 10 ** (_zeros(base) - 1)
        value = base * scale
        low, high = value + step * scale, value + (10 * step - 1) * scale
    return Numeral(
        value=Decimal(value * 10**power),
        place=power + _zeros(value),
        round_place=power + _zeros(value),
        vague=True,
        low=Decimal(low * 10**power),
        high=Decimal(high * 10**power),
    )


def _whole(plain: str) -> int | None:
    """The whole number that 一千二百, 两万五, 十 say; None for anything else."""
    total = section = digit = 0
    seen_digit = after_zero = False
    last_power = large = 0  # of the last unit, and of the last 万 or 亿
    section_power = 99
    for character in plain:
        value = DIGITS.get(character)
        if value is not None:
            if seen_digit and digit:
                return None
            digit, seen_digit = value, True
            after_zero = after_zero or value == 0
            continue
        power = POWERS.get(character)
        if power is None:
            return None
        if power < 4:
            if power >= section_power:
                return None
            section += (digit if seen_digit and digit else 1) * 10**power
            section_power = power
        else:
            section += digit
            if not section and not total:
                section = 1
            if not section:
                total, large = total * 10**power, large + power  # 万亿
            elif power < large:
                total, large = total + section * 10**power, power  # 一亿零一万
            else:
                total, large = (total + section) * 10**power, power
            section, section_power = 0, 99
        digit, seen_digit, after_zero, last_power = 0, False, False, power
    if not plain:
        return None
    if digit and not after_zero and last_power >= 2 and len(plain) > 1:
        digit *= 10 ** (last_power - 1)  # 两万五 is 25,000, 一百二 is 120
    return total + section + digit


def _zeros(number: int) -> int:
    """How many zeros a whole number ends in; 0 for zero."""
    if not number:
        return 0
    text = str(number)
    return len(text) - len(text.rstrip("0"))
