"""Removes what has had its time: results of checks, hand-over files, told alerts, crops, logs, rows of killed runs.

ANNALS_KEEP_DAYS says how long they are kept, 400 days unless set; 0 keeps all. Raw documents, versions of notices,
figures, findings and decisions stay for good. Each task hands on what it removed: see its XCom in the UI.

Airflow's own records of runs grow too. Tasks may not touch Airflow's database, so that is a command for people, once a
year or so: `make prune` on one machine; in Compose
`docker compose exec airflow-scheduler airflow db clean --clean-before-timestamp 2026-01-01 --skip-archive --yes`.

### When it fails
Nothing is lost, and what was not removed goes the next day. Its log says what did not answer: the warehouse, the
archive, or a log folder that belongs to another user. Clear the task; it may run at any time, and twice. A run whose
staged rows were removed, a week after it was killed, is to be cleared from its task `discover` on.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task

from annals.settings import Settings
from annals_airflow.callbacks import tell_failure


@task(pool="warehouse", multiple_outputs=False)
def prune_warehouse() -> dict[str, int]:
    from annals import prune

    return prune.warehouse(Settings.from_environment()).counts()


@task(multiple_outputs=False)
def prune_archive() -> dict[str, int]:
    from annals import prune

    return prune.archive(Settings.from_environment()).counts()


@task
def prune_logs() -> int:
    from annals import prune

    return prune.logs(Settings.from_environment())


with DAG(
    dag_id="keep_house",
    description="What has had its time goes: results of checks, hand-over files, told alerts, crops, logs",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("20 3 * * *", timezone="Asia/Shanghai", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    tags={"housekeeping"},
    default_args={
        "owner": "annals",
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "on_failure_callback": tell_failure,
    },
    on_failure_callback=tell_failure,
):
    [prune_warehouse(), prune_archive(), prune_logs()]
