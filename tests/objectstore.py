"""An object store on loopback for tests: as much of S3 as an archive asks for, over real HTTP."""

import hashlib
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree
from xml.sax.saxutils import escape


@contextmanager
def object_store() -> Iterator[tuple[str, dict[str, bytes]]]:
    """The store's address, and its objects by `bucket/key`."""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_PUT(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            objects[self._key()] = data
            self._answer(200, ETag=_tag(data))

        def do_GET(self) -> None:
            parts = urllib.parse.urlsplit(self.path)
            query = dict(urllib.parse.parse_qsl(parts.query))
            if "list-type" in query:
                self._answer(200, self._listing(self._key(), query).encode(), Content_Type="application/xml")
            elif (data := objects.get(self._key())) is None:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", Content_Type="application/xml")
            else:
                status, extra = 200, {}
                if given := self.headers.get("Range"):
                    first, _, last = given.removeprefix("bytes=").partition("-")
                    whole, end = len(data), min(int(last or len(data)), len(data) - 1)
                    data = data[int(first) : end + 1]
                    status, extra = 206, {"Content_Range": f"bytes {first}-{end}/{whole}"}
                self._answer(status, data, ETag=_tag(data), Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT", **extra)

        def do_POST(self) -> None:
            """Of several objects at once: their removal."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert "delete" in urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query, keep_blank_values=True)
            keys = [
                one.text or "" for one in ElementTree.fromstring(body).iter() if one.tag.rpartition("}")[2] == "Key"
            ]
            for key in keys:
                objects.pop(f"{self._key()}/{key}", None)
            deleted = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
            self._answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode(), Content_Type="application/xml")

        def do_HEAD(self) -> None:
            self.do_GET()

        def _key(self) -> str:
            return urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/")

        def _listing(self, bucket: str, query: dict[str, str]) -> str:
            prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
            contents, folders = [], set()
            for name, data in sorted(objects.items()):
                key = name.removeprefix(f"{bucket}/")
                if name == key or not key.startswith(prefix):
                    continue
                rest = key[len(prefix) :]
                if delimiter and delimiter in rest:
                    folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
                    continue
                contents.append(
                    f"<Contents><Key>{escape(key)}</Key><Size>{len(data)}</Size><ETag>{_tag(data)}</ETag>"
                    "<LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>"
                )
            common = "".join(
                f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in sorted(folders)
            )
            return f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(contents)}{common}</ListBucketResult>"

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", objects
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'
