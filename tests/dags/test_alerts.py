"""Alerts as Airflow sends them: received by a real mail server and a real HTTP server on loopback."""

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from annals.alerts import Alert, again, post, troubles, undelivered
from annals.archive import Archive
from annals.errors import AnnalsError
from annals.review.settle import settle
from annals.settings import PROJECT, Settings
from annals.warehouse import connect
from tests.dags.conftest import Chat, Inbox, apprise_connection, report_of, rows, serving, states, unused_port
from tests.reviewing import NEXT_YEAR

Dags = Callable[[], dict[str, Any]]


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


def subjects(inbox: Inbox) -> list[str]:
    return [message["Subject"].removeprefix("[annals] ") for message in inbox.messages]


# --- whole runs --------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn,b@x.cn")
    monkeypatch.setenv("ANNALS_ALERT_CHAT", "team")


@pytest.fixture
def mended_site(site_without_scan: Path, tmp_path: Path) -> Path:
    """The sample site once its publisher has corrected the share that cannot be."""
    site = tmp_path / "site"
    shutil.copytree(site_without_scan, site)
    page = site / "xxgk" / "202309" / "t20230915_1412.html"
    text = page.read_text(encoding="utf-8")
    assert text.count("覆盖率达到118%") == 1
    page.write_text(text.replace("覆盖率达到118%", "覆盖率达到98%"), encoding="utf-8")
    return site


def test_an_error_is_told_when_it_is_found_and_when_the_publisher_has_mended_it(
    house: Settings,
    dags: Dags,
    inbox: Inbox,
    chat: Chat,
    told: None,
    mended_site: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "success", states(run)
    report = report_of(run)
    assert report["errors"] == 1, "the sample publisher's planted fault was not found"
    assert sorted(report["told"]) == ["a@x.cn", "b@x.cn", "chat:team"]
    assert report["news"] == {"yunchuan": {"new": 1, "open": 0, "resolved": 0}}
    assert sorted(message["To"] for message in inbox.messages) == ["a@x.cn", "b@x.cn"]
    assert len({message["Message-ID"] for message in inbox.messages}) == 2
    assert set(subjects(inbox)) == {"云川市科学普及协会: 1 new error"}

    ((finding_id, evidence, url),) = rows(
        house,
        "SELECT finding_id, f.evidence, n.url FROM mart.finding f JOIN mart.notice n USING (notice_id) "
        "WHERE severity = 'error'",
    )
    message = inbox.messages[0]
    assert message.get_content_type() == "multipart/alternative"
    html, text = part(message, "html"), part(message, "plain")
    assert evidence.replace("118%", "【118%】") in text
    assert "<mark><b>118%</b></mark>" in html
    for words in (
        f"http://ui.invalid/annals/findings/{finding_id}",
        url,
        f"http://ui.invalid/dags/ingest_yunchuan/runs/{run.run_id.split('__')[0]}",
        "/plugin/run_checks",
        "数据组",
    ):
        assert words in html, words
        assert words in text, words
    ((path, said),) = chat.messages
    assert path == "/team"
    assert said["title"] == "[annals] 云川市科学普及协会: 1 new error"
    assert said["message"].splitlines()[-1] == f"http://ui.invalid/annals/findings/{finding_id}"

    second = report_of(dags()["ingest_yunchuan"].test())
    assert (second["told"], second["news"]) == ([], {})
    assert (len(inbox.messages), len(chat.messages)) == (2, 1)

    with serving(mended_site) as address:
        monkeypatch.setenv("ANNALS_SAMPLE_URL", address)
        third = report_of(dags()["ingest_yunchuan"].test())
    assert third["news"] == {"yunchuan": {"new": 0, "open": 0, "resolved": 1}}
    assert subjects(inbox)[2:] == ["云川市科学普及协会: 1 error resolved"] * 2
    assert "the publisher changed the text" in part(inbox.messages[2], "plain")
    assert len(chat.messages) == 2


def test_what_a_person_settled_is_told_with_who_and_why(
    house: Settings, dags: Dags, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    dags()["ingest_yunchuan"].test()
    with connect(house) as connection:
        ((finding_id,),) = connection.execute("SELECT finding_id FROM mart.finding WHERE severity = 'error'").fetchall()
        settle(connection, finding_id, "accepted", who="王敏", reason="原文如此", expires=NEXT_YEAR)
    dags()["ingest_yunchuan"].test()
    assert subjects(inbox) == ["云川市科学普及协会: 1 new error", "云川市科学普及协会: 1 error resolved"]
    assert "accepted by 王敏" in part(inbox.messages[1], "plain")
    assert "“原文如此”" in part(inbox.messages[1], "html")


def test_without_a_recipient_the_report_says_that_nobody_was_told_and_who_is_named_later_hears_of_it(
    house: Settings, dags: Dags, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = report_of(dags()["ingest_yunchuan"].test())
    assert told["errors"] > 0
    assert (told["told"], told["waiting"]) == ([], {})
    assert inbox.messages == []
    monkeypatch.setenv("ANNALS_ALERT_TO", "late@x.cn")
    assert report_of(dags()["ingest_yunchuan"].test())["told"] == ["late@x.cn"]
    assert subjects(inbox) == ["云川市科学普及协会: 1 new error"]


def test_a_mail_server_that_is_down_is_red_in_deliver_alerts_and_not_in_the_run(
    house: Settings, dags: Dags, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    up = json.loads(os.environ["AIRFLOW_CONN_SMTP_DEFAULT"])
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps({**up, "port": unused_port()}))
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "success", states(run)
    report = report_of(run)
    assert report["told"] == []
    assert "cannot be used" in report["waiting"]["a@x.cn"]
    assert rows(house, "SELECT state FROM mart.source_health") == [("healthy",)]
    assert str(dags()["deliver_alerts"].test().state) == "failed"
    assert len(undelivered(Archive(house.archive))) == 1

    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(up))
    assert str(dags()["deliver_alerts"].test().state) == "success"
    assert subjects(inbox) == ["云川市科学普及协会: 1 new error"]
    assert str(dags()["deliver_alerts"].test().state) == "success"
    assert len(inbox.messages) == 1


def test_a_source_that_fails_is_told_once_and_again_when_it_works(
    house: Settings, dags: Dags, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    content = yaml.safe_load((PROJECT / "include" / "sources" / "yunchuan.yaml").read_text(encoding="utf-8"))
    content["listing"]["item"] = "table.gone tr"
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "yunchuan.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("ANNALS_SOURCES", str(tmp_path / "sources"))
    run = dags()["ingest_yunchuan"].test()
    assert str(run.state) == "failed"
    (task,) = [one for one in run.get_task_instances() if one.task_id == "discover"]
    assert task.try_number == 1
    (message,) = inbox.messages
    assert message["Subject"] == "[annals] ingest · 云川市科学普及协会: discover failed"
    for kind in ("html", "plain"):
        assert "listing.item" in part(message, kind)
        assert "数据组" in part(message, kind)
    ((state, error),) = rows(house, "SELECT state, error FROM core.run")
    assert state == "failed"
    assert error.startswith("discover: ")
    assert rows(house, "SELECT count(*) FROM core.figure") == [(0,)]

    assert str(dags()["ingest_yunchuan"].test().state) == "failed"
    assert len(inbox.messages) == 1

    monkeypatch.delenv("ANNALS_SOURCES")
    assert str(dags()["ingest_yunchuan"].test().state) == "success"
    assert sorted(subjects(inbox)) == [
        "ingest · 云川市科学普及协会: discover failed",
        "ingest · 云川市科学普及协会: works again",
        "云川市科学普及协会: 1 new error",
    ]


def test_a_run_that_is_late_is_told_once(house: Settings, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from annals_airflow.alerts import tell_late

    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    for number in range(2):
        run = SimpleNamespace(dag_id="ingest_yunchuan", run_id=f"scheduled__{number}")
        tell_late({"dag_run": run}, "云川市科学普及协会", 2)
    (message,) = inbox.messages
    assert message["Subject"] == "[annals] 云川市科学普及协会: late"
    assert "has not ended within 2 hours" in part(message, "plain")


def test_a_failure_is_told_while_the_warehouse_is_down(
    house: Settings, inbox: Inbox, dags: Dags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn")
    monkeypatch.setenv("ANNALS_WAREHOUSE_URL", f"postgresql://annals@127.0.0.1:{unused_port()}/annals")
    assert str(dags()["refresh_marts"].test().state) == "failed"
    assert subjects(inbox) == ["refresh_marts: refresh failed"]
    assert "does not answer" in part(inbox.messages[0], "plain")


def test_a_failure_is_told_while_the_archive_is_down(
    house: Settings, inbox: Inbox, dags: Dags, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANNALS_ALERT_TO", "a@x.cn,nobody,b@x.cn")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ANNALS_ARCHIVE", str(tmp_path / "file" / "archive"))
    assert str(dags()["ingest_yunchuan"].test().state) == "failed"
    assert subjects(inbox) == ["ingest · 云川市科学普及协会: discover failed"] * 2
    assert "cannot be made" in part(inbox.messages[0], "plain")


# --- one delivery ------------------------------------------------------------------------------

ALERT = Alert(
    key="k", level="warning", subject="[annals] 云川市: 1 new error", html="<p>云川</p>", text="云川\n", chat="云川"
)


@pytest.fixture
def outbox(tmp_path: Path, airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An outbox without a warehouse, and one alert in it for whomever the test names."""
    monkeypatch.setenv("ANNALS_HOME", str(tmp_path))
    monkeypatch.delenv("ANNALS_ARCHIVE", raising=False)
    monkeypatch.setenv("ANNALS_WAREHOUSE_URL", f"postgresql://annals@127.0.0.1:{unused_port()}/annals")
    yield Archive(Settings.from_environment().archive)


def delivered(outbox: Archive, monkeypatch: pytest.MonkeyPatch, to: str = "", chats: str = "", key: str = "k") -> Any:
    """Post an alert to these, and deliver; what is handed on, or the error that deliver_alerts shows."""
    from msgspec.structs import replace

    from annals_airflow.alerts import deliver_all

    monkeypatch.setenv("ANNALS_ALERT_TO", to)
    monkeypatch.setenv("ANNALS_ALERT_CHAT", chats)
    post(outbox, replace(ALERT, key=key), "ingest_yunchuan/r1", Settings.from_environment().recipients)
    try:
        return deliver_all()
    except AnnalsError as error:
        return str(error)


def test_an_address_refused_for_good_is_not_tried_again_and_the_others_are_told(
    outbox: Archive, inbox: Inbox, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.says["gone@x.cn"] = "550 5.1.1 <gone@x.cn>: user unknown"
    done = delivered(outbox, monkeypatch, "gone@x.cn,b@x.cn", "team")
    assert sorted(done["told"]) == ["b@x.cn", "chat:team"]
    assert done["refused"] == {"gone@x.cn": "550 5.1.1 <gone@x.cn>: user unknown"}
    assert undelivered(outbox) == {}
    delivered(outbox, monkeypatch, "gone@x.cn,b@x.cn", "team")
    assert inbox.asked.count("gone@x.cn") == 1
    assert (len(inbox.messages), len(chat.messages)) == (1, 1)
    (trouble,) = troubles(outbox, ("gone@x.cn",))
    assert trouble.for_good

    inbox.says = {}
    again(outbox, "gone@x.cn")
    delivered(outbox, monkeypatch, "gone@x.cn,b@x.cn", "team")
    assert [message["To"] for message in inbox.messages] == ["b@x.cn", "gone@x.cn"]


@pytest.mark.parametrize(
    ("at", "answer", "for_good"),
    [
        ("a@x.cn", "450 4.2.1 mailbox busy", False),
        ("a@x.cn", "421 4.3.2 shutting down", False),
        ("a@x.cn", "553 5.1.3 no such domain", True),
        ("DATA", "451 4.3.0 local error", False),
        ("DATA", "554 5.7.1 looks like spam", True),
    ],
)
def test_what_a_server_says_decides_whether_an_alert_waits(
    outbox: Archive, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, at: str, answer: str, for_good: bool
) -> None:
    inbox.says[at] = answer
    done = delivered(outbox, monkeypatch, "a@x.cn")
    if for_good:
        assert done["refused"] == {"a@x.cn": answer}
    else:
        assert done == f"alerts waiting: 1. a@x.cn: {answer}"
    inbox.says = {}
    done = delivered(outbox, monkeypatch, "a@x.cn")
    assert done["told"] == ([] if for_good else ["a@x.cn"])


def test_a_spell_that_cannot_be_read_is_red_and_stops_nobody(
    outbox: Archive, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.put_json("alerts/spells/broken.failing.json", {"no": "spell"})
    assert "broken.failing.json is no Spell" in delivered(outbox, monkeypatch, "a@x.cn")
    assert len(inbox.messages) == 1


def test_what_is_no_address_is_refused_before_any_server_is_asked(
    outbox: Archive, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = delivered(outbox, monkeypatch, "nobody,a@x.cn;b@x.cn,c@x.cn")
    assert done["told"] == ["c@x.cn"]
    assert done["refused"]["nobody"] == "'nobody' is no mail address; correct ANNALS_ALERT_TO"
    assert set(done["refused"]) == {"nobody", "a@x.cn;b@x.cn"}
    assert inbox.asked == ["c@x.cn"]


def test_a_sender_that_is_refused_is_a_matter_of_the_connection(
    outbox: Archive, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*arguments: Any) -> str:
        return "550 5.7.1 who are you"

    monkeypatch.setattr(Inbox, "handle_MAIL", refuse, raising=False)
    done = delivered(outbox, monkeypatch, "a@x.cn")
    assert "the sender annals@x.cn is refused: 550 5.7.1 who are you; set from_email of connection smtp_default" in done


@pytest.mark.parametrize(
    ("connection", "why"),
    [
        (None, "SMTP connection is not found"),
        ({"port": "unused"}, "Connection refused"),
        ({"host": "mail.invalid"}, "the mail server of connection smtp_default cannot be used"),
        ({"extra": {"timeout": "soon", "disable_ssl": True, "disable_tls": True}}, "invalid literal for int"),
    ],
    ids=["none", "nobody listens", "no such host", "a slip"],
)
def test_without_a_mail_server_the_chat_is_told_all_the_same(
    outbox: Archive,
    inbox: Inbox,
    chat: Chat,
    monkeypatch: pytest.MonkeyPatch,
    connection: dict[str, Any] | None,
    why: str,
) -> None:
    held = json.loads(os.environ["AIRFLOW_CONN_SMTP_DEFAULT"])
    if connection is None:
        monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT")
    else:
        changed = {key: unused_port() if value == "unused" else value for key, value in connection.items()}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps({**held, **changed}))
    done = delivered(outbox, monkeypatch, "a@x.cn", "team")
    assert done.startswith("alerts waiting: 1. a@x.cn: ")
    assert why in done
    assert len(chat.messages) == 1


def test_a_mail_server_that_never_answers_delays_nobody_else(
    outbox: Archive, inbox: Inbox, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = json.loads(os.environ["AIRFLOW_CONN_SMTP_DEFAULT"])
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        dead.listen()
        held |= {"port": dead.getsockname()[1]}
        held["extra"] |= {"timeout": 1}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(held))
        done = delivered(outbox, monkeypatch, "a@x.cn", "team")
    assert "Unable to connect" in done
    assert len(chat.messages) == 1


@pytest.mark.parametrize(
    ("connection", "why"),
    [
        (None, "there is no connection team; make one of type apprise, or correct ANNALS_ALERT_CHAT"),
        ('{"conn_type": "http", "host": "127.0.0.1"}', "connection team is of type http; expected type apprise"),
        ('{"conn_type": "apprise"}', "its extra field is wrong; expected"),
        ('{"conn_type": "apprise", "extra": {"config": "not json"}}', "its extra field is wrong; expected"),
        ('{"conn_type": "apprise", "extra": {"config": {"url": "json://x"}}}', "its extra field is wrong; expected"),
        (apprise_connection("nosuchchat://x"), "Apprise knows no such service"),
        (apprise_connection("json://127.0.0.1:1/a", "json://127.0.0.1:1/b"), "names several services"),
        (apprise_connection("json://127.0.0.1:1/a"), "connection team: A Connection error"),
        (
            apprise_connection("ntfy://127.0.0.1:1/t0ken-of-ours"),
            "connection team: refused, in words that hold a secret",
        ),
        ("{broken", "connection team"),
    ],
    ids=[
        "none",
        "other type",
        "no config",
        "no json",
        "no path",
        "no service",
        "several",
        "nobody listens",
        "secret",
        "broken",
    ],
)
def test_a_chat_that_cannot_be_told_says_why_and_the_others_are_told(
    outbox: Archive, inbox: Inbox, chat: Chat, monkeypatch: pytest.MonkeyPatch, connection: str | None, why: str
) -> None:
    good = os.environ["AIRFLOW_CONN_TEAM"]
    monkeypatch.setenv("AIRFLOW_CONN_OTHER", good.replace("/team", "/other"))
    if connection is None:
        monkeypatch.delenv("AIRFLOW_CONN_TEAM")
    else:
        monkeypatch.setenv("AIRFLOW_CONN_TEAM", connection)
    done = delivered(outbox, monkeypatch, "a@x.cn", "team,other")
    assert done.startswith("alerts waiting: 1. chat:team: ")
    assert why in done
    assert [path for path, _ in chat.messages] == ["/other"]
    assert len(inbox.messages) == 1

    monkeypatch.setenv("AIRFLOW_CONN_TEAM", good)
    assert delivered(outbox, monkeypatch, "a@x.cn", "team,other")["told"]
    assert [path for path, _ in chat.messages] == ["/other", "/team"]
    assert len(inbox.messages) == 1


def test_a_chat_that_answers_with_an_error_waits(
    outbox: Archive, inbox: Inbox, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat.status = 500
    done = delivered(outbox, monkeypatch, "", "team")
    assert "500" in done
    chat.status = 200
    assert delivered(outbox, monkeypatch, "", "team")["told"] == ["chat:team"]
    ((path, said),) = chat.messages
    assert (path, said["title"], said["message"], said["type"]) == ("/team", ALERT.subject, "云川", "warning")
