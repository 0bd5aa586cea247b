"""What alerts say: HTML that reads well without a style sheet or pictures, the same as text, and in short for a chat.

The messages are templates in include/alerts; what fills them is made here.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from annals.alerts.changes import CHANGES, Case, Change, News
from annals.alerts.outbox import Alert, Level
from annals.alerts.spells import News as SpellNews
from annals.alerts.spells import Spell
from annals.approval import Question
from annals.checks.words import words
from annals.model import Record
from annals.review.listing import Listed
from annals.settings import PROJECT
from annals.words import LANGUAGES

FOLDER = PROJECT / "include" / "alerts"
REACH = 160  # characters of a sentence to either side of what is at fault
CHAT_BYTES = 1800  # of UTF-8; the narrowest of the usual chats takes 2,048
CHAT_CASES = 5

TITLES: dict[Change, str] = {"new": "New", "open": "Still open", "resolved": "Resolved"}


class Links(Record, frozen=True, kw_only=True):
    """Where to look: the run in the UI, what its checks found, the DAG with its runbook, and the review page."""

    run: str
    checks: str
    runbook: str
    review: str

    def finding(self, finding_id: str) -> str:
        return f"{self.review}/findings/{finding_id}"

    def findings(self, source: str, severity: str) -> str:
        return f"{self.review}/findings?{urlencode({'source': source, 'severity': severity})}"


def of_findings(news: News, *, run: str, links: Links, remind_after_days: int) -> Alert:
    """The alert for what changed in the errors of a source."""
    summary = _summary(news.counts)
    subject = f"[annals] {_line(news.title)}: {summary}"
    sections = [
        {
            "title": f"{TITLES[change]}: {count(news.counts[change], 'error')}",
            "link": "On the review page" if change == "resolved" else "Settle it, or silence it",
            "colour": "#1d7a3e" if change == "resolved" else "#b3261e",
            "groups": [
                {
                    "rule": rule,
                    "name": _name(rule),
                    "cases": [_shown(change, case, links) for case in cases],
                }
                for rule, cases in groupby(news.cases[change], key=lambda case: case.finding.rule)
            ],
            "more": news.counts[change] - len(news.cases[change]),
        }
        for change in CHANGES
        if news.counts[change]
    ]
    withheld = f"Withheld from the marts: {count(news.withheld, 'figure')} of this source."
    level: Level = "warning" if news.counts["new"] or news.counts["open"] else "success"
    runbook = news.runbook if level == "warning" else ""
    content = {
        "subject": subject,
        "news": news,
        "summary": summary,
        "withheld": withheld,
        "owner": _owner(news.owner, news.email),
        "sections": sections,
        "besides": _besides(news, links),
        "runbook": _markdown(runbook),
        "markdown": runbook,
        "findings": links.findings(news.source, "error"),
        "links": links,
        "run": run,
        "remind": remind_after_days,
    }
    return Alert(
        key="findings",
        level=level,
        subject=subject,
        html=_render("findings.html", content),
        text=_render("findings.txt", content),
        chat=_chat_of_findings(news, links, withheld),
    )


def of_spell(
    spell: Spell,
    news: SpellNews,
    *,
    title: str,
    what: str,
    reason: str,
    owner: str,
    runbook: str,
    links: Links,
) -> Alert:
    """The alert for runs that fail or are late, or do so no longer. `what` says it of one run: "fetch failed"."""
    days = (spell.told_at - spell.since).days
    since = f"{spell.since:%Y-%m-%d %H:%M} UTC, {count(spell.runs, 'run')}"
    over = {"failing": "works again", "late": "in time again"}[spell.kind]
    said = {
        "begun": what,
        "other": f"{what}, for another reason than before",
        "still": f"{what}; so for {count(days, 'day')}, {count(spell.runs, 'run')}",
        "over": over,
    }[news]
    lead = {
        "begun": f"{title}: {what}.",
        "other": f"{title}: {what}, for another reason than the runs before it.",
        "still": f"{title}: {what}, as did the runs before it.",
        "over": f"{title}: {over}. {'Failed' if spell.kind == 'failing' else 'Late'} since {since}.",
    }[news]
    facts = [("Since", since, "")] if news != "over" else []
    facts.append(("Owner", owner, ""))
    subject = f"[annals] {_line(title)}: {said}"
    content = {
        "subject": subject,
        "lead": lead,
        "reason": "" if news == "over" else reason,
        "facts": facts,
        "runbook": "" if news == "over" else _markdown(runbook),
        "markdown": "" if news == "over" else runbook,
        "links": links,
    }
    chat = [lead, *([] if news == "over" else [reason.strip().partition("\n")[0][:300]])]
    return Alert(
        key=f"{spell.kind}-{news}-{spell.told_at:%Y%m%dT%H%M%S%f}",
        level="success" if news == "over" else "failure",
        subject=subject,
        html=_render("run.html", content),
        text=_render("run.txt", content),
        chat=fitted(chat, [links.run]),
    )


def of_waiting(question: Question, *, page: str, links: Links) -> Alert:
    """The alert for a run that waits for a person's word: what is asked, how grave it is, and the page to answer on."""
    brief = question.brief
    rules = ", ".join(f"{_name(check.rule)} ({check.findings})" for check in brief.checks if check.severity == "error")
    subject = f"[annals] {_line(brief.title)}: waits for approval"
    errors = f"{count(brief.findings('error'), 'error')}{f': {rules}' if rules else ''}"
    content = {
        "subject": subject,
        "lead": f"{question.subject} The run waits until somebody approves or rejects it.",
        "reason": "",
        "facts": [
            ("Answer", page, page),
            ("Found", f"{errors}; {count(brief.findings('warning'), 'warning')}", ""),
            ("Checks", links.checks, links.checks),
        ],
        "runbook": "",
        "markdown": "",
        "links": links,
    }
    return Alert(
        key="approval",
        level="warning",
        subject=subject,
        html=_render("run.html", content),
        text=_render("run.txt", content),
        chat=fitted([question.subject, f"Found {errors}"], [page]),
    )


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "figure"), count(1200, "figure")
    ('1 figure', '1,200 figures')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def fitted(lines: Sequence[str], last: Sequence[str], size: int = CHAT_BYTES) -> str:
    """Lines for a chat in at most `size` bytes of UTF-8: whole lines are left out, and counted; the last ones stay.

    >>> print(fitted(["一二三", "四五六", "七八九"], ["http://a"], 30))
    一二三
    … 2 more
    http://a
    """
    kept = list(lines)
    while True:
        left_out = len(lines) - len(kept)
        text = "\n".join([*kept, *([f"… {left_out} more"] if left_out else []), *last])
        if len(text.encode()) <= size or not kept:
            return text
        kept.pop()


def clipped(parts: tuple[str, str, str], reach: int = REACH) -> tuple[str, str, str]:
    """A sentence with what is at fault in its middle, as three parts, not longer than people read.

    >>> clipped(("一二三四五", "六", "七八九"), 2)
    ('…四五', '六', '七八…')
    """
    before, marked, after = (" ".join(part.split(" ")) for part in parts)
    if not marked:
        return (before if len(before) <= 2 * reach else f"{before[: 2 * reach]}…", "", after)
    before = before if len(before) <= reach else f"…{before[-reach:]}"
    after = after if len(after) <= reach else f"{after[:reach]}…"
    return before, marked, after


def _summary(counts: dict[Change, int]) -> str:
    """What a subject says.

    >>> _summary({"new": 2, "open": 1, "resolved": 0}), _summary({"new": 0, "open": 0, "resolved": 1})
    ('2 new errors, 1 still open', '1 error resolved')
    """
    words = {"new": ("new {}", "new"), "open": ("{} still open", "still open"), "resolved": ("{} resolved", "resolved")}
    parts: list[str] = []
    for change in CHANGES:
        if number := counts[change]:
            noun = "error" if number == 1 else "errors"
            parts.append(f"{number:,} {words[change][1] if parts else words[change][0].format(noun)}")
    return ", ".join(parts)


def _shown(change: Change, case: Case, links: Links) -> dict[str, Any]:
    one = case.finding
    facts: list[tuple[str, str, str]] = []
    if change == "resolved":
        facts.append(("How", fate(one), ""))
        facts.append(("Figure", _released(case), ""))
    else:
        facts.append(("Expected", _said(one, "expected"), ""))
        facts.append(("Seen", _said(one, "seen"), ""))
        facts.append(("Withheld", _withheld(case), ""))
    since = f"{one.first_seen_at:%Y-%m-%d}"
    if change == "open":
        since += f", told {count(case.age, 'day')} ago"
        since += "; its silence is over" if case.silence_over else ""
        since += f"; told again after {count(case.next_age, 'day')}" if case.next_age else ""
    facts.append(("Since", since, ""))
    published = f", {one.published_on}" if one.published_on else ""
    page = f", page {one.page}" if one.page else ""
    facts.append(("Notice", f"{one.title or one.name or one.notice_id}{published}{page}", _web(one.url)))
    if change != "resolved" and one.action:
        facts.append(("To do", _said(one, "action"), ""))
    return {
        "message": _said(one, "message") if one.message_tells_more or not one.evidence else "",
        "sentence": clipped(one.parts) if one.evidence else None,
        "facts": facts,
        "url": links.finding(one.finding_id),
    }


def _said(one: Listed, what: Literal["message", "expected", "seen", "action"]) -> str:
    """What a check says of a finding, in every language: those who are told are not all of one."""
    return " · ".join(dict.fromkeys(getattr(one.told(language), what) for language in LANGUAGES))


def fate(one: Listed) -> str:
    """Why an error is no longer told of: who settled it, or why it is no longer found."""
    if one.state != "open":
        if one.in_file:
            return f"corrected by {one.corrected_by}, in {one.origin}"
        until = f", until {one.expires_on}" if one.expires_on else ""
        on = f" on {one.decided_at:%Y-%m-%d}" if one.decided_at else ""
        return f"{one.state} by {one.decided_by}{on}{until}: “{one.reason}”"
    if one.resolved_at is None:
        return f"counts as {one.severity} now"
    if one.text_changed:
        return "no longer found: the publisher changed the text"
    return "no longer found: the text is the same, but is read otherwise, or what it was held against is"


def _withheld(case: Case) -> str:
    if case.finding.figure_id is None:
        return (
            f"the whole notice: {count(case.withheld, 'figure')}"
            if case.withheld
            else "nothing: the notice has no figures"
        )
    figure = " ".join(filter(None, (case.finding.raw, case.finding.subject)))
    return figure if case.withheld else f"nothing: {figure or 'the figure'} is not among the newest figures"


def _released(case: Case) -> str:
    if case.finding.text_changed:
        return "gone with the earlier text"
    if case.withheld:
        return "still withheld, for another error"
    return "in the marts again" if case.finding.figure_id else "all of the notice is in the marts again"


def _besides(news: News, links: Links) -> list[tuple[str, str]]:
    lines = []
    if quiet := news.errors - news.counts["new"] - news.counts["open"] - news.silenced:
        lines.append((f"{count(quiet, 'error')} told earlier and open", links.findings(news.source, "error")))
    if news.silenced:
        lines.append((f"{count(news.silenced, 'error')} silenced", links.findings(news.source, "error")))
    if news.warnings:
        new = f", {news.new_warnings:,} new in this run" if news.new_warnings else ""
        lines.append((f"{count(news.warnings, 'warning')}{new}", links.findings(news.source, "warning")))
    return lines


def _chat_of_findings(news: News, links: Links, withheld: str) -> str:
    lines = []
    for change in CHANGES:
        for case in news.cases[change][:CHAT_CASES]:
            one = case.finding
            what = fate(one) if change == "resolved" else f"{one.seen}; expected {one.expected}"
            lines.append(
                f"{TITLES[change]}: {_name(one.rule)}: {_line(what)[:160]} ({_line(one.title or one.notice_id)[:60]})"
            )
    told = sum(news.counts.values())
    shown = len(lines)
    more = [f"{told - shown:,} more on the review page"] if told > shown else []
    first = [links.finding(case.finding.finding_id) for change in CHANGES for case in news.cases[change]]
    link = first[0] if told == 1 else links.findings(news.source, "error")
    return fitted(lines, [*more, withheld, f"Owner: {_owner(news.owner, news.email)}", link])


def _owner(owner: str, email: str | None) -> str:
    return f"{owner} <{email}>" if email else owner


def _web(url: str | None) -> str:
    return url if url and url.startswith(("http://", "https://")) else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _name(rule: str) -> str:
    """A check's name in every language."""
    return " · ".join(dict.fromkeys(words().name(rule, language) for language in LANGUAGES))


def _markdown(text: str) -> Markup:
    """A runbook as HTML; what is HTML in it stays text."""
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text)) if text else Markup("")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _render(template: str, content: dict[str, Any]) -> str:
    return _templates().get_template(template).render(content)
