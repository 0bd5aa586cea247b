"""The suites of include/expectations, run by Great Expectations as SQL on the staged tables.

A suite file is Great Expectations' own JSON. Beside what that asks for, the suite's `meta.query` names the file of
include/sql that selects the staged rows, and every expectation's `meta` has

    code      what findings and results call it; unique over all suites
    sentence  what holds of a sound row
    action    what to do about a row that fails
"""

import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import psycopg

from annals.checks.rule import Result
from annals.errors import AuditIncomplete, ConfigurationError
from annals.model import Record, Severity
from annals.settings import PROJECT
from annals.warehouse.connect import DRIVER, Connection
from annals.warehouse.sqlfile import statements

FOLDER = PROJECT / "include" / "expectations"
MOST_FAILURES = 100_000  # rows of one expectation; more, and the run is broken as a whole
SEVERITIES: dict[str, Severity] = {"critical": "error", "warning": "warning", "info": "info"}


class Meta(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What we add to an expectation."""

    code: str
    sentence: str
    action: str


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One expectation, as its file has it."""

    type: str
    kwargs: dict[str, Any]
    severity: str
    meta: Meta

    @property
    def code(self) -> str:
        return self.meta.code


class SuiteMeta(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a suite looks at: the staged table, by the query of include/sql, its rows identified by this column."""

    table: str
    query: str
    row_id: str


class Suite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A suite file."""

    name: str
    meta: SuiteMeta
    expectations: tuple[Expectation, ...]


def load_suites(folder: Path = FOLDER) -> tuple[Suite, ...]:
    """All suites of the folder; ConfigurationError names the file and what was expected."""
    suites = []
    for file in sorted(folder.glob("*.json")):
        try:
            suite = msgspec.json.decode(file.read_bytes(), type=Suite)
        except msgspec.DecodeError as error:
            raise ConfigurationError(f"{file}: {error}") from error
        if unknown := {one.severity for one in suite.expectations} - set(SEVERITIES):
            raise ConfigurationError(f"{file}: severity {unknown.pop()!r}; expected one of {', '.join(SEVERITIES)}")
        suites.append(suite)
    if not suites:
        raise ConfigurationError(f"{folder} holds no suites; nothing can be audited")
    codes = Counter(one.code for suite in suites for one in suite.expectations)
    if double := [code for code, number in codes.items() if number > 1]:
        raise ConfigurationError(f"{folder}: code {double[0]!r} is given to two expectations; codes are unique")
    return tuple(suites)


class Failure(Record, frozen=True, kw_only=True):
    """A row that fails an expectation: the figure's or the notice's id, and what stood in the columns looked at."""

    expectation: Expectation
    table: str
    row_id: str
    seen: str

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.expectation.severity]


def run_suites(connection: Connection, run_id: str, suites: tuple[Suite, ...]) -> tuple[list[Result], list[Failure]]:
    """Run them on what the run has staged; how each expectation went, and every row that fails it.

    Raises AuditIncomplete where an expectation did not run, or fails in more rows than can be listed.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")  # one on disk is not safe between processes
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    warehouse = context.data_sources.add_postgres("warehouse", connection_string=_address(connection))
    results: list[Result] = []
    failures: list[Failure] = []
    try:
        for suite in suites:
            query = psycopg.ClientCursor(connection).mogrify(statements(suite.meta.query).encode(), {"run_id": run_id})
            batch = warehouse.add_query_asset(suite.name, query=query).add_batch_definition_whole_table(suite.name)
            held = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=_expectations(suite)))
            definition = gx.ValidationDefinition(name=suite.name, data=batch, suite=held)
            began = time.perf_counter()
            said = context.validation_definitions.add(definition).run(
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": [suite.meta.row_id],
                    "partial_unexpected_count": MOST_FAILURES,
                }
            )
            seconds = (time.perf_counter() - began) / len(suite.expectations)
            by_code = {_code(one): one for one in said.results}
            for one in suite.expectations:
                result, failed = _outcome(run_id, suite, one, by_code.get(one.code), seconds)
                results.append(result)
                failures += failed
    finally:
        warehouse.get_execution_engine().close()
    return results, failures


def _code(said: Any) -> str:
    return str(said.expectation_config.meta["code"])


def _expectations(suite: Suite) -> list[dict[str, Any]]:
    return [
        {"type": one.type, "kwargs": one.kwargs, "severity": one.severity, "meta": {"code": one.code}}
        for one in suite.expectations
    ]


def _outcome(
    run_id: str, suite: Suite, expectation: Expectation, said: Any, seconds: float
) -> tuple[Result, list[Failure]]:
    where = f"run {run_id}: expectation {expectation.code} on {suite.meta.table}"
    if said is None:
        raise AuditIncomplete(f"{where} did not run; nothing is published")
    if reason := _exception(said.exception_info):
        raise AuditIncomplete(f"{where} did not run ({reason}); nothing is published")
    counts = said.result
    failed = int(counts.get("unexpected_count") or 0)
    rows = counts.get("unexpected_index_list") or []
    if not said.success and len(rows) != failed:
        raise AuditIncomplete(
            f"{where} fails in {failed} rows and lists {len(rows)}; the run is broken as a whole, nothing is published"
        )
    result = Result(
        code=expectation.code,
        kind="expectation",
        subject=suite.meta.table,
        sentence=expectation.meta.sentence,
        severity=SEVERITIES[expectation.severity],
        evaluated=int(counts["element_count"]) - int(counts.get("missing_count") or 0),
        failed=failed,
        seconds=seconds,
    )
    return result, [
        Failure(expectation=expectation, table=suite.meta.table, row_id=row[suite.meta.row_id], seen=_seen(suite, row))
        for row in rows
    ]


def _exception(info: Any) -> str | None:
    """What Great Expectations caught and would otherwise have passed on as a plain failure."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    messages = [str(entry["exception_message"]) for entry in entries if entry.get("raised_exception")]
    return messages[0].splitlines()[0] if messages else None


def _seen(suite: Suite, row: dict[str, Any]) -> str:
    columns = {name: value for name, value in row.items() if name != suite.meta.row_id} or row
    return ", ".join(f"{name} {'missing' if value is None else _plain(value)}" for name, value in columns.items())


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _address(connection: Connection) -> str:
    """The SQLAlchemy URL of an open connection."""
    info = connection.info
    user, password = quote(info.user, safe=""), quote(info.password, safe="")
    return f"{DRIVER}://{user}:{password}@{info.host}:{info.port}/{quote(info.dbname, safe='')}"
