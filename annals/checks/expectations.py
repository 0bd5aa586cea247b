"""The suites of include/expectations, run by Great Expectations as SQL on the staged tables.

A suite file is Great Expectations' own JSON. Beside what that asks for, the suite's `meta.query` names the file of
include/sql that selects the staged rows, and every expectation's `meta` has

    code      what findings and results call it; unique over all suites; its words stand in include/words/checks
"""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import psycopg

from annals.checks.rule import Result
from annals.checks.words import Column, words
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
    seen: tuple[Column, ...]

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.expectation.severity]


def run_suites(connection: Connection, run_id: str, suites: tuple[Suite, ...]) -> tuple[list[Result], list[Failure]]:
    """Run them on what the run has staged; how each expectation went, and every row that fails it.

    Raises AuditIncomplete where an expectation did not run, or fails in more rows than can be listed.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it tells of its own insides by the hundred
    context = gx.get_context(mode="ephemeral")  # one on disk is not safe between processes
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    warehouse = context.data_sources.add_postgres("warehouse", connection_string=_address(connection))
    results: list[Result] = []
    failures: list[Failure] = []
    try:
        for suite in suites:
            with _selected(connection, run_id, suite) as table:
                asset = warehouse.add_table_asset(suite.name, table_name=table, schema_name="stage")
                batch = asset.add_batch_definition_whole_table(suite.name)
                counted, seconds = _validate(context, batch, suite, suite.expectations, most=0)
                failed = tuple(one for one in suite.expectations if _failed(counted.get(one.code)))
                # Which rows fail is asked for where any do: it costs two more queries for each expectation.
                listed, more = _validate(context, batch, suite, failed, most=MOST_FAILURES) if failed else ({}, 0.0)
            for one in suite.expectations:
                said = listed.get(one.code, counted.get(one.code))
                result, rows = _outcome(run_id, suite, one, said, (seconds + more) / len(suite.expectations))
                results.append(result)
                failures += rows
    finally:
        warehouse.get_execution_engine().close()
    return results, failures


@contextmanager
def _selected(connection: Connection, run_id: str, suite: Suite) -> Iterator[str]:
    """The suite's rows as a table of their own, for the time of the audit.

    Given the query itself, Great Expectations fetches all its rows to see that it works, and runs it anew each time.
    """
    table = f"audited_{suite.meta.table}_{hashlib.sha256(run_id.encode()).hexdigest()[:12]}"
    select = psycopg.ClientCursor(connection).mogrify(statements(suite.meta.query).encode(), {"run_id": run_id})
    drop = f"DROP TABLE IF EXISTS stage.{table}".encode()
    connection.execute(drop)  # of an audit that was killed
    try:
        connection.execute(f"CREATE UNLOGGED TABLE stage.{table} AS {select}".encode())
        yield table
    finally:
        connection.execute(drop)


def _validate(
    context: Any, batch: Any, suite: Suite, expectations: tuple[Expectation, ...], *, most: int
) -> tuple[dict[str, Any], float]:
    """What Great Expectations says of each expectation, by code, listing `most` failing rows; and its seconds."""
    import great_expectations as gx

    name = f"{suite.name}-{most}"
    given = [
        {"type": one.type, "kwargs": one.kwargs, "severity": one.severity, "meta": {"code": one.code}}
        for one in expectations
    ]
    held = context.suites.add(gx.ExpectationSuite(name=name, expectations=given))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=held))
    began = time.perf_counter()
    said = definition.run(
        result_format={
            "result_format": "COMPLETE" if most else "BASIC",
            "unexpected_index_column_names": [suite.meta.row_id] if most else [],
            "partial_unexpected_count": most,
        }
    )
    return {_code(one): one for one in said.results}, time.perf_counter() - began


def _failed(said: Any) -> bool:
    return said is not None and not said.success


def _code(said: Any) -> str:
    return str(said.expectation_config.meta["code"])


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
        sentence=words().checks[expectation.code].sentence["en"],
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


def _seen(suite: Suite, row: dict[str, Any]) -> tuple[Column, ...]:
    columns = {name: value for name, value in row.items() if name != suite.meta.row_id} or row
    return tuple(Column(str(name), None if value is None else _plain(value)) for name, value in columns.items())


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _address(connection: Connection) -> str:
    """The SQLAlchemy URL of an open connection."""
    info = connection.info
    user, password = quote(info.user, safe=""), quote(info.password, safe="")
    return f"{DRIVER}://{user}:{password}@{info.host}:{info.port}/{quote(info.dbname, safe='')}"
