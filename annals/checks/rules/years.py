"""What a notice says of its year, in its title, its body and its date."""

import re
from collections.abc import Iterator

from annals.checks.quoting import sentence
from annals.checks.rule import Found, NoticeRule
from annals.checks.words import Word
from annals.model import Reading

_YEAR = re.compile(r"(?<![\d〔\[（(])((?:19|20)\d\d)\s*年(?!\s*[—－–~～至-]\s*(?:19|20)\d\d)(度?)")
# A year that a sentence begins with, but for dates of letters, and beginnings of what goes on.
_TOLD = re.compile(
    r"(?:^|[。！；\n])[\s#*]*(?:截至|到|在)?((?:19|20)\d\d)\s*年(?!\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[^，。；\n]{0,10}(?:以来|起|至))"
)
_OFTEN = 2
_SPAN = re.compile(r"(?:19|20)\d\d\s*年?\s*[—－–~～至-]+\s*(?:19|20)\d\d\s*年?")
_NAMES = re.compile(r"《[^》]*》|[“\"][^”\"]*[”\"]")
_NAMED = re.compile(r"《([^》]+)》")
_ISSUED = re.compile(r"将《([^》]{4,80})》[^。；]{0,20}(?:印发|下发|发布|公布|转发)")
_STOOD = re.compile(r"截[至止]|(?:年|月)[末底]?(?:已|共)")  # what stood then, whatever the reader took it for
_LATE = 2  # years between the year reported on and publication that still pass


def title_and_body(reading: Reading) -> Iterator[Found]:
    """A title's year is the year its body speaks of: in a body that never names it but tells of another, one is wrong.

    To compare with a year (比2021年), to date a letter or to begin there (2021年以来) is not yet to tell of it: several
    sentences begin with it, and none with another.
    """
    title = reading.description.title or ""
    titled = years_in(title)
    if len(titled) != 1:
        return
    year = next(iter(titled))
    body = _body(reading, title)
    text = _blank(body)
    if any(int(found[1]) == year for found in _YEAR.finditer(text)):
        return
    told = list(_TOLD.finditer(text))
    if len(told) < _OFTEN or len({found[1] for found in told}) > 1:
        return
    offset = len(reading.text) - len(body)
    start, end = offset + told[0].start(1), offset + told[0].end()
    yield Found(
        message="not_in_body",
        given={"year": year, "other": told[0][1], "times": len(told)},
        evidence=sentence(reading, start, end),
        start=start,
        end=end,
    )


def issued_and_titled(reading: Reading) -> Iterator[Found]:
    """The document that a circular says it issues is the one its title and its annex name: the same words, one year."""
    own = [name for name in _titles(reading) if len(years_in(name)) == 1]
    for found in _ISSUED.finditer(reading.text):
        issued = years_in(found[1])
        if len(issued) != 1:
            continue
        other = next((name for name in own if _same_but_year(found[1], name) and years_in(name) != issued), None)
        if other is not None:
            year = next(iter(years_in(other)))
            yield Found(
                message="other_year",
                given={"issued": next(iter(issued)), "year": year, "title": other},
                evidence=sentence(reading, found.start(1), found.end(1)),
                start=found.start(1),
                end=found.end(1),
            )
            return


def _titles(reading: Reading) -> Iterator[str]:
    """The notice's title, the documents it names, and the titles that stand in the text."""
    title = reading.description.title or ""
    yield from _NAMED.findall(title) or [title]
    for passage in reading.passages:
        if passage.kind in ("title", "heading"):
            yield reading.text[passage.start : passage.end]


def _same_but_year(one: str, other: str) -> bool:
    """
    >>> _same_but_year("云川市科协2023年工作要点", "2024年工作要点"), _same_but_year("2023年工作要点", "2024年工作总结")
    (True, False)
    """
    bare, also = (re.sub(r"\s+", "", _YEAR.sub("", name)) for name in (one, other))
    short, long = sorted((bare, also), key=len)
    return len(short) >= 4 and long.endswith(short)


def published_when(reading: Reading) -> Iterator[Found]:
    """A review comes out in the year it reviews or soon after; a plan not long before its year nor after it."""
    described = reading.description
    published, titled = described.published_on, years_in(described.title or "")
    if published is None or len(titled) != 1:
        return
    year = next(iter(titled))
    if described.genre in ("review", "communique", "report"):
        sound = year <= published.year <= year + _LATE
    elif described.genre == "plan":
        sound = published.year - 1 <= year <= published.year + 1
    else:
        return
    if not sound:
        yield Found(
            message="far_off",
            given={"genre": Word(described.genre), "year": year, "date": published.isoformat()},
            evidence=described.title or "",
        )


def target_before_plan(reading: Reading) -> Iterator[Found]:
    """A plan's targets lie in its year or after."""
    year = reading.description.year
    if reading.description.genre != "plan" or year is None:
        return
    for index, figure in enumerate(reading.figures):
        if figure.role == "target" and figure.year is not None and figure.year < year:
            if _STOOD.search(reading.text, reading.text.rfind("。", 0, figure.start) + 1, figure.start):
                continue
            yield Found(
                message="earlier",
                given={"plan": year, "target": figure.year},
                evidence=figure.quote,
                figure=index,
                start=figure.start,
                end=figure.end,
            )


def years_in(title: str) -> set[int]:
    """The single years a title names; spans of years and years inside names of other documents do not count.

    >>> years_in("云川市科协2023年工作要点"), years_in("关于印发《实施方案（2021—2025年）》的通知")
    ({2023}, set())
    """
    return {int(found[1]) for found in _YEAR.finditer(_SPAN.sub(" ", title))}


def _blank(text: str) -> str:
    """Names in 《》 and quotation marks, and spans of years, blanked out in place."""
    for pattern in (_NAMES, _SPAN):
        text = pattern.sub(lambda found: "\u3000" * len(found[0]), text)
    return text


def _body(reading: Reading, title: str) -> str:
    """The text after the title, where the title stands in its first lines."""
    squeezed = re.sub(r"\s+", "", title)
    at = 0
    for passage in reading.passages[:12]:
        if squeezed and re.sub(r"\s+", "", reading.text[passage.start : passage.end]) in squeezed:
            at = passage.end
    if not at and title and (found := reading.text.find(title)) != -1:
        at = found + len(title)
    return reading.text[at:]


RULES = (
    NoticeRule(
        code="year_consistency",
        severity="error",
        check=title_and_body,
    ),
    NoticeRule(
        code="issued_year",
        severity="warning",
        check=issued_and_titled,
    ),
    NoticeRule(
        code="published_when",
        severity="warning",
        check=published_when,
    ),
    NoticeRule(
        code="target_before_plan",
        severity="error",
        check=target_before_plan,
    ),
)
