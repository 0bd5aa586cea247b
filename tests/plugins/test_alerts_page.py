"""The review page where alerts are concerned: findings that are silenced, and people who cannot be told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from annals.alerts import Alert, Refused, Undelivered, deliver, post, undelivered
from annals.archive import Archive
from annals.warehouse.connect import Connection
from tests.plugins.test_review_page import MONEY, PRESS, RUN, SHARE, settle
from tests.reviewing import publish, states, withheld

Browser = Callable[..., httpx.Client]
DUTY = "duty@x.cn"
ALERT = Alert(key="k", level="warning", subject="[annals] 云川市: 1 new error", html="h", text="t", chat="c")
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def run(connection: Connection) -> None:
    publish(connection, RUN, [PRESS], [SHARE, MONEY])


def test_a_silenced_finding_shows_who_until_when_and_why_and_can_be_lifted(
    browser: Browser, connection: Connection
) -> None:
    wang = browser("wang")
    assert settle(wang, SHARE.finding_id, "silenced", reason="等发布方答复").status_code == 303
    until = datetime.now(UTC).date() + timedelta(days=30)
    for path in ("/annals/findings", f"/annals/findings/{SHARE.finding_id}"):
        tree = HTMLParser(wang.get(path).text)
        assert [one.text() for one in tree.css(".chip.silenced")] == ["silenced"], path
        said = tree.css_first("article.finding .decision")
        assert said is not None
        assert " ".join(said.text().split()) == (
            f"silenced · wang · {datetime.now(UTC).date()} · “等发布方答复” · until {until}"
        )
        assert not tree.css('form:has(input[name=state][value="silenced"])')
    assert states(connection)["share_within_0_100"] == "open"
    assert withheld(connection) == {SHARE.figure_id}
    assert "已静音" in wang.get("/annals/findings?lang=zh").text

    assert settle(wang, SHARE.finding_id, "lifted").status_code == 303
    page = wang.get(f"/annals/findings/{SHARE.finding_id}?lang=en").text
    assert not HTMLParser(page).css(".chip.silenced")
    ended = connection.execute("SELECT ended, lifted_by FROM audit.silence").fetchall()
    assert ended == [("lifted", "wang")]


def test_only_errors_that_are_open_can_be_silenced(browser: Browser) -> None:
    wang = browser("wang")
    tree = HTMLParser(wang.get("/annals/findings").text)
    forms = tree.css('form:has(input[name=state][value="silenced"])')
    assert [form.attributes["action"] for form in forms] == [f"/annals/findings/{SHARE.finding_id}"]
    (key,) = [form.parent.attributes["data-key"] for form in forms if form.parent]
    assert key == "s"
    settle(wang, SHARE.finding_id, "dismissed", reason="误报")
    assert 'value="silenced"' not in wang.get(f"/annals/findings/{SHARE.finding_id}").text


@pytest.mark.parametrize(
    ("given", "why"), [({"reason": " "}, "a decision needs a reason"), ({"expires": "2020-01-01"}, "not in the future")]
)
def test_a_silence_that_is_refused_keeps_what_was_written(
    browser: Browser, connection: Connection, given: dict[str, str], why: str
) -> None:
    answer = settle(browser("wang"), SHARE.finding_id, "silenced", **{"reason": "等答复", **given})
    assert answer.status_code == 422
    assert why in answer.text
    form = HTMLParser(answer.text).css_first('details[open] form:has(input[name=state][value="silenced"])')
    assert form is not None
    assert connection.execute("SELECT count(*) FROM audit.silence").fetchone() == (0,)


def test_a_viewer_can_neither_silence_nor_mend_alerts(browser: Browser, connection: Connection) -> None:
    visitor = browser("visitor")
    data = {"state": "silenced", "reason": "x", "expires": "2099-01-01"}
    path = f"/annals/findings/{SHARE.finding_id}"
    assert visitor.post(path, data=data, headers=SAME_SITE).status_code == 403
    mending = {"recipient": DUTY, "what": "clear"}
    assert visitor.post("/annals/alerts", data=mending, headers=SAME_SITE).status_code == 403
    assert browser(None).post("/annals/alerts", data=mending, headers=SAME_SITE).status_code == 401
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert browser("wang").post("/annals/alerts", data=mending, headers=other_site).status_code == 403
    assert connection.execute("SELECT count(*) FROM audit.silence").fetchone() == (0,)


@pytest.fixture
def outbox(airflow: Any) -> Iterator[Archive]:
    """The outbox that the page looks at, with an alert for the one who is named."""
    archive = Archive(str(airflow.home / "archive"))
    post(archive, ALERT, RUN, (DUTY,))
    yield archive
    for path in archive.list("alerts"):
        archive.remove_all([path])


def says(error: Exception) -> Callable[[Alert, str], None]:
    def send(alert: Alert, recipient: str) -> None:
        raise error

    return send


def test_an_address_that_was_refused_for_good_is_shown_with_the_servers_words_until_it_is_mended(
    browser: Browser, outbox: Archive
) -> None:
    wang = browser("wang")
    assert not HTMLParser(wang.get("/annals/findings").text).css("[role=alert]"), "an alert that just goes out"
    deliver(outbox, says(Refused("550 5.1.1 <b>unknown</b> user")), (DUTY,))
    tree = HTMLParser(wang.get("/annals/findings?severity=error").text)
    (banner,) = tree.css("[role=alert]")
    said = " ".join(banner.text().split())
    for words in (DUTY, "550 5.1.1 <b>unknown</b> user", ALERT.subject, "Correct ANNALS_ALERT_TO", "Send again"):
        assert words in said, words
    assert not banner.css("b b")
    visitors = HTMLParser(browser("visitor").get("/annals/findings").text)
    assert visitors.css("[role=alert]")
    assert not visitors.css("form[method=post]")

    fields = {one.attributes["name"]: one.attributes.get("value") or "" for one in banner.css("input[name]")}
    again = wang.post("/annals/alerts", data={**fields, "what": "again"}, headers=SAME_SITE)
    assert again.headers["location"] == "/annals/findings?severity=error"
    assert [one.waiting for one in undelivered(outbox).values()] == [(DUTY,)]
    deliver(outbox, says(Refused("550 5.1.1 unknown user")), (DUTY,))
    wang.post("/annals/alerts", data={**fields, "what": "clear"}, headers=SAME_SITE)
    assert not HTMLParser(wang.get("/annals/findings").text).css("[role=alert]")
    assert undelivered(outbox) == {}


def test_a_mail_server_that_is_down_is_shown_while_alerts_wait(browser: Browser, outbox: Archive) -> None:
    deliver(outbox, says(Undelivered("the mail server cannot be used: Connection refused")), (DUTY,))
    page = browser("wang", "zh-CN").get("/annals/findings").text
    (banner,) = HTMLParser(page).css("[role=alert]")
    said = " ".join(banner.text().split())
    for words in (DUTY, "Connection refused", "deliver_alerts 每十分钟重试一次", "smtp_default"):
        assert words in said, words
    assert not banner.css("form")


def test_who_is_no_longer_named_is_not_shown(browser: Browser, outbox: Archive) -> None:
    other = "gone@x.cn"
    post(outbox, ALERT, f"{RUN}-2", (other,))
    deliver(outbox, says(Refused("550 unknown")), (DUTY, other))
    page = browser("wang").get("/annals/findings").text
    assert DUTY in page
    assert other not in page


def test_findings_are_shown_while_the_archive_is_not_to_be_had(browser: Browser, outbox: Archive, airflow: Any) -> None:
    outbox.put_json("alerts/waiting/broken.json", {"no": "alert"})
    page = browser("wang").get("/annals/findings")
    assert page.status_code == 200
    assert "118%" in page.text
    (airflow.home / "archive").rename(airflow.home / "aside")
    (airflow.home / "archive").write_text("in the way")
    try:
        page = browser("wang").get("/annals/findings")
        assert page.status_code == 200
        assert "cannot be made" in page.text
        assert "118%" in page.text
    finally:
        (airflow.home / "archive").unlink()
        (airflow.home / "aside").rename(airflow.home / "archive")
