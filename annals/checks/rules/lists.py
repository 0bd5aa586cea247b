"""Lists that hold what they say."""

import re
from collections.abc import Iterator
from itertools import groupby

from annals.checks.quoting import sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_COUNT = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])\s*(?:[个项件条大则]|方面)"
)


def list_count(reading: Reading) -> Iterator[Found]:
    """A list whose title says how many entries it has holds as many."""
    for name, group in groupby(reading.description.items, key=lambda item: item.list):
        items = list(group)
        said = stated_count(name)
        if said is None or said == len(items):
            continue
        start = reading.text.rfind(name, 0, items[0].start)
        yield Found(
            message=f"“{name}” says {said} and holds {len(items)}",
            expected=f"{said} entries",
            seen=f"{len(items)}: {'; '.join(item.title for item in items)}"[:300],
            evidence=sentence(reading, start, start + len(name)) if start >= 0 else name,
            action="Is an entry missing on the publisher's page, or did the reader lose one?",
            start=start if start >= 0 else items[0].start,
            end=start + len(name) if start >= 0 else items[-1].end,
        )


def stated_count(title: str) -> int | None:
    """How many entries a list's title announces; None where it announces none.

    >>> stated_count("一、学会学术10个重大活动"), stated_count("科普十件大事"), stated_count("二、重点任务")
    (10, 10, None)
    >>> stated_count("年度二十五项工作")
    25
    """
    heading = re.sub(r"^\s*(?:第?[一二三四五六七八九十\d]+[、.．章节]|（[一二三四五六七八九十\d]+）)", "", title)
    found = _COUNT.search(heading)
    return _number(found[1]) if found else None


def _number(text: str) -> int:
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
        sentence="A list that says how many entries it has holds as many.",
        check=list_count,
    ),
)
