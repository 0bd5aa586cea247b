"""Brings the marts up to date whenever a publisher's run has published.

### When it fails
The marts show what they showed before; `mart.figure` and the other plain views are current all the same. Look into the
task's log: as a rule the warehouse did not answer. Then clear the task; it may run at any time, and twice.
"""

from datetime import timedelta

from airflow.sdk import DAG, task

from annals.settings import Settings
from annals_airflow.callbacks import tell_failure, tell_recovery
from annals_airflow.runs import FIGURES, MARTS


@task(
    retries=3,
    retry_delay=timedelta(seconds=5),
    retry_exponential_backoff=True,
    outlets=[MARTS],
    pool="warehouse",
    on_success_callback=tell_recovery,
)
def refresh() -> None:
    from annals import pipeline

    pipeline.refresh(Settings.from_environment())


with DAG(
    dag_id="refresh_marts",
    description="The marts, made anew from what was published",
    doc_md=__doc__,
    schedule=[FIGURES],
    catchup=False,
    max_active_runs=1,
    tags={"marts"},
    default_args={"owner": "annals", "on_failure_callback": tell_failure},
    on_failure_callback=tell_failure,
):
    refresh()
