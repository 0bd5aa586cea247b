"""One DAG for each publisher: from its listing to figures in the warehouse.

The publishers are the YAML files in include/sources, the work is `annals.pipeline`'s; this file only wires them.
"""

from datetime import timedelta

from airflow.sdk import (
    DAG,
    CronTriggerTimetable,
    DeadlineAlert,
    DeadlineReference,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    SyncCallback,
    TriggerRule,
    task,
)

from annals.settings import Settings
from annals.sources import Source, load
from annals_airflow.approval import Approval
from annals_airflow.callbacks import tell_failure, tell_recovery
from annals_airflow.docs import ingest_doc
from annals_airflow.runs import FIGURES, MAPPED, name_batch, this_run

RETRIES = {
    "retries": 3,
    "retry_delay": timedelta(seconds=5),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    # Wrong data stay wrong; a publisher, an archive or a warehouse that does not answer may do so later.
    "retry_policy": ExceptionRetryPolicy(
        [
            RetryRule(exception="annals.errors.Unreachable", action=RetryAction.DEFAULT),
            RetryRule(exception="annals.errors.AnnalsError", action=RetryAction.FAIL),
        ]
    ),
}


@task(pool="publishers")
def discover(source: str) -> list[dict[str, str]]:
    from annals import pipeline

    return [batch.handed_on() for batch in pipeline.discover(Settings.from_environment(), source, this_run())]


@task(pool="publishers", **MAPPED)
def fetch(source: str, batch: dict[str, str]) -> dict[str, str]:
    from annals import pipeline

    pipeline.fetch(Settings.from_environment(), source, name_batch(batch))
    return batch


@task(pool="cores", **MAPPED)
def extract(source: str, batch: dict[str, str]) -> dict[str, str]:
    from annals import pipeline

    pipeline.extract(Settings.from_environment(), source, name_batch(batch))
    return batch


@task(pool="cores", **MAPPED)
def read(batch: dict[str, str]) -> dict[str, str]:
    from annals import pipeline

    pipeline.read(Settings.from_environment(), name_batch(batch))
    return batch


@task(pool="warehouse", **MAPPED)
def stage(batch: dict[str, str]) -> None:
    from annals import pipeline

    pipeline.stage(Settings.from_environment(), this_run(), name_batch(batch))


# An empty listing skips what is mapped over it; the run still ends as others do.
@task(pool="warehouse", trigger_rule=TriggerRule.NONE_FAILED)
def audit() -> None:
    from annals import pipeline
    from annals_airflow.checks import say

    say(pipeline.audit(Settings.from_environment(), this_run()))


@task(pool="warehouse", outlets=[FIGURES])
def publish() -> None:
    from annals import pipeline

    pipeline.publish(Settings.from_environment(), this_run())


@task(multiple_outputs=False, on_success_callback=tell_recovery)
def report(source: str) -> dict[str, object]:
    from annals import pipeline
    from annals_airflow.alerts import tell_run

    summary = pipeline.report(Settings.from_environment(), source, this_run())
    return {**summary.handed_on(), **tell_run(summary)}


def late(source: Source) -> DeadlineAlert | None:
    """An alert for a run that takes longer than the publisher's YAML gives it."""
    if source.late_after_hours is None:
        return None
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=source.late_after_hours),
        callback=SyncCallback(
            "annals_airflow.alerts.tell_late", {"title": source.title, "hours": source.late_after_hours}
        ),
    )


def ingest(source: Source) -> DAG:
    """The DAG of one publisher."""
    with DAG(
        dag_id=f"ingest_{source.name}",
        dag_display_name=f"ingest · {source.title}",
        description=f"What {source.title} publishes, as checked figures in the warehouse",
        doc_md=ingest_doc(source),
        schedule=CronTriggerTimetable(
            source.schedule.cron,
            timezone=source.schedule.timezone,
            run_immediately=timedelta(0),  # a new source waits for its time; False would take up one just past
        ),
        catchup=False,
        max_active_runs=1,
        tags={"ingest", *source.tags},
        default_args={"owner": source.owner, "on_failure_callback": tell_failure, **RETRIES},
        on_failure_callback=tell_failure,
        deadline=late(source),
    ) as dag:
        fetched = fetch.partial(source=source.name).expand(batch=discover(source.name))
        extracted = extract.partial(source=source.name).expand(batch=fetched)
        staged = stage.expand(batch=read.expand(batch=extracted))
        audited = staged >> audit()
        if source.approval == "never":
            published = publish()
        else:
            # Skipped where nobody need be asked; publish goes on all the same.
            audited = audited >> Approval(task_id="approve", source=source, pool="warehouse")
            published = publish.override(trigger_rule=TriggerRule.NONE_FAILED)()
        audited >> published >> report(source.name)
    return dag


for source in load(Settings.from_environment().sources).sources:
    globals()[f"ingest_{source.name}"] = ingest(source)
