"""The supervisor against real processes: what it starts it finds again and ends, and nothing else."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from msgspec import structs

from stack import processes
from stack.processes import Records, Service

SLEEP = "import time; time.sleep(600)"
# Begins a child in the session, and one in a session of its own, and then sleeps.
FAMILY = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
print("begun", flush=True)
time.sleep(600)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('begun', flush=True); time.sleep(600)"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    kept = Records(tmp_path / "services.json")
    yield kept
    for service in kept.read():
        processes.stop(service, grace_s=0.1)


def begin(records: Records, code: str, *, name: str = "one", until: str = "") -> Service:
    log = records.path.with_name(f"{name}.log")
    service = processes.start(
        name,
        [sys.executable, "-c", code],
        records=records,
        log=log,
        environment=os.environ,
        folder=records.path.parent,
    )
    deadline = time.monotonic() + 20
    while until and until not in log.read_text():
        assert time.monotonic() < deadline, "the process said nothing"
        time.sleep(0.02)
    return service


def test_what_was_started_is_on_record_and_alive(records: Records) -> None:
    service = begin(records, SLEEP)
    assert records.read() == [service]
    assert processes.alive(service)


def test_stop_ends_children_in_the_session_and_out_of_it(records: Records) -> None:
    service = begin(records, FAMILY, until="begun")
    family = processes.members(service)
    assert len(family) == 3
    processes.stop(service, grace_s=5)
    assert not processes.alive(service)
    assert not [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]


def test_stop_finds_the_session_of_a_leader_that_was_killed(records: Records) -> None:
    service = begin(records, FAMILY, until="begun")
    (child,) = [
        one for one in processes.members(service) if one.pid != service.pid and os.getsid(one.pid) == service.pid
    ]
    loner = next(one for one in processes.members(service) if os.getsid(one.pid) == one.pid != service.pid)
    try:
        os.kill(service.pid, signal.SIGKILL)
        os.waitpid(service.pid, 0)
        assert processes.members(service) == {child}
        processes.stop(service, grace_s=5)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    finally:
        loner.kill()


def test_stop_kills_what_does_not_listen(records: Records) -> None:
    service = begin(records, DEAF, until="begun")
    processes.stop(service, grace_s=0.2)
    assert not processes.alive(service)


def test_a_process_id_that_was_given_out_again_is_left_alone(records: Records) -> None:
    stranger = begin(records, SLEEP)
    ours = structs.replace(stranger, started=stranger.started - 3600)
    assert not processes.alive(ours)
    assert processes.members(ours) == set()
    processes.stop(ours, grace_s=0.1)
    assert processes.alive(stranger)


def test_a_service_started_again_takes_the_place_of_the_old_record(records: Records) -> None:
    first, other = begin(records, SLEEP), begin(records, SLEEP, name="other")
    processes.stop(first, grace_s=1)
    again = begin(records, SLEEP)
    assert records.read() == [other, again]
    records.remove("other")
    assert records.read() == [again]


def test_no_file_means_no_services(tmp_path: Path) -> None:
    assert Records(tmp_path / "none" / "services.json").read() == []
