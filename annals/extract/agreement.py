"""A page's text layer against its image, digit by digit: where they differ, that figure alone is doubtful."""

import re
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
    ours = [_plain(number) for _, number in written]
    theirs = [_plain(number) for number in shown]
    for tag, i, j, k, m in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag not in ("replace", "delete"):
            continue
        for index in range(i, j):
            at, number = written[index]
            other = shown[k + index - i] if k + index - i < m else None
            if other is None and _plain(number) in theirs:
                continue  # there, but in another order
            seen = f"reads {other}" if other is not None else "shows no such number"
            message = f"page {page}: the text layer has {number} where the image {seen}"
            yield Caution(code="ocr_disagrees", message=message, page=page, start=at, end=at + len(number))


def _plain(number: str) -> str:
    return re.sub("[,，]", "", number)
