"""A page's text layer against its image, digit by digit: where they differ, that figure alone is doubtful."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from annals.model import Caution, Document

_NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?")


def compare(document: Document, page: int, lines: Sequence[str]) -> Iterator[Caution]:
    """A caution for each number of the page's passages that reads otherwise in the lines recognised on its image."""
    written = [
        (passage.start + found.start(), found.group())
        for passage in document.passages
        if passage.page == page
        for found in _NUMBER.finditer(document.text[passage.start : passage.end])
    ]
    shown = [found.group() for line in lines for found in _NUMBER.finditer(line)]
    # Digits are compared, not numbers: either side may have broken a number at the end of a line.
    ours = [(digit, index) for index, (_, number) in enumerate(written) for digit in number if digit.isdecimal()]
    theirs = [(digit, index) for index, number in enumerate(shown) for digit in number if digit.isdecimal()]
    matcher = SequenceMatcher(None, [digit for digit, _ in ours], [digit for digit, _ in theirs], autojunk=False)
    doubtful: dict[int, str | None] = {}
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag in ("replace", "delete"):
            for step, (_, index) in enumerate(ours[i:j]):
                doubtful.setdefault(index, shown[theirs[k + step][1]] if k + step < m else None)
        elif tag == "insert" and 0 < i < len(ours) and ours[i - 1][1] == ours[i][1]:
            doubtful.setdefault(ours[i][1], shown[theirs[k][1]])
    elsewhere = Counter(shown) - Counter(number for index, (_, number) in enumerate(written) if index not in doubtful)
    for index, other in sorted(doubtful.items()):
        at, number = written[index]
        if elsewhere[number] > 0:  # there, but read in another order
            elsewhere[number] -= 1
            continue
        seen = f"reads {other}" if other is not None else "shows no such number"
        message = f"page {page}: the text layer has {number} where the image {seen}"
        yield Caution(code="ocr_disagrees", message=message, page=page, start=at, end=at + len(number))
