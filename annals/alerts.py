"""What an alert says, and the outbox it waits in until every recipient has it.

There is one for the errors that a run's audit found, one for a run that waits for a person's word, one for a run that
failed for good, one for a run that is late.
Each run posts each of them once. Bodies are HTML that reads well without style or pictures.
"""

from collections.abc import Callable, Sequence
from html import escape

from msgspec import structs

from annals.approval import Question
from annals.archive import Archive
from annals.model import Record
from annals.pipeline import Fault, Summary, folder

SHOWN = 30  # findings in one message; the rest is counted and linked
OUTBOX = "alerts"


class Links(Record, frozen=True, kw_only=True):
    """Where to look: the run in the UI, the page of what its checks found, and the DAG's page with the runbook."""

    run: str
    checks: str
    runbook: str


class Alert(Record, frozen=True, kw_only=True):
    """A message to people. `key` names it within its run, so that it goes out once."""

    key: str
    subject: str
    body: str


class Dispatch(Record, frozen=True, kw_only=True):
    """An alert on its way: whom it is for, and who has it."""

    alert: Alert
    to: tuple[str, ...]
    told: tuple[str, ...] = ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Those who have not had it."""
        return tuple(recipient for recipient in self.to if recipient not in self.told)


def post(archive: Archive, alert: Alert, run: str, to: Sequence[str]) -> str:
    """Put a run's alert into the outbox, unless it is there already; its path in the archive."""
    path = f"{OUTBOX}/{folder(run)}/{alert.key}.json"
    if not archive.exists(path):
        archive.put_json(path, Dispatch(alert=alert, to=tuple(to)))
    return path


def deliver(archive: Archive, path: str, send: Callable[[Alert, str], None]) -> tuple[str, ...]:
    """Send an alert of the outbox to all who have not had it; who has it now. What `send` raises goes through."""
    dispatch = archive.get_json(path, Dispatch)
    for recipient in dispatch.waiting:
        send(dispatch.alert, recipient)
        dispatch = structs.replace(dispatch, told=(*dispatch.told, recipient))
        archive.put_json(path, dispatch)
    return dispatch.told


def undelivered(archive: Archive) -> tuple[str, ...]:
    """The alerts that someone still waits for."""
    return tuple(path for path in archive.list(OUTBOX) if archive.get_json(path, Dispatch).waiting)


def of_findings(summary: Summary, links: Links) -> Alert:
    """The alert for a run whose audit found errors: the rules, the sentences at fault, and what to do."""
    errors = summary.errors()
    count = f"{len(errors)} error{'s' * (len(errors) != 1)}"
    rules = ", ".join(sorted({fault.rule for fault in errors}))
    parts = [
        f"<p>The checks of <b>{escape(summary.title)}</b> found {count} ({escape(rules)}). "
        f"Figures withheld: {summary.quarantined}; published: {summary.passed + summary.flagged}.</p>",
        "<ol>",
        *(_item(fault) for fault in errors[:SHOWN]),
        "</ol>",
        f"<p>… and {len(errors) - SHOWN} more.</p>" if len(errors) > SHOWN else "",
        _footer(links),
    ]
    return Alert(key="findings", subject=f"[annals] {summary.title}: {count} in new figures", body="\n".join(parts))


def of_waiting(question: Question, *, page: str, links: Links) -> Alert:
    """The alert for a run that waits for a person's word: what is asked, how grave it is, and the page to answer on."""
    brief = question.brief
    rules = ", ".join(f"{check.rule} ({check.findings})" for check in brief.checks if check.severity == "error")
    body = (
        f"<p><b>{escape(question.subject)}</b></p>\n"
        f"<p>The run waits until somebody approves or rejects it: "
        f'<a href="{escape(page)}">{escape(page)}</a></p>\n'
        f"<p>Errors: {brief.findings('error')}{f' ({escape(rules)})' if rules else ''}; "
        f"warnings: {brief.findings('warning')}.</p>\n{_footer(links)}"
    )
    return Alert(key="approval", subject=f"[annals] {brief.title}: waits for approval", body=body)


def of_failure(*, title: str, task: str, reason: str, runbook: str, links: Links) -> Alert:
    """The alert for a run that failed for good: which task, why, and what its publisher's runbook says."""
    parts = [
        f"<p>The run of <b>{escape(title)}</b> failed in task <b>{escape(task)}</b>.</p>",
        f"<pre>{escape(reason)}</pre>",
        f"<p>What to do:</p><pre>{escape(runbook)}</pre>" if runbook else "",
        _footer(links),
    ]
    return Alert(key="failure", subject=f"[annals] {title}: {task} failed", body="\n".join(parts))


def of_delay(*, title: str, hours: float, links: Links) -> Alert:
    """The alert for a run that has not ended in the time its publisher's YAML gives it."""
    body = (
        f"<p>The run of <b>{escape(title)}</b> has not ended within {hours:g} hours; it goes on.</p>\n{_footer(links)}"
    )
    return Alert(key="delay", subject=f"[annals] {title}: late", body=body)


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
