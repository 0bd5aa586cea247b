"""What stands decided, applied: to a publication, or at once where a finding has just been settled."""

from pathlib import Path

from annals.errors import AnnalsError, ConfigurationError
from annals.review import corrections
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements

NO_RUN = ""  # stands for "no run": nothing was read anew


def apply_decisions(connection: Connection, run_id: str, folder: Path | None = None) -> None:
    """Bring states of findings, values of figures and silences to what people decided; in publish's own transaction.

    Enters the files of the run's source first. Raises ConfigurationError, so that nothing is published, for a file
    with an error and for an entry that finds no figure, or several.
    """
    folder = folder or corrections.FOLDER
    row = connection.execute("SELECT source FROM core.run WHERE run_id = %s", (run_id,)).fetchone()
    if row is None:
        raise AnnalsError(f"run {run_id} was never begun")
    source = str(row[0])
    entries = corrections.load(folder).get(source, ())
    corrections.enter(connection, source, entries, f"include/corrections/{source}.yaml")
    apply(connection, run_id, source)


def apply(connection: Connection, run_id: str = NO_RUN, source: str = "") -> None:
    """The same without the files' being read again."""
    parameters = {"run_id": run_id, "source": source}
    connection.execute(statements("review/undo_corrections").encode(), parameters)
    connection.execute(statements("review/match_corrections"))
    unmatched = connection.execute(statements("review/select_unmatched_corrections"), parameters).fetchone()
    if unmatched is not None:
        raise ConfigurationError(_unmatched(*unmatched))
    connection.execute(statements("review/apply_decisions"))
    connection.execute(statements("review/apply_corrections"))
    connection.execute("DROP TABLE matched_correction")
    connection.execute(statements("review/end_silences"))


def _unmatched(
    origin: str,
    notice_id: str,
    expected: str,
    sha256: str | None,
    raw: str,
    value: object,
    matches: int,
    starts: str | None,
    values: str | None,
) -> str:
    if sha256 is None:
        said = f"the warehouse knows no notice {notice_id}"
    elif not sha256.startswith(expected):
        said = f"notice {notice_id} is now version {sha256[:12]}, not {expected}: its text was changed"
    elif matches > 1:
        return f"{origin}: means {matches} figures; say which by find.start, one of {starts}"
    elif starts:
        said = f"notice {notice_id} has {raw!r} not at that place, but at {starts}"
    elif values:
        said = f"notice {notice_id} has {raw!r} read as {values}, not {value}"
    else:
        said = f"notice {notice_id} has no figure {raw!r}"
    return f"{origin}: finds nothing: {said}; bring the entry up to date, or delete it"
