"""The plugin: the page of what the checks found, in the navigation and on every run."""

from airflow.plugins_manager import AirflowPlugin
from annals_airflow.pages import app

PAGE = {"name": "Checks", "url_route": "checks"}


class Annals(AirflowPlugin):
    """One web app, two ways to it."""

    name = "annals"
    fastapi_apps = [{"app": app, "url_prefix": "/annals", "name": "annals"}]  # noqa: RUF012 - Airflow's own form
    external_views = [  # noqa: RUF012
        {**PAGE, "href": "/annals/checks", "destination": "nav", "nav_top_level": True},
        {**PAGE, "href": "/annals/checks/{DAG_ID}/{RUN_ID}", "destination": "dag_run"},
    ]
