"""The review page on Airflow's own API server: who may see it, who may settle, and what comes of it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from annals import watch
from annals.archive import Archive
from annals.checks.words import Said, Value
from annals.describe import describe
from annals.extract import extract
from annals.figures import read
from annals.review import listing
from annals.settings import PROJECT
from annals.warehouse.connect import Connection
from annals.watch import Problem, Watch
from tests.checks.sound import figure, notice
from tests.reviewing import NEXT_YEAR, Fault, audit, press, publish, states, value_of, withheld

Browser = Callable[..., httpx.Client]

PRESS = press()
SHARE = Fault("share_within_0_100", PRESS, 1)
MONEY = Fault("jump", PRESS, 2, "warning")
RUN = "ingest_yunchuan/manual__2024-03-01T08:00:00.5+00:00"
PAGES = [
    "/annals/findings",
    f"/annals/findings/{SHARE.finding_id}",
    "/annals/quarantine",
    "/annals/checks",
    "/annals/rules/jump",
]
FILES = ["/annals/review.css", "/annals/review.js", f"/annals/findings/{SHARE.finding_id}/page.png"]


@pytest.fixture(autouse=True)
def run(connection: Connection) -> None:
    publish(connection, RUN, [PRESS], [SHARE, MONEY])


def settle(client: httpx.Client, finding_id: str, state: str, **given: str) -> httpx.Response:
    """Send the form of a finding's page, as a browser does."""
    page = client.get(f"/annals/findings/{finding_id}")
    form = HTMLParser(page.text).css_first(f'form:has(input[name=state][value="{state}"])')
    assert form is not None
    fields = {field.attributes["name"]: field.attributes.get("value") or "" for field in form.css("input[name]")}
    unknown = set(given) - set(fields)
    assert not unknown, f"the form has no {unknown}"
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": str(client.base_url).rstrip("/")}
    return client.post(str(form.attributes["action"]), data={**fields, **given}, headers=headers)


@pytest.mark.parametrize("path", PAGES + FILES + [f"/annals/checks/{quote(RUN)}", "/annals/nowhere", "/annals/"])
def test_nothing_is_shown_to_those_who_are_not_logged_in(browser: Browser, path: str) -> None:
    anonymous = browser(None)
    answer = anonymous.get(path)
    assert (answer.status_code, answer.headers.get("location", "")[:12]) in {(303, "/auth/login?"), (404, "")}
    assert answer.status_code == 303 or path == "/annals/nowhere"
    assert "云川市" not in answer.text
    assert anonymous.get(path, headers={"Accept": "*/*"}).status_code in (401, 404)
    forged = anonymous.get(path, headers={"Authorization": "Bearer a.b.c", "Accept": "*/*"})
    assert forged.status_code in (401, 403, 404)


def test_every_route_asks_for_a_user() -> None:
    """Of the app itself, so that a route that the test above does not know is not left open."""
    script = (
        "import sys; sys.path.insert(0, 'plugins')\n"
        "from annals_review.app import app, reader\n"
        "def asked(d): return d.call is reader or any(asked(one) for one in d.dependencies)\n"
        "print([r.path for r in app.routes if not asked(r.dependant)], len(app.routes))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\[\] \d\d?$", done.stdout.strip().splitlines()[-1])


def test_nobody_settles_without_being_logged_in(browser: Browser, connection: Connection) -> None:
    data = {"state": "accepted", "reason": "x", "expires": str(NEXT_YEAR)}
    answer = browser(None).post(
        f"/annals/findings/{SHARE.finding_id}", data=data, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 401
    assert states(connection)["share_within_0_100"] == "open"


def test_a_viewer_sees_findings_and_cannot_settle(browser: Browser, connection: Connection) -> None:
    visitor = browser("visitor")
    page = visitor.get("/annals/findings")
    assert "118%" in page.text
    assert HTMLParser(page.text).css_first("form[method=post]") is None
    data = {"state": "accepted", "reason": "x", "expires": str(NEXT_YEAR)}
    answer = visitor.post(f"/annals/findings/{SHARE.finding_id}", data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "role" in answer.text
    assert states(connection)["share_within_0_100"] == "open"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.invalid"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.invalid"},
        {"Origin": "null"},
        {},
    ],
)
def test_other_sites_cannot_have_a_browser_settle(
    browser: Browser, connection: Connection, headers: dict[str, str]
) -> None:
    data = {"state": "accepted", "reason": "x", "expires": str(NEXT_YEAR)}
    answer = browser("wang").post(f"/annals/findings/{SHARE.finding_id}", data=data, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    assert states(connection)["share_within_0_100"] == "open"


def test_an_old_browser_settles_by_its_origin_and_a_program_by_its_token(
    browser: Browser, connection: Connection, airflow: Any
) -> None:
    wang = browser("wang")
    data = {"state": "accepted", "reason": "x", "expires": str(NEXT_YEAR)}
    path = f"/annals/findings/{SHARE.finding_id}"
    assert wang.post(path, data=data, headers={"Origin": airflow.address}).status_code == 303
    token = wang.cookies["_token"]
    program = browser(None)
    again = program.post(path, data={"state": "open", "reason": "y"}, headers={"Authorization": f"Bearer {token}"})
    assert again.status_code == 303
    assert [one.state for one in listing.history(connection, SHARE.finding_id)] == ["open", "accepted"]


def test_pages_load_nothing_from_elsewhere(browser: Browser) -> None:
    wang = browser("wang")
    for path in [*PAGES, f"/annals/checks/{quote(RUN)}"]:
        page = wang.get(path)
        assert page.status_code == 200, path
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        tree = HTMLParser(page.text)
        sources = [one.attributes.get("src") or one.attributes.get("href") for one in tree.css("[src], link[href]")]
        assert sources
        assert all(str(one).startswith("/annals/") for one in sources)
        assert not tree.css("script:not([src]), style, [style], [onclick]"), path  # the policy would stop them
    assert wang.get("/annals/review.css").headers["content-type"].startswith("text/css")
    assert "javascript" in wang.get("/annals/review.js").headers["content-type"]


def test_findings_are_listed_by_rule_with_the_digits_marked(browser: Browser) -> None:
    tree = HTMLParser(browser("wang").get("/annals/findings").text)
    assert [" ".join(one.text().split()) for one in tree.css(".group > h2")] == [
        "Share outside 0–100% 1 A share lies within 0 and 100 percent.",
        "Jump between years 1 A value stays within what its indicator allows from one year to the next.",
    ]
    assert [one.text() for one in tree.css("mark")] == ["118%", "90.5亿元"]
    first = tree.css_first("article.finding")
    assert first is not None
    assert "at most 100%" in first.text()
    assert "owner Duty desk" in first.text()
    assert first.css_first("a.title").text() == "云川市科学普及协会2023年工作总结"


def test_accept_correct_dismiss_and_open_again(browser: Browser, connection: Connection) -> None:
    wang = browser("wang")
    assert withheld(connection) == {SHARE.figure_id}

    done = settle(wang, SHARE.finding_id, "corrected", value="11.8", reason="小数点漏印")
    assert (done.status_code, done.headers["location"]) == (303, f"/annals/findings/{SHARE.finding_id}")
    said = value_of(connection, SHARE.figure_id)
    assert said is not None
    assert [str(one) for one in said] == ["11.8", "11.8", "11.8", "118", "passed"]
    page = wang.get(f"/annals/findings/{SHARE.finding_id}").text
    assert "小数点漏印" in page
    assert ">wang<" in page

    assert settle(wang, MONEY.finding_id, "dismissed", reason="预算如此").status_code == 303
    assert states(connection) == {"share_within_0_100": "corrected", "jump": "dismissed"}
    assert "Nothing is open here." in wang.get("/annals/findings").text

    assert settle(wang, SHARE.finding_id, "open", reason="再查").status_code == 303
    assert withheld(connection) == {SHARE.figure_id}
    assert settle(wang, SHARE.finding_id, "accepted", reason="原文如此").status_code == 303
    assert withheld(connection) == set()
    said = value_of(connection, SHARE.figure_id)
    assert said is not None
    assert (said[0], said[4]) == (118, "passed")
    assert len(listing.history(connection, SHARE.finding_id)) == 3


def test_from_the_list_a_reviewer_comes_back_to_the_list(browser: Browser) -> None:
    wang = browser("wang")
    form = HTMLParser(wang.get("/annals/findings?state=open&severity=error").text).css_first(
        'form:has(input[value="accepted"])'
    )
    assert form is not None
    data = {field.attributes["name"]: field.attributes.get("value") or "" for field in form.css("input[name]")}
    answer = wang.post(
        str(form.attributes["action"]), data={**data, "reason": "看过"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.headers["location"] == f"/annals/findings?state=open&severity=error&done={SHARE.finding_id}"
    assert "Nothing matches" in wang.get(answer.headers["location"]).text
    away = {**data, "back": "https://elsewhere.invalid/?x", "finding_id": MONEY.finding_id, "reason": "x", "mark": ""}
    answer = wang.post(f"/annals/findings/{MONEY.finding_id}", data=away, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["location"].startswith("/annals/findings?")


@pytest.mark.parametrize(
    ("given", "status", "why"),
    [
        ({"value": "eleven"}, 422, "“eleven” is not a number"),
        ({"value": "NaN"}, 422, "is not a number"),
        ({"value": "12", "year": "23"}, 422, "is not a year"),
        ({"value": "12", "expires": "tomorrow"}, 422, "is not a day"),
        ({"value": "12", "expires": "2020-01-01"}, 422, "is not in the future"),
        ({"value": ""}, 422, "a correction needs a value"),
        ({"value": "12", "reason": " "}, 422, "a decision needs a reason"),
        ({"value": "12", "mark": "open-somethingelse"}, 409, "settled or changed meanwhile"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_written(
    browser: Browser, connection: Connection, given: dict[str, str], status: int, why: str
) -> None:
    answer = settle(browser("wang"), SHARE.finding_id, "corrected", **{"reason": "漏印", **given})
    assert answer.status_code == status
    assert why in answer.text
    kept = HTMLParser(answer.text).css_first("details[open] input[name=reason]")
    assert kept is not None
    assert kept.attributes["value"] == {"reason": "漏印", **given}["reason"]
    assert states(connection)["share_within_0_100"] == "open"


def test_amounts_may_be_written_with_commas(browser: Browser, connection: Connection) -> None:
    assert (
        settle(browser("wang"), MONEY.finding_id, "corrected", value="9,050，000", reason="亿 for 万").status_code
        == 303
    )
    said = value_of(connection, MONEY.figure_id)
    assert said is not None
    assert said[0] == 9050000


def test_the_page_speaks_chinese_to_those_who_read_it_and_keeps_a_choice(browser: Browser) -> None:
    reader = browser("visitor", "zh-CN,zh;q=0.9,en;q=0.8")
    page = reader.get("/annals/findings").text
    assert '<html lang="zh-CN">' in page
    assert "占比在0至100%之间。" in page
    assert "待核问题" in page
    assert '<html lang="en">' in reader.get("/annals/findings?lang=en").text
    assert '<html lang="en">' in reader.get("/annals/quarantine").text
    assert '<html lang="zh-CN">' in reader.get("/annals/quarantine?lang=zh").text


def test_findings_are_told_in_the_language_of_the_reader(browser: Browser, connection: Connection) -> None:
    said = Said.of("above", {"figure": "118%", "whole": "100%"})
    given: dict[str, Value] = {"before": "34个", "last_year": 2022, "now": "90.5亿元", "year": 2023, "most": 500}
    jumped = Said.of("times", {**given, "before_title": "2022年总结"})
    faults = [SHARE._replace(said=said), MONEY._replace(said=jumped)]
    publish(connection, f"{RUN}-2", [PRESS], faults)
    reader = browser("visitor", "zh-CN")
    page = reader.get("/annals/findings").text
    assert "不超过100%" in page and "与上年相比增减不到500倍" in page
    page = reader.get(f"/annals/findings/{MONEY.finding_id}").text
    assert "由2022年的34个变为2023年的90.5亿元" in page and "请与“2022年总结”核对。" in page
    assert "118%超过100%" in reader.get("/annals/quarantine").text
    assert "118%" in reader.get(f"/annals/checks/{quote(RUN)}-2").text
    english = reader.get(f"/annals/findings/{SHARE.finding_id}?lang=en").text
    assert "at most 100%" in english  # as the audit wrote it


def test_what_a_publisher_writes_is_shown_not_run(browser: Browser, connection: Connection) -> None:
    nasty = notice(
        "nasty", "<script>alert(1)</script>总结\n\n<img src=x onerror=alert(2)>新建40个。\n", [figure("40个", 40)]
    )
    fault = Fault("jump", nasty, 0)
    publish(connection, "ingest_yunchuan/nasty", [nasty], [fault])
    wang = browser("wang")
    for path in ("/annals/findings", f"/annals/findings/{fault.finding_id}", "/annals/quarantine"):
        tree = HTMLParser(wang.get(path).text)
        assert not tree.css("img[onerror]")
        assert [one.attributes.get("src") for one in tree.css("script")] == ["/annals/review.js"]
    assert wang.get("/annals/findings", params={"q": '"><script>x'}).text.count("<script") == 1


def test_the_permalink_of_a_run_shows_its_checks_and_findings(browser: Browser) -> None:
    visitor = browser("visitor")
    listed = HTMLParser(visitor.get("/annals/checks").text)
    (link,) = [one.attributes["href"] for one in listed.css("td a")]
    for path in (str(link), f"/annals/checks/{quote(RUN)}"):
        tree = HTMLParser(visitor.get(path).text)
        (failed,) = tree.css("section.check")
        assert failed.attributes["id"] == "share_within_0_100"
        assert "2 found, 3 looked at" in failed.text()
        (example,) = failed.css(".example a.title")
        assert example.attributes["href"] == f"/annals/findings/{SHARE.finding_id}"
        (bar,) = failed.css("svg.trend rect.bad.here title")
        assert bar.text().endswith(": 2 of 3")
    assert visitor.get("/annals/checks/ingest_yunchuan/never").status_code == 404
    assert visitor.get("/annals/findings/never").status_code == 404


def test_a_run_shows_how_its_checks_went_before(browser: Browser, connection: Connection) -> None:
    publish(connection, f"{RUN}-2", [PRESS])  # the fault is gone
    visitor = browser("visitor")
    now = HTMLParser(visitor.get(f"/annals/checks/{quote(RUN)}-2").text)
    assert not now.css("section.check")
    bars = [one.attributes["class"] for one in now.css("tr#share_within_0_100 rect")]
    assert bars == ["bad", "fine here"]
    before = HTMLParser(visitor.get(f"/annals/checks/{quote(RUN)}").text)
    assert [one.attributes["class"] for one in before.css("rect")] == ["bad here"]
    (example,) = before.css(".example")
    assert "no longer found" in example.text()


def test_a_check_has_a_page_of_its_own(browser: Browser, connection: Connection) -> None:
    publish(connection, f"{RUN}-2", [PRESS], [SHARE])
    reader = browser("visitor", "zh")
    (link,) = HTMLParser(reader.get(f"/annals/checks/{quote(RUN)}").text).css("section.check h3 a")
    page = HTMLParser(reader.get(str(link.attributes["href"])).text)
    said = page.css_first("article.check")
    assert said is not None
    assert "占比在0至100%之间。" in said.text() and "请与发布页面核对" in said.text() and "暂扣该数据" in said.text()
    assert [one.text() for one in page.css("td b.error")] == ["1", "2"]
    wanted = next(one.attributes["href"] for one in page.css("a") if "待处理 1" in one.text())
    assert len(HTMLParser(reader.get(str(wanted)).text).css("article.finding")) == 1
    english = reader.get("/annals/rules/jump?lang=en").text
    assert "Compare with “…”." in english and "This check has not run yet." in english
    assert reader.get("/annals/rules/never").status_code == 404


def test_a_slip_in_the_words_is_shown_as_the_line_to_mend(warehouse_url: str, tmp_path: Path) -> None:
    (tmp_path / "review.yaml").write_text("close: {en: Close}\n")
    script = (
        "import sys; sys.path.insert(0, 'plugins')\n"
        "from pathlib import Path\n"
        "from starlette.testclient import TestClient\n"
        "from annals import words\n"
        "from annals_review.app import app, reader\n"
        "words.FOLDER = Path(sys.argv[1])\n"
        "app.dependency_overrides[reader] = lambda: None\n"
        "answer = TestClient(app).get('/quarantine')\n"
        "print(answer.status_code, answer.text)"
    )
    environment = {**os.environ, "ANNALS_WAREHOUSE_URL": warehouse_url, "ANNALS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == f"500 {tmp_path / 'review.yaml'}:1: close.zh: is missing"


def test_what_is_refused_is_said_in_the_language_of_the_reader(browser: Browser) -> None:
    answer = settle(browser("wang", "zh"), SHARE.finding_id, "corrected", value="很多", reason="x")
    assert (answer.status_code, "“很多”不是数字" in answer.text) == (422, True)
    assert "没有编号为never的问题" in browser("visitor", "zh").get("/annals/findings/never").text


def test_airflow_shows_the_pages_in_its_navigation_and_on_runs_and_tasks(browser: Browser) -> None:
    answer = browser("wang").get("/api/v2/plugins", headers={"Accept": "application/json"})
    (ours,) = (one for one in answer.json()["plugins"] if one["name"] == "annals")
    views = {one["destination"]: one for one in ours["external_views"]}
    assert set(views) == {"nav", "dag_run", "task_instance"}
    assert len({one["url_route"] for one in ours["external_views"]}) == 3
    filled = views["task_instance"]["href"].format(DAG_ID="ingest_yunchuan", RUN_ID=quote(RUN.partition("/")[2]))
    assert "2 found, 3 looked at" in browser("visitor").get(filled).text
    gone = browser("visitor").get(views["dag_run"]["href"].format(DAG_ID="refresh_marts", RUN_ID="manual"))
    assert (gone.status_code, "may be of a DAG that checks nothing" in gone.text) == (404, True)


def test_quarantine_leads_to_the_finding_that_holds_back(browser: Browser) -> None:
    tree = HTMLParser(browser("visitor").get("/annals/quarantine").text)
    (link,) = tree.css("td.raw a")
    assert (link.text(), link.attributes["href"]) == ("118%", f"/annals/findings/{SHARE.finding_id}")


def test_a_finding_of_a_page_shows_the_place_on_it(browser: Browser, connection: Connection, airflow: Any) -> None:
    """With the sample publisher's own PDF, read, archived and published as the pipeline does."""
    path = PROJECT / "samples" / "site" / "xxgk" / "202404" / "P020240418275.pdf"
    document = extract(path)
    figures = read(document, describe(document))
    sha256, stored = Archive(str(airflow.home / "archive")).put(path.read_bytes())
    capture = replace(
        PRESS.capture, notice_id="paged", sha256=sha256, path=stored, name=path.name, media_type="application/pdf"
    )
    reading = replace(PRESS, capture=capture, text=document.text, passages=document.passages, figures=figures)
    fault = Fault("jump", reading, 0)
    publish(connection, "ingest_yunchuan/paged", [reading], [fault])
    wang = browser("wang")
    src = HTMLParser(wang.get(f"/annals/findings/{fault.finding_id}").text).css_first(".picture img")
    assert src is not None
    picture = wang.get(str(src.attributes["src"]))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert wang.get(str(src.attributes["src"])).content == picture.content
    assert wang.get(f"/annals/findings/{SHARE.finding_id}/page.png").status_code == 404


WAITING = "ingest_yunchuan/manual__2024-03-02T08:00:00+00:00"


def test_a_run_that_waits_shows_what_was_found_and_that_nothing_is_published(
    browser: Browser, connection: Connection
) -> None:
    late = press("late")
    audit(connection, WAITING, [late], [Fault("share_within_0_100", late, 1)])
    connection.execute("INSERT INTO core.approval (run_id, question, asked_at) VALUES (%s, '', now())", (WAITING,))
    page = HTMLParser(browser("visitor").get(f"/annals/checks/{quote(WAITING)}").text)
    (told,) = [one.text() for one in page.css("p.notice")]
    assert told.startswith("Nothing of this run is published yet. It waits for somebody to approve or reject it, since")
    (card,) = page.css("div.example")
    assert late.figures[1].quote in card.text() and "118%" in card.text()
    assert page.css("form[method=post]") == [] and "all that was read passed" not in page.text()


@pytest.mark.parametrize(
    ("approved", "words"), [(True, "Approved by li · 20"), (False, "Rejected by li · 20")], ids=["yes", "no"]
)
def test_the_page_of_a_run_says_who_approved_or_rejected_it_when_and_why(
    browser: Browser, connection: Connection, approved: bool, words: str
) -> None:
    connection.execute(
        "INSERT INTO core.approval (run_id, question, asked_at, approved, answered_by, answered_at, note) "
        "VALUES (%s, '', now(), %s, 'li', now(), '<b>as every year</b>')",
        (RUN, approved),
    )
    (line,) = [
        one.text()
        for one in HTMLParser(browser("visitor").get(f"/annals/checks/{quote(RUN)}").text).css("p")
        if words in one.text()
    ]
    assert line.endswith("“<b>as every year</b>”")


def test_pages_say_what_the_watchdog_has_found_and_that_it_is_silent(browser: Browser, airflow: Any) -> None:
    wang, now = browser("wang", "zh"), datetime.now(UTC)

    def banner() -> str:
        found = HTMLParser(wang.get("/annals/checks").text).css_first(".watched")
        return found.text() if found else ""

    assert "监测程序已数分钟没有响应" in banner()  # there is none at all
    seen = Watch(looked_at=now, stale_after=now + timedelta(minutes=5))
    watch.write(airflow.home, seen)
    assert banner() == ""
    wrong = Problem(key="airflow/scheduler", what="The <b>scheduler</b> is dead", action="", since=now)
    watch.write(airflow.home, replace(seen, problems=(wrong,)))
    assert banner() == ""  # within its grace
    watch.write(
        airflow.home, replace(seen, problems=(replace(wrong, stands=True), replace(wrong, stands=True, well_since=now)))
    )
    assert "The <b>scheduler</b> is dead" in banner()
    watch.write(airflow.home, replace(seen, stale_after=now - timedelta(seconds=1)))
    assert "监测程序已数分钟没有响应" in banner()
    watch.path(airflow.home).write_text("{")
    assert "watch.json cannot be read" in banner()
    watch.path(airflow.home).unlink()


def test_a_run_whose_results_were_pruned_says_so(browser: Browser, connection: Connection) -> None:
    connection.execute("DELETE FROM audit.result")
    page = browser("wang").get(f"/annals/checks/{quote(RUN)}")
    assert "no longer kept" in page.text
    connection.execute("UPDATE core.run SET state = 'failed'")
    page = browser("wang").get(f"/annals/checks/{quote(RUN)}")
    assert "has not finished" in page.text


NUL = [
    *(f"/annals/findings?{name}=%00" for name in ("q", "rule", "source", "done")),
    "/annals/findings/%00",
    "/annals/findings/%00/page.png",
    "/annals/quarantine?q=%00",
    "/annals/checks/%00",
    "/annals/rules/%00",
]


@pytest.mark.parametrize("path", [*NUL, *(f"/annals/{one}?page={'9' * 20}" for one in ("findings", "quarantine"))])
def test_what_no_warehouse_can_hold_is_said_to_be_so(browser: Browser, path: str) -> None:
    answer = browser("visitor").get(path)
    assert (answer.status_code, "cannot be" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"state": "dismissed", "reason": "a\0b"}, 400),
        ({"state": "silenced", "reason": "a\0b"}, 400),
        ({"state": "corrected", "value": "1e999999"}, 422),
        ({"state": "corrected", "value": "1e-999999"}, 422),
        ({"state": "corrected", "value": "9" * 200_000}, 422),
        ({"state": "corrected", "year": "9" * 5000}, 422),
        ({"state": "corrected", "region": "\0"}, 422),
    ],
)
def test_a_form_that_no_browser_sends_changes_nothing(
    browser: Browser, connection: Connection, given: dict[str, str], status: int
) -> None:
    form = {"reason": "看过原件", "expires": str(NEXT_YEAR), **given}
    own = {"Sec-Fetch-Site": "same-origin"}
    assert browser("wang").post(f"/annals/findings/{SHARE.finding_id}", data=form, headers=own).status_code == status
    assert states(connection) == {SHARE.rule: "open", MONEY.rule: "open"}
