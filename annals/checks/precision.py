"""How exactly a number is stated: 4.6万亿元 may be 4.55 to 4.65, and sums and quotients of such are as vague."""

import re
from decimal import Decimal

from annals.model import Figure, Record

_NUMBER = re.compile(r"\d[\d,，]*(?:\.(\d+))?")


class Range(Record, frozen=True):
    """What a number may be, both ends included."""

    low: Decimal
    high: Decimal

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Range") -> "Range":
        return Range(self.low - other.high, self.high - other.low)

    def over(self, other: "Range") -> "Range | None":
        """The quotient of two; None unless both are above zero."""
        if self.low <= 0 or other.low <= 0:
            return None
        return Range(self.low / other.high, self.high / other.low)

    def times(self, factor: Decimal) -> "Range":
        return Range(self.low * factor, self.high * factor)

    def wider(self, by: Decimal) -> "Range":
        return Range(self.low - by, self.high + by)

    def apart(self, other: "Range") -> bool:
        """Whether the two have nothing in common."""
        return self.low > other.high or other.low > self.high


def stated(figure: Figure) -> Range | None:
    """The range of an exact figure, by its last digit; None of one that says over, about or nearly, or a span."""
    if figure.value is None or figure.qualifier != "exact" or figure.value_high is not None:
        return None
    half = last_digit(figure.raw, figure.value) / 2
    return Range(figure.value - half, figure.value + half)


def last_digit(raw: str, value: Decimal) -> Decimal:
    """What one more in the last digit of a number's text would add to its value.

    >>> f"{last_digit('4.65万册', Decimal(46500)):f}", f"{last_digit('1,320个', Decimal(1320)):f}"
    ('100', '1')
    """
    found = _NUMBER.search(raw)
    if found is None:
        return Decimal(1)
    number = Decimal(re.sub("[,，]", "", found[0]))
    step = Decimal(1).scaleb(-len(found[1] or ""))
    return abs(step * value / number).normalize() if number else step


def written(value: Decimal, unit: str) -> str:
    """An amount as people write it.

    >>> written(Decimal(1_582_000), "人次"), written(Decimal("25900000000"), "元"), written(Decimal(86), "家")
    ('158.2万人次', '259亿元', '86家')
    """
    for size, sign in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if abs(value) >= size:
            return f"{round(value / size, 4).normalize():f}{sign}{unit}"
    return f"{round(value, 4).normalize():f}{unit}"
