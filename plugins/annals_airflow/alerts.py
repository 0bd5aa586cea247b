"""Alerts on their way out, by Airflow's SMTP connection `smtp_default`.

What cannot be delivered raises, so that the task which wanted it is red in the end; it stays in the outbox, which the
DAG `deliver_alerts` empties. Callbacks that Airflow only logs are thus not the last word.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.sdk import conf, get_current_context

from annals import alerts, approval, pipeline
from annals.alerts import Alert, Links
from annals.approval import Question
from annals.archive import Archive
from annals.errors import AnnalsError
from annals.pipeline import Summary
from annals.settings import Settings
from annals_airflow.docs import runbook_of
from annals_airflow.runs import run_key, this_run

log = logging.getLogger(__name__)

CONNECTION = "smtp_default"


def tell(alert: Alert, run: str) -> tuple[str, ...]:
    """Post an alert of a run and deliver it to all who have not had it; who has it now."""
    settings = Settings.from_environment()
    if not settings.alert_to:
        log.warning("ANNALS_ALERT_TO names no one, so nobody is told: %s", alert.subject)
        return ()
    archive = Archive(settings.archive)
    return alerts.deliver(archive, alerts.post(archive, alert, run, settings.alert_to), _send)


def deliver_all() -> list[str]:
    """Deliver what lies in the outbox; the subjects. Raises AnnalsError at the end where some could not be."""
    archive, problems, done = Archive(Settings.from_environment().archive), [], []
    for path in alerts.undelivered(archive):
        try:
            alerts.deliver(archive, path, _send)
            done.append(path)
        except OSError as error:  # smtplib's errors are OSErrors
            problems.append(f"{path}: {error}")
    if problems:
        raise AnnalsError(f"{len(problems)} alerts cannot be delivered; first: {problems[0]}")
    return done


def _send(alert: Alert, recipient: str) -> None:
    """One message to one recipient, since a server that refuses one of several says so to nobody."""
    with SmtpHook(smtp_conn_id=CONNECTION) as hook:
        hook.send_email_smtp(
            to=recipient,
            from_email=hook.from_email or "annals@localhost",
            subject=alert.subject,
            html_content=alert.body,
            custom_headers={"Auto-Submitted": "auto-generated"},
        )
        log.info("told %s: %s", recipient, alert.subject)


def links(dag_id: str, run_id: str) -> Links:
    """Where the UI shows a run, and what its checks found."""
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    dag = f"{base}/dags/{dag_id}"
    run = f"{dag}/runs/{quote(run_id, safe='')}"
    # The UI asks who is not logged in to do so.
    return Links(run=run, checks=f"{run}/plugin/run_checks", runbook=dag)


def tell_findings(summary: Summary) -> list[str]:
    """Tell of the errors that the audit of the run at hand found, if any; who was told."""
    if not summary.errors():
        return []
    context = get_current_context()
    where = links(context["dag"].dag_id, context["run_id"])
    return list(tell(alerts.of_findings(summary, where), this_run()))


def tell_waiting(question: Question, page: str) -> None:
    """Tell, once, that the run at hand waits for an answer on `page`. A mail server that is down does not stop it:
    `deliver_alerts` goes on trying, and is red as long as it cannot."""
    context = get_current_context()
    where = links(context["dag"].dag_id, context["run_id"])
    try:
        tell(alerts.of_waiting(question, page=page, links=where), this_run())
    except OSError as error:  # smtplib's errors are OSErrors
        log.warning("the alert that the run waits is left to deliver_alerts: %s", error)


def tell_failure(context: Mapping[str, Any]) -> None:
    """The callback of tasks and of DAGs: enters the run as failed, and tells of it once.

    A task that was killed never calls back; the DAG's own callback does, some ten seconds later. So both are set,
    and whichever comes second finds the alert delivered.
    """
    dag, run_id = context["dag"], context["run_id"]
    task = context.get("task_instance") or context.get("ti")
    name = str(getattr(task, "task_id", None) or "the run")
    # A DAG's callback has no exception: what died could not say why.
    reason = str(context.get("exception") or "it was killed or lost; its log tells how far it came")
    where = links(dag.dag_id, run_id)
    alert = alerts.of_failure(
        title=dag.dag_display_name, task=name, reason=reason, runbook=runbook_of(dag.doc_md), links=where
    )
    try:
        tell(alert, run_key(dag.dag_id, run_id))
    finally:
        run, guessed = run_key(dag.dag_id, run_id), context.get("exception") is None
        pipeline.fail(Settings.from_environment(), run, f"{name}: {reason}", guessed=guessed)


def tell_late(context: Mapping[str, Any], title: str, hours: float) -> None:
    """The callback of a deadline: the run has not ended in its time. One that waits for a person's word is not late."""
    run = context["dag_run"]
    dag_id, run_id = (run["dag_id"], run["dag_run_id"]) if isinstance(run, Mapping) else (run.dag_id, run.run_id)
    if not approval.waits(Settings.from_environment(), run_key(dag_id, run_id)):
        tell(alerts.of_delay(title=title, hours=hours, links=links(dag_id, run_id)), run_key(dag_id, run_id))
