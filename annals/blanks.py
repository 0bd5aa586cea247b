"""Blanks that a layout set between Chinese characters and digits: a view of a text without them.

Web pages write 2022 年 and 28.92 万所 as readily as 2022年 and 28.92万所. What reads a text reads it folded, so that no
pattern has to allow for blanks; what quotes it asks for the text as written.
"""

import re
from collections.abc import Sequence

_BLANKS = re.compile("[ \u00a0\u2002-\u200a\u202f\u205f\u3000]+")
_WORDED = re.compile("[\u4e00-\u9fff，。；：、（）“”《》]")
_NUMBERS = frozenset("0123456789０１２３４５６７８９")
_SHARES = frozenset("%％‰")
_OWN_NUMBER = re.compile(r"[\s#*>_\-—•·●■]*[0-9]{1,3}(?:\.[0-9]{1,2})*\u3000+")  # numbers its paragraph
_MEASURED = re.compile(r"[年月日个]|[十百千]?[万亿]")


def gaps(text: str) -> list[tuple[int, int]]:
    """Where the blanks stand that do not count, as [start, end); what numbers a paragraph keeps its own.

    >>> gaps("2022 年，建成 12 家"), gaps("1　建设书屋 12 家"), gaps("书屋 学堂")
    ([(4, 5), (9, 10), (12, 13)], [(6, 7), (9, 10)], [])
    """
    found = [match.span() for match in _BLANKS.finditer(text) if _is_gap(text, *match.span())]
    own = _OWN_NUMBER.match(text) if found else None
    if own is not None and own.end() == found[0][1] and _MEASURED.match(text, own.end()) is None:
        del found[0]
    return found


def _is_gap(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before in _NUMBERS:
        return after in _SHARES or _WORDED.match(after) is not None
    return (after in _NUMBERS or before in _SHARES) and _WORDED.match(
        after if before in _SHARES else before
    ) is not None


def folded(text: str) -> str:
    """The text without those blanks.

    >>> folded("2022 年 12 月，共 28.92 万所 学校，占 3.5 %")
    '2022年12月，共28.92万所 学校，占3.5%'
    """
    return without(text, gaps(text))


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the given stretches."""
    if not spans:
        return text
    starts = (0, *(end for _, end in spans))
    ends = (*(start for start, _ in spans), len(text))
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))
