"""Findings and quarantine as people look at them: with notice, sentence, the digits at fault, and what was decided."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from psycopg.rows import class_row, dict_row

from annals.checks.words import ROW, Told, words
from annals.model import Record
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements
from annals.words import Language

PAGE = 100  # findings at a time
_REACH = 60  # characters before a mark that tell which of several is meant


class Filter(Record, frozen=True, kw_only=True):
    """Which findings; None is all of them. `search` looks in title, message and sentence."""

    state: str | None = None
    source: str | None = None
    rule: str | None = None
    severity: str | None = None
    search: str | None = None
    figure_id: str | None = None


class Standing(Record, frozen=True, kw_only=True):
    """What a finding says, as the warehouse keeps it."""

    rule: str
    message: str
    expected: str
    seen: str
    action: str
    said: dict[str, Any] | None

    def told(self, language: Language) -> Told:
        """What the check has to say, in the reader's language."""
        kept = Told(message=self.message, expected=self.expected, seen=self.seen, action=self.action)
        return words().retell(self.rule, self.said, kept, language)


class Staged(Standing, frozen=True, kw_only=True):
    """A finding of a run that is not published, the `place`th of the `times` that its check found something."""

    severity: str
    notice_id: str
    title: str | None
    url: str | None
    evidence: str
    times: int
    place: int


class Listed(Standing, frozen=True, kw_only=True):
    """A finding beside its notice, its figure and the last decision on it. `mark` goes back with a decision."""

    finding_id: str
    severity: str
    notice_id: str
    figure_id: str | None
    evidence: str
    state: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_run_id: str
    resolved_at: datetime | None
    char_start: int | None
    char_end: int | None
    text_changed: bool | None
    mark: str
    title: str | None
    published_on: date | None
    sha256: str | None
    name: str | None
    url: str | None
    source: str | None
    publisher: str | None
    owner: str | None
    raw: str | None
    value: Decimal | None
    unit: str | None
    year: int | None
    region: str | None
    page: int | None
    status: str | None
    subject: str | None
    indicator_name: str | None
    original_value: Decimal | None
    corrected: bool
    origin: str | None
    corrected_by: str | None
    marked: str | None
    before: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    expires_on: date | None
    reopened: str | None  # "changed": the text is another now; "expired"
    silenced_by: str | None
    silenced_at: datetime | None
    silenced_because: str | None
    silenced_until: date | None

    @property
    def message_tells_more(self) -> bool:
        """Whether the message says more than what was expected and seen; of a row that fails, it says just that."""
        return self.said is None or self.said.get("message") != ROW

    @property
    def in_file(self) -> bool:
        """Whether a file of include/corrections corrects the figure, so that the page cannot."""
        return self.origin is not None and not self.origin.startswith("decision ")

    @property
    def parts(self) -> tuple[str, str, str]:
        """The evidence before, at and after what is at fault; all of it in the first where that cannot be told."""
        return split(self.evidence, self.marked or "", self.before or "")


class Decided(Record, frozen=True, kw_only=True):
    """A decision of the past; `own` is false where it spoke of an earlier text, kept in `evidence`."""

    decision_id: int
    state: str
    decided_by: str
    decided_at: datetime
    reason: str
    value: Decimal | None
    year: int | None
    region: str | None
    expires_on: date | None
    same_basis: bool
    own: bool
    evidence: str


class Context(Record, frozen=True, kw_only=True):
    """The text around a finding, and where the document lies in the archive."""

    before: str
    marked: str
    after: str
    path: str
    name: str
    sha256: str
    source: str
    start: int
    end: int


def findings(connection: Connection, wanted: Filter, *, page: int = 1) -> list[Listed]:
    """A page of findings that the checks still make, gravest first, by rule."""
    return _listed(connection, wanted, limit=PAGE, offset=PAGE * (page - 1))


def finding(connection: Connection, finding_id: str) -> Listed | None:
    """One finding, resolved or not."""
    return by_id(connection, (finding_id,)).get(finding_id)


def by_id(connection: Connection, finding_ids: Collection[str]) -> dict[str, Listed]:
    """Findings by their ids, resolved or not."""
    found = _listed(connection, Filter(), finding_ids=list(finding_ids), limit=len(finding_ids))
    return {one.finding_id: one for one in found}


def examples(connection: Connection, run_id: str, *, each: int) -> dict[str, list[Listed]]:
    """By check, the first findings that a run was the first or the last to make, resolved since or not."""
    rows = connection.execute(statements("review/select_examples"), {"run_id": run_id, "each": each})
    finding_ids = [str(row[0]) for row in rows]
    found: dict[str, list[Listed]] = defaultdict(list)
    for one in _listed(connection, Filter(), finding_ids=finding_ids, limit=len(finding_ids)):
        found[one.rule].append(one)
    return found


def _listed(
    connection: Connection, wanted: Filter, *, finding_ids: list[str] | None = None, limit: int, offset: int = 0
) -> list[Listed]:
    parameters = {**_asdict(wanted), "finding_ids": finding_ids, "limit": limit, "offset": offset}
    with connection.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(statements("review/select_listed"), parameters).fetchall()


def counts(connection: Connection, wanted: Filter) -> dict[str, dict[str, int]]:
    """How many findings there are by state, severity, rule and source, each by what the other filters leave."""
    found: dict[str, dict[str, int]] = {"state": {}, "severity": {}, "rule": {}, "source": {}, "all": {}}
    for facet, value, number in connection.execute(statements("review/count_findings"), _asdict(wanted)):
        found[facet][value or ""] = number
    return found


def history(connection: Connection, finding_id: str) -> list[Decided]:
    """What was decided of a finding, and of its rule in the same notice before the text was changed; newest first."""
    with connection.cursor(row_factory=class_row(Decided)) as cursor:
        return cursor.execute(statements("review/select_history"), {"finding_id": finding_id}).fetchall()


def context(connection: Connection, finding_id: str) -> Context | None:
    """The text around a finding; None where it has no place in the text."""
    row = connection.execute(statements("review/select_context"), {"finding_id": finding_id}).fetchone()
    return None if row is None else Context(**dict(zip(Context.__struct_fields__, row, strict=True)))


def staged(connection: Connection, run_id: str, *, each: int) -> dict[str, list[Staged]]:
    """What the audit of a run found that is not published: the first of `each` check, by its code."""
    found: dict[str, list[Staged]] = {}
    with connection.cursor(row_factory=class_row(Staged)) as cursor:
        query = statements("approval/select_staged_findings")
        for one in cursor.execute(query, {"run_id": run_id, "examples": each}):
            found.setdefault(one.rule, []).append(one)
    return found


def quarantine(
    connection: Connection, *, source: str | None = None, search: str | None = None, page: int = 1
) -> list[Mapping[str, Any]]:
    """A page of what is withheld, newest first; `total` and the `standing` findings are on every row."""
    parameters = {"source": source, "search": search, "limit": PAGE, "offset": PAGE * (page - 1)}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statements("review/select_quarantine"), parameters).fetchall()
    return [{**row, "standing": msgspec.convert(row["standing"], tuple[Standing, ...])} for row in rows]


def split(evidence: str, marked: str, before: str) -> tuple[str, str, str]:
    """The evidence before, at and after the marked words; blanks and line breaks are the layout's and do not count.

    Of several places the one is meant that follows `before`, the text that leads up to the mark.

    >>> split("新建34个，去年34个。", "34 个", "，去年")
    ('新建34个，去年', '34个', '。')
    >>> split("建成近3个，近3个在建。", "近3个", "建成近")[0]
    '建成'
    >>> split("一句。", "别的", "")
    ('一句。', '', '')
    """
    letters = [index for index, letter in enumerate(evidence) if not letter.isspace()]
    bare = "".join(evidence[index] for index in letters)
    wanted, lead = re.sub(r"\s", "", marked), re.sub(r"\s", "", before)
    places = [found.start() for found in re.finditer(f"(?={re.escape(wanted)})", bare)] if wanted else []
    if not places:
        return evidence, "", ""

    def led_up_to(place: int) -> bool:
        leading = bare[max(0, place - _REACH) : place]
        return bool(lead and leading) and (lead.endswith(leading) or leading.endswith(lead))

    # The mark may begin before the number that `before` leads up to: 近34个.
    told = [place for place in places if any(led_up_to(place + step) for step in range(len(wanted)))]
    at = told[-1] if told else places[0]
    first, last = letters[at], letters[at + len(wanted) - 1]
    return evidence[:first], evidence[first : last + 1], evidence[last + 1 :]


def _asdict(wanted: Filter) -> dict[str, Any]:
    return {name: getattr(wanted, name) or None for name in wanted.__struct_fields__}
