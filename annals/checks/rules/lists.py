"""Lists that hold what they say."""

import re
from collections.abc import Iterator
from itertools import groupby

from annals.checks.quoting import sentence, squeezed
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}


_NUMERAL = r"\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_COUNT = re.compile(rf"({_NUMERAL})\s*(?:[个项件条大则]|方面)")
_PLACE = r"[一-龥]{1,5}(?:自治县|新区|区|县|市|州|盟|旗)"
_NAMED = re.compile(
    rf"(?P<names>{_PLACE}(?:\s*[、和与及]\s*{_PLACE})+)(?P<several>等)?\s*"
    rf"(?P<count>{_NUMERAL})\s*(?P<unit>个)?(?P<noun>区县|县区|市州|区|县|市)(?![一-龥]?[委局科])"
)
_LEAD = re.compile(r"^.*[年月日在于为对到向由将给赴](?=..)")  # what the pattern took along before the first name
_STYLES = ("chapter", "han", "bracket", "digits")
_MARK = re.compile(
    r"[#*\s]*(?:第(?P<chapter>[一二三四五六七八九十]{1,3})[章节部]|(?P<han>[一二三四五六七八九十]{1,3})[、．.]|"
    r"[（(](?P<bracket>[一二三四五六七八九十]{1,3})[）)]|(?P<digits>\d{1,2})[.．、](?!\d))"
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


def stated_count(title: str) -> int | None:
    """How many entries a list's title announces; None where it announces none.

    >>> stated_count("一、普及宣传10项重点活动"), stated_count("科普十件大事"), stated_count("二、重点任务")
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


def named_count(reading: Reading) -> Iterator[Found]:
    """Names strung together in front of their count are as many; with 等 between, no more.

    甲区、乙区、丙区3个区 names three; 甲区、乙区等3个区 may name fewer, never more.
    """
    for found in _NAMED.finditer(reading.text):
        names = [name for name in re.split(r"[、和与及]", squeezed(found["names"])) if name]
        names[0] = _LEAD.sub("", names[0])
        count, several = _number(found["count"]), bool(found["several"])
        if len(names) < 2 or len(names) == count or (several and len(names) < count):
            continue
        yield Found(
            message="more_than_said" if several else "other_number",
            given={
                "announced": f"{found['count']}{found['unit'] or ''}{found['noun']}",
                "count": count,
                "number": len(names),
                "names": "、".join(names),
            },
            evidence=sentence(reading, found.start("names"), found.end()),
            start=found.start("names"),
            end=found.end(),
        )


def section_numbering(reading: Reading) -> Iterator[Found]:
    """Numbers of headings run on without gaps, or begin anew at one."""
    last: dict[str, int] = {}
    for section in reading.description.sections:
        marked = _MARK.match(section.title)
        if not marked or marked.lastgroup is None:
            continue
        style, number = marked.lastgroup, _number(marked[marked.lastgroup])
        for inner in _STYLES[_STYLES.index(style) + 1 :]:
            if inner != "digits":  # those often run on through the whole notice
                last.pop(inner, None)
        before = last.get(style)
        last[style] = number
        if before is None or number in (before + 1, 1):
            continue
        yield Found(
            message="gap",
            given={"before": before, "number": number, "next": before + 1, "title": section.title},
            evidence=section.title,
            start=section.start,
            end=section.start + len(section.title),
        )


RULES = (
    NoticeRule(
        code="named_count",
        severity="warning",
        check=named_count,
    ),
    NoticeRule(
        code="section_numbering",
        severity="warning",
        check=section_numbering,
    ),
    NoticeRule(
        code="list_count",
        severity="warning",
        check=list_count,
    ),
)
