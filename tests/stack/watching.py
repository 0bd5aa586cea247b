"""What the watchdog's tests watch: an Airflow that says what it is told to, and servers that take mail and posts."""

import email
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PASSWORD = "airflow-password"


class Answers:
    """What the Airflow says: its parts, its DAGs (by id, whether paused) and its import errors."""

    def __init__(self) -> None:
        self.parts = dict.fromkeys(("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy")
        self.dags: dict[str, bool] = {}
        self.errors: list[dict[str, str]] = []
        self.silent = False
        self.taken: list[tuple[str, str]] = []  # path and body of what was posted or fetched elsewhere
        self.refuses = False

    def get(self, path: str) -> dict[str, Any] | None:
        where, _, query = path.partition("?")
        if where == "/api/v2/monitor/health":
            return {part: {"status": status} for part, status in self.parts.items()}
        if where == "/api/v2/importErrors":
            return {"import_errors": self.errors}
        if where == "/api/v2/dags":
            options = dict(part.split("=") for part in query.split("&"))
            first, limit = int(options["offset"]), int(options["limit"])
            known = sorted(self.dags.items())
            some = [{"dag_id": name, "is_paused": paused} for name, paused in known[first : first + limit]]
            return {"dags": some, "total_entries": len(known)}
        return None


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """The address of an HTTP server: Airflow's API as far as it is asked, and whatever else is fetched or posted."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            if answers.silent:
                self.close_connection = True
                return
            known = answers.get(self.path)
            if known is not None:
                self._answer(200, known)
            else:
                answers.taken.append((self.path, ""))
                self._answer(503 if answers.refuses else 200, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if answers.silent:
                self.close_connection = True
            elif self.path == "/auth/token":
                right = json.loads(body)["password"] == PASSWORD
                self._answer(201 if right else 401, {"access_token": "token"})
            else:
                answers.taken.append((self.path, body))
                self._answer(503 if answers.refuses else 200, {})

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Inbox:
    """What a mail server took in; it refuses those in `refuses`."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses & set(envelope.rcpt_tos):
            return "451 later"
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def subjects(self, to: str | None = None) -> list[str]:
        return [str(message["Subject"]) for message in self.messages if to in (None, message["To"])]

    def last(self) -> str:
        return str(self.messages[-1].get_content())


@contextmanager
def mail_server(inbox: Inbox, port: int = 0) -> Iterator[int]:
    """The port of a mail server on loopback."""
    if not port:
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def connection(port: int, **more: Any) -> str:
    """AIRFLOW_CONN_SMTP_DEFAULT for such a server."""
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "annals@x.cn"}
    return json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra, **more})
