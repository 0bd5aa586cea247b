"""What an alert says: one for the errors that a run's audit found, one for a run that failed for good.

Alerts are composed here and delivered elsewhere. Bodies are HTML that reads well without style or pictures.
"""

from html import escape

from annals.model import Record
from annals.pipeline import Fault, Summary

SHOWN = 30  # findings in one message; the rest is counted and linked


class Links(Record, frozen=True, kw_only=True):
    """Where to look: the run in the UI, and the page of what the checks found."""

    run: str
    checks: str


class Alert(Record, frozen=True, kw_only=True):
    """A message to people. `key` names it within its run, so that it goes out once."""

    key: str
    subject: str
    body: str


def of_findings(summary: Summary, links: Links) -> Alert:
    """The alert for a run whose audit found errors: the rules, the sentences at fault, and what to do."""
    errors = summary.errors()
    count = f"{len(errors)} error{'s' * (len(errors) != 1)}"
    rules = ", ".join(sorted({fault.rule for fault in errors}))
    parts = [
        f"<p>The checks of <b>{escape(summary.title)}</b> found {count} ({escape(rules)}). "
        f"{summary.quarantined} figures are withheld, {summary.passed + summary.flagged} are published.</p>",
        "<ol>",
        *(_item(fault) for fault in errors[:SHOWN]),
        "</ol>",
        f"<p>… and {len(errors) - SHOWN} more.</p>" if len(errors) > SHOWN else "",
        _footer(links),
    ]
    return Alert(key="findings", subject=f"[annals] {summary.title}: {count} in new figures", body="\n".join(parts))


def of_failure(*, title: str, task: str, reason: str, runbook: str, links: Links) -> Alert:
    """The alert for a run that failed for good: which task, why, and what its publisher's runbook says."""
    parts = [
        f"<p>The run of <b>{escape(title)}</b> failed in task <b>{escape(task)}</b>; nothing of it is published.</p>",
        f"<pre>{escape(reason)}</pre>",
        f"<p>What to do:</p><pre>{escape(runbook)}</pre>" if runbook else "",
        _footer(links),
    ]
    return Alert(key="failure", subject=f"[annals] {title}: {task} failed", body="\n".join(parts))


def _item(fault: Fault) -> str:
    """One finding: rule, message, the sentence, the notice and the action that helps."""
    name = escape(fault.title or fault.notice_id)
    notice = f'<a href="{escape(fault.url)}">{name}</a>' if fault.url and fault.url.startswith("http") else name
    action = f"<br>{escape(fault.action)}" if fault.action else ""
    return (
        f"<li><b>{escape(fault.rule)}</b>: {escape(fault.message)}"
        f"<blockquote>{escape(fault.evidence)}</blockquote>{notice}{action}</li>"
    )


def _footer(links: Links) -> str:
    return (
        f'<p>The run: <a href="{escape(links.run)}">{escape(links.run)}</a><br>'
        f'All checks: <a href="{escape(links.checks)}">{escape(links.checks)}</a></p>'
    )
