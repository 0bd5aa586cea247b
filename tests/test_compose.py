"""docker-compose.yaml against the Compose schema, and against our own rules. No image is pulled and nothing is run."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from annals.settings import PROJECT
from stack.compose import env

FILE = PROJECT / "docker-compose.yaml"
ENDS = {"airflow-init"}  # does its work and ends
SECRET = re.compile(r"PASSWORD$|SECRET|KEY$")
REFERENCE = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert compose["services"]
    return dict(compose["services"])


def test_it_is_valid_by_the_compose_schema() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_check_can_fail(tmp_path: Any) -> None:
    wrong = tmp_path / "docker-compose.yaml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace("healthcheck:", "heathcheck:"), encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(wrong)]
    assert subprocess.run(command, capture_output=True).returncode != 0


def test_every_image_is_pinned(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        _, _, tag = service["image"].rpartition(":")
        assert re.match(r"v?\d+\.\d+(\.\d+)?(-|$)", tag), f"{name}: {service['image']}"
    assert re.search(r"^FROM python:3\.11\.\d+-slim-\w+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)


def test_every_service_that_stays_has_a_health_check_and_starts_again(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        if name not in ENDS:
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_no_secret_is_in_the_file(services: dict[str, dict[str, Any]]) -> None:
    checked = 0
    for name, service in services.items():
        for variable, value in (service.get("environment") or {}).items():
            if SECRET.search(variable):
                assert REFERENCE.fullmatch(str(value)), f"{name}: {variable}"
                checked += 1
            # user:password@host in a URL
            for secret in re.findall(r"://[^:/@\s]*:([^@\s]+)@", str(value)):
                assert REFERENCE.fullmatch(secret), f"{name}: {variable}"
                checked += 1
    assert checked > 10


def test_every_secret_that_is_asked_for_is_printed_by_stack_env(services: dict[str, dict[str, Any]]) -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", FILE.read_text(encoding="utf-8")))
    printed = dict(line.split("=", 1) for line in env().splitlines())
    assert asked == set(printed)
    assert len(set(printed.values())) == len(printed)
    assert env() != env()


def test_ports_are_published_on_loopback_alone(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_is_waited_for_is_there_and_can_become_so(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for other, wanted in (service.get("depends_on") or {}).items():
            ended = wanted["condition"] == "service_completed_successfully"
            assert (other in ENDS) == ended, f"{name} waits for {other}"
            assert other in services


def test_it_has_the_parts_that_one_machine_has_not(services: dict[str, dict[str, Any]]) -> None:
    airflow = {f"airflow-{part}" for part in ("init", "apiserver", "scheduler", "dag-processor", "triggerer", "worker")}
    assert set(services) == airflow | {"metadata", "warehouse", "redis", "mail", "samples", "watchdog"}
    settings = services["airflow-worker"]["environment"]
    assert settings["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert "@metadata:" in settings["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert "@warehouse:" in settings["ANNALS_WAREHOUSE_URL"]


def test_the_watchdog_waits_for_nothing_that_it_watches(services: dict[str, dict[str, Any]]) -> None:
    watchdog = services["watchdog"]
    assert watchdog["depends_on"] == {}
    assert watchdog["restart"] == "unless-stopped"
    assert watchdog["environment"]["ANNALS_AIRFLOW_URL"] == "http://airflow-apiserver:8080"
    assert watchdog["environment"]["AIRFLOW_CONN_SMTP_DEFAULT"]
