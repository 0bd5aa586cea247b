"""What Airflow runs under: loopback, secrets of its own, and nothing of the caller's that would break it."""

import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from annals.settings import Settings
from stack.environment import Secrets, airflow_environment
from stack.run import of_folder
from stack.services import free_port, port_problem
from stack.show import ROWS, summary


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"ANNALS_HOME": str(tmp_path), "ANNALS_PORT": "8099"})


def environment(settings: Settings, **given: str) -> dict[str, str]:
    return airflow_environment(settings, Secrets.of(settings.home), metadata_url="postgresql://x", given=given)


def test_secrets_are_made_once_and_are_their_owners_alone(settings: Settings) -> None:
    first, second = Secrets.of(settings.home), Secrets.of(settings.home)
    assert first == second
    assert len({first.fernet_key, first.api_secret_key, first.jwt_secret, first.password}) == 4
    environment(settings)
    for name in ("stack/secrets.json", "airflow/passwords.json"):
        assert stat.S_IMODE((settings.home / name).stat().st_mode) == 0o600


def test_airflow_listens_on_loopback_alone(settings: Settings) -> None:
    found = environment(settings)
    assert found["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert found["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8099/execution/"


def test_a_person_may_set_options_and_connections_but_not_what_holds_the_house(settings: Settings) -> None:
    found = environment(
        settings,
        AIRFLOW_CONN_SMTP_DEFAULT="smtp://mail.example:25",
        AIRFLOW__CORE__PARALLELISM="16",
        AIRFLOW__API__HOST="0.0.0.0",
        AIRFLOW_HOME="/elsewhere",
    )
    assert found["AIRFLOW_CONN_SMTP_DEFAULT"] == "smtp://mail.example:25"
    assert found["AIRFLOW__CORE__PARALLELISM"] == "16"
    assert found["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert found["AIRFLOW_HOME"] == str(settings.home / "airflow")


def test_loopback_goes_past_proxies_and_bytecode_is_written(settings: Settings) -> None:
    found = environment(settings, no_proxy="intranet.example", HTTP_PROXY="http://p:3128", PYTHONDONTWRITEBYTECODE="1")
    assert found["NO_PROXY"] == found["no_proxy"] == "127.0.0.1,localhost,intranet.example"
    assert "PYTHONDONTWRITEBYTECODE" not in found


def test_a_folder_becomes_the_only_source(settings: Settings, tmp_path: Path) -> None:
    from annals.sources import load

    folder = tmp_path / "通知 2023"
    folder.mkdir()
    found = load(of_folder(settings, folder).sources)
    assert found.errors == ()
    (source,) = found.sources
    assert source.listing.path == str(folder)
    assert of_folder(settings, folder).sources == of_folder(settings, folder).sources


def test_a_port_in_use_is_told_and_passed_over() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert port_problem(port)
        assert free_port(port) != port
    assert port_problem(port) is None
    assert free_port(port) == port


def test_the_summary_says_who_is_told_of_what_and_who_is_not(settings: Settings) -> None:
    told = {
        "counts": {name: 1 for _, *names in ROWS for name in names},
        "errors": 2,
        "news": {"yunchuan": {"new": 2, "open": 0, "resolved": 1}},
        "told": ["a@x.cn", "chat:team"],
        "waiting": {"b@x.cn": "450 busy"},
        "refused": {"c@x.cn": "550 unknown"},
        "unfetched": [],
        "unreadable": ["甲.pdf: is empty"],
        "cautions": [],
    }
    lines = summary(told, replace(settings, alert_to=("a@x.cn", "b@x.cn", "c@x.cn"), alert_chat=("team",)))
    for line in (
        "  Unreadable: 甲.pdf: is empty",
        "  Errors found: 2",
        "  Told: a@x.cn, chat:team: 2 new, 1 resolved",
        "  To be told later: b@x.cn: 450 busy",
        "  Cannot be told: c@x.cn: 550 unknown",
    ):
        assert line in lines, line
    assert not any("Alerts reach nobody" in line for line in lines)
    nobody = summary({**told, "news": {}, "told": [], "waiting": {}, "refused": {}}, settings)
    assert "  Alerts reach nobody: ANNALS_ALERT_TO and ANNALS_ALERT_CHAT name no one" in nobody
    assert not any("Told" in line for line in nobody)
