"""Blanks that a layout set between Chinese characters and digits: a view of a text without them.

Web pages write 2022 年 and 28.92 万所 as readily as 2022年 and 28.92万所. What reads a text reads it folded, so that no
pattern has to allow for blanks; what quotes it asks for the text as written.
"""

import re
from collections.abc import Sequence

_BLANKS = "[ \u00a0\u2002-\u200a\u202f\u205f\u3000]"
_HAN = "\u4e00-\u9fff"
_FOLDED = re.compile(
    rf"(?<=[{_HAN}，。；：、（）“”《》]){_BLANKS}+(?=[0-9０-９])"
    rf"|(?<=[0-9０-９]){_BLANKS}+(?=[{_HAN}%％‰，。；：、（）“”《》])"
    rf"|(?<=[%％‰]){_BLANKS}+(?=[{_HAN}，。；：、（）])"
)
_OWN_NUMBER = re.compile(r"[\s#*>_\-—•·●■]*[0-9]{1,3}(?:\.[0-9]{1,2})*\u3000+")  # numbers its paragraph
_MEASURED = re.compile(r"[年月日个]|[十百千]?[万亿]")


def gaps(text: str) -> list[tuple[int, int]]:
    """Where the blanks stand that do not count, as [start, end); what numbers a paragraph keeps its own.

    >>> gaps("2022 年，建成 12 家"), gaps("1　建设书屋 12 家"), gaps("书屋 学堂")
    ([(4, 5), (9, 10), (12, 13)], [(6, 7), (9, 10)], [])
    """
    found = [match.span() for match in _FOLDED.finditer(text)]
    own = _OWN_NUMBER.match(text) if found else None
    if own is not None and own.end() == found[0][1] and _MEASURED.match(text, own.end()) is None:
        del found[0]
    return found


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
