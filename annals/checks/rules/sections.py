"""Headings and their numbers."""

import re
from collections.abc import Iterator, Sequence

from annals.checks.rule import Found, NoticeRule
from annals.checks.rules.lists import number_of
from annals.checks.words import Value
from annals.model import Reading, Section

_STYLES = ("chapter", "han", "bracket", "digits")
_MARK = re.compile(
    r"[#*\s]*(?:第(?P<chapter>[一二三四五六七八九十]{1,3})[章节部]|(?P<han>[一二三四五六七八九十]{1,3})[、．.]|"
    r"[（(](?P<bracket>[一二三四五六七八九十]{1,3})[）)]|(?P<digits>\d{1,2})[.．、](?!\d))"
)
_OUTER = ("chapter", "han")


def section_numbering(reading: Reading) -> Iterator[Found]:
    """Numbers of headings run on without gaps from one, or begin anew at one.

    A number that stands in the text between two headings is no gap: it only was not told to be a heading.
    """
    last: dict[str, tuple[int, int]] = {}
    for at, section in enumerate(reading.description.sections):
        mark = _mark(section)
        if mark is None:
            continue
        style, number = mark
        for inner in _STYLES[_STYLES.index(style) + 1 :]:
            if inner != "digits":  # those often run on through the whole notice
                last.pop(inner, None)
        before, start = last.get(style, (0, 0))
        begins = style not in last
        last[style] = number, section.start
        if number in (before + 1, 1):
            continue
        if begins and not (number == 2 and style in _OUTER and _goes_on(reading.description.sections[at + 1 :], style)):
            continue
        between = reading.text[start : section.start]
        if all(_marks(between, style, missing) for missing in range(before + 1 if number > before else 1, number)):
            continue
        given: dict[str, Value] = {"number": number, "title": section.title}
        yield Found(
            message="start" if begins else "gap",
            given=given if begins else given | {"before": before, "next": before + 1},
            evidence=section.title,
            start=section.start,
            end=section.start + len(section.title),
        )


def _mark(section: Section) -> tuple[str, int] | None:
    """A heading's style and number; None where it has no number."""
    found = _MARK.match(section.title)
    return None if found is None or found.lastgroup is None else (found.lastgroup, number_of(found[found.lastgroup]))


def _goes_on(sections: Sequence[Section], style: str) -> bool:
    """Whether a heading of the style follows."""
    return any(mark is not None and mark[0] == style for mark in map(_mark, sections))


def _marks(text: str, style: str, number: int) -> bool:
    """Whether the number stands in the text as that style of heading writes it.

    >>> _marks("一、总则。（三）办法\\n4.附则", "bracket", 3), _marks("分10.5万元和4.附则", "digits", 4)
    (True, True)
    >>> _marks("第一、二、三产业", "han", 2), _marks("设备1.4升", "digits", 4)
    (False, False)
    """
    han = _han(number)
    pattern = {
        "chapter": rf"第{han}[章节部]",
        "han": rf"(?:^|[\n。；：:\s])[#*\s]*{han}[、．.]",
        "bracket": rf"[（(](?:{han}|{number})[）)]",
        "digits": rf"(?<![\d.]){number}[.．、](?!\d)|\n\s*{number}\.\d",
    }[style]
    return re.search(pattern, text) is not None


def _han(number: int) -> str:
    """
    >>> _han(3), _han(10), _han(24)
    ('三', '十', '二十四')
    """
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones or not tens else "")


RULES = (
    NoticeRule(
        code="section_numbering",
        severity="warning",
        check=section_numbering,
    ),
)
