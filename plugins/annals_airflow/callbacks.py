"""What the DAGs call back; what that needs is imported only then, so that reading the DAGs stays quick."""

from typing import Any


def tell_failure(context: dict[str, Any]) -> None:
    """Of a task, or a run, that failed for good."""
    from annals_airflow import alerts

    alerts.tell_failure(context)


def tell_recovery(context: dict[str, Any]) -> None:
    """Of the last task of a run, when all went well."""
    from annals_airflow import alerts

    alerts.tell_recovery(context)
