"""What happens to the fence itself: workers killed, callers interrupted, parents that die, answers mixed up."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annals.errors import Unreadable
from annals.extract import Limits, Options, fence

PAGE = "<html><body><p>全年办讲座126场，惠及公众4.8万人次。</p></body></html>".encode()
OTHER = "<html><body><p>全年培训教师37人。</p></body></html>".encode()
SLOW = ("<div>" * 60_000 + "云川市").encode()  # keeps a reader busy for many seconds


@pytest.fixture
def own() -> Iterator[fence.Fence]:
    fenced = fence.Fence()
    yield fenced
    fenced.close()


def options(seconds: float = 20.0) -> Options:
    return Options(limits=Limits(seconds=seconds))


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until_gone(pid: int, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_a_worker_killed_while_idle_costs_no_document(own: fence.Fence) -> None:
    own.read("a.html", PAGE, options())
    (worker,) = own._idle
    os.kill(worker.pid, signal.SIGKILL)
    assert wait_until_gone(worker.pid)
    assert "126场" in own.read("a.html", PAGE, options()).text


def test_a_document_whose_worker_was_killed_is_read_again_once(own: fence.Fence) -> None:
    own.read("a.html", PAGE, options())
    (worker,) = own._idle
    os.kill(worker.pid, signal.SIGSTOP)  # so that the request is under way when the worker is killed
    killer = threading.Timer(0.2, os.kill, (worker.pid, signal.SIGKILL))
    killer.start()
    assert "37人" in own.read("b.html", OTHER, options()).text
    killer.join()
    assert own._idle[0].pid != worker.pid


def test_a_document_whose_workers_are_always_killed_is_unreadable(
    own: fence.Fence, monkeypatch: pytest.MonkeyPatch
) -> None:
    born = fence._Worker.__init__

    def doomed(self: fence._Worker, limits: Limits) -> None:
        born(self, limits)
        threading.Timer(0.3, os.kill, (self.pid, signal.SIGKILL)).start()

    with monkeypatch.context() as patch:
        patch.setattr(fence._Worker, "__init__", doomed)
        with pytest.raises(Unreadable, match="killed on it twice"):
            own.read("slow.html", SLOW, options())
    assert "126场" in own.read("a.html", PAGE, options()).text


class Interrupted(Exception):
    """What a task's timeout raises in the middle of anything."""


def test_an_interrupted_caller_never_gets_the_answer_to_another_document(own: fence.Fence) -> None:
    def interrupt(_number: int, _frame: object) -> None:
        raise Interrupted

    own.read("a.html", PAGE, options())
    (worker,) = own._idle
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(Interrupted):
            own.read("slow.html", SLOW, options())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert own._idle == []
    assert wait_until_gone(worker.pid)
    assert "37人" in own.read("b.html", OTHER, options()).text


def test_a_worker_that_does_not_move_is_ended(own: fence.Fence) -> None:
    own.read("a.html", PAGE, options())
    (worker,) = own._idle
    os.kill(worker.pid, signal.SIGSTOP)  # uses no processor time, answers nothing
    with pytest.raises(Unreadable, match="took longer than 1 s"):
        own.read("b.html", OTHER, options(seconds=1))
    assert wait_until_gone(worker.pid)
    assert "37人" in own.read("b.html", OTHER, options()).text


def test_memory_has_a_limit() -> None:
    small = fence.Fence(Limits(memory_bytes=400 << 20))
    page = b"<html><body>" + b"<p>1 2 3 4 5</p>" * 600_000
    with pytest.raises(Unreadable, match=r"memory than 400 MiB|limit of memory|crashed on it"):
        small.read("large.html", page, options())
    assert "126场" in small.read("a.html", PAGE, options()).text
    small.close()


# A parent that says its worker's number and is killed while the worker is idle, or busy with a document.
PARENT = """
import sys, threading
from annals.extract import Limits, Options, fence
own = fence.Fence()
page, slow = sys.stdin.buffer.read().split(b"\\0")
options = Options(limits=Limits(seconds=300))
own.read("a.html", page, options)
print(own._idle[0].pid, flush=True)
if sys.argv[1] == "busy":
    own.read("slow.html", slow, options)
else:
    threading.Event().wait()
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_parent(state: str, number: signal.Signals) -> None:
    command = [sys.executable, "-c", PARENT, state]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin is not None and parent.stdout is not None
        parent.stdin.write(PAGE + b"\0" + SLOW * 2)
        parent.stdin.close()
        worker = int(parent.stdout.readline())
        time.sleep(0.3)
        assert alive(worker)
        parent.send_signal(number)
        parent.wait()
        assert wait_until_gone(worker, 3)


def test_fenced_reading_costs_little_more_than_reading(own: fence.Fence) -> None:
    from annals.extract.detect import HTML
    from annals.extract.formats import parse

    def fastest(read: object) -> float:
        best = 1.0
        for _ in range(40):
            began = time.perf_counter()
            read()  # type: ignore[operator]
            best = min(best, time.perf_counter() - began)
        return best

    bare = fastest(lambda: parse(HTML, "a.html", PAGE, options()))
    fenced = fastest(lambda: own.read("a.html", PAGE, options()))
    assert fenced - bare < 0.003


def test_many_callers_at_once_each_get_their_own_answer(own: fence.Fence) -> None:
    wrong: list[str] = []
    answers: list[str] = []

    def ask(number: int) -> None:
        for turn in range(10):
            said = f"全年办讲座{number * 100 + turn}场。"
            page = f"<html><body><p>{said}</p></body></html>".encode()
            text = own.read("a.html", page, options()).text
            if text.strip() != said:
                wrong.append(f"{said} → {text}")
            answers.append(text)

    callers = [threading.Thread(target=ask, args=(number,)) for number in range(1, 5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert wrong == []
    assert len(set(answers)) == 40
    assert len(own._idle) <= 4
