"""The plugin: the page of what the checks found, in the navigation and on every run."""

from airflow.plugins_manager import AirflowPlugin

from annals_airflow.pages import app


class Annals(AirflowPlugin):
    """One web app, two ways to it."""

    name = "annals"
    fastapi_apps = [{"app": app, "url_prefix": "/annals", "name": "annals"}]  # noqa: RUF012 - Airflow's own form
    external_views = [  # noqa: RUF012
        {
            "name": "Checks",
            "href": "/annals/checks",
            "url_route": "checks",
            "destination": "nav",
            "nav_top_level": True,
        },
        {
            "name": "Checks",
            "href": "/annals/checks/{DAG_ID}/{RUN_ID}",
            "url_route": "run_checks",
            "destination": "dag_run",
        },
    ]
