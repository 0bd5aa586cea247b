"""The web app under /annals: findings, what is withheld, and how the checks of each run went.

Every route asks for a user who is logged in to Airflow, the style sheet too. Reading needs what reading any page of a
plugin needs; settling needs the right to edit DAGs. What is sent must come from a page of ours (same origin), or carry
its own token, which no other site can make a browser send.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import get_user
from airflow.sdk import conf
from fastapi import BackgroundTasks, Depends, FastAPI, Form, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from psycopg import DataError
from psycopg.rows import dict_row

from annals import alerts, warehouse, watch
from annals.archive import Archive
from annals.checks.words import words as check_words
from annals.errors import AnnalsError, ConfigurationError, Unreachable
from annals.review import listing
from annals.review.crop import crop, has_pages
from annals.review.settle import Outdated, Refused, Values, settle
from annals.review.silence import lift, silence
from annals.settings import Settings
from annals.warehouse.sqlfile import statements
from annals.words import LANGUAGES, Language
from annals_review.words import choose_language, words

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
TEMPLATES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
COOKIE = "annals_language"
EXAMPLES = 3  # findings of a check on the page of a run
TREND = 12  # runs in the small picture of how a check went
HISTORY = 60  # runs in its table
DIGITS = 30  # before or after the point, of a number that a person corrects
NOTHING_FROM_ELSEWHERE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)


def refusal(status: HTTPStatus, name: str, **given: str) -> HTTPException:
    """An answer that says no, with the name of its text in include/words/review.yaml."""
    return HTTPException(status, {"name": name, "given": given})


def reader(user: Annotated[BaseUser, Depends(get_user)]) -> BaseUser:
    """Whoever may look."""
    if not get_auth_manager().is_authorized_custom_view(method="GET", resource_name="annals", user=user):
        raise refusal(HTTPStatus.FORBIDDEN, "may_not_see")
    return user


def reviewer(request: Request, user: Annotated[BaseUser, Depends(reader)]) -> BaseUser:
    """Whoever may settle, on a request that a page of ours made."""
    if not may_settle(user):
        raise refusal(HTTPStatus.FORBIDDEN, "may_not_settle")
    if not from_here(request.headers):
        raise refusal(HTTPStatus.FORBIDDEN, "from_elsewhere")
    return user


def may_settle(user: BaseUser) -> bool:
    return get_auth_manager().is_authorized_dag(method="PUT", user=user)


def from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something was made by one of our pages, or brings its own token."""
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    if (site := headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    ours = {headers.get("host"), urlsplit(conf.get("api", "base_url", fallback="")).netloc}
    return urlsplit(headers.get("origin", "")).netloc in ours - {None, ""}


app = FastAPI(title="annals", dependencies=[Depends(reader)], docs_url=None, redoc_url=None, openapi_url=None)

User = Annotated[BaseUser, Depends(reader)]
Reviewer = Annotated[BaseUser, Depends(reviewer)]


@app.middleware("http")
async def guard(request: Request, call_next: Any) -> Response:
    """Nothing is loaded from elsewhere, nothing is kept by the browser, nobody else frames the pages."""
    answer: Response = await call_next(request)
    answer.headers["Content-Security-Policy"] = NOTHING_FROM_ELSEWHERE
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


@app.exception_handler(HTTPException)
async def refuse(request: Request, error: HTTPException) -> Response:
    """People who are not logged in are led to the login; all else is said on a page."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if error.status_code == HTTPStatus.UNAUTHORIZED and request.method == "GET" and wants_page:
        return RedirectResponse(get_auth_manager().get_url_login(next_url=str(request.url)), HTTPStatus.SEE_OTHER)
    said: Any = error.detail
    if isinstance(said, Mapping):
        said = words(_language(request))[said["name"]].format_map(said["given"])
    page = _page(request, "said.html", said=said)
    page.status_code = error.status_code
    return page


@app.exception_handler(Unreachable)
async def unreachable(request: Request, error: Unreachable) -> Response:
    """The warehouse does not answer: that, and what to do about it."""
    page = _page(request, "said.html", said=str(error))
    page.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return page


@app.exception_handler(DataError)
async def cannot_be(request: Request, error: DataError) -> Response:
    """What was asked for, or written, holds what no text or number of the warehouse can: a NUL, a page beyond all."""
    page = _page(request, "said.html", said=words(_language(request))["cannot_be"])
    page.status_code = HTTPStatus.BAD_REQUEST
    return page


@app.exception_handler(ConfigurationError)
async def misconfigured(request: Request, error: ConfigurationError) -> Response:
    """A file of words with an error, or a setting: the line to mend, without the words that may be what is wrong."""
    return PlainTextResponse(str(error), HTTPStatus.INTERNAL_SERVER_ERROR)


@app.get("/")
def home(request: Request) -> RedirectResponse:
    return RedirectResponse(f"{_root(request)}/findings", HTTPStatus.SEE_OTHER)


@app.get("/review.css")
def style() -> FileResponse:
    return FileResponse(HERE / "review.css", headers={"Cache-Control": "no-cache"})


@app.get("/review.js")
def script() -> FileResponse:
    return FileResponse(HERE / "review.js", headers={"Cache-Control": "no-cache"})


@app.get("/findings")
def findings(
    request: Request,
    user: User,
    state: str = "open",
    source: str = "",
    rule: str = "",
    severity: str = "",
    q: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
    done: str = "",
) -> HTMLResponse:
    """Findings by rule, gravest first. `state=any` lists settled ones too; `done` names the one just settled."""
    chosen = {"state": state, "source": source, "rule": rule, "severity": severity, "q": q}
    wanted = listing.Filter(
        state=None if state == "any" else state, source=source, rule=rule, severity=severity, search=q.strip()
    )
    untold, archive_says = _untold()
    with _connection() as connection:
        found = listing.findings(connection, wanted, page=page)
        counted = listing.counts(connection, wanted)
        settled = listing.finding(connection, done) if done else None
    total = sum(counted["all"].values())
    return _page(
        request,
        "findings.html",
        groups=[(rule, list(group)) for rule, group in groupby(found, key=lambda one: one.rule)],
        counted=counted,
        publishers={one["source"]: one["publisher"] for one in _rows("select_publishers")},
        chosen=chosen,
        total=total,
        page=page,
        pages=max(1, -(-total // listing.PAGE)),
        settled=settled,
        untold=untold,
        archive_says=archive_says,
        may_settle=may_settle(user),
    )


@app.get("/findings/{finding_id}")
def finding(request: Request, user: User, finding_id: str) -> HTMLResponse:
    """One finding, with the text around it and what was decided of it. The permalink."""
    return _finding_page(request, user, finding_id)


@app.get("/findings/{finding_id}/page.png")
def page_crop(finding_id: str) -> Response:
    """The finding's place on its page."""
    with _connection() as connection:
        png = crop(Settings.from_environment(), connection, finding_id)
    if png is None:
        raise refusal(HTTPStatus.NOT_FOUND, "no_picture")
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


@app.post("/findings/{finding_id}")
def decide(
    request: Request,
    user: Reviewer,
    after: BackgroundTasks,
    finding_id: str,
    state: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
    expires: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
    year: Annotated[str, Form()] = "",
    region: Annotated[str, Form()] = "",
    mark: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Settle or silence a finding, and go back to where the reviewer was."""
    given = {"reason": reason, "expires": expires, "value": value, "year": year, "region": region}
    try:
        if state not in ("open", "accepted", "corrected", "dismissed", "silenced", "lifted"):
            raise Refused("no_such_state", state=state)
        who = user.get_name()
        with _connection() as connection:
            if state == "silenced":
                silence(connection, finding_id, who=who, reason=reason, expires=_day(expires), seen=mark or None)
            elif state == "lifted":
                lift(connection, finding_id, who=who)
            else:
                settle(
                    connection,
                    finding_id,
                    state,  # type: ignore[arg-type]
                    who=who,
                    reason=reason,
                    expires=_day(expires),
                    values=Values(value=_decimal(value), year=_year(year), region=region.strip() or None)
                    if state == "corrected"
                    else None,
                    seen=mark or None,
                )
    except Refused as error:
        status = HTTPStatus.CONFLICT if isinstance(error, Outdated) else HTTPStatus.UNPROCESSABLE_ENTITY
        return _finding_page(request, user, finding_id, status=status, refused=error, tried=state, given=given)
    after.add_task(refresh)
    if back == "finding":
        return RedirectResponse(f"{_root(request)}/findings/{quote(finding_id)}", HTTPStatus.SEE_OTHER)
    return _to_list(request, back, done=finding_id)


@app.post("/alerts")
def mend_alerts(
    request: Request,
    user: Reviewer,
    recipient: Annotated[str, Form()],
    what: Annotated[Literal["again", "clear"], Form()],
    back: Annotated[str, Form()] = "",
) -> Response:
    """Let an address that was refused be tried again by the next delivery, or take it off the list."""
    archive = Archive(Settings.from_environment().archive)
    try:
        (alerts.again if what == "again" else alerts.clear)(archive, recipient)
    except alerts.Undelivered as error:
        raise refusal(HTTPStatus.CONFLICT, "alerts_under_way") from error
    log.info("%s: alerts that %s was refused: %s", user.get_name(), recipient, what)
    return _to_list(request, back)


def _to_list(request: Request, back: str, **more: str) -> RedirectResponse:
    """To the list of findings, with the filters that it had."""
    query = "&".join(filter(None, (urlsplit(back).query if back.startswith("?") else "", urlencode(more))))
    return RedirectResponse(f"{_root(request)}/findings{'?' if query else ''}{query}", HTTPStatus.SEE_OTHER)


def _untold() -> tuple[tuple[alerts.Trouble, ...], str]:
    """Who is not told of what goes wrong; or, where the archive cannot say, why not."""
    settings = Settings.from_environment()
    try:
        return alerts.troubles(Archive(settings.archive), settings.recipients), ""
    except (Unreachable, ConfigurationError) as error:  # findings can be settled all the same
        return (), str(error)


def refresh() -> None:
    """Bring the materialised marts up to date, after the reviewer has had the answer."""
    try:
        with _connection() as connection:
            warehouse.refresh_marts(connection)
    except AnnalsError as error:
        log.warning("the marts could not be refreshed: %s", error)


@app.get("/quarantine")
def quarantine(request: Request, source: str = "", q: str = "", page: Annotated[int, Query(ge=1)] = 1) -> HTMLResponse:
    """What is withheld from the marts, and why."""
    with _connection() as connection:
        rows = listing.quarantine(connection, source=source or None, search=q.strip() or None, page=page)
    total = rows[0]["total"] if rows else 0
    pages = max(1, -(-total // listing.PAGE))
    chosen = {"source": source, "q": q}
    return _page(request, "quarantine.html", rows=rows, total=total, page=page, pages=pages, chosen=chosen)


@app.get("/checks")
def runs(request: Request) -> HTMLResponse:
    """The latest runs, with how their checks went."""
    return _page(request, "runs.html", runs=_rows("select_runs"))


@app.get("/checks/{run_id:path}")
def run(request: Request, run_id: str) -> HTMLResponse:
    """How each check of a run went, and what it found. The permalink that alerts carry."""
    found = _rows("select_run", run_id=run_id)
    if not found:
        raise refusal(HTTPStatus.NOT_FOUND, "no_such_run", run=run_id)
    with _connection() as connection:
        examples = listing.examples(connection, run_id, each=EXAMPLES)
        staged = {} if found[0]["published_at"] else listing.staged(connection, run_id, each=EXAMPLES)
    results = _rows("select_results", run_id=run_id)
    trends = groupby(_rows("select_trends", run_id=run_id, runs=TREND), key=itemgetter("code"))
    return _page(
        request,
        "run.html",
        run=found[0],
        failed=[one for one in results if one["failed"]],
        passed=[one | {"kind_and_subject": f"{one['kind']}_{one['subject']}"} for one in results if not one["failed"]],
        examples=examples,
        staged=staged,
        trends={code: list(points) for code, points in trends},
    )


@app.get("/rules/{code}")
def check(request: Request, code: str) -> HTMLResponse:
    """One check: what it asks for, what to do where it fails, and how it went in its latest runs."""
    history = _rows("select_check_history", code=code, runs=HISTORY)
    if not history and code not in check_words().checks:
        raise refusal(HTTPStatus.NOT_FOUND, "no_such_check", code=code)
    with _connection() as connection:
        counted = listing.counts(connection, listing.Filter(rule=code))["state"]
    return _page(
        request,
        "check.html",
        code=code,
        check=check_words().checks.get(code),
        history=history,
        counted=counted,
        trend=list(reversed(history[:TREND])),
    )


def _finding_page(
    request: Request,
    user: BaseUser,
    finding_id: str,
    *,
    status: int = HTTPStatus.OK,
    refused: Refused | None = None,
    tried: str = "",
    given: Mapping[str, str] | None = None,
) -> HTMLResponse:
    with _connection() as connection:
        one = listing.finding(connection, finding_id)
        if one is None:
            raise refusal(HTTPStatus.NOT_FOUND, "no_such_finding", finding=finding_id)
        same_figure = listing.findings(connection, listing.Filter(figure_id=one.figure_id)) if one.figure_id else [one]
        page = _page(
            request,
            "finding.html",
            one=one,
            pictured=has_pages(one.name) and one.char_start is not None and not one.resolved_at,
            around=listing.context(connection, finding_id),
            history=listing.history(connection, finding_id),
            others=[other for other in same_figure if other.finding_id != finding_id],
            may_settle=may_settle(user),
            refused=refused and refused.told(_language(request)),
            tried=tried,
            given=given or {},
        )
    page.status_code = status
    return page


def _page(request: Request, template: str, **content: Any) -> HTMLResponse:
    """A page in the reader's language; a choice made by `?lang=` is kept in a cookie."""
    asked, language = request.query_params.get("lang", ""), _language(request)
    query = [(key, value) for key, value in request.query_params.multi_items() if key not in ("lang", "done")]
    checks = check_words()
    text = TEMPLATES.get_template(template).render(
        t=words(language),
        name=lambda code: checks.name(code, language),
        holds=lambda code: checks.sentence(code, language),
        action=lambda code: checks.action(code, language),
        told=lambda one: one.told(language),
        language=language,
        watched=_watched(words(language)),
        other={code: f"?{urlencode([*query, ('lang', code)])}" for code in LANGUAGES if code != language},
        root=_root(request),
        here=f"?{urlencode(query)}",
        path=request.url.path.removeprefix(_root(request)),
        link=_link,
        today=datetime.now(UTC).date(),
        in_a_month=datetime.now(UTC).date() + timedelta(days=30),
        in_a_year=datetime.now(UTC).date() + timedelta(days=365),
        **content,
    )
    page = HTMLResponse(text, headers={"Vary": "Accept-Language, Cookie"})
    if asked in LANGUAGES:
        page.set_cookie(COOKIE, asked, max_age=365 * 86400, path=_root(request) or "/", httponly=True, samesite="lax")
    return page


def _language(request: Request) -> Language:
    """The reader's language."""
    asked, kept = request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")
    return choose_language(asked, kept, request.headers.get("accept-language", ""))


def _link(chosen: Mapping[str, str], **changed: str | int) -> str:
    """The query that these filters make, with some changed; empty ones are left out."""
    return "?" + urlencode({key: value for key, value in {**chosen, **changed}.items() if value != ""})


def _root(request: Request) -> str:
    """Where the app is mounted, what a proxy puts before it included."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _connection() -> warehouse.Connection:
    return warehouse.connect(Settings.from_environment(), "annals review")


def _rows(name: str, **parameters: str | int) -> list[dict[str, Any]]:
    with _connection() as connection:
        return connection.cursor(row_factory=dict_row).execute(statements(f"report/{name}"), parameters).fetchall()


def _watched(t: Mapping[str, str]) -> str:
    """What the watchdog has found wrong, or that it is silent itself; empty where all is well."""
    try:
        seen = watch.read(Settings.from_environment().home)
    except AnnalsError as error:
        return str(error)
    if seen is None or datetime.now(UTC) > seen.stale_after:
        return t["watchdog_silent"]
    return " · ".join(problem.what for problem in seen.standing)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Refused("no_day", text=text) from error


def _decimal(text: str) -> Decimal | None:
    bare = text.strip().replace(",", "").replace("，", "").replace(" ", "")
    try:
        number = Decimal(bare) if bare else None
    except InvalidOperation as error:
        raise Refused("no_number", text=text[:40]) from error
    if number is not None and not (number.is_finite() and abs(number.adjusted()) <= DIGITS):
        raise Refused("no_number", text=text[:40])
    return number


def _year(text: str) -> int | None:
    bare = text.strip()
    if not bare:
        return None
    if not (len(bare) == 4 and bare.isdecimal() and 1900 <= int(bare) <= 2100):
        raise Refused("no_year", text=text[:40])
    return int(bare)
