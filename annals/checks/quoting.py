"""Sentences to quote: of a document's text, whatever the layout did to its lines."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
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


def by_sentence(reading: Reading, *, across: str = "") -> dict[tuple[int, int], list[int]]:
    """The figures of running text by the sentence they stand in: only sentences that hold several. Tables have none.

    Parts of a sentence that a character of `across` divides are taken together.
    """
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    before: tuple[int, int] | None = None
    for index, figure in enumerate(reading.figures):
        passage = _passage(reading.passages, figure.start)
        if passage is not None and passage.kind == "table":
            continue
        place = bounds(reading, figure.start, figure.end)
        if before is not None and before[0] <= place[0] and place[1] <= before[1]:
            place = before
        elif before is not None and place[0] == before[1] and reading.text[place[0] - 1] in across:
            held = found.pop(before)
            place = before[0], place[1]
            found[place] = held
        found[place].append(index)
        before = place
    return {place: indices for place, indices in found.items() if len(indices) > 1}


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
