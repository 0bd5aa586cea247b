"""Numbers that measure something, found in one unwrapped paragraph, with all that is written around them.

A mention is the numeral core, and what belongs to it: qualifier, magnitude, measure word. What it counts, when, where,
and whether it was planned or done, is for the other modules of this room.
"""

import re
from decimal import Decimal

from msgspec import Struct

from annals.model import FigureKind, Qualifier


class Mention(Struct, frozen=True, kw_only=True, gc=False):
    """One number as written. Offsets are into the paragraph given; `raw` is `text[raw_start:raw_end]`.

    `value` is in base units (12.58万 → 125800; 元; percentages as written); `value_high` only in a range (3至5家).
    `low` and `high` bound what value and qualifier mean (None is open; an exact number has low = high = value).
    `precision` is the place of the last digit stated: 100 for 12.58万, 0.1 for 16.0%.
    `confidence` is 0–1: how sure it is that the number measures something at all.
    `bare` says that no unit, magnitude or qualifier is written: a table cell's number, or an index.
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
    bare: bool


_SIMPLE = re.compile(
    r"(?P<before>超过|超|近|约|不少于)?(?P<core>(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<inner>余|多)?(?P<magnitude>[万亿]*)(?P<percent>%)?)"
    r"(?P<after>余|多)?(?P<unit>人次|场次|个百分点|亿元|元|个|人|名|家|项|场|次|篇|座|支|条|吨|户|所|种|期)?(?P<tail>以上|左右)?"
)


def find_mentions(text: str) -> list[Mention]:
    """Find the numbers that measure something in one paragraph (no layout line breaks inside).

    >>> [(m.value, m.unit, m.qualifier) for m in find_mentions("走访科技工作者1600余名")]
    [(Decimal('1600'), '名', 'over')]
    """
    found = []
    for match in _SIMPLE.finditer(text):
        if not (match["unit"] or match["percent"] or match["magnitude"]):
            continue
        scale = Decimal(1)
        for character in match["magnitude"]:
            scale *= 10**4 if character == "万" else 10**8
        value = Decimal(match["number"]) * scale
        unit = "%" if match["percent"] else match["unit"] or ""
        unit = {"个百分点": "百分点", "亿元": "元"}.get(unit, unit)
        kind: FigureKind = "percent" if unit in ("%", "百分点") else "money" if unit == "元" else "count"
        qualifier: Qualifier = "exact"
        if match["inner"] or match["after"] or match["before"] in ("超过", "超"):
            qualifier = "over"
        elif match["before"] == "近":
            qualifier = "nearly"
        elif match["before"] == "约" or match["tail"] == "左右":
            qualifier = "about"
        elif match["before"] == "不少于" or match["tail"] == "以上":
            qualifier = "at_least"
        found.append(
            Mention(
                start=match.start("core"),
                end=match.end("core"),
                raw_start=match.start(),
                raw_end=match.end(),
                value=value,
                value_high=None,
                low=value,
                high=value if qualifier == "exact" else None,
                precision=scale,
                unit=unit,
                qualifier=qualifier,
                kind=kind,
                confidence=0.9,
                bare=False,
            )
        )
    return found
