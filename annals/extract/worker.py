"""One worker of the fence: documents in on standard input, one after the other, documents or reasons out.

Nothing here is caught beyond what readers raise on purpose: a reader that fails otherwise ends the process, its last
words go to the fence, and the fence starts another.
"""

import fcntl
import os
import resource
import select
import signal
import sys
import time
import traceback
from types import TracebackType
from typing import BinaryIO

import msgspec

from annals.errors import AnnalsError, Unreadable
from annals.extract import budget
from annals.extract.detect import media_type
from annals.extract.formats import parse
from annals.extract.messages import HEADER, Grant, Read, Refused, Reply, Request, Show, Shown

_RESERVE_BYTES = 8 << 20  # given up to say that there is no more memory: saying so takes some
_RESIDENT_LIMIT = 1 << 30  # a worker that has grown beyond this is replaced; what it freed the system does not get back


def serve(requests: BinaryIO, replies: BinaryIO, memory_bytes: int) -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_network)

    reserve = [bytes(_RESERVE_BYTES)]
    too_large = Refused(reason=f"reading it needs more memory than {memory_bytes >> 20} MiB", spent=True)

    def send(reply: Reply) -> None:
        body = msgspec.msgpack.encode(reply)
        replies.write(HEADER.pack(len(body)) + body)
        replies.flush()

    def last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        reserve.clear()
        if kind is MemoryError:
            send(too_large)
            return
        frames = traceback.extract_tb(trace)
        ours = [frame for frame in frames if f"{os.sep}annals{os.sep}" in frame.filename] or frames
        at = f" in {os.path.basename(ours[-1].filename)} line {ours[-1].lineno}" if ours else ""  # noqa: PTH119
        words = f"{kind.__name__}: {error}"[:300]
        send(Refused(reason=f"the reader failed{at} ({words})", spent=True))

    def grant(seconds: float) -> None:
        _allow(seconds)
        send(Grant(seconds=seconds))

    sys.excepthook = last_words
    budget.keep(grant)
    decoder: msgspec.msgpack.Decoder[Request | Show] = msgspec.msgpack.Decoder(Request | Show)
    while header := requests.read(HEADER.size):
        request = decoder.decode(requests.read(HEADER.unpack(header)[0]))
        _allow(request.options.limits.seconds)
        try:
            send(_answer(request))
        except AnnalsError as error:
            send(Refused(reason=str(error), spent=_grown()))
        except MemoryError:
            reserve.clear()
            send(too_large)
        except RecursionError:
            send(Refused(reason="its parts are nested too deeply", spent=True))


def _answer(request: Request | Show) -> Read | Shown:
    if isinstance(request, Show):
        from annals.extract.evidence import show

        return show(request.document, request.data, request.options, request.start, request.end)
    kind = media_type(request.name, request.data)
    return Read(document=parse(kind, request.name, request.data, request.options), spent=_grown())


def _allow(seconds: float) -> None:
    """Let the process use so much more processor time; the system ends it when it is used up."""
    limit = int(time.process_time() + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _grown() -> bool:
    with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123
        return int(stream.read().split()[1]) * resource.getpagesize() > _RESIDENT_LIMIT


def _end_with(lifeline: int) -> None:
    """Have the system end this process when the other end of the pipe is gone, whatever a reader is busy with."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:  # gone already
        sys.exit(1)


def _refuse_network(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith("socket."):
        raise Unreadable("reading it called for the network, which is refused")


if __name__ == "__main__":
    # Replies get a descriptor of their own: what libraries print must not land between them.
    _end_with(int(sys.argv[2]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    serve(sys.stdin.buffer, answers, int(sys.argv[1]))
