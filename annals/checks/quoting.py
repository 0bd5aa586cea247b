"""Sentences to quote: of a document's text, whatever the layout did to its lines."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from annals.model import Passage, Reading

_END = re.compile(r"[。！？；!?;]+[”’」』）)]*|\n[ \t\u3000]*\n")
_BREAK = re.compile(r"\s*\n\s*")
LONGEST = 400  # characters of a quotation


def sentence(reading: Reading, start: int, end: int) -> str:
    """The sentence (or sentences) that the stretch stands in, on one line; never beyond its passage."""
    low, high = bounds(reading, start, end)
    return one_line(reading.text[low:high])


def bounds(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Where the sentence of the stretch begins and ends."""
    ends = _ends(reading.text)
    before = bisect_right(ends, start)
    after = bisect_left(ends, end)
    low = ends[before - 1] if before else 0
    high = ends[after] if after < len(ends) else len(reading.text)
    passage = _passage(reading.passages, start)
    if passage and passage.end >= end:
        return max(low, passage.start), min(high, passage.end)
    return low, high


def one_line(text: str) -> str:
    """Line breaks of the layout taken out; a blank stays where a Latin word ended.

    >>> one_line("近30万\\n市民"), one_line("ten\\nhalls")
    ('近30万市民', 'ten halls')
    """
    cut = text.strip()[: 2 * LONGEST]
    return _BREAK.sub(lambda found: " " if cut[found.start() - 1].isascii() else "", cut)[:LONGEST]


def squeezed(text: str) -> str:
    """All white space taken out."""
    return "".join(text.split())


@lru_cache(maxsize=4)  # the notice at hand, for all rules
def _ends(text: str) -> list[int]:
    """Where sentences end.

    >>> _ends("建成十\\n座。新增2座；完")
    [6, 11]
    """
    return [found.end() for found in _END.finditer(text)]


def _passage(passages: tuple[Passage, ...], offset: int) -> Passage | None:
    index = bisect_right(passages, offset, key=lambda passage: passage.start) - 1
    return passages[index] if index >= 0 and passages[index].end > offset else None
