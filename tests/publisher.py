"""A publisher's server on loopback for tests: it answers what a test tells it to, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # promise more than is sent, then hang up
    drop: bool = False  # hang up at once


Page = bytes | str | Answer | list[Answer] | Callable[[Request], Answer]


@dataclass
class Publisher:
    """`pages` maps a path to what is answered; of a list, one after the other, the last one for ever."""

    url: str
    pages: dict[str, Page]
    requests: list[Request] = field(default_factory=list)

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.requests)

    def answer(self, request: Request) -> Answer:
        page = self.pages.get(request.path, Answer(b"not here", 404))
        if isinstance(page, list):
            page = page[min(self.asked(request.path), len(page)) - 1]
        if callable(page):
            page = page(request)
        if isinstance(page, str):
            page = page.encode()
        if isinstance(page, bytes):
            ending = request.path.rpartition(".")[2]
            kinds = {"pdf": "application/pdf", "docx": "application/octet-stream", "txt": "text/plain"}
            page = Answer(page, headers={"Content-Type": kinds.get(ending, "text/html")})
        return page


@contextmanager
def publisher(pages: dict[str, Page]) -> Iterator[Publisher]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            request = Request(self.path, {name.lower(): value for name, value in self.headers.items()})
            ours.requests.append(request)
            answer = ours.answer(request)
            if answer.drop:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304 and "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body) + (1000 if answer.cut else 0)))
            self.end_headers()
            if answer.status != 304:
                self.wfile.write(answer.body)
            self.close_connection = answer.cut

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ours = Publisher(f"http://127.0.0.1:{server.server_port}", pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield ours
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
