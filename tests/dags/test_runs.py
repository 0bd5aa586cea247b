"""Whole runs, in this process: the sample publisher over HTTP, the real warehouse."""

from pathlib import Path
from typing import Any

import pytest

from annals.settings import Settings
from annals.warehouse import connect
from tests.dags.conftest import report_of, rows, states

FIGURES = "SELECT figure_id, notice_id, raw, value, unit, year, role, status FROM mart.figure ORDER BY figure_id"


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


def test_keeping_house_says_what_went_and_a_second_time_there_is_nothing(
    house: Settings, dags: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_KEEP_DAYS", "30")
    ingested = [dags()["ingest_yunchuan"].test() for _ in range(2)]
    assert [str(run.state) for run in ingested] == ["success"] * 2
    loaded = rows(house, FIGURES)
    with connect(house) as connection:
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
