"""Precision and recall of every rule and expectation over planted faults: `python -m benchmarks.checks [--misses]`.

Each fault stands in one place of clean notices of an invented publisher; look-alikes stand as the faults do. All go
the real way: files in a folder → discover → fetch → extract → read → stage → audit → publish, in two runs where one
notice is to be held against an earlier one. What no text can break is spoilt in the staged rows.

A fault is found where its check quotes the right sentence. False is a finding on a sound notice, or in a sentence
beside the plant. What another check says of the planted sentence is an echo: neither right nor false. Exit status 1
where a check that is run has no planted fault.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import msgspec
import yaml

from annals import pipeline, warehouse
from annals.checks.expectations import load_suites
from annals.checks.quoting import squeezed
from annals.checks.rules import NAMING_RULES, NOTICE_RULES, WAREHOUSE_RULES
from annals.settings import Settings
from annals.warehouse.connect import Connection
from benchmarks.checks import bodies
from benchmarks.checks.cases import Case, cases
from benchmarks.checks.plants import load


class Said(NamedTuple):
    """A finding, at the file it speaks of."""

    code: str
    severity: str
    file: str
    figure_id: str | None
    evidence: str
    message: str


class Spoilt(NamedTuple):
    """A row that was spoilt, by the statement: a figure's or, without one, a notice's."""

    case: Case
    statement: str
    file: str
    figure_id: str | None


class Score(msgspec.Struct):
    """What came of one check's plants."""

    planted: int = 0
    found: int = 0
    misread: int = 0
    sound: int = 0
    false: int = 0
    echoes: int = 0

    @property
    def recall(self) -> str:
        return f"{self.found / self.planted:.2f}" if self.planted else "–"

    @property
    def precision(self) -> str:
        return f"{self.found / (self.found + self.false):.2f}" if self.found + self.false else "–"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks")
    parser.add_argument("--misses", action="store_true", help="list every miss and false finding")
    parsed = parser.parse_args()
    began = time.perf_counter()
    plants = load()
    listed = {one.code for suite in load_suites() for one in suite.expectations}
    listed |= {rule.code for rule in (*NOTICE_RULES, *WAREHOUSE_RULES, *NAMING_RULES)}
    forgotten = sorted(code for code in listed if code not in plants or not plants[code].faults)
    unknown = sorted(set(plants) - listed)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_environment({"ANNALS_HOME": str(Path(home) / "home"), "ANNALS_SOURCES": home})
        warehouse.start(settings)
        try:
            with warehouse.connect(settings) as connection:
                warehouse.migrate(connection)
                outcome = Outcome(listed)
                all_cases = list(cases(plants))
                said: list[Said] = []
                spoilt: list[Spoilt] = []
                for turn in ("earlier", "later", "rows"):
                    _publish(settings, connection, turn, all_cases, said, spoilt)
                outcome.add(all_cases, said, spoilt, connection)
        finally:
            warehouse.stop(settings)
    outcome.show(misses=parsed.misses)
    print(f"{sum(len(one.notices) for one in all_cases)} notices in {time.perf_counter() - began:.0f} s")
    for code in forgotten:
        print(f"{code}: no fault is planted for it; plant some in benchmarks/checks/planted/")
    for code in unknown:
        print(f"{code}: planted, but no such check is run")
    return 1 if forgotten or unknown else 0


def _publish(
    settings: Settings, connection: Connection, turn: str, all_cases: list[Case], said: list[Said], spoilt: list[Spoilt]
) -> None:
    """Take the notices of this turn to where they are published, each as its publisher's own; note what is said."""
    folder, run = settings.sources / turn, f"{turn}/1"
    folder.mkdir()
    source = {
        "name": turn, "title": "Planted faults", "owner": "nobody", "runbook": "None.", "schedule": {"cron": "@daily"},
        "listing": {"kind": "folder", "path": turn},
    }  # fmt: skip
    (settings.sources / f"{turn}.yaml").write_text(yaml.safe_dump(source), "utf-8")
    mine = [case for case in all_cases if bool(case.rows) == (turn == "rows")]
    for case in mine:
        for notice in case.earlier if turn == "earlier" else case.later:
            (folder / _file(notice)).write_bytes(bodies.render(notice))
        if case.raw and turn == "later":
            (folder / case.raw[0]).write_bytes(case.raw[1])
    for batch in pipeline.discover(settings, turn, run):
        pipeline.fetch(settings, turn, batch.path)
        pipeline.extract(settings, turn, batch.path)
        pipeline.read(settings, batch.path)
        pipeline.stage(settings, run, batch.path)
    # One run brings the notices of many publishers; from here on each has its own source, as it would have.
    publishers = [(f"publisher {index}", _file(one)) for index, case in enumerate(mine) for one in case.notices]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO core.source (source, owner, publisher) VALUES (%s, 'nobody', %s) ON CONFLICT DO NOTHING",
            publishers,
        )
        cursor.executemany("UPDATE stage.notice SET source = %s WHERE name = %s", publishers)
    spoilt += [one for case in mine if case.rows for one in _spoil(connection, run, case)]
    pipeline.audit(settings, run)
    rows = connection.execute(
        "SELECT DISTINCT rule, severity, coalesce(s.name, v.name), f.figure_id, evidence, message "
        "FROM stage.finding AS f LEFT JOIN stage.notice AS s USING (run_id, notice_id) "
        "LEFT JOIN (SELECT notice_id, name FROM core.version) AS v USING (notice_id) WHERE f.run_id = %s",
        (run,),
    )
    said += [Said(*row) for row in rows]
    if turn == "earlier":
        pipeline.publish(settings, run)


def _file(notice: bodies.Notice) -> str:
    return f"{notice.key}.{notice.form}"


def _spoil(connection: Connection, run: str, case: Case) -> list[Spoilt]:
    name = _file(case.later[0])
    notice_id = connection.execute(
        "SELECT notice_id FROM stage.notice WHERE run_id = %s AND name = %s", (run, name)
    ).fetchone()[0]  # type: ignore[index]
    if case.code.startswith("notice_") and case.code != "notice_id_given":
        table, key, ids = "notice", "notice_id", [notice_id]
    else:
        rows = connection.execute(
            "SELECT figure_id FROM stage.figure WHERE run_id = %s AND notice_id = %s ORDER BY char_start",
            (run, notice_id),
        )
        table, key, ids = "figure", "figure_id", [row[0] for row in rows]
    done = []
    for statement, identity in zip(case.rows, ids, strict=False):
        if statement == "copy":
            connection.execute(f"ALTER TABLE stage.{table} DROP CONSTRAINT IF EXISTS {table}_pkey".encode())
            sql = f"INSERT INTO stage.{table} SELECT * FROM stage.{table} WHERE run_id = %s AND {key} = %s"
        else:
            sql = f"UPDATE stage.{table} AS f SET {statement.replace('%', '%%')} WHERE run_id = %s AND {key} = %s"
        connection.execute(sql.encode(), (run, identity))
        done.append(Spoilt(case, statement, name, identity if table == "figure" else None))
    if len(done) != len(case.rows):
        raise SystemExit(f"{case.about}: {len(case.rows)} rows to spoil, and only {len(done)} figures to spoil")
    return done


class Outcome:
    """What was found, missed and said falsely, by check."""

    def __init__(self, listed: set[str]) -> None:
        self.scores: dict[str, Score] = {code: Score() for code in sorted(listed)}
        self.misses: list[str] = []
        self.false: list[str] = []
        self.clean: Counter[str] = Counter()
        self.severities: Counter[str] = Counter()

    def add(self, all_cases: list[Case], said: list[Said], spoilt: list[Spoilt], connection: Connection) -> None:
        by_case: dict[int, list[Said]] = defaultdict(list)
        owner = {_file(notice): index for index, case in enumerate(all_cases) for notice in case.notices}
        owner |= {case.raw[0]: index for index, case in enumerate(all_cases) if case.raw}
        for one in dict.fromkeys(said):  # what is found in both runs is one finding
            by_case[owner[one.file]].append(one)
        for index, case in enumerate(all_cases):
            mine = by_case[index]
            if case.rows:
                self._rows(case, mine, [one for one in spoilt if one.case is case])
            elif case.kind == "fault":
                self._fault(case, mine, connection)
            else:
                self._sound(case, mine)

    def _fault(self, case: Case, said: list[Said], connection: Connection) -> None:
        score = self.scores.setdefault(case.code, Score())
        score.planted += 1
        right = [one for one in said if _right(case, one)]
        if any(one.code == case.code for one in right):
            score.found += 1
        else:
            misread = _misread(case, connection)
            score.misread += misread is not None
            seen = "; ".join(f"{one.code}: {one.message} 〔{one.evidence}〕" for one in said if one.code == case.code)
            reason = f" [reader: {misread}]" if misread else ""
            echo = ", ".join(sorted({one.code for one in right}))
            errors = sorted({one.code for one in said if one.severity == "error" and one not in right})
            reason += f" [withheld by a false {', '.join(errors)}]" if errors else ""
            told = (case.plant.fault or case.plant.file or "").replace("\n", "⏎")
            beside = " ← ".join(one.text for one in (*case.plant.others, *case.plant.followed))
            self.misses.append(
                f"{case.code} | {case.about} | {told}{' ← ' + beside if beside else ''}{reason}"
                f"{' (said by ' + echo + ')' if echo else ''}{' (elsewhere: ' + seen + ')' if seen else ''}"
            )
        for one in said:
            if one not in right:
                self._falsely(case, one)
            elif one.code != case.code:
                score.echoes += 1

    def _sound(self, case: Case, said: list[Said]) -> None:
        if case.kind == "sound":
            self.scores.setdefault(case.code, Score()).sound += 1
            for one in said:
                self._falsely(case, one)
        else:
            self.clean["notices"] += len(case.notices)
            for one in said:
                self.clean[one.severity] += 1
                self._falsely(case, one)

    def _rows(self, case: Case, said: list[Said], spoilt: list[Spoilt]) -> None:
        score = self.scores.setdefault(case.code, Score())
        at = {one.figure_id for one in spoilt}
        for one in spoilt:
            if case.kind == "sound":
                score.sound += 1
                continue
            score.planted += 1
            if any(its.code == case.code and its.figure_id == one.figure_id for its in said):
                score.found += 1
            else:
                self.misses.append(f"{case.code} | {case.about} | {one.statement}")
        for its in said:
            if case.kind == "sound" or (its.figure_id not in at and at != {None}):
                self._falsely(case, its)
            elif its.code != case.code:
                score.echoes += 1

    def _falsely(self, case: Case, one: Said) -> None:
        self.scores.setdefault(one.code, Score()).false += 1
        self.severities[one.severity] += 1
        told = (case.plant.text or case.plant.sound or case.plant.fault or "").replace("\n", "⏎")
        self.false.append(f"{one.code} | {one.severity} | {case.kind} {one.file} | {one.message} 〔{one.evidence}〕 "
                          f"(planted: {told[:160]})")  # fmt: skip

    def show(self, *, misses: bool) -> None:
        head = ("planted", "found", "missed", "reader's", "sound", "false", "precision", "recall", "echoes")
        print(f"{'check':<24}" + "".join(f"{one:>10}" for one in head))
        total = Score()
        for code, one in self.scores.items():
            print(_line(code, one))
            for field in Score.__struct_fields__:
                setattr(total, field, getattr(total, field) + getattr(one, field))
        print(_line("all", total))
        notices = self.clean["notices"]
        print(
            f"{notices} clean notices: {self.clean['error'] / notices:.3f} false errors and "
            f"{self.clean['warning'] / notices:.3f} false warnings each"
        )
        if misses:
            print("\nmissed\n" + "\n".join(sorted(self.misses)) + "\n\nfalse\n" + "\n".join(sorted(self.false)))


def _line(code: str, one: Score) -> str:
    values = (
        one.planted, one.found, one.planted - one.found, one.misread, one.sound, one.false, one.precision, one.recall,
        one.echoes,
    )  # fmt: skip
    return f"{code:<24}" + "".join(f"{value:>10}" for value in values)


def _right(case: Case, said: Said) -> bool:
    """Whether the finding speaks of the planted sentence (or the one that it contradicts)."""
    if not case.right:
        return said.file.startswith(case.about)
    evidence = _levelled(said.evidence)
    if case.at and _levelled(case.at) not in evidence and said.file.startswith(f"{case.about}."):
        return False
    parts = [_levelled(part) for text in case.right for part in _sentences(text)]
    return any(part in evidence or (len(evidence) > 2 and evidence in part) for part in parts)


def _levelled(text: str) -> str:
    """Without blanks, all dashes alike: （2021年至2025年） is （2021—2025）."""
    return re.sub(r"年?[—－–~～至-]+", "-", squeezed(text)).replace("年）", "）")


def _sentences(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line]
    cells = [cell for line in lines if line[0] == "|" for cell in line.strip("|").split("|") if len(cell) > 1]
    return [line for line in lines if line[0] != "|"] + cells


def _misread(case: Case, connection: Connection) -> str | None:
    """The first figure that a careful reader takes from the fault and ours did not, in words."""
    for one in case.plant.reads:
        rows = connection.execute(
            "SELECT f.value, f.unit, f.measure, f.role, f.indicator, f.year, f.year - n.year FROM stage.figure AS f "
            "JOIN stage.notice AS n USING (run_id, notice_id) "
            "WHERE starts_with(n.name, %s) AND strpos(f.raw, %s) > 0",
            (f"{case.about}.", one.raw),
        ).fetchall()
        wanted = (one.value, one.unit, one.measure, one.role, one.indicator, one.year, one.years)
        if not any(all(mine in (None, its) for mine, its in zip(wanted, row, strict=True)) for row in rows):
            told = ", ".join(str(part) for part in wanted if part is not None)
            return f"{one.raw}{' as ' + told if told else ''} is not read"
    return None


if __name__ == "__main__":
    sys.exit(main())
