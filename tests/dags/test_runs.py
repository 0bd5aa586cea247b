"""Whole runs, in this process: the sample publisher over HTTP, the real warehouse, a real mail server."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from annals import warehouse
from annals.settings import PROJECT, Settings
from tests.dags.conftest import Inbox

FIGURES = "SELECT figure_id, notice_id, raw, value, unit, year, role, status FROM mart.figure ORDER BY figure_id"


@pytest.fixture
def dags(airflow_database: None) -> Any:
    """The DAGs by id, read anew under the environment of the test."""
    from airflow.dag_processing.dagbag import DagBag

    def read() -> dict[str, Any]:
        bag = DagBag(str(PROJECT / "dags"))
        assert bag.dags
        for dag in bag.dags.values():
            dag.deadline = None  # Airflow 3.3.2 stumbles over deadlines in `dag.test()`; test_integrity looks at them
            for task in dag.tasks:
                if not task.is_mapped:
                    task.retry_delay = timedelta(milliseconds=1)
        return dict(bag.dags)

    return read


def states(run: Any) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with warehouse.connect(settings) as connection:
        return connection.execute(query.encode()).fetchall()


def report_of(run: Any) -> dict[str, Any]:
    (task,) = [one for one in run.get_task_instances() if one.task_id == "report"]
    told = task.xcom_pull(task_ids="report")
    assert isinstance(told, dict)
    return told


def test_a_run_loads_the_sample_publisher_and_a_second_one_nothing_twice(house: Settings, dags: Any) -> None:
    first = dags()["ingest_yunchuan"].test()
    assert str(first.state) == "success", states(first)
    told = report_of(first)
    assert told["counts"]["found"] == told["counts"]["new"] == 9
    assert told["counts"]["passed"] + told["counts"]["flagged"] > 100
    assert told["counts"]["checks_passed"] > 0
    loaded = rows(house, FIGURES)
    assert len(loaded) == told["counts"]["passed"] + told["counts"]["flagged"]

    second = dags()["ingest_yunchuan"].test()
    assert str(second.state) == "success"
    told = report_of(second)
    assert (told["counts"]["found"], told["counts"]["new"], told["counts"]["read"]) == (9, 0, 0)
    assert rows(house, FIGURES) == loaded
    assert rows(house, "SELECT count(*) FROM stage.figure") == [(0,)]

    refreshed = dags()["refresh_marts"].test()
    assert str(refreshed.state) == "success"
    assert rows(house, "SELECT source, state, failures_in_a_row FROM mart.source_health") == [
        ("yunchuan", "healthy", 0)
    ]


def test_every_figure_stands_where_it_says(house: Settings, dags: Any) -> None:
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "success"
    found = rows(
        house,
        "SELECT f.raw, substr(v.text, f.char_start + 1, f.char_end - f.char_start) FROM core.figure f "
        "JOIN core.version v USING (notice_id, sha256)",
    )
    assert found
    assert [(raw, text) for raw, text in found if not text or text not in raw] == []


def test_errors_are_told_by_mail_once_with_sentence_and_links(
    house: Settings, dags: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn,b@x.cn")
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "success", states(run)
    told = report_of(run)
    assert told["errors"] > 0, "the sample publisher's planted faults were not found"
    assert sorted(message["To"] for message in inbox.messages) == ["a@x.cn", "b@x.cn"]
    body = inbox.messages[0].get_body(("html",))
    assert body is not None
    text = body.get_content()
    withheld = rows(house, "SELECT evidence FROM mart.finding WHERE severity = 'error'")
    assert all(str(evidence).split("\n")[0][:10] in text for (evidence,) in withheld)
    assert f"http://ui.invalid/dags/ingest_yunchuan/runs/{run.run_id.split('__')[0]}" in text
    assert "/plugin/run_checks" in text

    again = dags()["ingest_yunchuan"].test()
    assert report_of(again)["errors"] == 0
    assert len(inbox.messages) == 2


def test_without_a_recipient_the_report_says_that_nobody_was_told(house: Settings, dags: Any, inbox: Inbox) -> None:
    told = report_of(dags()["ingest_yunchuan"].test())
    assert told["errors"] > 0
    assert told["told"] == []
    assert inbox.messages == []


def test_mail_that_is_refused_fails_the_report_and_is_delivered_later(
    house: Settings, dags: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    inbox.refuses = True
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "failed"
    assert states(run)["publish"] == "success"
    assert states(run)["report"] == "failed"
    assert inbox.messages == []
    assert str(dags()["deliver_alerts"].test().state) == "failed"

    inbox.refuses = False
    assert str(dags()["deliver_alerts"].test().state) == "success"
    assert sorted(message["Subject"] for message in inbox.messages)[-1].startswith("[annals] 云川市科学普及协会: ")
    sent = len(inbox.messages)
    assert str(dags()["deliver_alerts"].test().state) == "success"
    assert len(inbox.messages) == sent


def test_a_publisher_that_changed_its_layout_fails_at_once_and_is_told_by_mail(
    house: Settings, dags: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    content = yaml.safe_load((PROJECT / "include" / "sources" / "yunchuan.yaml").read_text(encoding="utf-8"))
    content["listing"]["item"] = "table.gone tr"
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "yunchuan.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("ANNALS_SOURCES", str(tmp_path / "sources"))
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "failed"
    (task,) = [one for one in run.get_task_instances() if one.task_id == "discover"]
    assert task.try_number == 1
    (message,) = inbox.messages
    assert message["Subject"] == "[annals] ingest · 云川市科学普及协会: discover failed"
    body = message.get_body(("html",))
    assert body is not None
    assert "listing.item" in body.get_content()
    ((state, error),) = rows(house, "SELECT state, error FROM core.run")
    assert state == "failed"
    assert error.startswith("discover: ")
    assert rows(house, "SELECT count(*) FROM core.figure") == [(0,)]


def test_keeping_house_says_what_went_and_a_second_time_there_is_nothing(
    house: Settings, dags: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_KEEP_DAYS", "30")
    ingested = [dags()["ingest_yunchuan"].test() for _ in range(2)]
    assert [str(run.state) for run in ingested] == ["success"] * 2
    loaded = rows(house, FIGURES)
    with warehouse.connect(house) as connection:
        connection.execute(
            "UPDATE core.run SET started_at = started_at - INTERVAL '60 days', "
            "finished_at = finished_at - INTERVAL '60 days'"
        )
        connection.execute("UPDATE audit.finding SET state = 'accepted'")

    def keep() -> dict[str, Any]:
        run = dags()["keep_house"].test()
        assert str(run.state) == "success", states(run)
        return {
            task.task_id: task.xcom_pull(task_ids=task.task_id, map_indexes=-1) for task in run.get_task_instances()
        }

    went = keep()
    assert went["prune_warehouse"]["runs"] == 1
    assert went["prune_warehouse"]["result_rows"] > 10
    assert went["prune_archive"]["runs"] == 1
    assert went["prune_archive"]["run_files"] > 10
    assert went["prune_logs"] == 0
    again = keep()
    assert not any((*again["prune_warehouse"].values(), *again["prune_archive"].values(), again["prune_logs"]))
    assert rows(house, FIGURES) == loaded
    third = dags()["ingest_yunchuan"].test()
    assert report_of(third)["counts"]["new"] == 0


def test_an_empty_and_an_unknown_file_are_reported_and_the_others_loaded(
    house: Settings, dags: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from stack.run import of_folder

    folder = tmp_path / "通知"
    folder.mkdir()
    (folder / "好.txt").write_text("云川市2023年工作总结\n\n全年举办科普讲座35场。\n", encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    (folder / "程序.exe").write_bytes(b"MZ\x90\x00" + bytes(400))
    sources = of_folder(house, folder).sources
    monkeypatch.setenv("ANNALS_SOURCES", str(sources))
    (dag_id,) = [name for name in dags() if name.startswith("ingest_")]
    run = dags()[dag_id].test()
    assert str(run.state) == "success", states(run)
    told = report_of(run)
    assert (told["counts"]["found"], told["counts"]["read"], told["counts"]["unreadable"]) == (4, 1, 3)
    assert {line.partition(": ")[0] for line in told["unreadable"]} == {"空.txt", "坏.pdf", "程序.exe"}
    assert all(line.partition(": ")[2] for line in told["unreadable"])
    assert rows(house, "SELECT raw, quote FROM mart.figure") == [("35场", "全年举办科普讲座35场。")]
