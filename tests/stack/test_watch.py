"""The watchdog, round by round: the clock is handed in, the servers are real and on loopback."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from annals import alerts, warehouse, watch
from annals.alerts import Alert
from annals.archive import Archive
from annals.errors import AnnalsError, ConfigurationError
from annals.settings import PROJECT, Settings
from annals.sources import Source, read
from annals.warehouse import begin_run, end_run
from annals.watch import Watch
from stack.looks import overdue
from stack.tell import recipients
from stack.watch import Watchdog, is_well, lines
from tests.stack.watching import PASSWORD, Answers, Inbox, connection, mail_server, serving

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
YUNCHUAN = PROJECT / "include" / "sources" / "yunchuan.yaml"


def after(**span: float) -> datetime:
    return START + timedelta(**span)


@pytest.fixture
def airflow() -> Iterator[Answers]:
    answers = Answers()
    answers.dags = {"ingest_yunchuan": False, "refresh_marts": False, "deliver_alerts": False}
    yield answers


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    yield Inbox()


@pytest.fixture
def home(warehouse: Settings) -> Settings:
    """A house whose warehouse answers, with the password of Airflow's user."""
    file = warehouse.home / "airflow" / "passwords.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(msgspec.json.encode({"annals": PASSWORD}))
    return warehouse


@pytest.fixture
def environment(airflow: Answers, inbox: Inbox) -> Iterator[dict[str, str]]:
    with serving(airflow) as address, mail_server(inbox) as port:
        yield {
            "ANNALS_AIRFLOW_URL": address,
            "ANNALS_ALERT_TO": "a@x.cn, b@x.cn",
            "AIRFLOW_CONN_SMTP_DEFAULT": connection(port),
        }


@pytest.fixture
def dog(home: Settings, environment: dict[str, str]) -> Watchdog:
    """A watchdog that looks at everything each time, as `--once` does."""
    return Watchdog(home, environment)


def keys(seen: Watch) -> list[str]:
    return [problem.key for problem in seen.standing]


def test_all_is_well_and_nobody_is_bothered(dog: Watchdog, inbox: Inbox) -> None:
    assert is_well(dog.round(START))
    assert is_well(dog.round(after(hours=12)))
    assert inbox.messages == []


def test_a_dead_scheduler_is_told_once_after_its_grace_and_once_when_it_is_back(
    dog: Watchdog, airflow: Answers, inbox: Inbox
) -> None:
    airflow.parts["scheduler"] = "unhealthy"
    assert is_well(dog.round(START))
    assert is_well(dog.round(after(seconds=50)))
    assert inbox.messages == []
    assert keys(dog.round(after(seconds=70))) == ["airflow/scheduler"]
    assert sorted(str(message["To"]) for message in inbox.messages) == ["a@x.cn", "b@x.cn"]
    assert inbox.subjects("a@x.cn") == [
        "[annals] Wrong: Airflow's scheduler gives no sign of life: no run begins, no task goes on"
    ]
    assert "since 2026-03-02 01:00 UTC (1 min)" in inbox.last()
    assert "What to do: Look at the end of its log" in inbox.last()

    for minute in range(2, 60, 3):
        dog.round(after(minutes=minute))
    assert len(inbox.messages) == 2
    airflow.parts["scheduler"] = "healthy"
    assert is_well(dog.round(after(minutes=59)))
    assert is_well(dog.round(after(minutes=59, seconds=40)))
    assert len(inbox.messages) == 2  # it may be gone again in a moment
    assert is_well(dog.round(after(minutes=60)))
    assert inbox.subjects("a@x.cn")[1:] == [
        "[annals] Over: Airflow's scheduler gives no sign of life: no run begins, no task goes on"
    ]
    assert "from 2026-03-02 01:00 to 01:59 UTC (59 min)" in inbox.last()
    dog.round(after(hours=20))
    assert len(inbox.messages) == 4


def test_reminders_come_after_ever_longer_pauses(dog: Watchdog, airflow: Answers, inbox: Inbox) -> None:
    airflow.dags["ingest_yunchuan"] = True
    airflow.parts["triggerer"] = "unhealthy"
    told = []
    for hours in (0, 0.1, 0.6, 1.2, 4, 5.3, 12, 29, 29.4, 60, 101, 101.5, 130, 174):
        dog.round(after(hours=hours))
        if len(inbox.subjects("a@x.cn")) > len(told):
            told.append(hours)
    assert told == [0.1, 1.2, 5.3, 29.4, 101.5, 174]  # after an hour, four, a day, and then every three days
    assert inbox.subjects("a@x.cn")[1].startswith("[annals] Still wrong: Airflow's triggerer")


def test_a_hiccup_is_nobodys_business(dog: Watchdog, airflow: Answers, inbox: Inbox) -> None:
    for minute in range(0, 20, 2):
        airflow.parts["dag_processor"] = "unhealthy"
        dog.round(after(minutes=minute))
        airflow.parts["dag_processor"] = "healthy"
        dog.round(after(minutes=minute, seconds=40))
    assert inbox.messages == []


def test_what_comes_and_goes_is_one_problem(dog: Watchdog, airflow: Answers, inbox: Inbox) -> None:
    for minute in range(0, 50, 2):
        airflow.parts["scheduler"] = "unhealthy"
        dog.round(after(minutes=minute))
        dog.round(after(minutes=minute, seconds=75))
        airflow.parts["scheduler"] = "healthy"
        assert is_well(dog.round(after(minutes=minute, seconds=90)))
    assert len(inbox.subjects("a@x.cn")) == 1
    dog.round(after(minutes=51))
    assert len(inbox.subjects("a@x.cn")) == 2
    assert "from 2026-03-02 01:00 to 01:49 UTC" in inbox.last()


def test_a_watchdog_that_starts_again_tells_nothing_twice(
    home: Settings, environment: dict[str, str], airflow: Answers, inbox: Inbox
) -> None:
    airflow.parts["scheduler"] = "unhealthy"
    for minute in range(5):
        Watchdog(home, environment).round(after(minutes=minute))
    assert len(inbox.messages) == 2
    airflow.parts["scheduler"] = "healthy"
    for minute in range(5, 9):
        Watchdog(home, environment, begun_at=after(minutes=minute)).round(after(minutes=minute))
    assert len(inbox.messages) == 4


def test_a_loop_that_has_just_begun_waits_for_airflow_to_begin_too(
    home: Settings, environment: dict[str, str], airflow: Answers, inbox: Inbox
) -> None:
    airflow.silent = True
    dog = Watchdog(home, environment, begun_at=START)
    assert is_well(dog.round(START))
    assert is_well(dog.round(after(seconds=170)))
    airflow.silent = False
    assert is_well(dog.round(after(seconds=175)))
    airflow.silent = True
    dog.round(after(seconds=185))
    assert keys(dog.round(after(seconds=250))) == ["airflow"]
    assert len(inbox.messages) == 2


def test_where_nobody_answers_that_is_the_one_thing_told_and_nothing_else_is_well_again(
    dog: Watchdog, airflow: Answers, inbox: Inbox
) -> None:
    airflow.parts["triggerer"] = "unhealthy"
    dog.round(START)
    dog.round(after(minutes=2))
    airflow.silent = True
    dog.round(after(minutes=3))
    assert keys(dog.round(after(minutes=5))) == ["airflow/triggerer", "airflow"]
    assert [subject[:26] for subject in inbox.subjects("a@x.cn")] == [
        "[annals] Wrong: Airflow's ",
        "[annals] Wrong: Airflow do",
    ]
    airflow.silent = False
    assert keys(dog.round(after(minutes=6))) == ["airflow/triggerer"]


def test_without_its_database_nothing_is_said_of_airflows_parts(dog: Watchdog, airflow: Answers, inbox: Inbox) -> None:
    airflow.parts = dict.fromkeys(airflow.parts, "unhealthy")
    dog.round(START)
    assert keys(dog.round(after(minutes=2))) == ["airflow/metadatabase"]
    assert len(inbox.messages) == 2


def test_something_else_that_answers_at_airflows_address_is_no_airflow(
    home: Settings, environment: dict[str, str], inbox: Inbox
) -> None:
    environment["ANNALS_AIRFLOW_URL"] += "/elsewhere"
    dog = Watchdog(home, environment)
    dog.round(START)
    assert keys(dog.round(after(minutes=2))) == ["airflow"]


def test_a_mail_server_that_is_down_is_tried_again_until_everyone_knows(
    home: Settings, environment: dict[str, str], airflow: Answers
) -> None:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment["AIRFLOW_CONN_SMTP_DEFAULT"] = connection(port, login="ann", password="hunter-2222")
    dog = Watchdog(home, environment)
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(START)
    seen = dog.round(after(minutes=2))
    assert not is_well(seen)
    assert set(seen.untold) == {"a@x.cn", "b@x.cn"}
    assert f"mail server 127.0.0.1:{port}: " in seen.untold["a@x.cn"]
    said = "\n".join(lines(seen, after(minutes=2)))
    assert "a@x.cn cannot be told, and is tried again" in said
    assert "hunter-2222" not in said + watch.path(home.home).read_text()

    environment["AIRFLOW_CONN_SMTP_DEFAULT"] = connection(port)
    dog = Watchdog(home, environment)
    with mail_server(inbox, port):
        inbox.refuses = {"b@x.cn"}
        seen = dog.round(after(minutes=3))
        assert set(seen.untold) == {"b@x.cn"}
        assert [message["To"] for message in inbox.messages] == ["a@x.cn"]
        inbox.refuses = set()
        seen = dog.round(after(minutes=4))
        assert seen.untold == {}
        assert [message["To"] for message in inbox.messages] == ["a@x.cn", "b@x.cn"]


def test_what_was_over_before_it_could_be_told_is_told_all_the_same(
    dog: Watchdog, airflow: Answers, inbox: Inbox
) -> None:
    inbox.refuses = {"b@x.cn"}
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(START)
    dog.round(after(minutes=2))
    airflow.parts["scheduler"] = "healthy"
    dog.round(after(minutes=8))
    seen = dog.round(after(minutes=9))
    assert not is_well(seen)  # b knows nothing yet
    assert seen.standing == ()
    inbox.refuses = set()
    assert is_well(dog.round(after(minutes=10)))
    assert inbox.subjects("b@x.cn") == [
        "[annals] Over before you could be told: "
        "Airflow's scheduler gives no sign of life: no run begins, no task goes on"
    ]
    assert len(inbox.subjects("a@x.cn")) == 2
    assert dog.round(after(minutes=11)).problems == ()


def test_what_is_back_before_all_knew_that_it_was_over_is_new_to_those_who_did(
    dog: Watchdog, airflow: Answers, inbox: Inbox
) -> None:
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(START)
    dog.round(after(minutes=2))
    inbox.refuses = {"b@x.cn"}
    airflow.parts["scheduler"] = "healthy"
    dog.round(after(minutes=3))
    dog.round(after(minutes=4))
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(after(minutes=5))
    words = [subject.split(": ")[0] for subject in inbox.subjects("a@x.cn")]
    assert words == ["[annals] Wrong", "[annals] Over", "[annals] Wrong"]
    assert len(inbox.subjects("b@x.cn")) == 1


def test_apprise_takes_the_message_and_no_secret_shows(
    home: Settings, environment: dict[str, str], airflow: Answers, capfd: pytest.CaptureFixture[str]
) -> None:
    port = environment["ANNALS_AIRFLOW_URL"].rpartition(":")[2]
    secret = "5ecret-t0ken"
    environment["ANNALS_WATCHDOG_TO"] = f"json://ann:{secret}@127.0.0.1:{port}/{secret}-path?+X-Key={secret}"
    dog = Watchdog(home, environment)
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(START)
    airflow.refuses = True
    seen = dog.round(after(minutes=2))
    assert list(seen.untold) == ["json://127.0.0.1"]
    airflow.refuses = False
    airflow.taken.clear()
    assert dog.round(after(minutes=3)).untold == {}
    ((path, body),) = airflow.taken
    assert path == f"/{secret}-path"
    told = msgspec.json.decode(body)
    assert told["title"].startswith("[annals] Wrong: Airflow's scheduler")
    assert "What to do" in told["message"]
    shown = capfd.readouterr()
    kept = watch.path(home.home).read_text()
    assert secret not in "\n".join((kept, shown.out, shown.err, str(seen.untold), told["message"], *lines(seen, START)))


def test_recipients_that_share_a_server_are_told_apart() -> None:
    found = recipients(
        {
            "ANNALS_WATCHDOG_TO": "json://a:b@h.cn/1, json://c:d@h.cn/2, slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        }
    )
    assert [one.name for one in found] == ["json://h.cn (1)", "json://h.cn (2)", "slack://…"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ANNALS_WATCHDOG_TO": "jsno://ann:hunter22@h.cn"}, r"entry 1 \(jsno://…\) is no URL that Apprise knows"),
        ({"ANNALS_WATCHDOG_TO": "json://h.cn, hunter22"}, "entry 2 is neither an Apprise URL nor an address"),
        ({"ANNALS_WATCHDOG_TO": "a@x.cn"}, "needs a mail server; set AIRFLOW_CONN_SMTP_DEFAULT"),
        ({"ANNALS_WATCHDOG_TO": "a@x.cn", "AIRFLOW_CONN_SMTP_DEFAULT": "{hunter22"}, "neither JSON nor a URI"),
        ({"ANNALS_WATCHDOG_TO": "a@x.cn", "AIRFLOW_CONN_SMTP_DEFAULT": "smtp://u:hunter22@h:port"}, "neither JSON nor"),
        ({"ANNALS_WATCHDOG_TO": "a@x.cn", "AIRFLOW_CONN_SMTP_DEFAULT": '{"password": "hunter22"}'}, "names no host"),
        ({"ANNALS_WATCHDOG_PING": "hunter22"}, "ANNALS_WATCHDOG_PING is not a URL"),
        ({"ANNALS_AIRFLOW_URL": "http://ann:hunter22@h.cn"}, "ANNALS_AIRFLOW_URL is no address"),
    ],
)
def test_a_wrong_setting_is_one_line_without_secrets(tmp_path: Path, given: dict[str, str], said: str) -> None:
    settings = Settings.from_environment({"ANNALS_HOME": str(tmp_path)})
    with pytest.raises(ConfigurationError, match=said) as raised:
        Watchdog(settings, given)
    assert "hunter22" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"extra": {"auth_type": "oauth2"}}, "wants oauth2; set ANNALS_WATCHDOG_TO"),
        ({"extra": {"disable_ssl": True}}, "127.0.0.1"),  # STARTTLS, which the server has not
        ({"login": "ann", "password": "密码22"}, "127.0.0.1"),
        ({"extra": {"disable_ssl": True, "disable_tls": True, "from_email": "a\nb@x.cn"}}, "from_email cannot be"),
    ],
)
def test_a_server_that_airflow_names_and_that_cannot_be_used_stops_nothing(
    home: Settings, environment: dict[str, str], airflow: Answers, held: dict[str, Any], said: str
) -> None:
    port = int(msgspec.json.decode(environment["AIRFLOW_CONN_SMTP_DEFAULT"])["port"])
    environment["AIRFLOW_CONN_SMTP_DEFAULT"] = connection(port, **held)
    dog = Watchdog(home, environment)
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(START)
    seen = dog.round(after(minutes=2))
    assert keys(seen) == ["airflow/scheduler"]
    assert said in seen.untold["a@x.cn"]
    assert "密码" not in str(seen)


def test_a_mail_server_that_takes_the_call_and_says_nothing(
    home: Settings, environment: dict[str, str], airflow: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack.tell.ANSWER_TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment["AIRFLOW_CONN_SMTP_DEFAULT"] = connection(silent.getsockname()[1])
        dog = Watchdog(home, environment)
        airflow.parts["scheduler"] = "unhealthy"
        dog.round(START)
        assert "timed out" in dog.round(after(minutes=2)).untold["a@x.cn"]


def test_nobody_to_tell_is_said_where_something_is_wrong(
    home: Settings, environment: dict[str, str], airflow: Answers
) -> None:
    del environment["ANNALS_ALERT_TO"]
    airflow.parts["scheduler"] = "unhealthy"
    dog = Watchdog(home, environment)
    dog.round(START)
    said = lines(dog.round(after(minutes=2)), after(minutes=2))
    assert said[0].startswith("Airflow's scheduler gives no sign of life")
    assert said[1].startswith("Nobody is told: set ANNALS_WATCHDOG_TO")


def test_a_warehouse_that_stops_and_starts_again(tmp_path: Path, environment: dict[str, str], inbox: Inbox) -> None:
    settings = Settings.from_environment({"ANNALS_HOME": str(tmp_path / "home")})
    warehouse.start(settings)
    try:
        with warehouse.connect(settings) as opened:
            warehouse.migrate(opened)
        environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"] = str(tmp_path / "passwords.json")
        (tmp_path / "passwords.json").write_text(f'{{"annals": "{PASSWORD}"}}')
        dog = Watchdog(settings, environment)
        assert is_well(dog.round(START))
        warehouse.stop(settings)
        dog.round(after(minutes=1))
        seen = dog.round(after(minutes=3))
        assert keys(seen) == ["warehouse"]
        assert "does not answer" in inbox.last()
        warehouse.start(settings)
        assert is_well(dog.round(after(minutes=4)))
        assert is_well(dog.round(after(minutes=5)))
        assert inbox.subjects("a@x.cn")[1].startswith("[annals] Over: The warehouse")
    finally:
        warehouse.stop(settings)


def test_a_warehouse_that_is_not_migrated_does_not_tell_of_its_sources(
    empty_warehouse: Settings, environment: dict[str, str]
) -> None:
    dog = Watchdog(empty_warehouse, environment)
    dog.round(START)
    seen = dog.round(after(minutes=2))
    assert keys(seen) == ["warehouse"]
    assert "annals warehouse migrate" in seen.standing[0].action


@pytest.mark.parametrize("paused", [True, None, False])
def test_alerts_that_wait_too_long(
    dog: Watchdog, home: Settings, airflow: Answers, inbox: Inbox, paused: bool | None
) -> None:
    del airflow.dags["deliver_alerts"]
    if paused is not None:
        airflow.dags["deliver_alerts"] = paused
    archive = Archive(home.archive)
    alerts.post(
        archive,
        Alert(key="failure", level="failure", subject="s", html="b", text="b", chat="b"),
        "ingest_yunchuan/one",
        ["c@x.cn"],
    )
    (posted,) = alerts.undelivered(archive).values()
    assert is_well(dog.round(posted.posted_at + timedelta(minutes=30)))
    assert keys(dog.round(posted.posted_at + timedelta(minutes=36))) == ["alerts"]
    assert "1 alert cannot be delivered" in inbox.last()
    assert ("deliver_alerts is paused, or not there" in inbox.last()) is (paused is not False)
    alerts.deliver(archive, lambda alert, recipient: None, ["c@x.cn"])
    assert is_well(dog.round(posted.posted_at + timedelta(minutes=42)))


def test_an_address_that_is_refused_for_good(home: Settings, environment: dict[str, str], inbox: Inbox) -> None:
    named = structs.replace(home, alert_to=("gone@x.cn",))
    dog = Watchdog(named, environment)
    archive = Archive(home.archive)
    alert = Alert(key="failure", level="failure", subject="s", html="b", text="b", chat="b")
    alerts.post(archive, alert, "ingest_yunchuan/one", ["gone@x.cn"])

    def refuse(alert: Alert, recipient: str) -> None:
        raise alerts.Refused("550 no such user here")

    alerts.deliver(archive, refuse, ["gone@x.cn"])
    assert keys(dog.round(START)) == ["refused/gone@x.cn"]
    assert "refuses gone@x.cn: 550 no such user here" in inbox.last()
    alerts.clear(archive, "gone@x.cn")
    assert is_well(dog.round(after(minutes=6)))


def test_an_archive_that_cannot_be_had(dog: Watchdog, home: Settings) -> None:
    shutil.rmtree(home.archive, ignore_errors=True)
    Path(home.archive).parent.mkdir(parents=True, exist_ok=True)
    Path(home.archive).write_text("in the way")
    dog.round(START)
    assert keys(dog.round(after(minutes=6))) == ["archive"]


def test_airflow_that_cannot_be_asked_for_its_dags(dog: Watchdog, home: Settings) -> None:
    (home.home / "airflow" / "passwords.json").write_text('{"annals": "wrong-one"}')
    dog.round(START)
    seen = dog.round(after(minutes=6))
    assert keys(seen) == ["login"]
    assert "wrong-one" not in watch.path(home.home).read_text()
    (home.home / "airflow" / "passwords.json").unlink()
    assert "holds no password of annals" in dog.round(after(minutes=7)).standing[0].what


def test_files_that_airflow_cannot_read_and_dags_that_it_has_not(
    dog: Watchdog, home: Settings, airflow: Answers
) -> None:
    airflow.errors = [{"filename": "dags/ingest.py", "stack_trace": "Traceback …\nValueError: hunter22 is no number"}]
    del airflow.dags["ingest_yunchuan"]
    dog.round(START)
    seen = dog.round(after(minutes=6))
    assert keys(seen) == ["dag/ingest_yunchuan", "import/ingest.py"]
    assert [problem.what for problem in seen.standing] == [
        "Airflow has no DAG ingest_yunchuan, so 云川市科学普及协会 is not read",
        "Airflow cannot read ingest.py",
    ]
    assert "hunter22" not in watch.path(home.home).read_text()


def test_more_dags_than_fit_in_one_answer_are_all_seen(dog: Watchdog, airflow: Answers) -> None:
    airflow.dags |= {f"a_{number:03d}": False for number in range(250)}
    dog.round(START)
    assert is_well(dog.round(after(minutes=6)))


def test_an_overdue_source_whose_dag_is_lost_is_not_over(dog: Watchdog, airflow: Answers, inbox: Inbox) -> None:
    dog.round(START)
    assert keys(dog.round(after(hours=24))) == ["source/yunchuan"]
    del airflow.dags["ingest_yunchuan"]
    for minute in (1, 3, 9):
        seen = dog.round(after(hours=24, minutes=minute))
    assert keys(seen) == ["source/yunchuan", "dag/ingest_yunchuan"]
    assert not any("Over" in subject for subject in inbox.subjects())


def test_a_title_of_several_lines_fits_into_a_subject(
    home: Settings, environment: dict[str, str], inbox: Inbox, tmp_path: Path
) -> None:
    text = YUNCHUAN.read_text(encoding="utf-8")
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "yunchuan.yaml").write_text(
        text.replace("title: 云川市科学普及协会", "title: |\n  云川市\n  科学普及协会"), encoding="utf-8"
    )
    dog = Watchdog(msgspec.structs.replace(home, sources=folder), environment)
    dog.round(START)
    assert keys(dog.round(after(hours=24))) == ["source/yunchuan"]
    assert inbox.subjects("a@x.cn")[0].startswith("[annals] Wrong: 云川市 科学普及协会 has not been read")


def succeeded(settings: Settings, finished_at: datetime) -> None:
    """Enter a run of the sample publisher that succeeded at a time."""
    with warehouse.connect(settings) as opened:
        run = f"ingest_yunchuan/{finished_at.isoformat()}"
        begin_run(opened, run, source="yunchuan", owner="数据组", publisher="云川市科学普及协会")
        end_run(opened, run)
        opened.execute(
            "UPDATE core.run SET started_at = %(at)s, finished_at = %(at)s WHERE run_id = %(run)s",
            {"at": finished_at, "run": run},
        )


def test_a_source_that_was_not_read_when_it_was_due(dog: Watchdog, home: Settings, inbox: Inbox) -> None:
    succeeded(home, after(hours=-2))
    assert is_well(dog.round(START))  # Monday 09:00; due 06:30, and read by 07:00
    assert is_well(dog.round(after(hours=23)))  # Tuesday 08:00: due 06:30, and has until 08:30
    assert keys(dog.round(after(hours=24))) == ["source/yunchuan"]
    assert "云川市科学普及协会 has not been read with success since 2026-03-03 06:30 Asia/Shanghai" in inbox.last()
    assert "Call 数据组." in inbox.last()
    succeeded(home, after(hours=24, minutes=5))
    assert is_well(dog.round(after(hours=24, minutes=10)))


def test_a_source_stays_overdue_through_a_start_of_the_watchdog_and_while_the_warehouse_is_away(
    dog: Watchdog, home: Settings, environment: dict[str, str], inbox: Inbox
) -> None:
    dog.round(START)
    assert keys(dog.round(after(hours=24))) == ["source/yunchuan"]
    again = Watchdog(home, environment, begun_at=after(hours=24, minutes=1))
    for minute in range(1, 20):
        assert keys(again.round(after(hours=24, minutes=minute))) == ["source/yunchuan"]
    away = msgspec.structs.replace(home, warehouse_url="postgresql://a@127.0.0.1:1/x")
    assert keys(Watchdog(away, environment).round(after(hours=24, minutes=21))) == ["source/yunchuan"]
    assert len(inbox.subjects("a@x.cn")) == 1


def test_a_machine_that_slept_has_its_time_once_it_is_awake(
    home: Settings, environment: dict[str, str], inbox: Inbox
) -> None:
    succeeded(home, after(hours=-2))
    dog = Watchdog(home, environment, begun_at=after(hours=-1))
    for minutes in (-60, -51, 0):
        dog.round(after(minutes=minutes))
    for minutes in range(0, 120, 9):  # Thursday 09:00, when it was due at 06:30 and had until 08:30
        assert is_well(dog.round(after(days=3, minutes=minutes)))
    assert inbox.messages == []
    assert keys(dog.round(after(days=3, minutes=126))) == ["source/yunchuan"]


def test_a_paused_source_is_not_late_and_has_until_its_next_time_once_it_goes_on(
    dog: Watchdog, airflow: Answers
) -> None:
    airflow.dags["ingest_yunchuan"] = True
    dog.round(START)
    assert is_well(dog.round(after(days=4)))
    airflow.dags["ingest_yunchuan"] = False
    assert is_well(dog.round(after(days=4, hours=1)))
    assert is_well(dog.round(after(days=4, hours=5)))  # Friday 14:00, long after 06:30
    assert is_well(dog.round(after(days=6)))  # Sunday
    assert keys(dog.round(after(days=7))) == ["source/yunchuan"]


def source(cron: str, late_after_hours: float | None = 2.0, timezone: str = "Asia/Shanghai") -> Source:
    one = read(YUNCHUAN)
    schedule = msgspec.structs.replace(one.schedule, cron=cron, timezone=timezone)
    return msgspec.structs.replace(one, schedule=schedule, late_after_hours=late_after_hours)


@pytest.mark.parametrize(
    ("one", "last_success", "up_since", "late"),
    [
        (source("30 6 * * *"), None, after(days=-9), True),
        (source("30 6 * * *"), after(hours=-2, minutes=-40), after(days=-9), True),  # 06:20, ten minutes early
        (source("30 6 * * *"), after(hours=-2), after(days=-9), False),
        (source("30 6 * * *"), None, after(hours=-1), False),  # Airflow has been up for an hour, and has two
        (source("30 6 * * *", None), None, after(days=-9), True),  # six hours by default: Sunday's is missing
        (source("30 6 * * *", None), after(hours=-20), after(days=-9), False),
        (msgspec.structs.replace(source("30 6 * * *"), approval="always"), None, after(days=-9), True),
        (msgspec.structs.replace(source("30 6 * * *"), approval="always"), after(days=-4), after(days=-9), True),
        (msgspec.structs.replace(source("30 6 * * *"), approval="always"), after(days=-3), after(days=-9), False),
        (source("0 0 30 2 *"), None, after(days=-9), False),  # never due
        (source("0 0 1 1 *"), after(days=-70), after(days=-400), True),
        (source("0 0 1 1 *"), after(days=-50), after(days=-400), False),
        (source("30 2 * * *", timezone="Europe/Berlin"), None, after(days=-9), True),
    ],
)
def test_when_a_source_is_overdue(one: Source, last_success: datetime | None, up_since: datetime, late: bool) -> None:
    due = overdue(one, now=START, last_success=last_success, awake_since=after(days=-500), up_since=up_since)
    assert (due is not None) is late


def test_the_dead_mans_switch_is_fetched_while_all_is_well(
    home: Settings, environment: dict[str, str], airflow: Answers, inbox: Inbox
) -> None:
    environment["ANNALS_WATCHDOG_PING"] = f"{environment['ANNALS_AIRFLOW_URL']}/ping/5ecret-t0ken"
    dog = Watchdog(home, environment)
    dog.round(START)
    assert [path for path, _ in airflow.taken] == ["/ping/5ecret-t0ken"]
    airflow.parts["scheduler"] = "unhealthy"
    dog.round(after(minutes=1))
    dog.round(after(minutes=3))
    dog.round(after(minutes=4))
    assert len(airflow.taken) == 2  # once more, within the grace
    airflow.parts["scheduler"] = "healthy"
    dog.round(after(minutes=5))
    assert len(airflow.taken) == 3

    airflow.refuses = True
    dog.round(after(minutes=6))
    seen = dog.round(after(minutes=17))
    assert keys(seen) == ["ping"]
    assert "ANNALS_WATCHDOG_PING (127.0.0.1) answers 503" in inbox.last()
    assert "5ecret" not in inbox.last() + watch.path(home.home).read_text()
    airflow.refuses = False
    assert keys(dog.round(after(minutes=18))) == []
    assert keys(dog.round(after(minutes=19))) == []
    assert inbox.subjects("a@x.cn")[-1].startswith("[annals] Over: ANNALS_WATCHDOG_PING")


def test_a_disk_that_takes_nothing_does_not_make_it_tell_twice(
    dog: Watchdog, home: Settings, airflow: Answers, inbox: Inbox, capfd: pytest.CaptureFixture[str]
) -> None:
    watch.path(home.home).with_suffix(".new").mkdir()
    airflow.parts["scheduler"] = "unhealthy"
    for minute in range(6):
        dog.round(after(minutes=minute))
    assert len(inbox.subjects("a@x.cn")) == 1
    assert "Wrong: Airflow's scheduler" in inbox.last()
    assert "Wrong: The watchdog cannot keep what it saw" in inbox.last()
    assert "watch.json cannot be written" in capfd.readouterr().err
    watch.path(home.home).with_suffix(".new").rmdir()
    dog.round(after(minutes=7))
    assert keys(dog.round(after(minutes=8))) == ["airflow/scheduler"]


def test_a_damaged_file_is_said_and_begun_anew(
    dog: Watchdog, home: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    watch.path(home.home).write_text('{"looked_at": 7')
    with pytest.raises(AnnalsError, match=r"watch\.json cannot be read"):
        watch.read(home.home)
    assert is_well(dog.round(START))
    assert "watch.json cannot be read" in capfd.readouterr().err
    assert watch.read(home.home) is not None


def command(home: Settings, environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not re.match("ANNALS|AIRFLOW", name)}
    assert home.warehouse_url is not None
    return subprocess.run(
        [sys.executable, "-m", "stack", *arguments],
        cwd=PROJECT,
        env={**clean, **environment, "ANNALS_HOME": str(home.home), "ANNALS_WAREHOUSE_URL": home.warehouse_url},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_once_says_what_is_wrong_in_a_line_each_and_status_says_it_again(
    home: Settings, environment: dict[str, str], airflow: Answers, inbox: Inbox
) -> None:
    done = command(home, environment, "status")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no watchdog has looked" in done.stderr
    done = command(home, environment, "watch", "--once")
    assert (done.returncode, done.stdout, done.stderr) == (0, "All is well.\n", "")
    assert command(home, environment, "status").returncode == 0

    airflow.parts["scheduler"] = "unhealthy"
    now = datetime.now(UTC)
    Watchdog(home, environment).round(now - timedelta(minutes=4))
    done = command(home, environment, "watch", "--once")
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert re.match(
        r"Airflow's scheduler gives no sign of life: .*; since \S+ \S+ UTC \(4 min\)\. Look at the end", line
    )
    assert len(inbox.messages) == 2
    done = command(home, environment, "status")
    assert done.returncode == 1
    assert line.partition(";")[0] in done.stdout
    assert "tells a@x.cn, b@x.cn" in done.stdout

    airflow.parts["scheduler"] = "healthy"
    Watchdog(home, environment).round(now - timedelta(hours=4))
    done = command(home, environment, "status")
    assert done.returncode == 1
    assert "the watchdog has not looked since" in done.stderr


def test_two_watchdogs_of_one_home_take_turns(
    home: Settings, environment: dict[str, str], airflow: Answers, inbox: Inbox
) -> None:
    airflow.parts["scheduler"] = "unhealthy"
    Watchdog(home, environment).round(datetime.now(UTC) - timedelta(minutes=4))
    clean = {name: value for name, value in os.environ.items() if not re.match("ANNALS|AIRFLOW", name)}
    assert home.warehouse_url is not None
    given = {**clean, **environment, "ANNALS_HOME": str(home.home), "ANNALS_WAREHOUSE_URL": home.warehouse_url}
    both = [
        subprocess.Popen([sys.executable, "-m", "stack", "watch", "--once"], cwd=PROJECT, env=given) for _ in range(2)
    ]
    assert [one.wait(60) for one in both] == [1, 1]
    assert len(inbox.messages) == 2
