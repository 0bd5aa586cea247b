"""A person's word on a run before it is published, for sources whose YAML has `approval`.

    ask          what is staged, as a question; None where nobody need be asked
    answer       yes: publish may go on; no: what was staged goes, and the next run takes it up again
    give_up      nobody answered in time: the same as no

`publish` itself refuses a run that was asked about and not approved, whoever calls it. What is asked is Markdown, in
which nothing that stands in a notice can become markup.
"""

import re
import urllib.parse
from collections.abc import Sequence
from typing import NoReturn

from annals import warehouse
from annals.checks.words import words
from annals.errors import AnnalsError, AuditIncomplete, NotApproved
from annals.model import Record
from annals.pipeline import source_of
from annals.settings import Settings
from annals.warehouse.sqlfile import statements
from annals.words import LANGUAGES

WORST = 10  # findings that a question quotes; the others are counted
QUOTED = 240  # characters of a sentence
CHANGES = {"new": "new", "changed": "changed by the publisher", "read_anew": "read anew", "unreadable": "unreadable"}


class Change(Record, frozen=True, kw_only=True):
    """Staged notices of one kind (a key of CHANGES), with their figures, and how many of these an error withholds."""

    kind: str
    notices: int
    figures: int
    withheld: int


class Check(Record, frozen=True, kw_only=True):
    """How often a check found something that nobody has settled yet."""

    rule: str
    severity: str
    findings: int


class Fault(Record, frozen=True, kw_only=True):
    """A finding as a question shows it; `evidence` is the sentence at fault."""

    rule: str
    severity: str
    notice_id: str
    title: str | None
    url: str | None
    message: str
    expected: str
    seen: str
    evidence: str
    action: str


class Brief(Record, frozen=True, kw_only=True):
    """What a person is told of a run: what is staged, what the checks found, and the worst of it, gravest first."""

    title: str
    changes: tuple[Change, ...]
    checks: tuple[Check, ...]
    worst: tuple[Fault, ...]

    @property
    def notices(self) -> int:
        return sum(change.notices for change in self.changes)

    @property
    def figures(self) -> int:
        return sum(change.figures for change in self.changes)

    @property
    def withheld(self) -> int:
        return sum(change.withheld for change in self.changes)

    def findings(self, severity: str) -> int:
        """How many findings there are of a severity."""
        return sum(check.findings for check in self.checks if check.severity == severity)


class Question(Record, frozen=True, kw_only=True):
    """What a person is asked: a line, and Markdown to decide by. `brief` is what both were made from."""

    subject: str
    body: str
    brief: Brief


def ask(settings: Settings, name: str, run: str, *, checks: str, runbook: str) -> Question | None:
    """Put the question whether `run` of source `name` may be published; `checks` and `runbook` are links for its text.

    None, where the YAML asks for no one, nothing is staged, the run is published already, or (`on_errors`) the audit
    found no error that is not settled. Raises AuditIncomplete before the audit has finished, and AnnalsError where the
    run was asked about in other words before: Airflow goes on showing the first question of a task.
    """
    source = source_of(settings, name)
    with warehouse.connect(settings) as connection:
        if connection.execute("SELECT 1 FROM core.publication WHERE run_id = %s", (run,)).fetchone():
            return None
        audit = connection.execute("SELECT finished_at FROM audit.audit WHERE run_id = %s", (run,)).fetchone()
        if audit is None or audit[0] is None:
            raise AuditIncomplete(f"run {run}: its audit has not finished; stage and audit it again")
        brief = brief_of(connection, source.title, run)
        wanted = {"never": False, "on_errors": brief.findings("error") > 0, "always": True}[source.approval]
        if not (wanted and brief.notices):
            connection.execute("DELETE FROM core.approval WHERE run_id = %s", (run,))
            return None
        subject = f"{source.title}: publish {_count(brief.notices, 'notice')} with {_count(brief.figures, 'figure')}?"
        body = body_of(brief, hours=source.approval_hours, checks=checks, runbook=runbook)
        put = connection.execute(statements("approval/upsert_question"), {"run_id": run, "question": body})
        if put.rowcount == 0:
            raise AnnalsError(f"run {run} was asked about before, when other rows were staged; begin a new run instead")
    return Question(subject=subject, body=body, brief=brief)


def answer(settings: Settings, run: str, *, approved: bool, who: str, note: str = "") -> None:
    """Enter a person's answer. A no drops what was staged, and raises NotApproved with the name and the note."""
    said = " ".join(note.split())
    with warehouse.connect(settings) as connection:
        entered = connection.execute(
            statements("approval/enter_answer"), {"run_id": run, "approved": approved, "who": who, "note": said}
        )
        if entered.rowcount == 0:
            raise AnnalsError(f"run {run} was never asked about; clear the task that asks")
        if approved:
            return
        warehouse.discard_stage(connection, run)
    raise NotApproved(f"rejected by {who}{f': {said}' if said else ', who left no note'}")


def give_up(settings: Settings, name: str, run: str) -> NoReturn:
    """Drop what was staged, since nobody answered in time; raises NotApproved."""
    hours = source_of(settings, name).approval_hours
    with warehouse.connect(settings) as connection:
        warehouse.discard_stage(connection, run)
    raise NotApproved(
        f"nobody answered within {_hours(hours)}; nothing is published, the next run takes everything up again"
    )


def waits(settings: Settings, run: str) -> bool:
    """Whether a question about the run stands without an answer."""
    with warehouse.connect(settings) as connection:
        found = connection.execute(
            "SELECT 1 FROM core.approval JOIN core.run USING (run_id) "
            "WHERE run_id = %s AND approved IS NULL AND state = 'running'",
            (run,),
        ).fetchone()
    return found is not None


def brief_of(connection: warehouse.Connection, title: str, run: str) -> Brief:
    """What a run has staged, and what its audit found in it."""
    staged = connection.execute(statements("approval/count_staged"), {"run_id": run}).fetchall()
    found = connection.execute(
        statements("approval/select_staged_findings"), {"run_id": run, "examples": WORST}
    ).fetchall()
    keys = Fault.__struct_fields__
    return Brief(
        title=title,
        changes=tuple(Change(kind=row[0], notices=row[1], figures=row[2], withheld=row[3]) for row in staged),
        checks=tuple(
            Check(rule=rule, severity=severity, findings=times)
            for rule, severity, *_, times, place in found
            if place == 1
        ),
        worst=tuple(Fault(**dict(zip(keys, row[: len(keys)], strict=True))) for row in found[:WORST]),
    )


def body_of(brief: Brief, *, hours: float, checks: str, runbook: str) -> str:
    """The Markdown of a question: what the answers do, what is staged, what the checks found, the worst of it."""
    parts = [
        f"**Approve**: analysts see {_count(brief.figures - brief.withheld, 'figure')}; what has an error "
        f"({brief.withheld:,}) stays withheld, to be settled on the review page. "
        "**Reject**, with the reason as *note*: nothing of this run is published, and the next run takes everything "
        f"up again. Without an answer within {_hours(hours)} the run fails, as if rejected.",
        f"[All checks of this run]({address(checks)}) · [Runbook]({address(runbook)})",
        "### Staged",
        _table(
            ("", "notices", "figures", "withheld"),
            [(CHANGES[one.kind], one.notices, one.figures, one.withheld) for one in brief.changes],
        ),
        "### Found",
    ]
    if not brief.checks:
        return "\n\n".join((*parts, "Nothing that is not settled already."))
    parts.append(
        _table(
            ("check", "severity", "findings"),
            [(_check(one.rule), one.severity, one.findings) for one in brief.checks],
        )
    )
    parts.append("### The worst" if len(brief.worst) < sum(one.findings for one in brief.checks) else "### In full")
    parts += [_item(number, fault) for number, fault in enumerate(brief.worst, start=1)]
    return "\n\n".join(parts)


def escaped(text: str, limit: int = QUOTED) -> str:
    r"""Text of a notice as Markdown that shows it and does nothing: one line, no longer than `limit` characters.

    >>> print(escaped("增长5%|**好**\n\n# [见](http://x.cn)<img src=x>"))
    增长5%\|\*\*好\*\* \# \[见\]\(http://x.cn\)&lt;img src=x&gt;
    >>> print(escaped("1. 云川", 4), escaped("`a` & b_c"))
    1\. … \`a\` &amp; b\_c
    """
    line = " ".join(text.split())
    if len(line) > limit:
        line = f"{line[: limit - 1]}…"
    line = re.sub(r"([\\`*_{}\[\]()#+!|~-])", r"\\\1", line)
    line = re.sub(r"^(\d+)\.", r"\1\\.", line)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def address(url: str) -> str:
    """A URL as it may stand between the brackets of a link.

    >>> address("http://x.cn/甲(1) a.html?b=%E4%B9%99")
    'http://x.cn/%E7%94%B2%281%29%20a.html?b=%E4%B9%99'
    """
    return urllib.parse.quote(url, safe="/:?#@!$&'*+,;=%~[]-._")


def _item(number: int, fault: Fault) -> str:
    """A finding: what is wrong, in which notice, the sentence, and what would be right."""
    name = escaped(fault.title or fault.notice_id)
    linked = fault.url and fault.url.lower().startswith(("http://", "https://"))
    notice = f"[{name}]({address(fault.url)})" if linked and fault.url else name
    lines = [f"{number}. **{fault.severity}** {_check(fault.rule)}: {escaped(fault.message)}", notice]
    if fault.evidence.strip():
        lines.append(f"> {escaped(fault.evidence)}")
    lines += [f"expected: {escaped(fault.expected)}", f"seen: {escaped(fault.seen)}"]
    indent = " " * (len(str(number)) + 2)
    return f"\n\n{indent}".join(lines)


def _check(code: str) -> str:
    """A check's names and its code."""
    names = [words().name(code, language) for language in LANGUAGES]
    return f"{escaped(' '.join(dict.fromkeys(names)))} `{code}`"


def _table(head: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """A table; columns of numbers are set to the right."""
    right = [bool(rows) and isinstance(rows[0][column], int) for column in range(len(head))]
    filled = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    lines = [head, ["---:" if one else "---" for one in right], *filled]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _count(number: int, noun: str) -> str:
    """
    >>> _count(1, "notice"), _count(1200, "figure")
    ('1 notice', '1,200 figures')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _hours(hours: float) -> str:
    """
    >>> _hours(72), _hours(1), _hours(0.5)
    ('72 hours', '1 hour', '0.5 hours')
    """
    return f"{hours:g} hour{'s' * (hours != 1)}"
