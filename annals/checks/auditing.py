"""Run every check on what a run has staged, and keep what each of them said."""

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from annals.checks.expectations import Failure, Suite, load_suites, run_suites
from annals.checks.quoting import squeezed
from annals.checks.rule import Found, NamingRule, NoticeRule, Result, Rule, WarehouseRule
from annals.checks.rules import NAMING_RULES, NOTICE_RULES, WAREHOUSE_RULES
from annals.checks.staged import named_documents, readings, subjects, world
from annals.checks.words import ROW, Said, words
from annals.errors import AuditIncomplete
from annals.indicators import catalogue
from annals.model import Finding, Record
from annals.warehouse.connect import Connection
from annals.warehouse.indicators import enter_indicators
from annals.warehouse.runs import run_lock
from annals.warehouse.sqlfile import statements


class Audit(Record, frozen=True, kw_only=True):
    """What an audit came to: how every check went, and how many findings there are of each severity."""

    run_id: str
    results: tuple[Result, ...]
    errors: int
    warnings: int
    infos: int

    @property
    def failed(self) -> tuple[Result, ...]:
        """The checks that something fell foul of."""
        return tuple(result for result in self.results if result.failed)


def audit(connection: Connection, run_id: str) -> Audit:
    """Check what `run_id` has staged; repeatable. The run can be published only after this has returned.

    Raises AuditIncomplete where a check did not run, or where one expectation fails in more rows than can be listed.
    Raises ConfigurationError for a suite file with an error.
    """
    suites = load_suites()
    words().require(_codes(suites))
    enter_indicators(connection, catalogue())
    # A task that outlived its supervisor may audit beside its retry: one at a time, and publish waits for the last.
    with run_lock(connection, run_id):
        return _audit(connection, run_id, suites)


def _audit(connection: Connection, run_id: str, suites: tuple[Suite, ...]) -> Audit:
    connection.execute(statements("audit/begin_audit").encode(), {"run_id": run_id})
    counts: Counter[str] = Counter()

    results, failures = run_suites(connection, run_id, suites)
    counts += _keep(connection, run_id, row_findings(connection, run_id, failures))
    some, findings = run_notice_rules(connection, run_id, NOTICE_RULES)
    counts += _keep(connection, run_id, findings)
    results += some
    some, findings = run_warehouse_rules(connection, run_id, WAREHOUSE_RULES)
    counts += _keep(connection, run_id, findings)
    results += some
    some, findings = run_naming_rules(connection, run_id, NAMING_RULES)
    counts += _keep(connection, run_id, findings)
    results += some

    if missing := sorted(_codes(suites) - {result.code for result in results}):
        raise AuditIncomplete(f"run {run_id}: {', '.join(missing)} did not run; nothing is published")
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            statements("audit/insert_result"), [{"run_id": run_id, **msgspec.structs.asdict(one)} for one in results]
        )
        cursor.execute(
            statements("audit/finish_audit"),
            {"run_id": run_id, "checks": len(results), "failed": sum(one.failed > 0 for one in results)},
        )
        if cursor.rowcount != 1:
            raise AuditIncomplete(f"run {run_id} was staged anew during its audit; audit it again")
    return Audit(
        run_id=run_id,
        results=tuple(results),
        errors=counts["error"],
        warnings=counts["warning"],
        infos=counts["info"],
    )


def _codes(suites: tuple[Suite, ...]) -> set[str]:
    """The codes of all checks."""
    rules: tuple[Rule, ...] = (*NOTICE_RULES, *WAREHOUSE_RULES, *NAMING_RULES)
    return {one.code for suite in suites for one in suite.expectations} | {rule.code for rule in rules}


def run_notice_rules(
    connection: Connection, run_id: str, rules: tuple[NoticeRule, ...]
) -> tuple[list[Result], list[Finding]]:
    """Each rule over each staged notice that could be read."""
    findings: list[Finding] = []
    seconds: dict[str, float] = defaultdict(float)
    evaluated = 0
    for reading, figure_ids in readings(connection, run_id):
        evaluated += 1
        for rule in rules:
            began = time.perf_counter()
            for found in rule.check(reading):
                figure_id = None if found.figure is None else figure_ids[found.figure]
                findings.append(_finding(rule, found, reading.capture.notice_id, figure_id))
            seconds[rule.code] += time.perf_counter() - began
    return _results(rules, "notice", findings, evaluated, seconds), findings


def run_warehouse_rules(
    connection: Connection, run_id: str, rules: tuple[WarehouseRule, ...]
) -> tuple[list[Result], list[Finding]]:
    """Each rule over all that is stated, here and in the published warehouse, of one thing in one place."""
    findings: list[Finding] = []
    seconds: dict[str, float] = defaultdict(float)
    evaluated = 0
    known = world(connection, run_id)
    for subject in subjects(connection, run_id):
        evaluated += 1
        for rule in rules:
            if rule.vague != subject.vague:
                continue
            began = time.perf_counter()
            for found in rule.check(subject, known):
                about = subject.stated[found.figure or 0]
                figure_id = None if found.figure is None else about.figure_id
                findings.append(_finding(rule, found, about.notice_id, figure_id))
            seconds[rule.code] += time.perf_counter() - began
    return _results(rules, "warehouse", findings, evaluated, seconds), findings


def run_naming_rules(
    connection: Connection, run_id: str, rules: tuple[NamingRule, ...]
) -> tuple[list[Result], list[Finding]]:
    """Each rule over the documents that notices name together with their years."""
    named = named_documents(connection, run_id)
    findings: list[Finding] = []
    seconds: dict[str, float] = defaultdict(float)
    for rule in rules:
        began = time.perf_counter()
        findings += [_finding(rule, one, named[one.figure or 0].notice_id, None) for one in rule.check(named)]
        seconds[rule.code] += time.perf_counter() - began
    return _results(rules, "warehouse", findings, len(named), seconds), findings


def _results(
    rules: Sequence[Rule],
    subject: str,
    findings: list[Finding],
    evaluated: int,
    seconds: Mapping[str, float],
) -> list[Result]:
    failed = Counter(finding.rule for finding in findings)
    return [
        Result(
            code=rule.code,
            kind="rule",
            subject=subject,
            sentence=words().checks[rule.code].sentence["en"],
            severity=rule.severity,
            evaluated=evaluated,
            failed=failed[rule.code],
            seconds=seconds[rule.code],
        )
        for rule in rules
    ]


def _finding(rule: Rule, found: Found, notice_id: str, figure_id: str | None) -> Finding:
    said = Said.of(found.message, found.given)
    return Finding(
        rule=rule.code,
        severity=found.severity or rule.severity,
        notice_id=notice_id,
        evidence=found.evidence,
        start=found.start,
        end=found.end,
        figure_id=figure_id,
        said=msgspec.json.encode(said).decode(),
        **msgspec.structs.asdict(words().tell(rule.code, said, "en")),
    )


def row_findings(connection: Connection, run_id: str, failures: list[Failure]) -> list[Finding]:
    """The failing rows as findings, with the sentence each figure stands in."""
    findings: list[Finding] = []
    for table in sorted({failure.table for failure in failures}):
        mine = [failure for failure in failures if failure.table == table]
        rows: dict[str, tuple[Any, ...]] = {
            row[0]: row[1:]
            for row in connection.execute(
                statements(f"audit/select_{table}_evidence").encode(),
                {"run_id": run_id, "ids": list({failure.row_id for failure in mine})},
            )
        }
        for failure in mine:
            notice_id, figure_id, subject, evidence, start, end = rows[failure.row_id]
            code, said = failure.expectation.code, Said.of(ROW, {"subject": subject, "seen": failure.seen})
            findings.append(
                Finding(
                    rule=code,
                    severity=failure.severity,
                    notice_id=notice_id,
                    evidence=evidence,
                    start=start,
                    end=end,
                    figure_id=figure_id,
                    said=msgspec.json.encode(said).decode(),
                    **msgspec.structs.asdict(words().tell(code, said, "en")),
                )
            )
    return findings


def _keep(connection: Connection, run_id: str, findings: list[Finding]) -> Counter[str]:
    """Stage findings; how many of each severity."""
    counts: Counter[str] = Counter()
    same: Counter[str] = Counter()
    with connection.cursor() as cursor, cursor.copy(statements("audit/copy_findings").encode()) as copy:
        for one in findings:
            key = f"{one.rule}\n{one.notice_id}\n{squeezed(one.evidence)}\n{squeezed(one.seen)}"
            copy.write_row((run_id, finding_id(key, same[key]), *msgspec.structs.astuple(one)))
            same[key] += 1
            counts[one.severity] += 1
    return counts


def finding_id(key: str, ordinal: int) -> str:
    """A finding's identity: rule, notice, sentence and what was seen in it. It outlives runs and re-readings; a
    sentence that the publisher changed makes a new one."""
    return hashlib.sha256(f"{key}\n{ordinal}".encode()).hexdigest()[:24]
