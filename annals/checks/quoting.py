"""Sentences to quote: of a document's text, whatever the layout did to its lines."""

import re
from bisect import bisect_right

from annals.model import Passage, Reading

_END = re.compile(r"[。！？；!?;]+[”’」』）)]*|\n[ \t\u3000]*\n")
_BREAK = re.compile(r"\s*\n\s*")
LONGEST = 400


def sentence(reading: Reading, start: int, end: int) -> str:
    """The sentence (or sentences) that the stretch stands in, on one line; never across a passage.

    >>> from annals.checks.quoting import _sentence
    >>> _sentence("一、总结。建成科普馆十\\n座，新增2座。完。", 8, 9)
    '建成科普馆十座，新增2座。'
    """
    passage = _passage(reading.passages, start)
    low, high = (passage.start, passage.end) if passage and passage.end >= end else (0, len(reading.text))
    return _sentence(reading.text[low:high], start - low, end - low)


def one_line(text: str) -> str:
    """Line breaks of the layout taken out; a blank stays where a Latin word ended.

    >>> one_line("近30万\\n市民"), one_line("ten\\nhalls")
    ('近30万市民', 'ten halls')
    """
    return re.sub(
        _BREAK, lambda found: " " if found.start() and text[found.start() - 1].isascii() else "", text.strip()
    )[:LONGEST]


def _sentence(text: str, start: int, end: int) -> str:
    low, high = 0, len(text)
    for found in _END.finditer(text):
        if found.end() <= start:
            low = found.end()
        elif found.start() >= end - 1:
            high = found.end()
            break
    return one_line(text[low:high])


def _passage(passages: tuple[Passage, ...], offset: int) -> Passage | None:
    index = bisect_right(passages, offset, key=lambda passage: passage.start) - 1
    return passages[index] if index >= 0 and passages[index].end > offset else None
