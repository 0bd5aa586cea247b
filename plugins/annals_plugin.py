"""The plugin: the review page, in the navigation, on every run and on every task of a run.

All processes of Airflow import this; the web app itself is imported by the API server, when it is first asked for.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from airflow.plugins_manager import AirflowPlugin

Message = MutableMapping[str, Any]


class Later:
    """An ASGI app that stands for the review page until somebody asks for it."""

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        from annals_review.app import app

        await app(scope, receive, send)


class Annals(AirflowPlugin):
    """One web app, three ways to it."""

    name = "annals"
    fastapi_apps = [{"app": Later(), "url_prefix": "/annals", "name": "annals"}]  # noqa: RUF012 - Airflow's own form
    external_views = [  # noqa: RUF012
        {
            "name": "Review",
            "href": "/annals/findings",
            "url_route": "review",
            "destination": "nav",
            "nav_top_level": True,
        },
        {
            "name": "Checks",
            "href": "/annals/checks/{DAG_ID}/{RUN_ID}",
            "url_route": "run_checks",
            "destination": "dag_run",
        },
        {
            "name": "Checks",
            "href": "/annals/checks/{DAG_ID}/{RUN_ID}",
            "url_route": "task_checks",
            "destination": "task_instance",
        },
    ]
