"""Alerts on their way out, by Airflow's SMTP connection `smtp_default`.

Each goes out once to each recipient of ANNALS_ALERT_TO: what was delivered is noted in the archive beside the run.
What cannot be delivered raises; the task that wanted it is retried, and is red in the end.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.sdk import conf, get_current_context

from annals import alerts, pipeline
from annals.alerts import Alert, Links
from annals.archive import Archive
from annals.pipeline import Summary
from annals.settings import Settings
from annals_airflow.runs import run_key, this_run

log = logging.getLogger(__name__)

CONNECTION = "smtp_default"
NOBODY = "ANNALS_ALERT_TO names nobody: this alert is told to nobody"


def deliver(alert: Alert, run: str, settings: Settings) -> tuple[str, ...]:
    """Send an alert of a run to all who have not had it; who has it now. Raises where a server refuses."""
    if not settings.alert_to:
        log.warning("%s: %s", NOBODY, alert.subject)
        return ()
    archive = Archive(settings.archive)
    record = f"{pipeline.folder(run)}/alerts/{alert.key}.json"
    told = archive.get_json(record, list[str]) if archive.exists(record) else []
    for recipient in settings.alert_to:
        if recipient not in told:
            _send(alert, recipient)
            told.append(recipient)
            archive.put_json(record, told)
            log.info("told %s: %s", recipient, alert.subject)
    return tuple(told)


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


def links(dag_id: str, run_id: str) -> Links:
    """Where the UI shows a run, and what its checks found."""
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    run = f"{base}/dags/{dag_id}/runs/{quote(run_id, safe='')}"
    return Links(run=run, checks=f"{base}/annals/checks/{quote(f'{dag_id}/{run_id}')}")


def tell_findings(summary: Summary) -> list[str]:
    """Tell of the errors that the audit of the run at hand found, if any; who was told."""
    if not summary.errors():
        return []
    context = get_current_context()
    where = links(context["dag"].dag_id, context["run_id"])
    return list(deliver(alerts.of_findings(summary, where), this_run(), Settings.from_environment()))


def tell_failure(context: Mapping[str, Any]) -> None:
    """The callback of tasks and of DAGs: enters the run as failed, and tells of it once.

    A task that was killed never calls back; the DAG's own callback does, some ten seconds later. So both are set,
    and whichever comes second finds the alert delivered.
    """
    dag, run_id = context["dag"], context["run_id"]
    settings, run = Settings.from_environment(), run_key(dag.dag_id, run_id)
    task = context.get("task_instance") or context.get("ti")
    name = getattr(task, "task_id", None) or "?"
    reason = str(context.get("exception") or context.get("reason") or "its log tells why")
    title, runbook = dag.dag_display_name, dag.doc_md or ""
    alert = alerts.of_failure(title=title, task=name, reason=reason, runbook=runbook, links=links(dag.dag_id, run_id))
    try:
        deliver(alert, run, settings)
    finally:
        pipeline.fail(settings, run, f"{name}: {reason}")
