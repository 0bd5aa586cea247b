"""Lists that hold what they say."""

import re
from collections.abc import Iterator
from itertools import groupby

from annals.checks.quoting import one_line, sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}


NUMERAL = r"\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_COUNT = re.compile(rf"({NUMERAL})\s*(?:[个项件条大则]|方面)")
_COLON = re.compile("[：:]")
_ANNOUNCED = re.compile(
    rf"(?P<count>{NUMERAL})\s*[个大项点条]?(?:方面|措施|举措|任务|工作|议案|要求|特点|问题|原则|环节)[^，。；：:\n]{{0,8}}[：:]"
)
_ORDINAL = re.compile(r"(?P<kind>第?)(?P<number>[一二三四五六七八九十]{1,2})(?:是|，|、)")


def list_count(reading: Reading) -> Iterator[Found]:
    """A list whose title says how many entries it has holds as many."""
    for name, group in groupby(reading.description.items, key=lambda item: item.list):
        items = list(group)
        said = stated_count(name)
        if said is None or said == len(items):
            continue
        start = reading.text.rfind(name, 0, items[0].start)
        yield Found(
            message="other_number",
            given={
                "list": name,
                "count": said,
                "number": len(items),
                "entries": f"{len(items)}: {'; '.join(item.title for item in items)}"[:300],
            },
            evidence=sentence(reading, start, start + len(name)) if start >= 0 else name,
            start=start if start >= 0 else items[0].start,
            end=start + len(name) if start >= 0 else items[-1].end,
        )
    yield from _run_in(reading)


def _run_in(reading: Reading) -> Iterator[Found]:
    """Lists within a sentence or two: 五方面工作：一是…；二是…."""
    if not _COLON.search(reading.text) or not _ANNOUNCED.search(reading.text):
        return
    for passage in reading.passages:
        for announced in _ANNOUNCED.finditer(reading.text, passage.start, passage.end):
            said = number_of(announced["count"])
            rest = reading.text[announced.end() : passage.end]
            first = _ORDINAL.match(rest)
            if first is None or said < 2:
                continue
            marks = [number_of(found["number"]) for found in _ORDINAL.finditer(rest) if found["kind"] == first["kind"]]
            held = next((at for at, mark in enumerate(marks) if mark != at + 1), len(marks))
            if held < 2 or held == said:
                continue
            yield Found(
                message="other_number",
                given={
                    "list": announced[0].rstrip("：:"),
                    "count": said,
                    "number": held,
                    "entries": one_line(rest)[:300],
                },
                evidence=sentence(reading, announced.start(), announced.end()),
                start=announced.start(),
                end=announced.end(),
            )


def stated_count(title: str) -> int | None:
    """How many entries a list's title announces; None where it announces none.

    >>> stated_count("一、普及宣传10项重点活动"), stated_count("科普十件大事"), stated_count("二、重点任务")
    (10, 10, None)
    >>> stated_count("年度二十五项工作")
    25
    """
    heading = re.sub(r"^\s*(?:第?[一二三四五六七八九十\d]+[、.．章节]|（[一二三四五六七八九十\d]+）)", "", title)
    found = _COUNT.search(heading)
    return number_of(found[1]) if found else None


def number_of(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS[text]
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


RULES = (
    NoticeRule(
        code="list_count",
        severity="warning",
        check=list_count,
    ),
)
