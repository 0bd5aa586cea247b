"""Precision and recall of every rule and expectation over planted faults: `python -m benchmarks.checks`.

Each fault stands in one place of clean notices of an invented publisher; look-alikes stand as the faults do. All go
the real way: files in a folder → discover → fetch → extract → read → stage → audit → publish, in two runs where one
notice is to be held against an earlier one. What no text can break is spoilt in the staged rows.

A fault is found where its check quotes the right sentence. False is a finding on a sound notice, or in a sentence
beside the plant. What another check says of the planted sentence is an echo: neither right nor false. Exit status 1
where a check that is run has no planted fault.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import yaml

from annals import pipeline, warehouse
from annals.checks.expectations import load_suites
from annals.checks.rule import Rule
from annals.checks.rules import NAMING_RULES, NOTICE_RULES, WAREHOUSE_RULES
from annals.settings import Settings
from annals.warehouse.connect import Connection
from benchmarks.checks import bodies
from benchmarks.checks.cases import Case, cases, file_of
from benchmarks.checks.outcome import Outcome, Said, Spoilt
from benchmarks.checks.plants import FOLDER, load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks")
    parser.add_argument("--misses", action="store_true", help="list every miss and false finding")
    parser.add_argument("--plants", type=Path, default=FOLDER, help="another folder, of plants not seen before")
    parsed = parser.parse_args()
    began = time.perf_counter()
    plants = load(parsed.plants)
    listed = {one.code for suite in load_suites() for one in suite.expectations}
    rules: tuple[Rule, ...] = (*NOTICE_RULES, *WAREHOUSE_RULES, *NAMING_RULES)
    listed |= {rule.code for rule in rules}
    forgotten = sorted(code for code in listed if code not in plants or not plants[code].faults)
    if parsed.plants != FOLDER:
        forgotten = []  # those plants need not be for all
    unknown = sorted((set(plants) | {code for some in plants.values() for code in some.codes}) - listed)
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
            (folder / file_of(notice)).write_bytes(bodies.render(notice))
        if case.raw and turn == "later":
            (folder / case.raw[0]).write_bytes(case.raw[1])
    if not any(folder.iterdir()):
        return
    for batch in pipeline.discover(settings, turn, run):
        pipeline.fetch(settings, turn, batch.path)
        pipeline.extract(settings, turn, batch.path)
        pipeline.read(settings, batch.path)
        pipeline.stage(settings, run, batch.path)
    # One run brings the notices of many publishers; from here on each has its own source, as it would have.
    own = [(f"publisher {index}", file_of(one)) for index, case in enumerate(all_cases) for one in case.notices]
    publishers = {"sources": [source for source, _ in own], "names": [name for _, name in own]}
    connection.execute(
        "INSERT INTO core.source (source, owner, publisher) SELECT DISTINCT one, 'nobody', one "
        "FROM unnest(%(sources)s::text[]) AS one ON CONFLICT DO NOTHING",
        publishers,
    )
    connection.execute(
        "UPDATE stage.notice AS n SET source = own.source "
        "FROM unnest(%(sources)s::text[], %(names)s::text[]) AS own (source, name) WHERE n.name = own.name",
        publishers,
    )
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


def _spoil(connection: Connection, run: str, case: Case) -> list[Spoilt]:
    name = file_of(case.later[0])
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


if __name__ == "__main__":
    sys.exit(main())
