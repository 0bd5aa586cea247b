"""Serve the sample publisher's web site: `python -m samples.serve`.

It listens where include/sources/yunchuan.yaml looks for it: at ANNALS_SAMPLE_URL, or http://127.0.0.1:8765.
Answers conditional requests (ETag by content, Last-Modified) and says nothing of the charset, as many public
bodies' servers do: the pages themselves do.
"""

import argparse
import functools
import hashlib
import os
import sys
import urllib.parse
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).resolve().parent / "site"


class Handler(SimpleHTTPRequestHandler):
    """Files of the site, with an ETag."""

    def send_head(self):  # type: ignore[no-untyped-def]
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        self._etag = f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:20]}"' if path.is_file() else None
        if self._etag and self.headers.get("If-None-Match") == self._etag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.end_headers()
            return None
        # An ETag that differs outweighs the date, which a checkout sets anew.
        if "If-None-Match" in self.headers:
            del self.headers["If-Modified-Since"]
        return super().send_head()

    def end_headers(self) -> None:
        if getattr(self, "_etag", None):
            self.send_header("ETag", self._etag)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        print(f"{self.address_string()} {format % arguments}", flush=True)


def server(host: str = "127.0.0.1", port: int = 0, site: Path = SITE) -> ThreadingHTTPServer:
    """The server, bound and not yet started (`serve_forever`); port 0 takes a free one (`server_port`)."""
    return ThreadingHTTPServer((host, port), functools.partial(Handler, directory=str(site)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.serve", description="Serve the sample publisher's site.")
    address = urllib.parse.urlsplit(os.environ.get("ANNALS_SAMPLE_URL") or "http://127.0.0.1:8765")
    parser.add_argument("--host", default=address.hostname, help="default: %(default)s")
    parser.add_argument("--port", type=int, default=address.port or 80, help="0: a free one; default: %(default)s")
    arguments = parser.parse_args()
    try:
        running = server(arguments.host, arguments.port)
    except OSError as error:
        print(f"samples.serve: port {arguments.port} on {arguments.host}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"sample publisher at http://{arguments.host}:{running.server_port}/", flush=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        running.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
