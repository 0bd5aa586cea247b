"""What a notice says of its year, in its title, its body and its date."""

import re
from collections import Counter
from collections.abc import Iterator

from annals.checks.quoting import sentence
from annals.checks.rule import Found, NoticeRule
from annals.model import Reading

_YEAR = re.compile(r"(?<![\d〔\[（(])((?:19|20)\d\d)\s*年(?!\s*[—－–~～至-]\s*(?:19|20)\d\d)(度?)")
_SPAN = re.compile(r"(?:19|20)\d\d\s*年?\s*[—－–~～至-]+\s*(?:19|20)\d\d\s*年?")
_NAMES = re.compile(r"《[^》]*》|[“\"][^”\"]*[”\"]")
_LATE = 2  # years between the year reported on and publication that still pass


def title_and_body(reading: Reading) -> Iterator[Found]:
    """A title's year is the year its body speaks of: in a body that never names it but names another, one is wrong."""
    title = reading.description.title or ""
    titled = years_in(title)
    if len(titled) != 1:
        return
    year = next(iter(titled))
    body = _body(reading, title)
    named = Counter(int(found[1]) for found in _YEAR.finditer(_blank(body)))
    if not named or year in named:
        return
    other, times = named.most_common(1)[0]
    at = next(found for found in _YEAR.finditer(_blank(body)) if int(found[1]) == other)
    offset = len(reading.text) - len(body)
    start, end = offset + at.start(), offset + at.end()
    yield Found(
        message=f"the title says {year}, the body {other} ({times}×) and never {year}",
        expected=f"{year}, as the title says",
        seen=f"{other}",
        evidence=sentence(reading, start, end),
        action="Look at the publisher's page: which year is it? Every figure here may be of the wrong year.",
        start=start,
        end=end,
    )


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
            message=f"a {described.genre} of {year} is dated {published.isoformat()}",
            expected=f"a date that fits {year}",
            seen=published.isoformat(),
            evidence=described.title or "",
            action="Compare the date on the publisher's page with the one in the document.",
        )


def target_before_plan(reading: Reading) -> Iterator[Found]:
    """A plan's targets lie in its year or after."""
    year = reading.description.year
    if reading.description.genre != "plan" or year is None:
        return
    for index, figure in enumerate(reading.figures):
        if figure.role == "target" and figure.year is not None and figure.year < year:
            yield Found(
                message=f"the plan for {year} sets a target for {figure.year}",
                expected=f"a target for {year} or later",
                seen=str(figure.year),
                evidence=figure.quote,
                action="Is it an achievement of the year before, or a slip of the publisher's?",
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
        sentence="The year in a notice's title is one that its body speaks of.",
        check=title_and_body,
    ),
    NoticeRule(
        code="published_when",
        severity="warning",
        sentence="A review is published in its year or soon after, a plan about when its year begins.",
        check=published_when,
    ),
    NoticeRule(
        code="target_before_plan",
        severity="error",
        sentence="A plan's targets do not precede the plan.",
        check=target_before_plan,
    ),
)
