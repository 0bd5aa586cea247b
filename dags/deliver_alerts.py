"""Delivers the alerts that could not be delivered when they arose: a mail server was down, a chat did not answer.

### When it fails
Alerts wait; the error says for whom, and what the mail server or the chat answered. Correct the connection
`smtp_default`, or that of the chat (Admin → Connections, or AIRFLOW_CONN_…), or ANNALS_ALERT_TO and ANNALS_ALERT_CHAT,
then clear the task; it tries again every ten minutes anyhow. Nobody is told of its failing by mail, of course.

An address that a mail server refused for good is not tried again: *Review* in the UI names it, with what to do.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task


@task(retries=2, retry_delay=timedelta(seconds=30), multiple_outputs=False)
def deliver() -> dict[str, object]:
    from annals_airflow.alerts import deliver_all

    return deliver_all()


with DAG(
    dag_id="deliver_alerts",
    description="Alerts that wait for a mail server or a chat",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    tags={"alerts"},
    default_args={"owner": "annals"},
):
    deliver()
