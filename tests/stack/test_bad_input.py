"""`make run` with a wrong setting: one line that says what to do, before anything is started."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from annals.settings import PROJECT

SOURCE = PROJECT / "include" / "sources" / "yunchuan.yaml"


def stack(command: str, *arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANNALS_", "AIRFLOW"))}
    return subprocess.run(
        [sys.executable, "-m", "stack", command, *arguments],
        cwd=PROJECT,
        env={**clean, "ANNALS_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("annals: ")
    return line


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = only_line(stack("run", home=tmp_path, ANNALS_PORT=str(port)))
    assert f"port {port} on 127.0.0.1" in line
    assert "make run ANNALS_PORT=" in line
    assert not (tmp_path / "postgres").exists()


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    line = only_line(stack("run", home=file / "home"))
    assert f"ANNALS_HOME {file / 'home'} cannot be made" in line
    assert "set ANNALS_HOME" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot be" in only_line(stack("run", home=tmp_path))


def test_a_warehouse_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))  # bound, and not listening
        url = f"postgresql://ann:secret@127.0.0.1:{unheard.getsockname()[1]}/figures"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        line = only_line(stack("run", home=tmp_path, ANNALS_WAREHOUSE_URL=url, ANNALS_PORT=str(port)))
    assert "does not answer" in line
    assert "ANNALS_WAREHOUSE_URL" in line
    assert "secret" not in line
    assert not (tmp_path / "postgres").exists()


def test_a_port_that_is_no_number(tmp_path: Path) -> None:
    assert "ANNALS_PORT is 'eighty'" in only_line(stack("run", home=tmp_path, ANNALS_PORT="eighty"))


def test_make_says_the_reason_in_its_last_line(tmp_path: Path) -> None:
    # -o: what is set up already is not set up anew.
    command = ["make", "-o", ".venv/ready", "run", f"ANNALS_HOME={tmp_path}", f"NOTICES={tmp_path / '通 知%s#,)'}"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        f"*** annals: NOTICES={tmp_path / '通 知%s#,)'} is no folder; name one that holds documents.  Stop."
    )
    assert list((PROJECT / ".venv").glob("reason-*")) == []


def test_a_folder_of_notices_that_is_not_there(tmp_path: Path) -> None:
    line = only_line(stack("run", "--notices", str(tmp_path / "通知"), home=tmp_path))
    assert f"NOTICES={tmp_path / '通知'} is no folder" in line


def test_a_folder_of_sources_that_is_not_there(tmp_path: Path) -> None:
    line = only_line(stack("run", home=tmp_path, ANNALS_SOURCES=str(tmp_path / "none")))
    assert "ANNALS_SOURCES" in line


def test_a_folder_with_no_source_in_it(tmp_path: Path) -> None:
    assert "no source" in only_line(stack("run", home=tmp_path, ANNALS_SOURCES=str(tmp_path)))


def test_a_source_with_a_typo(tmp_path: Path) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    (tmp_path / "yunchuan.yaml").write_text(text.replace("\nowner:", "\nowmer:"), encoding="utf-8")
    line = only_line(stack("run", home=tmp_path / "home", ANNALS_SOURCES=str(tmp_path)))
    assert "yunchuan.yaml:" in line
    assert "owmer" in line
    assert "did you mean 'owner'" in line


def test_stop_where_nothing_runs(tmp_path: Path) -> None:
    done = stack("stop", home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (0, "Nothing runs.\n")
    assert not (tmp_path / "home").exists()


def test_what_airflow_keeps_cannot_be_pruned_while_its_database_is_down(tmp_path: Path) -> None:
    assert "start it: make run" in only_line(stack("prune", home=tmp_path))
    done = stack("prune", home=tmp_path, ANNALS_KEEP_DAYS="0")
    assert (done.returncode, done.stdout) == (0, "ANNALS_KEEP_DAYS is 0: all is kept.\n")
    assert "ANNALS_KEEP_DAYS is 'ten'" in only_line(stack("prune", home=tmp_path, ANNALS_KEEP_DAYS="ten"))


def test_a_watchdog_that_could_tell_nobody(tmp_path: Path) -> None:
    line = only_line(stack("run", home=tmp_path, ANNALS_WATCHDOG_TO="jsno://ann:secret@x.cn"))
    assert "ANNALS_WATCHDOG_TO: entry 1 (jsno://…)" in line
    assert not (tmp_path / "postgres").exists()


def test_two_at_once(tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        line = only_line(stack("stop", home=tmp_path))
    assert "another make run or make stop" in line
