"""What the DAGs share: the assets, the name of the run at hand, the names of batches."""

from typing import Any

from airflow.sdk import Asset, get_current_context

FIGURES = Asset("figures", uri="annals://warehouse/core/figure", group="warehouse")
MARTS = Asset("marts", uri="annals://warehouse/mart", group="warehouse")

# Of tasks that are mapped over batches: `name_batch` fills in the name, and a batch handed on is one thing, not two.
MAPPED: dict[str, Any] = {"map_index_template": "{{ batch_label }}", "multiple_outputs": False}


def this_run() -> str:
    """The id of the run at hand, unique over all DAGs."""
    context = get_current_context()
    return run_key(context["dag"].dag_id, context["run_id"])


def run_key(dag_id: str, run_id: str) -> str:
    """The id under which annals knows a run of Airflow's."""
    return f"{dag_id}/{run_id}"


def name_batch(batch: dict[str, str]) -> str:
    """Give the task at hand its batch's name in the UI; the batch's path in the archive."""
    get_current_context()["batch_label"] = batch["label"]  # type: ignore[typeddict-unknown-key]
    return batch["path"]
