"""The fence: strangers' documents are read in worker processes with limits on memory, processor and wall-clock time.

A hang, a crash or a bomb costs one worker and ends as `Unreadable`. Workers are reused, since starting one and loading
its models takes longer than reading most documents.
"""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from annals.errors import Unreadable
from annals.extract.limits import LIMITS, Limits, Options
from annals.extract.messages import HEADER, Grant, Read, Refused, Reply, Request, Show, Shown
from annals.model import Document

_REPLY_BYTES = 512 << 20  # a reply beyond this is itself a bomb
_KILLED_TWICE = "the reader was killed on it twice; the machine may be short of memory"
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


class _Killed(Exception):
    """Something else than the fence or the document's reader ended the worker, the system short of memory, say."""


class _Worker:
    """A worker process and the ends of its pipes."""

    def __init__(self, limits: Limits) -> None:
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        lifeline, ours = os.pipe()  # nothing is ever written to it; it breaks when this process ends, however it ends
        self._lifeline = os.fdopen(ours, "wb", buffering=0)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "annals.extract.worker", str(limits.memory_bytes), str(lifeline)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **single},
            pass_fds=(lifeline,),
            start_new_session=True,  # what a reader starts itself is ended with it
        )
        os.close(lifeline)
        self.usable = True

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def lives(self) -> bool:
        """Whether the process runs still."""
        return self._process.poll() is None

    def ask(self, request: Request | Show) -> Read | Shown:
        body = msgspec.msgpack.encode(request)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(HEADER.pack(len(body)))
            self._process.stdin.write(body)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._death() from None
        seconds = request.options.limits.seconds
        while True:
            reply = self._receive(seconds)
            if isinstance(reply, Grant):
                seconds = reply.seconds
                continue
            if reply.spent:
                self.close()
            if isinstance(reply, Refused):
                raise Unreadable(reply.reason)
            return reply

    def close(self) -> None:
        """End the process and everything it started."""
        self.usable = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._lifeline):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _receive(self, seconds: float) -> Reply:
        deadline = time.monotonic() + seconds
        (size,) = HEADER.unpack(self._take(HEADER.size, deadline, seconds))
        if size > _REPLY_BYTES:
            self.close()
            raise Unreadable("its text is larger than the limit")
        return _REPLIES.decode(self._take(size, deadline, seconds))

    def _take(self, size: int, deadline: float, seconds: float) -> bytearray:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        taken = bytearray()
        while len(taken) < size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.close()
                raise Unreadable(f"reading it took longer than {seconds:.0f} s")
            part = os.read(pipe, min(size - len(taken), 1 << 20))
            if not part:
                raise self._death()
            taken += part
        return taken

    def _death(self) -> Unreadable | _Killed:
        with contextlib.suppress(subprocess.TimeoutExpired):  # its pipe may close a moment before it ends
            self._process.wait(5)
        self.close()
        code = self._process.returncode
        if code in (-signal.SIGKILL, -signal.SIGTERM):
            return _Killed()
        if code == -signal.SIGXCPU:
            return Unreadable("reading it took more processor time than the limit")
        if code < 0:
            return Unreadable(f"the reader crashed on it ({signal.Signals(-code).name})")
        return Unreadable(f"the reader ended on it with status {code}")


class Fence:
    """A set of workers, started when needed, kept for the next document."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def read(self, name: str, data: bytes, options: Options) -> Document:
        """Read one document in a worker; safe to call from several threads."""
        reply = self._ask(Request(name=name, data=data, options=options))
        assert isinstance(reply, Read)
        return reply.document

    def show(self, document: Document, data: bytes, options: Options, start: int, end: int) -> Shown:
        """A stretch of a document's text in its place, as a picture or HTML; `data` are the document's bytes."""
        reply = self._ask(Show(document=document, data=data, options=options, start=start, end=end))
        assert isinstance(reply, Shown)
        return reply

    def _ask(self, request: Request | Show) -> Read | Shown:
        for _ in range(2):
            worker = self._borrow()
            try:
                reply = worker.ask(request)
            except _Killed:
                continue
            except Unreadable:
                self._return(worker)
                raise
            except BaseException:  # interrupted: its answer would be taken for that to the next document
                worker.close()
                raise
            self._return(worker)
            return reply
        raise Unreadable(_KILLED_TWICE)

    def _return(self, worker: _Worker) -> None:
        if worker.usable:
            with self._lock:
                self._idle.append(worker)

    def close(self) -> None:
        """End all idle workers."""
        with self._lock:
            idle, self._idle = self._idle, []
        if os.getpid() == self._owner:
            for worker in idle:
                worker.close()

    def _borrow(self) -> _Worker:
        with self._lock:
            if os.getpid() != self._owner:  # forked: those workers talk to our parent
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.lives():
                    return worker
                worker.close()
        return _Worker(self._limits)


_shared = Fence()
atexit.register(_shared.close)


def read(name: str, data: bytes, options: Options) -> Document:
    """Read one document behind the fence that this process shares."""
    return _shared.read(name, data, options)


def show(document: Document, data: bytes, options: Options, start: int, end: int) -> Shown:
    """Show a stretch of a document's text in its place, behind the fence that this process shares."""
    return _shared.show(document, data, options, start, end)


def extract_all(
    paths: Iterable[Path], *, workers: int | None = None, password: str | None = None
) -> Iterator[tuple[Path, Document | Unreadable]]:
    """Read many files on all cores, in the order given; what cannot be read is returned, never raised.

    At most twice as many documents as there are workers are held at a time.
    """
    from annals.extract import extract

    def one(path: Path) -> Document | Unreadable:
        try:
            return extract(path, password=password)
        except Unreadable as error:
            return error

    count = workers or len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(count, thread_name_prefix="extract") as pool:
        pending: deque[tuple[Path, Future[Document | Unreadable]]] = deque()
        for path in paths:
            pending.append((path, pool.submit(one, path)))
            if len(pending) >= 2 * count:
                first, future = pending.popleft()
                yield first, future.result()
        for first, future in pending:
            yield first, future.result()
