"""A figure and the text it was read from."""

import re
from collections.abc import Iterator

from annals.checks.quoting import one_line, sentence, squeezed
from annals.checks.rule import Found, NoticeRule
from annals.checks.words import Word
from annals.model import Reading

SHORTEST = 40  # characters of a paragraph that does not recur by chance
_MISREAD = re.compile(r"(?<![A-Za-z\d])(?:\d+[OoIl]\d*|[OoIl]\d+)(?=\s?[年月日个项家名人场次篇件万亿%％])")
_DIGITS = str.maketrans("OoIl", "0011")


def figure_in_text(reading: Reading) -> Iterator[Found]:
    """The figure's offsets lead to its number, and its quote holds it: nothing shifted between reading and staging."""
    for index, figure in enumerate(reading.figures):
        core, cut = reading.text[figure.start : figure.end], _is_cut(reading.text, figure.start, figure.end)
        if core and core in figure.raw and figure.raw in figure.quote and not cut:
            continue
        core, raw = squeezed(core), squeezed(figure.raw)
        if not core or cut or core not in raw or raw not in squeezed(figure.quote):
            yield Found(
                message="elsewhere",
                given={
                    "figure": figure.raw,
                    "start": figure.start,
                    "end": figure.end,
                    "seen": core or Word("nothing"),
                },
                evidence=figure.quote,
                figure=index,
                start=figure.start,
                end=figure.end,
            )


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a digit stands right before or behind: the number is cut."""
    return text[max(start - 1, 0) : start].isdecimal() or text[end : end + 1].isdecimal()


def duplicated_passage(reading: Reading) -> Iterator[Found]:
    """No paragraph stands twice; one that does was pasted or extracted twice, and its figures count double."""
    seen: dict[str, int] = {}
    for passage in reading.passages:
        text = squeezed(reading.text[passage.start : passage.end])
        if passage.kind not in ("paragraph", "item") or len(text) < SHORTEST:
            continue
        if text in seen:
            yield Found(
                message="twice",
                given={"first": seen[text], "again": passage.start},
                evidence=one_line(reading.text[passage.start : passage.end]),
                start=passage.start,
                end=passage.end,
            )
        seen.setdefault(text, passage.start)


def misread_digits(reading: Reading) -> Iterator[Found]:
    """No letter stands for a digit: 2O22年, l2个."""
    for found in _MISREAD.finditer(reading.text):
        yield Found(
            message="letter",
            given={"seen": found[0], "digits": found[0].translate(_DIGITS)},
            evidence=sentence(reading, found.start(), found.end()),
            start=found.start(),
            end=found.end(),
        )


RULES = (
    NoticeRule(
        code="figure_in_text",
        severity="error",
        check=figure_in_text,
    ),
    NoticeRule(
        code="duplicated_passage",
        severity="warning",
        check=duplicated_passage,
    ),
    NoticeRule(
        code="misread_digits",
        severity="warning",
        check=misread_digits,
    ),
)
