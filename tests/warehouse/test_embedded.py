"""The embedded PostgreSQL: where it runs, who may enter, and what a power cut does to it."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from annals import warehouse as house
from annals.errors import ConfigurationError, Unreachable
from annals.settings import PROJECT, Settings
from annals.warehouse import embedded


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Settings]:
    """A home with a blank and Chinese characters in its path, in a folder that only its owner may enter."""
    closed = tmp_path / "mine alone"
    closed.mkdir(mode=0o700)
    settings = Settings.from_environment({"ANNALS_HOME": str(closed / "年鉴 数据")})
    yield settings
    house.stop(settings)


def postmaster(settings: Settings) -> int:
    return int((settings.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def test_starts_once_and_keeps_its_address(home: Settings) -> None:
    before = house.url(home)
    assert house.start(home)
    assert not house.start(home)
    assert house.is_running(home)
    with house.connect(home) as connection:
        row = connection.execute("SELECT current_user, current_database(), current_setting('listen_addresses')")
        assert row.fetchone() == ("annals", "annals", "127.0.0.1")
    assert house.stop(home)
    assert not house.stop(home)
    assert not house.is_running(home)
    assert house.start(home)
    assert house.url(home) == before


def test_starting_changes_no_folder_above(home: Settings) -> None:
    house.start(home)
    assert stat.S_IMODE(home.home.parent.stat().st_mode) == 0o700


def test_only_the_owner_reads_passwords_and_no_two_homes_share_them(home: Settings, tmp_path: Path) -> None:
    mine = embedded.access(home)
    assert stat.S_IMODE((home.home / "warehouse.json").stat().st_mode) == 0o600
    other = embedded.access(Settings.from_environment({"ANNALS_HOME": str(tmp_path / "other")}))
    assert len({mine.postgres, mine.annals, mine.airflow, mine.annals_analyst, other.postgres, other.annals}) == 6


def test_nobody_enters_without_a_password(home: Settings) -> None:
    house.start(home)
    held = embedded.access(home)
    for user in ("postgres", "annals"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://{user}@127.0.0.1:{held.port}/annals", passfile="/nonexistent")


def test_roles_keep_to_their_databases(home: Settings) -> None:
    house.start(home)
    held = embedded.access(home)
    for user, password, database in (
        ("airflow", held.airflow, "annals"),
        ("annals", held.annals, "airflow"),
        ("annals_analyst", held.annals_analyst, "airflow"),
    ):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(f"postgresql://{user}:{password}@127.0.0.1:{held.port}/{database}")
    address = house.airflow_url(home, "postgresql")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE public.its_own (x integer)")


def test_a_power_cut_loses_nothing_that_was_committed(home: Settings) -> None:
    house.start(home)
    with house.connect(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS x")
    os.kill(postmaster(home), signal.SIGKILL)
    wait_until(lambda: not house.is_running(home))
    assert (home.home / "postgres" / "postmaster.pid").exists()
    assert house.start(home)
    with house.connect(home) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_pid_file_of_a_stranger_is_not_our_server(home: Settings) -> None:
    house.start(home)
    house.stop(home)
    file = home.home / "postgres" / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{home.home / 'postgres'}\n0\n1\n\n127.0.0.1\n1 999999\nready\n")
    assert not house.is_running(home)
    assert house.start(home)


def test_a_cluster_half_made_is_made_anew(home: Settings) -> None:
    (home.home / "postgres.new").mkdir(parents=True)
    (home.home / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert house.start(home)


def test_a_taken_port_is_given_up_for_another(home: Settings) -> None:
    before = embedded.access(home).port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", before))
        taken.listen()
        house.start(home)
        assert embedded.access(home).port != before
    with house.connect(home) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_unreachable_says_where_and_what_to_do_and_keeps_the_password(tmp_path: Path) -> None:
    settings = Settings.from_environment({"ANNALS_HOME": str(tmp_path)})
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ does not answer; start it: annals warehouse start"):
        house.connect(settings)
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        given = msgspec.structs.replace(settings, warehouse_url=f"postgresql://ann:hunter2@127.0.0.1:{port}/db")
        with pytest.raises(Unreachable) as told:
            house.connect(given)
    assert f"127.0.0.1:{port}" in str(told.value)
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_refused_password_or_a_missing_database_is_told_apart(server: Settings) -> None:
    port = embedded.access(server).port
    for address, said in (
        (f"postgresql://annals:hunter2@127.0.0.1:{port}/annals", "refuses user annals"),
        (house.url(server).removesuffix("annals") + "nosuch", "nosuch at .* does not exist"),
    ):
        with pytest.raises(Unreachable, match=said) as told:
            house.connect(msgspec.structs.replace(server, warehouse_url=address))
        assert "hunter2" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://x@h/db", "begins with 'mysql'"),
        ("postgresql://x@h:5432", "names no database"),
        ("postgresql://x@h:port/db", "is not a URL"),
        ("figures", "no scheme"),
    ],
)
def test_a_wrong_url_is_said_to_be_one(given: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=said):
        house.url(Settings.from_environment({"ANNALS_HOME": str(tmp_path), "ANNALS_WAREHOUSE_URL": given}))


def test_a_damaged_password_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "warehouse.json").write_text('{"port": 1')
    with pytest.raises(ConfigurationError, match=r"warehouse\.json is damaged"):
        embedded.access(Settings.from_environment({"ANNALS_HOME": str(tmp_path)}))


def test_an_unwritable_home_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        house.url(Settings.from_environment({"ANNALS_HOME": str(tmp_path / "file" / "home")}))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user; as an ordinary user all tests are it")
def test_runs_for_an_ordinary_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    if subprocess.run([*user, sys.executable, "-c", "import annals"], cwd=PROJECT, capture_output=True).returncode:
        pytest.skip("this checkout cannot be read by an ordinary user")
    home = Path("/tmp") / f"annals-test-{os.getpid()} 年"
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)
    environment = {"ANNALS_HOME": str(home), "PATH": os.environ["PATH"]}

    def annals(*words: str) -> str:
        command = [*user, sys.executable, "-m", "annals.cli", "warehouse", *words]
        return subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True).stdout

    try:
        assert annals("start") == "started\n"
        assert "mart" in annals("migrate")
        assert annals("url").startswith("postgresql+psycopg://annals:")
        assert annals("stop") == "stopped\n"
    finally:
        subprocess.run([*user, sys.executable, "-m", "annals.cli", "warehouse", "stop"], cwd=PROJECT, env=environment)
        shutil.rmtree(home)


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
