"""Runs with findings to review, published as the pipeline does it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from annals import warehouse
from annals.checks.words import Said
from annals.model import Reading, Severity
from annals.warehouse.connect import Connection
from tests.checks.sound import figure, notice

NEXT_YEAR = (datetime.now(UTC) + timedelta(days=365)).date()


class Fault(NamedTuple):
    """What an audit would find in a reading; `figure` counts into its figures, None speaks of the notice."""

    rule: str
    reading: Reading
    figure: int | None = 0
    severity: Severity = "error"
    expected: str = "at most 100%"
    said: Said | None = None

    @property
    def finding_id(self) -> str:
        key = "\n".join((self.rule, self.reading.capture.notice_id, self.evidence, self.seen))
        return sha256(key.encode()).hexdigest()[:24]

    @property
    def figure_id(self) -> str | None:
        if self.figure is None:
            return None
        one, capture = self.reading.figures[self.figure], self.reading.capture
        return warehouse.figure_id(capture.notice_id, capture.sha256, one.start, one.end)

    @property
    def evidence(self) -> str:
        return "" if self.figure is None else self.reading.figures[self.figure].quote

    @property
    def seen(self) -> str:
        return "nothing" if self.figure is None else self.reading.figures[self.figure].raw


def press(
    key: str = "press-2023", *, share: str = "118%", opening: str = "科普宣传栏遍布各村。", day: int = 1
) -> Reading:
    """A notice with a share that cannot be, and an amount beside it, as fetched on a day of March 2024."""
    reading = notice(
        key,
        f"云川市科学普及协会2023年工作总结\n\n{opening}\n\n全年新建宣传栏40个，覆盖率达到{share}，投入90.5亿元。\n",
        [
            figure("40个", 40, measure="added", subject="宣传栏"),
            figure(share, share.rstrip("%"), unit="%", kind="percent", measure="share", subject="宣传栏覆盖率"),
            figure("90.5亿元", 9050000000, unit="元", kind="money", subject="投入"),
        ],
    )
    return replace(reading, capture=replace(reading.capture, fetched_at=datetime(2024, 3, day, tzinfo=UTC)))


def publish(connection: Connection, run: str, readings: Sequence[Reading], faults: Sequence[Fault] = ()) -> None:
    """One run of the source yunchuan from beginning to end, its audit having found just these faults."""
    audit(connection, run, readings, faults)
    warehouse.publish(connection, run)
    warehouse.clean_stage(connection, run)
    warehouse.end_run(connection, run)


def audit(connection: Connection, run: str, readings: Sequence[Reading], faults: Sequence[Fault] = ()) -> None:
    """The same, as far as its audit."""
    warehouse.begin_run(connection, run, source="yunchuan", owner="Duty desk", publisher="云川市科学普及协会")
    warehouse.stage(connection, run, readings)
    connection.execute(
        "INSERT INTO audit.audit (run_id, started_at, finished_at) VALUES (%s, clock_timestamp(), clock_timestamp())",
        (run,),
    )
    for fault in faults:
        one = None if fault.figure is None else fault.reading.figures[fault.figure]
        row: dict[str, Any] = {
            "run_id": run,
            "finding_id": fault.finding_id,
            "rule": fault.rule,
            "severity": fault.severity,
            "notice_id": fault.reading.capture.notice_id,
            "figure_id": fault.figure_id,
            "message": f"{fault.seen} cannot be",
            "expected": fault.expected,
            "seen": fault.seen,
            "evidence": fault.evidence,
            "char_start": one and one.start,
            "char_end": one and one.end,
            "action": "Look at the page.",
            "said": None if fault.said is None else msgspec.json.encode(fault.said).decode(),
        }
        names, places = ", ".join(row), ", ".join(f"%({name})s" for name in row)
        connection.execute(f"INSERT INTO stage.finding ({names}) VALUES ({places})".encode(), row)
    connection.execute(
        "INSERT INTO audit.result "
        "(run_id, code, kind, subject, sentence, severity, evaluated, failed, seconds, ran_at) VALUES (%s, "
        "'share_within_0_100', 'expectation', 'figure', 'A share lies within 0 and 100 percent.', 'error', 3, %s, 1, "
        "now())",
        (run, len(faults)),
    )


def value_of(connection: Connection, figure_id: str | None) -> tuple[Any, ...] | None:
    """value, low, high, original_value and status of a figure in the marts; None where it is withheld."""
    return connection.execute(
        "SELECT value, low, high, original_value, status FROM mart.figure WHERE figure_id = %s", (figure_id,)
    ).fetchone()


def states(connection: Connection) -> dict[str, str]:
    """The states of findings that stand, by rule."""
    return dict(connection.execute("SELECT rule, state FROM mart.finding").fetchall())


def withheld(connection: Connection) -> set[str | None]:
    """The figures in quarantine; None stands for a whole notice."""
    return {row[0] for row in connection.execute("SELECT figure_id FROM mart.quarantine")}
