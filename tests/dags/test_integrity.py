"""The house rules of DAGs, as tests."""

import ast
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from annals.settings import PROJECT
from stack.environment import pools

DAGS = PROJECT / "dags"
ROOMS = ["discover", "fetch", "extract", "read", "stage", "audit", "publish", "report"]
OTHERS = {"refresh_marts", "deliver_alerts", "keep_house"}
MAPPED = {"fetch", "extract", "read", "stage"}


@pytest.fixture(autouse=True)
def own_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's own sources, whatever the caller's environment says."""
    monkeypatch.delenv("ANNALS_SOURCES", raising=False)


@pytest.fixture
def bag(airflow_database: None) -> Callable[[], "DagBag"]:  # type: ignore[name-defined] # noqa: F821
    from airflow.dag_processing.dagbag import DagBag

    return lambda: DagBag(str(DAGS))


def test_the_bag_holds_every_dag_and_no_import_error(bag) -> None:
    found = bag()
    assert found.import_errors == {}
    sources = {path.stem for path in (PROJECT / "include" / "sources").glob("*.yaml")}
    assert sources
    assert set(found.dags) == {f"ingest_{name}" for name in sources} | OTHERS


def test_every_dag_says_whose_it_is_what_it_is_for_and_what_to_do(bag) -> None:
    found = bag().dags
    assert found
    for dag in found.values():
        assert dag.tags, dag.dag_id
        assert "### When it fails" in dag.doc_md, dag.dag_id
        assert dag.description, dag.dag_id
        assert dag.max_active_runs == 1, dag.dag_id
        assert not dag.catchup, dag.dag_id
        assert {task.owner for task in dag.tasks} != {"airflow"}, dag.dag_id


def test_an_ingest_walks_the_rooms_in_order(bag) -> None:
    dag = bag().dags["ingest_yunchuan"]
    assert [task.task_id for task in dag.topological_sort()] == ROOMS
    for task in dag.tasks:
        assert task.is_mapped == (task.task_id in MAPPED)
        assert task.retries == 3
        assert task.retry_exponential_backoff
        assert task.has_on_failure_callback
    assert dag.has_on_failure_callback
    assert {task.pool for task in dag.tasks} <= {"publishers", "cores", "warehouse", "default_pool"}


def test_pools_are_those_that_are_made(bag) -> None:
    used = {task.pool for dag in bag().dags.values() for task in dag.tasks}
    assert used == {*pools(), "default_pool"}


def test_publishing_wakes_the_marts(bag) -> None:
    found = bag().dags
    (published,) = found["ingest_yunchuan"].get_task("publish").outlets
    assert list(found["refresh_marts"].timetable.asset_condition.objects) == [published]


def test_a_source_that_says_how_long_a_run_may_take_has_a_deadline(bag) -> None:
    from airflow.sdk import DeadlineReference
    from airflow.sdk.module_loading import import_string

    (deadline,) = bag().dags["ingest_yunchuan"].deadline
    assert deadline.interval == timedelta(hours=2)
    assert type(deadline.reference) is type(DeadlineReference.DAGRUN_QUEUED_AT)
    assert import_string(deadline.callback.path) is not None


def test_a_source_with_a_typo_is_an_import_error_and_the_others_stand(
    bag, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = (PROJECT / "include" / "sources" / "yunchuan.yaml").read_text(encoding="utf-8")
    (tmp_path / "yunchuan.yaml").write_text(good, encoding="utf-8")
    wrong = good.replace("name: yunchuan", "name: other").replace("\nschedule:", "\nshcedule:")
    (tmp_path / "other.yaml").write_text(wrong, encoding="utf-8")
    monkeypatch.setenv("ANNALS_SOURCES", str(tmp_path))
    found = bag()
    assert set(found.dags) == {"ingest_yunchuan", *OTHERS}
    ((file, error),) = found.import_errors.items()
    assert file.endswith("source_errors.py")
    for word in ("other.yaml", "shcedule", "did you mean 'schedule'"):
        assert word in error


def test_dag_files_parse_quickly(bag) -> None:
    bag()  # what is imported once is not their cost
    began = time.process_time()
    bag()
    assert time.process_time() - began < 2


@pytest.mark.parametrize("path", sorted(DAGS.glob("*.py")), ids=lambda path: path.name)
def test_dag_files_only_wire(path: Path) -> None:
    """Nothing heavy at the top, no work of their own: tasks call one room each."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    heavy = {"pandas", "great_expectations", "sqlalchemy", "psycopg", "onnxruntime", "httpx", "annals.pipeline"}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names}
            module = getattr(node, "module", None) or ""
            assert not {module, *names, *(f"{module}.{name}" for name in names)} & heavy
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any("task" in ast.dump(one) for one in function.decorator_list):
            calls = [node for node in function.body if not isinstance(node, ast.ImportFrom)]
            assert len(calls) <= 2, f"{path.name}: {function.name} does more than call its room"


def test_plugins_keep_their_glue_out_of_the_bare_names() -> None:
    """Airflow imports every module of plugins/ by its bare file name, but for what .airflowignore names."""
    ignored = (PROJECT / "plugins" / ".airflowignore").read_text().splitlines()
    assert "annals_airflow/" in ignored
    assert [path.name for path in (PROJECT / "plugins").glob("*.py")] == ["annals_plugin.py"]


def test_the_schedule_table_names_every_dag(bag) -> None:
    table = (DAGS / "README.md").read_text(encoding="utf-8")
    for dag_id in bag().dags:
        assert f"`{dag_id}`" in table
