"""The audit on PostgreSQL: every expectation and every rule finds the fault planted for it; none may be left out."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from psycopg import sql

from annals import checks
from annals import warehouse as house
from annals.checks import auditing as room
from annals.checks.expectations import load_suites
from annals.checks.words import Said, Told, words
from annals.errors import AuditIncomplete, ConfigurationError
from annals.indicators import catalogue
from annals.model import Finding, Reading
from annals.settings import Settings
from annals.warehouse.connect import Connection
from annals.warehouse.runs import run_lock
from tests.checks.faults import NAMING_FAULTS, NOTICE_FAULTS, WAREHOUSE_FAULTS
from tests.checks.reading import of_text
from tests.checks.sound import figure, notice, sound

RUN = "yunchuan/1"

# How one figure is spoilt, for every expectation on staged figures: assignments to the row.
FIGURE_FAULTS = {
    "notice_id_given": None,  # cannot be: a figure without a notice is in no batch; its NOT NULL is the table's own
    "raw_given": "raw = NULL",
    "value_given": "value = NULL",
    "unit_given": "unit = NULL",
    "qualifier_given": "qualifier = NULL",
    "kind_given": "kind = NULL",
    "measure_given": "measure = NULL",
    "role_given": "role = NULL",
    "quote_given": "quote = NULL",
    "char_start_given": "char_start = NULL",
    "char_end_given": "char_end = NULL",
    "confidence_given": "confidence = NULL",
    "raw_not_empty": "raw = ''",
    "quote_not_empty": "quote = ''",
    "subject_not_empty": "subject = ''",
    "qualifier_known": "qualifier = 'roughly'",
    "kind_known": "kind = 'number'",
    "measure_known": "measure = 'total'",
    "role_known": "role = 'hoped'",
    "unit_plausible": "unit = '12个，'",
    "percent_unit": "kind = 'percent', unit = '个'",
    "money_unit": "kind = 'money', unit = '亿元'",
    "fall_at_most_whole": "kind = 'percent', measure = 'growth', unit = '%', value = -120, low = -120, high = -120",
    "low_at_most_value": "low = value + 1, high = value + 1",
    "value_at_most_high": "low = value - 1, high = value - 1",
    "low_at_most_high": "low = value, high = value - 1",
    "range_in_order": "value_high = value - 1",
    "place_in_order": "char_end = char_start",
    "place_not_negative": "char_start = -1",
    "place_in_text": "char_end = 100000",
    "page_from_1": "page = 0",
    "confidence_within_0_1": "confidence = 1.5",
    "region_code_form": "region_code = '5001'",
    "indicator_at_least": "indicator = 'test_index', value = 1, low = 1, high = 1",
    "indicator_at_most": "indicator = 'test_index', value = 999, low = 999, high = 999",
    "figure_id_unique": None,  # planted by itself
}
NOTICE_ROW_FAULTS = {
    "notice_readable": "unreadable = 'the file is empty'",
    "notice_url_given": "url = ''",
    "notice_hash_form": "sha256 = 'ABC'",
    "notice_genre_known": "genre = 'poem'",
    "notice_title_given": "title = ''",
    "notice_has_text": "characters = 0",
    "notice_has_figures": None,  # planted by itself
    "notice_extractor_given": "extractor = NULL",
    "notice_not_from_future": "published_on = '2031-01-01'",
    "notice_year_plausible": "year = 223",
    "notice_year_near_date": "year = 2029",
    "notice_id_unique": None,  # planted by itself
}


def staged(connection: Connection, readings: tuple[Reading, ...], run: str = RUN) -> None:
    house.begin_run(connection, run, source="yunchuan", owner="Duty desk", publisher="云川市科学普及协会")
    house.stage(connection, run, readings)


def found(connection: Connection, run: str = RUN) -> set[tuple[str, str, str | None]]:
    rows = connection.execute("SELECT rule, notice_id, figure_id FROM stage.finding WHERE run_id = %s", (run,))
    return {(row[0], row[1], row[2]) for row in rows}


def told_in_chinese(findings: Iterable[Finding]) -> list[Told]:
    """What they say in Chinese, made of what the warehouse keeps; every message holds Chinese and no place unfilled."""
    told = []
    for one in findings:
        english = Told(message=one.message, expected=one.expected, seen=one.seen, action=one.action)
        chinese = words().retell(one.rule, msgspec.json.decode(one.said or "null"), english, "zh")
        assert chinese.message != english.message and re.search("[一-龥]", chinese.action), one
        assert not any("{" in text for text in msgspec.structs.astuple(chinese)), one
        told.append(chinese)
    return told


def test_sound_notices_pass_every_check(connection: Connection) -> None:
    staged(connection, sound())
    said = checks.audit(connection, RUN)
    assert [(result.code, result.failed) for result in said.failed] == []
    assert (said.errors, said.warnings, said.infos) == (0, 0, 0)
    codes = {one.code for suite in load_suites() for one in suite.expectations}
    codes |= {rule.code for rule in (*room.NOTICE_RULES, *room.WAREHOUSE_RULES, *room.NAMING_RULES)}
    rows = connection.execute("SELECT code, evaluated FROM audit.result WHERE run_id = %s", (RUN,)).fetchall()
    assert {row[0] for row in rows} == codes
    assert dict(rows)["raw_given"] == sum(len(reading.figures) for reading in sound())


def test_what_was_stated_within_its_year_contradicts_no_later_report(connection: Connection) -> None:
    text = "云川市科普工作巡礼\n\n2023年，全市科普馆达到46个。\n"
    within = notice("press-2023", text, [figure("46个", 46)], genre="press", published_on=date(2023, 9, 15))
    after = notice("press-2024", text, [figure("46个", 46)], genre="press", published_on=date(2024, 3, 1))
    for key, readings, wanted in (("within", [within], 0), ("after", [after], 1)):
        staged(connection, (*sound(), *readings), key)
        failed = {result.code: result.failed for result in checks.audit(connection, key).failed}
        assert failed.get("disagreement", 0) == wanted


def test_every_expectation_finds_the_row_spoilt_for_it(connection: Connection) -> None:
    """One audit; every fault on a figure or a notice of its own, so that none hides behind another."""
    suites = {suite.meta.table: {one.code for one in suite.expectations} for suite in load_suites()}
    assert suites == {"figure": set(FIGURE_FAULTS), "notice": set(NOTICE_ROW_FAULTS)}
    plain = notice(
        "plain", "甲协会2023年总结\n\n2023年有仪器17个。\n", [figure("17个", 17, subject="仪器", series=None)]
    )
    readings = []
    for code in (*FIGURE_FAULTS, *NOTICE_ROW_FAULTS):
        text = f"甲协会2023年总结\n\n2023年有{code}仪器17个。\n"
        readings.append(notice(code, text, [figure("17个", 17, subject="仪器", series=None)]))
    staged(connection, (plain, *readings))
    wanted = set()
    for table, faults in (("figure", FIGURE_FAULTS), ("notice", NOTICE_ROW_FAULTS)):
        for code, spoilt in faults.items():
            if spoilt is None:
                continue
            statement = sql.SQL(f"UPDATE stage.{table} SET {spoilt} WHERE notice_id = {{}}")  # type: ignore[arg-type]
            connection.execute(statement.format(sql.Literal(code)))
            wanted.add(code)
    connection.execute("ALTER TABLE stage.figure DROP CONSTRAINT figure_pkey")
    connection.execute("ALTER TABLE stage.notice DROP CONSTRAINT notice_pkey")
    connection.execute("INSERT INTO stage.figure SELECT * FROM stage.figure WHERE notice_id = 'figure_id_unique'")
    connection.execute("INSERT INTO stage.notice SELECT * FROM stage.notice WHERE notice_id = 'notice_id_unique'")
    connection.execute("DELETE FROM stage.figure WHERE notice_id = 'notice_has_figures'")
    connection.execute(
        "INSERT INTO core.indicator (indicator, name, unit, low, high) VALUES ('test_index', '指数', '个', 10, 100)"
    )
    wanted |= {"figure_id_unique", "notice_id_unique", "notice_has_figures"}

    results, failures = room.run_suites(connection, RUN, load_suites())
    assert len(told_in_chinese(room.row_findings(connection, RUN, failures))) == len(failures)

    rows = {row[0]: row[1] for row in connection.execute("SELECT figure_id, notice_id FROM stage.figure")}
    at = {(one.expectation.code, rows.get(one.row_id, one.row_id)) for one in failures}
    assert {code for code in wanted if (code, code) not in at} == set()
    assert {notice_id for _, notice_id in at if notice_id == "plain"} == set()
    assert {result.code for result in results if result.failed} >= wanted
    assert all(one.seen for one in failures)


def test_a_range_is_out_of_order_as_it_is_written_whichever_way_it_goes(connection: Connection) -> None:
    text = "枫映川市公共服务协会2023年工作总结\n\n2023年，投诉下降5%至8%。{}\n"
    for key, sentence, wanted in (("fell", "", 0), ("turned", "每场参加人数为80至50人。", 1)):
        staged(connection, (of_text(key, text.format(sentence)),), key)
        failed = {result.code: result.failed for result in checks.audit(connection, key).failed}
        assert failed == ({"range_in_order": 1} if wanted else {})


def test_every_rule_finds_its_fault_in_the_warehouse(connection: Connection) -> None:
    faults = [(code, fault.reading) for code, each in NOTICE_FAULTS.items() for fault in each]
    faults += [(code, reading) for code, each in WAREHOUSE_FAULTS.items() for some, _ in each for reading in some]
    faults += [(code, reading) for code, each in NAMING_FAULTS.items() for reading in each]
    readings = {reading.capture.notice_id: reading for _, reading in faults}
    assert len(readings) == len(faults), "two faults share a notice id"
    staged(connection, (*sound(), *readings.values()))
    checks.audit(connection, RUN)
    codes: dict[str, set[str]] = {}
    for code, notice_id, _ in found(connection):
        codes.setdefault(code, set()).add(notice_id)
    assert {code for code, reading in faults if not codes.get(code)} == set()
    kept = connection.execute("SELECT rule, message, said FROM stage.finding WHERE run_id = %s", (RUN,)).fetchall()
    for rule, message, said in kept:
        assert words().tell(rule, msgspec.convert(said, Said), "en").message == message
        assert words().tell(rule, msgspec.convert(said, Said), "zh").message != message
    for code, reading in faults:
        if code in NOTICE_FAULTS:
            assert reading.capture.notice_id in codes[code]
    assert not {notice_id for some in codes.values() for notice_id in some} & {
        reading.capture.notice_id for reading in sound()
    }


def test_an_unreadable_notice_is_withheld_with_the_reason(connection: Connection) -> None:
    unreadable = Reading(capture=notice("broken", "x").capture, unreadable="the PDF is cut short", extractor="1")
    staged(connection, (*sound(), unreadable))
    checks.audit(connection, RUN)
    house.publish(connection, RUN)
    row = connection.execute("SELECT figure_id, notice_id, rule, message FROM mart.quarantine").fetchall()
    assert row == [(None, "broken", "notice_readable", "broken.html: unreadable the PDF is cut short")]
    assert connection.execute("SELECT count(*) FROM mart.figure").fetchone() == (12,)


def test_an_empty_run_passes(connection: Connection) -> None:
    staged(connection, ())
    assert checks.audit(connection, RUN).failed == ()
    assert house.publish(connection, RUN).notices == 0


def test_a_check_that_cannot_run_stops_the_run(connection: Connection) -> None:
    staged(connection, sound())
    suites = load_suites()
    wrong = (
        suites[0]
        .expectations[0]
        .__class__(
            type="expect_column_values_to_not_be_null",
            kwargs={"column": "no_such_column"},
            severity="warning",
            meta=suites[0].expectations[0].meta,
        )
    )
    broken = suites[0].__class__(name="broken", meta=suites[0].meta, expectations=(wrong,))
    with pytest.raises(AuditIncomplete, match="did not run"):
        room.run_suites(connection, RUN, (broken,))


def test_nothing_is_published_without_a_finished_audit(connection: Connection) -> None:
    staged(connection, sound())
    with pytest.raises(AuditIncomplete):
        house.publish(connection, RUN)
    checks.audit(connection, RUN)
    house.stage(connection, RUN, sound()[:1])  # what was audited is no longer what is staged
    with pytest.raises(AuditIncomplete):
        house.publish(connection, RUN)
    assert connection.execute("SELECT count(*) FROM core.figure").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM core.publication").fetchone() == (0,)


def test_publication_waits_for_an_audit_under_way(warehouse: Settings, connection: Connection) -> None:
    """A task that outlived its supervisor audits once more while the retry's audit is done and publishing begins."""
    staged(connection, sound())
    checks.audit(connection, RUN)
    done: list[house.Published] = []

    def publish() -> None:
        with house.connect(warehouse) as mine:
            done.append(house.publish(mine, RUN))

    with run_lock(connection, RUN):
        thread = threading.Thread(target=publish)
        thread.start()
        thread.join(timeout=1)
        assert done == []
    thread.join(timeout=30)
    assert [one.figures for one in done] == [12]


def test_what_is_staged_during_the_audit_makes_it_void(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    staged(connection, sound())
    real = room.run_naming_rules

    def late(*given: Any) -> Any:
        house.stage(connection, RUN, sound()[:1])
        return real(*given)

    monkeypatch.setattr(room, "run_naming_rules", late)
    with pytest.raises(AuditIncomplete, match="staged anew"):
        checks.audit(connection, RUN)


def test_a_rule_left_out_stops_the_run(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    staged(connection, sound())
    monkeypatch.setattr(room, "run_naming_rules", lambda *_: ([], []))
    with pytest.raises(AuditIncomplete, match="document_years did not run"):
        checks.audit(connection, RUN)
    with pytest.raises(AuditIncomplete):
        house.publish(connection, RUN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "truncated"),
        (
            '{"name": "x", "meta": {"table": "figure", "query": "q", "row_id": "r", "tabel": 1}, "expectations": []}',
            "tabel",
        ),
        (
            '{"name": "x", "meta": {"table": "figure", "query": "q", "row_id": "r"}, "expectations": [{"type": "t", '
            '"kwargs": {}, "severity": "grave", "meta": {"code": "c"}}]}',
            "grave",
        ),
    ],
)
def test_a_suite_with_an_error_is_one_line(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text(text)
    with pytest.raises(ConfigurationError, match=said) as told:
        load_suites(tmp_path)
    assert "wrong.json" in str(told.value)


def test_great_expectations_is_imported_by_the_audit_alone() -> None:
    code = "import annals.checks, annals.warehouse, annals.pipeline, sys; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_thresholds_come_from_the_catalogue(connection: Connection) -> None:
    bounded = next(one for one in catalogue().indicators if one.high is not None and one.measure == "share")
    reading = notice(
        "high",
        "甲协会2023年总结\n\n2023年比例为99.9%。\n",
        [figure("99.9%", "99.9", unit="%", kind="percent", measure="share", indicator=bounded.code)],
        published_on=date(2024, 1, 2),
    )
    staged(connection, (reading,))
    connection.execute("UPDATE stage.figure SET value = %s, low = %s, high = %s", [bounded.high] * 3)
    checks.audit(connection, RUN)
    assert not {code for code, _, _ in found(connection)} & {"indicator_at_most", "indicator_at_least"}
    connection.execute(sql.SQL("UPDATE stage.figure SET value = value + 0.1, low = low + 0.1, high = high + 0.1"))
    checks.audit(connection, RUN)
    assert "indicator_at_most" in {code for code, _, _ in found(connection)}
