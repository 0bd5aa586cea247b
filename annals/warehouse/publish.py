"""One transaction that publishes what the audit let pass, and withholds, with the reason, what it did not."""

from annals.errors import AnnalsError, AuditIncomplete, NotApproved
from annals.model import Record
from annals.warehouse.connect import Connection
from annals.warehouse.migrate import LOCK
from annals.warehouse.runs import run_lock
from annals.warehouse.sqlfile import statements

# In order, what people decided being applied in between; each a file of include/sql/publish/.
MERGE = (
    "upsert_notices",
    "upsert_versions",
    "replace_figures",
    "choose_newest_versions",
    "merge_findings",
    "resolve_findings",
)
JUDGE = ("set_statuses", "update_source", "count_publication")


class Published(Record, frozen=True, kw_only=True):
    """What a run brought: notices, and its figures by status. `again` is true where an earlier try had published it."""

    notices: int
    figures: int
    passed: int
    flagged: int
    quarantined: int
    again: bool = False


def publish(connection: Connection, run_id: str) -> Published:
    """Publish a run whose audit has finished; raises AuditIncomplete for any other.

    Raises NotApproved where a person was asked about what was audited, and has not approved it.

    Fenced: the run's marker is inserted first, so that of several tries (a task that outlived its supervisor beside
    its retry) one commits and the others return what that one published.
    """
    from annals.review.apply import apply_decisions  # it knows the warehouse in turn

    parameters = {"run_id": run_id}
    with run_lock(connection, run_id), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        marked = connection.execute(
            "INSERT INTO core.publication (run_id, published_at) VALUES (%(run_id)s, now()) ON CONFLICT DO NOTHING",
            parameters,
        )
        if marked.rowcount == 0:
            return _published(connection, run_id, again=True)
        audit = connection.execute(statements("publish/select_leave"), parameters).fetchone()
        if audit is None or audit[0] is None:
            raise AuditIncomplete(f"run {run_id}: its audit has not finished; nothing is published")
        if audit[1]:
            raise NotApproved(f"run {run_id}: nobody has approved what was audited last; nothing is published")
        for step in MERGE:
            connection.execute(statements(f"publish/{step}").encode(), parameters)
        apply_decisions(connection, run_id)
        for step in JUDGE:
            connection.execute(statements(f"publish/{step}").encode(), parameters)
        return _published(connection, run_id, again=False)


def _published(connection: Connection, run_id: str, *, again: bool) -> Published:
    row = connection.execute(
        "SELECT notices, figures, passed, flagged, quarantined FROM core.publication WHERE run_id = %s", (run_id,)
    ).fetchone()
    if row is None:
        raise AnnalsError(f"run {run_id} is not published")
    return Published(notices=row[0], figures=row[1], passed=row[2], flagged=row[3], quarantined=row[4], again=again)
