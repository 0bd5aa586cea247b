"""Airflow's REST API, as far as `make run` and the watchdog ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx

from annals.errors import AnnalsError, Unreachable
from stack.environment import USER

PAGE = 100  # what Airflow gives at most in one answer


class Airflow:
    """A logged-in client of the Airflow at `address` (http://127.0.0.1:8080)."""

    def __init__(self, address: str, client: httpx.Client) -> None:
        self.address = address
        self._client = client

    @classmethod
    @contextmanager
    def at(cls, address: str, password: str) -> Iterator["Airflow"]:
        """Log in, for the time of a `with`.

        Raises AnnalsError where the password is refused, Unreachable where nobody answers.
        """
        # Proxies of the environment are for the outside.
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
            try:
                answer = client.post("/auth/token", json={"username": USER, "password": password})
            except httpx.TransportError as error:
                raise _unanswered(address, error) from error
            if answer.status_code != httpx.codes.CREATED:
                raise AnnalsError(f"{address} refuses user {USER}: another Airflow listens there; set ANNALS_PORT")
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield cls(address, client)

    def dag(self, dag_id: str) -> dict[str, Any] | None:
        """The DAG as Airflow knows it, or None while it does not."""
        return self._get(f"dags/{dag_id}")

    def dags(self) -> dict[str, bool]:
        """The DAGs that Airflow reads now, by id: whether each is paused."""
        found = dict[str, bool]()
        while True:
            page = self._ask("GET", "dags", params={"limit": PAGE, "offset": len(found), "order_by": "dag_id"})
            found |= {str(dag["dag_id"]): bool(dag["is_paused"]) for dag in page["dags"]}
            if not page["dags"] or len(found) >= page["total_entries"]:
                return found

    def unpause(self, dag_id: str) -> None:
        """Let the DAG run on its schedule."""
        self._ask("PATCH", f"dags/{dag_id}", json={"is_paused": False})

    def set_pool(self, name: str, pool: dict[str, Any]) -> None:
        """Make the pool, or bring it to these slots."""
        if self._get(f"pools/{name}") is None:
            self._ask("POST", "pools", json={"name": name, **pool})
        else:
            self._ask("PATCH", f"pools/{name}", json={"pool": name, **pool})

    def import_errors(self) -> list[dict[str, Any]]:
        """What DAG files could not be read, and why: `filename` and `stack_trace` of each."""
        return list(self._ask("GET", "importErrors")["import_errors"])

    def trigger(self, dag_id: str) -> str:
        """Start a run now; its id."""
        return str(self._ask("POST", f"dags/{dag_id}/dagRuns", json={"logical_date": None})["dag_run_id"])

    def unfinished(self, dag_id: str) -> list[str]:
        """The DAG's runs that are under way or wait, oldest first."""
        params = {"order_by": "id", "state": ["queued", "running"]}
        return [str(run["dag_run_id"]) for run in self._ask("GET", f"dags/{dag_id}/dagRuns", params=params)["dag_runs"]]

    def question(self, dag_id: str, run_id: str) -> str | None:
        """The page on which a person must answer before the run goes on, if it waits for that."""
        where = f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances"
        found = self._ask("GET", where, params={"state": "awaiting_input", "limit": 1})["task_instances"]
        if not found:
            return None
        return f"{self.page(dag_id, run_id)}/tasks/{found[0]['task_id']}/required_actions"

    def page(self, dag_id: str, run_id: str) -> str:
        """Where the UI shows a run."""
        return f"{self.address}/dags/{dag_id}/runs/{quote(run_id, safe='')}"

    def runs_begun_by(self, dag_id: str, run_id: str) -> list[str]:
        """The runs of other DAGs that the assets which this run updated have begun."""
        params = {"source_dag_id": dag_id, "source_run_id": run_id}
        events = self._ask("GET", "assets/events", params=params)["asset_events"]
        return sorted({str(run["run_id"]) for event in events for run in event["created_dagruns"]})

    def reason(self, dag_id: str, run_id: str) -> str:
        """Why a run failed: its first failed task, and the last line that its log holds of an error."""
        failed = [task for task in self.tasks(dag_id, run_id) if task["state"] == "failed"]
        if not failed:
            return f"see {self.page(dag_id, run_id)}"
        task = failed[0]
        said = self.error_of(dag_id, run_id, task)
        return f"task {task['task_id']}: {said}" if said else f"task {task['task_id']}; see its log in the UI"

    def error_of(self, dag_id: str, run_id: str, task: dict[str, Any]) -> str:
        """The error in the log of a task's last try; empty where the log names none."""
        path = (
            f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task['task_id']}/logs/{task['try_number']}"
        )
        told = self._get(path, params={"map_index": str(task["map_index"]), "full_content": "true"}) or {}
        found = ""
        for event in told.get("content", ()):
            if not isinstance(event, dict):
                continue
            for error in event.get("error_detail") or ():
                if error.get("exc_value"):
                    found = str(error["exc_value"])
                    break
        return found

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """One run: `state`, `start_date`, `end_date` …"""
        return dict(self._ask("GET", f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}"))

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The run's task instances, mapped ones singly."""
        path = f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances"
        return list(self._ask("GET", path, params={"limit": 100, "order_by": "start_date"})["task_instances"])

    def returned(self, dag_id: str, run_id: str, task_id: str) -> Any:
        """What a task handed on, or None."""
        path = f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}/xcomEntries/return_value"
        found = self._get(path, params={"deserialize": "true"})
        return found and found["value"]

    def _get(self, path: str, params: dict[str, str] | None = None) -> dict[str, Any] | None:
        answer = self._send("GET", path, params=params)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return dict(self._checked(answer))

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        return self._checked(self._send(method, path, **options))

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, f"/api/v2/{path}", **options)
        except httpx.TransportError as error:
            raise _unanswered(self.address, error) from error

    def _checked(self, answer: httpx.Response) -> Any:
        if answer.is_error:
            raise AnnalsError(f"Airflow answers {answer.status_code} to {answer.request.url.path}: {answer.text[:300]}")
        return answer.json()


def _unanswered(address: str, error: httpx.TransportError) -> Unreachable:
    return Unreachable(f"Airflow at {address} does not answer ({error}); its logs tell why")


def health(address: str) -> dict[str, str]:
    """Airflow's own word on its parts: scheduler, triggerer, dag_processor, metadatabase → healthy or not.

    Empty while nobody answers.
    """
    try:
        answer = httpx.get(f"{address}/api/v2/monitor/health", timeout=5, trust_env=False)
        return {part: str(told["status"]) for part, told in answer.json().items()}
    except (httpx.TransportError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # not up yet, or not an Airflow
