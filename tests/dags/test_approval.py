"""The task that asks a person: where it stands in the DAG, and what comes of each answer, given by Airflow's API."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from annals import warehouse
from annals.errors import Unreachable
from annals.settings import PROJECT, Settings
from tests.dags.conftest import Inbox

ROOMS = ["discover", "fetch", "extract", "read", "stage", "audit", "publish", "report"]
SOUND = "云川市2023年工作总结\n\n全年举办科普讲座35场。\n"
FAULTY = "云川市2023年工作总结\n\n全年举办科普讲座35场，科普展览40场，科普宣传栏覆盖率达到118%。\n"
PATIENCE_S = 60


@pytest.fixture
def source(
    airflow_database: None, warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Writes the YAML of a folder with one document, and gives its DAG, read anew."""
    assert warehouse.warehouse_url
    monkeypatch.delenv("ANNALS_ARCHIVE", raising=False)
    monkeypatch.setenv("ANNALS_HOME", str(warehouse.home))
    monkeypatch.setenv("ANNALS_WAREHOUSE_URL", warehouse.warehouse_url)
    monkeypatch.setenv("ANNALS_SOURCES", str(tmp_path / "sources"))
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    (tmp_path / "sources").mkdir()
    (tmp_path / "papers").mkdir()

    def dag(text: str = SOUND, **approval: str | float) -> Any:
        from airflow.dag_processing.dagbag import DagBag

        (tmp_path / "papers" / "notice.txt").write_text(text, encoding="utf-8")
        content = {
            "name": "yunchuan",
            "title": "云川市科学普及协会",
            "owner": "数据组",
            "schedule": {"cron": "@daily"},
            "listing": {"kind": "folder", "path": str(tmp_path / "papers")},
            "runbook": "看一看。",
            **approval,
        }
        (tmp_path / "sources" / "yunchuan.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return DagBag(str(PROJECT / "dags")).dags["ingest_yunchuan"]

    return dag


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with warehouse.connect(settings) as connection:
        return connection.execute(query.encode()).fetchall()


def states(run: Any) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def parked(dag_id: str = "ingest_yunchuan") -> str:
    """The id of the run that waits for a person, once one does."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with create_session() as session:
            query = select(TaskInstance.run_id).where(
                TaskInstance.dag_id == dag_id, TaskInstance.state == "awaiting_input"
            )
            if run_id := session.scalar(query):
                return str(run_id)
        time.sleep(0.2)
    raise AssertionError("no run waits for a person")


def let_go(acted: "Future[Any]") -> None:
    """A run that nobody will answer for any more ends, so that its test can fail."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import update

    if acted.exception():
        with create_session() as session:
            parked = update(TaskInstance).where(TaskInstance.state == "awaiting_input")
            session.execute(parked.values(state="failed"))


@contextmanager
def meanwhile(act: Callable[[], Any]) -> Iterator["Future[Any]"]:
    """Acts beside what happens in the `with`; what `act` raised is raised at its end."""
    with ThreadPoolExecutor(1) as pool:
        acted = pool.submit(act)
        acted.add_done_callback(let_go)
        yield acted
        acted.result()


class Answer(NamedTuple):
    """The question as it was shown, and the status of each try to answer it."""

    shown: dict[str, Any]
    statuses: list[int]


def answer(option: str, note: str | None = None, roles: Sequence[str] = ("user",)) -> Answer:
    """Answer the run that waits by Airflow's API, as people of these roles one after the other."""
    from airflow.api_fastapi.app import create_app, get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient

    run_id = parked()
    place = f"/api/v2/dags/ingest_yunchuan/dagRuns/{run_id}/taskInstances/approve/-1/hitlDetails"
    given = {"chosen_options": [option], "params_input": {"note": note}}
    shown, statuses = {}, []
    with TestClient(create_app(apps="core")) as client:
        for role in roles:
            token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=f"a {role}", role=role))
            headers = {"Authorization": f"Bearer {token}"}
            shown = client.get(place, headers=headers).json()
            statuses.append(client.patch(place, json=given, headers=headers).status_code)
    return Answer(shown, statuses)


def test_a_source_that_does_not_ask_has_the_dag_it_had(source: Callable[..., Any]) -> None:
    plain, never = source(), source(approval="never")
    for dag in (plain, never):
        assert [task.task_id for task in dag.topological_sort()] == ROOMS
        assert dag.get_task("publish").trigger_rule == "all_success"


@pytest.mark.parametrize("mode", ["on_errors", "always"])
def test_a_source_that_asks_does_so_between_audit_and_publish(source: Callable[..., Any], mode: str) -> None:
    dag = source(approval=mode, approval_within_hours=5)
    assert [task.task_id for task in dag.topological_sort()] == [*ROOMS[:6], "approve", *ROOMS[6:]]
    task = dag.get_task("approve")
    assert task.upstream_task_ids == {"audit"} and task.downstream_task_ids == {"publish"}
    assert task.response_timeout.total_seconds() == 5 * 3600
    assert task.has_on_failure_callback and task.pool == "warehouse"
    assert dag.get_task("publish").trigger_rule == "none_failed"
    assert "waits for a person's approval, 5 hours at most" in dag.doc_md


def test_a_person_is_asked_where_there_is_an_error_and_an_approved_run_is_published(
    source: Callable[..., Any], warehouse: Settings, inbox: Inbox
) -> None:
    sound = source(SOUND, approval="on_errors").test()
    assert str(sound.state) == "success", states(sound)
    assert states(sound)["approve"] == "skipped"
    assert rows(warehouse, "SELECT raw FROM mart.figure") == [("35场",)]
    assert rows(warehouse, "SELECT * FROM core.approval") == [] and inbox.messages == []

    dag = source(FAULTY, approval="on_errors")
    with meanwhile(lambda: answer("Approve", "as every year", roles=("viewer", "user"))) as answered:
        run = dag.test()
    shown, statuses = answered.result()
    assert statuses == [403, 200]
    assert shown["subject"] == "云川市科学普及协会: publish 1 notice with 3 figures?"
    assert "覆盖率达到118%" in shown["body"] and "/plugin/run_checks" in shown["body"]
    assert str(run.state) == "success", states(run)
    assert rows(warehouse, "SELECT raw FROM mart.figure ORDER BY 1") == [("35场",), ("40场",)]
    answers = rows(warehouse, "SELECT approved, answered_by, note FROM core.approval")
    assert answers == [(True, "a user", "as every year")]
    waiting, found = inbox.messages
    assert waiting["Subject"] == "[annals] 云川市科学普及协会: waits for approval"
    body = waiting.get_body(("html",))
    assert body is not None and "/tasks/approve/required_actions" in body.get_content()
    assert found["Subject"] == "[annals] 云川市科学普及协会: 1 new error"


def test_a_rejected_run_fails_at_once_with_name_and_note_and_the_next_one_takes_everything_up(
    source: Callable[..., Any], warehouse: Settings, inbox: Inbox
) -> None:
    from annals_airflow import alerts

    dag = source(SOUND, approval="always")
    with meanwhile(lambda: answer("Reject", "口径待核")):
        run = dag.test()
    assert str(run.state) == "failed"
    (task,) = [one for one in run.get_task_instances() if one.task_id == "approve"]
    assert task.try_number == 1 and states(run)["publish"] == "upstream_failed"
    reason = "rejected by a user: 口径待核"
    assert rows(warehouse, "SELECT state, error FROM core.run") == [("failed", f"approve: {reason}")]
    for table in ("stage.notice", "stage.figure", "core.notice", "core.figure"):
        assert rows(warehouse, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert len(inbox.messages) == 2
    failure = inbox.messages[-1]
    assert failure["Subject"] == "[annals] ingest · 云川市科学普及协会: approve failed"
    body = failure.get_body(("html",))
    assert body is not None and reason in body.get_content()
    # The DAG's own callback comes later, and knows no reason.
    alerts.tell_failure({"dag": dag, "run_id": run.run_id, "task_instance": task})
    assert rows(warehouse, "SELECT state, error FROM core.run") == [("failed", f"approve: {reason}")]
    assert len(inbox.messages) == 2

    with meanwhile(lambda: answer("Approve")):
        assert str(dag.test().state) == "success"
    assert rows(warehouse, "SELECT raw FROM mart.figure") == [("35场",)]
    again = dag.test()
    assert str(again.state) == "success" and states(again)["approve"] == "skipped", "there is nothing new"


def test_an_answer_that_the_warehouse_did_not_take_is_asked_for_again_and_people_are_told(
    source: Callable[..., Any], warehouse: Settings, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annals import approval

    taken, enter = list[bool](), approval.answer

    def away_at_first(*given: Any, **more: Any) -> None:
        taken.append(True)
        if len(taken) == 1:
            raise Unreachable("the warehouse does not answer")
        enter(*given, **more)

    def twice() -> None:
        answer("Approve")
        deadline = time.monotonic() + PATIENCE_S
        while not taken and time.monotonic() < deadline:
            time.sleep(0.2)
        answer("Approve")

    monkeypatch.setattr(approval, "answer", away_at_first)
    dag = source(SOUND, approval="always")
    with meanwhile(twice):
        run = dag.test()
    assert str(run.state) == "success", states(run)
    assert rows(warehouse, "SELECT raw FROM mart.figure") == [("35场",)]
    waits = "[annals] 云川市科学普及协会: waits for approval"
    assert [message["Subject"] for message in inbox.messages] == [waits, waits]


def test_a_run_that_nobody_answers_for_fails_and_says_so_and_a_mail_server_that_is_down_is_not_why(
    source: Callable[..., Any], warehouse: Settings, inbox: Inbox
) -> None:
    from airflow.jobs.job import Job
    from airflow.jobs.scheduler_job_runner import SchedulerJobRunner

    from annals_airflow import alerts

    def sweep() -> None:
        """What the scheduler does every so often; it is no news that a run is late which waits for a person."""
        run = {"dag_id": "ingest_yunchuan", "dag_run_id": parked()}
        inbox.says = {}
        alerts.tell_late({"dag_run": run}, "云川市科学普及协会", 2)
        assert inbox.messages == []
        time.sleep(1)
        SchedulerJobRunner(job=Job()).check_awaiting_input_timeouts()

    inbox.says["DATA"] = "451 not now"
    dag = source(SOUND, approval="always", approval_within_hours=0.0001)
    with meanwhile(sweep):
        run = dag.test()
    assert str(run.state) == "failed"
    ((error,),) = rows(warehouse, "SELECT error FROM core.run")
    assert error.startswith("approve: nobody answered within 0.0001 hours; nothing is published")
    for table in ("stage.figure", "core.figure"):
        assert rows(warehouse, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert alerts.deliver_all()["told"] == ["a@x.cn"]
    assert inbox.messages[-1]["Subject"] == "[annals] 云川市科学普及协会: waits for approval"
