"""Alerts of Airflow's runs: what is to be told is written down, put into the outbox and sent at once.

What cannot be sent stays in the outbox and is red in the DAG `deliver_alerts`, which tries again every ten minutes: a
mail server that is down is no fault of the run that had something to tell.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from airflow.sdk import conf, get_current_context
from msgspec import structs

from annals import alerts, approval, pipeline, warehouse
from annals.alerts import Alert, Delivery, changes, spells
from annals.alerts.changes import News
from annals.alerts.spells import Kind, Spell
from annals.alerts.wording import Links, of_findings, of_spell, of_waiting
from annals.approval import Question
from annals.archive import Archive
from annals.errors import AnnalsError, ConfigurationError, Unreachable
from annals.pipeline import Summary
from annals.settings import Settings
from annals.sources import REMIND_AFTER_DAYS, Source, load
from annals_airflow.docs import runbook_of
from annals_airflow.runs import run_key, this_run
from annals_airflow.senders import send

log = logging.getLogger(__name__)

NOBODY = "ANNALS_ALERT_TO and ANNALS_ALERT_CHAT name no one"


def tell_run(summary: Summary) -> dict[str, Any]:
    """Tell what changed in the errors of all sources by the run at hand; what was told, to whom, and who waits."""
    settings = Settings.from_environment()
    if not settings.recipients:
        if summary.errors:
            log.warning("%s, so nobody is told of %d errors", NOBODY, summary.errors)
        return {"news": {}, **_as_handed_on(Delivery())}
    context, run, archive = get_current_context(), this_run(), Archive(settings.archive)
    sources = {one.name: one for one in load(settings.sources).sources}
    where = links(context["dag"].dag_id, context["run_id"])

    def compose(news: News) -> Alert:
        source = sources.get(news.source)
        days = source.remind_after_days if source else REMIND_AFTER_DAYS
        return of_findings(news, run=run, links=where, remind_after_days=days)

    with warehouse.connect(settings) as connection:
        told = changes.note(connection, run, sources, compose)
        names = changes.relay(connection, archive, settings.recipients)
    return {"news": told, **_as_handed_on(_deliver(settings, archive, names))}


def deliver_all() -> dict[str, Any]:
    """Post what interrupted runs had written down, and deliver all that waits.

    Raises AnnalsError at the end, where something waits on.
    """
    settings = Settings.from_environment()
    archive, problems = Archive(settings.archive), list[str]()
    try:
        spells.finish(archive)
    except Unreachable as error:
        problems.append(str(error))
    if settings.recipients:
        try:
            with warehouse.connect(settings) as connection:
                changes.relay(connection, archive, settings.recipients)
        except Unreachable as error:  # what is in the outbox goes out all the same
            log.warning("what runs have written down and not yet posted waits: %s", error)
    delivery = alerts.deliver(archive, send, settings.recipients)
    if delivery.left:
        reasons = "; ".join(f"{who}: {why}" for who, why in delivery.waiting.items())
        problems.insert(0, f"alerts waiting: {delivery.left}. {reasons}")
    if problems:
        raise AnnalsError("; ".join(problems))
    return _as_handed_on(delivery)


def tell_waiting(question: Question, page: str) -> None:
    """Tell that the run at hand waits for an answer on `page`: once each time that it is asked.

    It is asked again where the warehouse did not take the answer, and who gave that believes it done.
    """
    settings, context = Settings.from_environment(), get_current_context()
    if not settings.recipients:
        log.warning("%s, so nobody is told: %s", NOBODY, question.subject)
        return
    archive, where = Archive(settings.archive), links(context["dag"].dag_id, context["run_id"])
    alert = of_waiting(question, page=page, links=where)
    alert = structs.replace(alert, key=f"{alert.key}-{context['ti'].try_number}")
    _deliver(settings, archive, [alerts.post(archive, alert, this_run(), settings.recipients)])


def tell_failure(context: Mapping[str, Any]) -> None:
    """The callback of tasks and of DAGs: enters the run as failed, and tells of it once.

    A task that was killed never calls back; the DAG's own callback does, some ten seconds later. So both are set,
    and whichever comes second finds the run told.
    """
    dag, run_id = context["dag"], context["run_id"]
    task = context.get("task_instance") or context.get("ti")
    name = str(getattr(task, "task_id", None) or "the run")
    # A DAG's callback has no exception: what died could not say why.
    reason = str(context.get("exception") or "it was killed or lost; its log tells how far it came")
    title, runbook = dag.dag_display_name, runbook_of(dag.doc_md)
    try:
        _tell_wrong("failing", dag.dag_id, run_id, title, f"{name} failed", reason, runbook)
    except (Unreachable, ConfigurationError) as error:
        # The archive may be what fails, and the outbox with it. The DAG's callback, which knows less, keeps quiet then.
        if context.get("exception"):
            log.warning("the outbox is not to be had, so no account is kept of who is told: %s", error)
            _tell_at_once(dag.dag_id, run_id, title, f"{name} failed", reason, runbook)
    finally:
        run, guessed = run_key(dag.dag_id, run_id), context.get("exception") is None
        pipeline.fail(Settings.from_environment(), run, f"{name}: {reason}", guessed=guessed)


def tell_late(context: Mapping[str, Any], title: str, hours: float) -> None:
    """The callback of a deadline: the run has not ended in its time. One that waits for a person's word is not late."""
    run = context["dag_run"]
    dag_id, run_id = (run["dag_id"], run["dag_run_id"]) if isinstance(run, Mapping) else (run.dag_id, run.run_id)
    try:
        if approval.waits(Settings.from_environment(), run_key(dag_id, run_id)):
            return
    except Unreachable as error:
        log.warning("whether the run waits for a person is not known: %s", error)
    reason = f"It has not ended within {hours:g} hours; it goes on."
    _tell_wrong("late", dag_id, run_id, title, "late", reason, "")


def tell_recovery(context: Mapping[str, Any]) -> None:
    """The callback of a DAG's last task: tells that runs work again, where those before failed or were late."""
    settings, dag, run_id = Settings.from_environment(), context["dag"], context["run_id"]
    archive, where = Archive(settings.archive), links(dag.dag_id, run_id)
    owner = _owner(_source(settings, dag.dag_id))

    def compose(spell: Spell, news: spells.News) -> Alert:
        title = dag.dag_display_name
        return of_spell(spell, news, title=title, what="", reason="", owner=owner, runbook="", links=where)

    names = spells.went_well(archive, dag.dag_id, run_key(dag.dag_id, run_id), compose, to=settings.recipients)
    _deliver(settings, archive, names)


def links(dag_id: str, run_id: str) -> Links:
    """Where the UI shows a run, what its checks found, and the review page; who is not logged in is asked to do so."""
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    dag = f"{base}/dags/{dag_id}"
    run = f"{dag}/runs/{quote(run_id, safe='')}"
    return Links(run=run, checks=f"{run}/plugin/run_checks", runbook=dag, review=f"{base}/annals")


def _tell_wrong(kind: Kind, dag_id: str, run_id: str, title: str, what: str, reason: str, runbook: str) -> None:
    """Tell that a run failed or is late, where that is news."""
    settings = Settings.from_environment()
    if not settings.recipients:
        log.warning("%s, so nobody is told: %s: %s", NOBODY, title, what)
        return
    archive, source, where = Archive(settings.archive), _source(settings, dag_id), links(dag_id, run_id)
    told = {
        "title": title,
        "what": what,
        "reason": reason,
        "owner": _owner(source),
        "runbook": runbook or (source.runbook if source else ""),
        "links": where,
    }
    name = spells.went_wrong(
        archive,
        kind,
        dag_id,
        run_key(dag_id, run_id),
        f"{what}: {reason}",
        lambda spell, news: of_spell(spell, news, **told),
        to=settings.recipients,
        remind_after_days=source.remind_after_days if source else REMIND_AFTER_DAYS,
    )
    if name is not None:
        _deliver(settings, archive, [name])


def _tell_at_once(dag_id: str, run_id: str, title: str, what: str, reason: str, runbook: str) -> None:
    """Tell of a failure without the outbox: whoever cannot be reached now is not told."""
    settings, now = Settings.from_environment(), datetime.now(UTC)
    spell = Spell(dag=dag_id, kind="failing", since=now, runs=1, last_run=run_id, reasons=(), told_at=now)
    owner, where = _owner(_source(settings, dag_id)), links(dag_id, run_id)
    alert = of_spell(spell, "begun", title=title, what=what, reason=reason, owner=owner, runbook=runbook, links=where)
    for recipient in settings.recipients:
        try:
            send(alert, recipient)
        except (alerts.Refused, alerts.Undelivered) as error:
            log.error("%s is not told: %s", recipient, error)


def _deliver(settings: Settings, archive: Archive, names: Collection[str]) -> Delivery:
    delivery = alerts.deliver(archive, send, settings.recipients, names) if names else Delivery()
    for who, why in delivery.waiting.items():
        log.warning("%s is told later: %s", who, why)
    for who, why in delivery.refused.items():
        log.error("%s cannot be told: %s", who, why)
    return delivery


def _as_handed_on(delivery: Delivery) -> dict[str, Any]:
    return {"told": list(delivery.told), "waiting": delivery.waiting, "refused": delivery.refused}


def _source(settings: Settings, dag_id: str) -> Source | None:
    """The publisher of an ingest DAG; None for other DAGs, and where its YAML is what is wrong."""
    try:
        sources = load(settings.sources).sources
    except ConfigurationError:
        return None
    return next((one for one in sources if dag_id == f"ingest_{one.name}"), None)


def _owner(source: Source | None) -> str:
    if source is None:
        return "annals"
    return f"{source.owner} <{source.email}>" if source.email else source.owner
