"""The warehouse: a PostgreSQL database, embedded unless ANNALS_WAREHOUSE_URL names another.

A run's way through it, one function a step, each repeatable and each a transaction of its own:

    begin_run    the run and its source are known; `mart.source_health` counts from here
    note_listing what the source's listing named: last seen, withdrawn
    stage        readings → stage.notice, stage.figure, by COPY
    (annals.checks.audit)
    publish      what passed → core, fenced so that a task that outlived its run cannot commit twice
    clean_stage  the staged rows go (discard_stage: those of a run that a person rejected)
    refresh_marts
    end_run      how it ended

Nothing here imports SQLAlchemy or Great Expectations; connections are psycopg's, in autocommit.
"""

from annals.warehouse.connect import Connection, airflow_url, analyst_url, connect, url
from annals.warehouse.embedded import is_running, start, stop
from annals.warehouse.mart import refresh_marts
from annals.warehouse.migrate import migrate
from annals.warehouse.publish import Published, publish
from annals.warehouse.runs import Known, begin_run, end_run, known_notices, note_listing
from annals.warehouse.stage import Staged, clean_stage, discard_stage, figure_id, stage

__all__ = [
    "Connection",
    "Known",
    "Published",
    "Staged",
    "airflow_url",
    "analyst_url",
    "begin_run",
    "clean_stage",
    "connect",
    "discard_stage",
    "end_run",
    "figure_id",
    "is_running",
    "known_notices",
    "migrate",
    "note_listing",
    "publish",
    "refresh_marts",
    "stage",
    "start",
    "stop",
    "url",
]
