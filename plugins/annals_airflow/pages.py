"""The page of what the checks found, served by Airflow's own web server to those who are logged in there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from psycopg.rows import dict_row

from annals import warehouse
from annals.errors import Unreachable
from annals.settings import Settings
from annals.warehouse.sqlfile import statements

TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)

app = FastAPI(title="annals", dependencies=[Depends(get_user)], docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/checks", response_class=HTMLResponse)
def runs() -> str:
    """The latest runs, with how their checks went."""
    return TEMPLATES.get_template("runs.html").render(runs=_rows("select_runs"))


@app.get("/checks/{run:path}", response_class=HTMLResponse)
def run(run: str) -> str:
    """One run: each check with its sentence, and each finding with the sentence at fault."""
    found = _rows("select_run", run_id=run)
    if not found:
        raise HTTPException(404, f"The warehouse knows no run {run}")
    return TEMPLATES.get_template("run.html").render(
        run=found[0],
        results=_rows("select_results", run_id=run),
        findings=_rows("select_findings", run_id=run),
    )


def _rows(name: str, **parameters: str) -> list[Mapping[str, Any]]:
    try:
        with warehouse.connect(Settings.from_environment()) as connection:
            return connection.cursor(row_factory=dict_row).execute(statements(f"report/{name}"), parameters).fetchall()
    except Unreachable as error:
        raise HTTPException(503, str(error)) from error
