"""The task that asks a person before a run is published, for sources whose YAML has `approval`."""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowSkipException

from annals.settings import Settings
from annals.sources import Source
from annals_airflow.runs import this_run


class Approval(ApprovalOperator):
    """Parks in "Awaiting Input" until somebody approves or rejects the run; is skipped where nobody need be asked.

    A no, and no answer in time, fail it at once. Where the warehouse does not answer at the moment of the answer, or
    the answer comes within a second of the question, Airflow tries again, which puts the question once more.
    """

    def __init__(self, *, source: Source, **given: Any) -> None:
        super().__init__(
            subject="Publish this run?",  # the question itself is put together when there is something to ask
            params={"note": Param("", type=["null", "string"], title="note", description="Why you reject, or approve")},
            response_timeout=timedelta(hours=source.approval_hours),
            **given,
        )
        self.source = source.name

    def execute(self, context: Any) -> Any:
        from annals import approval
        from annals_airflow import alerts

        where = alerts.links(context["dag"].dag_id, context["run_id"])
        question = approval.ask(
            Settings.from_environment(), self.source, this_run(), checks=where.checks, runbook=where.runbook
        )
        if question is None:
            raise AirflowSkipException("nothing of this run needs a person's word")
        self.subject, self.body = question.subject, question.body
        alerts.tell_waiting(question, self.generate_link_to_ui_from_context(context=context))
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        from annals import approval

        settings = Settings.from_environment()
        if event.get("error_type") == "timeout":
            approval.give_up(settings, self.source, this_run())
        if "error" not in event:
            given = event["params_input"] or {}
            self.validate_params_input(given)
            approval.answer(
                settings,
                this_run(),
                approved=event["chosen_options"] == [self.APPROVE],
                who=event["responded_by_user"]["name"],
                note=given.get("note") or "",
            )
        return super().execute_complete(context, event)
