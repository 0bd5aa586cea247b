"""Delivers the alerts that could not be delivered when they arose: a mail server was down, an address was wrong.

### When it fails
Its log says what the mail server answered. Correct the connection `smtp_default` (Admin → Connections, or
AIRFLOW_CONN_SMTP_DEFAULT) or ANNALS_ALERT_TO, then clear the task. Nobody is told of its failing by mail, of course.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task


@task(retries=2, retry_delay=timedelta(seconds=30))
def deliver() -> list[str]:
    from annals_airflow.alerts import deliver_all

    return deliver_all()


with DAG(
    dag_id="deliver_alerts",
    description="Alerts that wait for a mail server",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    tags={"alerts"},
    default_args={"owner": "annals"},
):
    deliver()
