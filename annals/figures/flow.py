"""Passages of a document → paragraphs as they read: layout line breaks and blanks taken out, offsets kept.

A paragraph knows where every one of its characters stands in `Document.text`, and how it was written. Sentences that
the layout cut in two, by a blank line, a column or a page, are put together again.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter

from annals.blanks import gaps, without
from annals.model import Document, Passage, PassageKind

_LINE = re.compile(r"[^\r\n\x0b\x0c\u2028\u2029]+")
_MARKER = re.compile(
    r"\s*(?:[#*|>•●◆■\-]|\d{1,3}\s*[.．、)）](?!\d)|[（(]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）]"
    r"|[一二三四五六七八九十]{1,3}\s*[、.．]|第[一二三四五六七八九十]{1,3}[章节条部]|附件|附表|[①-⑳])"
)
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』》）)]*|[^。！？!?]+$")
_PAGE_NUMBER = re.compile(r"[-—–－]+\s*\d{1,4}\s*[-—–－]+")
_CLOSERS = "”’」』》）)"
_ENDS = "。！？；：…!?;:"
_PROSE = re.compile(r"[，。；、]")
_READS_ON = re.compile(r"[，。；！？]")
_RUNNING: frozenset[PassageKind] = frozenset({"paragraph", "item"})


class Paragraph:
    """Unwrapped text with a map back to the document; `first` is the passage it begins in.

    `text` is without the blanks between Chinese characters and digits; `written` gives it with them.
    """

    __slots__ = ("_at", "_from", "_gaps", "_whole", "first", "text")

    def __init__(self, whole: str, first: Passage, at: list[int], source: list[int]) -> None:
        left_out = gaps(whole)
        self.text = without(whole, left_out)
        self.first = first
        self._whole = whole
        self._at = at  # positions in `whole` where a run begins that is contiguous in the document …
        self._from = source  # … and the offset in the document that each run begins at
        self._gaps: list[tuple[int, int]] = []  # (position in `text` behind a gap, blanks left out so far)
        wide = 0
        for start, end in left_out:
            self._gaps.append((start - wide, wide + end - start))
            wide += end - start

    def written(self, start: int, end: int) -> str:
        """text[start:end] as it is written, its blanks included; a stretch that is not empty."""
        return self._whole[self._placed(start) : self._placed(end - 1) + 1]

    def _placed(self, position: int) -> int:
        """Where the character at `position` of `text` stands in the text with its blanks."""
        before = bisect_right(self._gaps, position, key=itemgetter(0))
        return position + self._gaps[before - 1][1] if before else position

    def offset(self, position: int) -> int:
        """The document offset of the character at `position`."""
        position = self._placed(position)
        if len(self._at) == 1:
            return self._from[0] + position
        run = bisect_right(self._at, position) - 1
        return self._from[run] + position - self._at[run]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The document's [start, end) for a stretch that is not empty."""
        return self.offset(start), self.offset(end - 1) + 1


def paragraphs(document: Document) -> Iterator[Paragraph | Passage]:
    """All paragraphs of the document in reading order, and between them its tables as they are."""
    passages = document.passages
    index, count = 0, len(passages)
    while index < count:
        first = passages[index]
        index += 1
        if first.kind == "table":
            yield first
            continue
        group = [first]
        if first.kind in _RUNNING:
            while index < count and _reads_on(document.text, group[-1], passages[index]):
                group.append(passages[index])
                index += 1
        paragraph = unwrap(document.text, group)
        if paragraph is not None:
            yield paragraph


def unwrap(text: str, group: Sequence[Passage]) -> Paragraph | None:
    """The passages of `group` as one paragraph, None where they hold nothing but blanks."""
    parts: list[str] = []
    at: list[int] = []
    source: list[int] = []
    length = 0
    last = ""
    last_width = 0
    widest = 0
    for passage in group:
        body = text[passage.start : passage.end]
        for line in _LINE.finditer(body):
            raw = line.group()
            stripped = raw.strip()
            if not stripped or (last and _PAGE_NUMBER.fullmatch(stripped)):
                continue
            begin = passage.start + line.start() + len(raw) - len(raw.lstrip())
            if last:
                glue = _glue(last, stripped[0], last_width >= 0.8 * widest)
                if glue:
                    parts.append(glue)
                    at.append(length)
                    source.append(source[-1] + length - at[-2] if len(at) > 1 else source[0] + length)
                    length += 1
            parts.append(stripped)
            at.append(length)
            source.append(begin)
            length += len(stripped)
            last, last_width = stripped[-1], len(stripped)
            widest = max(widest, last_width)
    if not parts:
        return None
    return Paragraph("".join(parts), group[0], at, source)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The bounds of the sentences of a paragraph.

    >>> ["办活动3场。吸引2万人！又及"[a:b] for a, b in sentences("办活动3场。吸引2万人！又及")]
    ['办活动3场。', '吸引2万人！', '又及']
    """
    for match in _SENTENCE.finditer(text):
        yield match.span()


def _glue(before: str, after: str, full: bool) -> str:
    """What stood at the line break: a blank between Latin words, nothing in Chinese."""
    if before.isascii() and after.isascii():
        if before.isdigit() and after.isdigit():
            return "" if full else " "
        if before.isalnum() and after.isalnum():
            return " "
    return ""


def _reads_on(text: str, before: Passage, after: Passage) -> bool:
    """Whether the second passage goes on with the sentence that the first one leaves open."""
    if after.kind not in _RUNNING or before.kind not in _RUNNING:
        return False
    head = text[before.start : before.end].rstrip()
    bare = head.rstrip(_CLOSERS)
    if not bare or bare[-1] in _ENDS or not _PROSE.search(head):
        return False
    tail = text[after.start : after.end]
    return bool(_READS_ON.search(tail)) and _MARKER.match(tail) is None
