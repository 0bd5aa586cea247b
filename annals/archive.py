"""The archive: raw bytes under their hash, and the JSON that rooms hand to each other; a folder or an object store.

    raw/ab/abcdef…           the bytes as fetched, never changed
    captures/SOURCE/ID.json  the latest capture of a notice
    anything else            hand-over files, named by those who write them

On a folder every write is a temporary file that is renamed into place, so a reader sees all of it or nothing.
An object store does the same by itself: an upload appears when it is complete.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import fsspec
import msgspec
from fsspec.implementations.local import LocalFileSystem

from annals.errors import ConfigurationError, Unreachable

T = TypeVar("T")

_PART = ".part-"  # a write that is under way, or was when the power failed
_STORES = ("s3", "gs", "az")
_ADVICE = "set ANNALS_ARCHIVE (or ANNALS_HOME) to a place that can be written"


class Archive:
    """Everything below one URL. Paths are relative to it, with `/`; they never lead out of it."""

    def __init__(self, url: str) -> None:
        """Open the archive; a folder is made where it is missing. Raises ConfigurationError if it cannot be written.

        An object store is not asked before it is needed; it takes its address and keys from the environment
        (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …).
        """
        self.url = url
        self._failures: tuple[type[Exception], ...] = (OSError,)
        options: dict[str, Any] = {}
        scheme = url.partition("://")[0]
        if scheme in _STORES:
            self._failures = (OSError, _register(scheme))
            options = {"retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=60)}}
        try:
            self._files, root = fsspec.core.url_to_fs(url, **options)
        except (ImportError, ValueError) as error:
            raise ConfigurationError(f"archive {url}: {_one_line(error)}; {_ADVICE}") from error
        self._root = str(root).rstrip("/")
        self._local = isinstance(self._files, LocalFileSystem)
        if self._local:
            try:
                self._files.makedirs(self._root, exist_ok=True)
            except OSError as error:
                raise ConfigurationError(f"archive {url}: cannot be made: {_one_line(error)}; {_ADVICE}") from error
            if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
                raise ConfigurationError(f"archive {url}: cannot be written; {_ADVICE}")

    def put(self, data: bytes) -> tuple[str, str]:
        """Keep the bytes; their SHA-256 in hexadecimal, and the path they lie under. What is there already stays."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = f"raw/{sha256[:2]}/{sha256}"
        if not self.exists(path):
            self._write(path, data)
        return sha256, path

    def get(self, path: str) -> bytes:
        """The bytes under a path. Raises Unreachable when they are not there, or are not what their name says."""
        try:
            with self._reaching(path, "read"):
                data: bytes = self._files.cat_file(self._at(path))
        except FileNotFoundError as error:
            raise Unreachable(f"archive {self.url}: {path} is not there; was the archive moved or emptied?") from error
        if path.startswith("raw/") and hashlib.sha256(data).hexdigest() != PurePosixPath(path).name:
            raise Unreachable(f"archive {self.url}: {path} is damaged; delete it, and it will be fetched again")
        return data

    def put_json(self, path: str, value: Any) -> str:
        """Write a record, or a list of them, as JSON, in place of what was there; returns the path."""
        self._write(path, msgspec.json.encode(value))
        return path

    def get_json(self, path: str, type: type[T]) -> T:
        """Read what `put_json` wrote. Raises Unreachable when it is not there or is no such record."""
        data = self.get(path)
        try:
            return msgspec.json.decode(data, type=type)
        except msgspec.DecodeError as error:
            raise Unreachable(f"archive {self.url}: {path} is no {getattr(type, '__name__', type)}: {error}") from error

    def exists(self, path: str) -> bool:
        with self._reaching(path, "read"):
            return bool(self._files.exists(self._at(path)))

    def list(self, folder: str) -> tuple[str, ...]:
        """The paths of all files below a folder, in order; none when there is no such folder."""
        with self._reaching(folder, "read"):
            found = self._files.find(self._at(folder))
        return tuple(sorted(str(path)[len(self._root) + 1 :] for path in found if _PART not in str(path)))

    def _at(self, path: str) -> str:
        if not path or path.startswith("/") or ".." in PurePosixPath(path).parts or re.search(r"[\x00-\x1f]", path):
            raise ValueError(f"not a path inside the archive: {path!r}")
        return f"{self._root}/{path}"

    def _write(self, path: str, data: bytes) -> None:
        target = self._at(path)
        with self._reaching(path, "written", f"; {_ADVICE}"):
            if self._local:
                _write_file(Path(target), data)
            else:
                self._files.pipe_file(target, data)

    @contextmanager
    def _reaching(self, path: str, verb: str, advice: str = "") -> Iterator[None]:
        """Turn what goes wrong on the way to the files into Unreachable, except that a file is not there to be read."""
        try:
            yield
        except self._failures as error:
            if isinstance(error, FileNotFoundError) and verb == "read":
                raise
            why = _one_line(str(error).partition("\n")[0])
            raise Unreachable(f"archive {self.url}: {path} cannot be {verb}: {why}{advice}") from error


@cache
def _register(scheme: str) -> type[Exception]:
    """Have fsspec reach the stores of this scheme; the base of all that can go wrong there."""
    from obstore.exceptions import BaseError
    from obstore.fsspec import register

    register(scheme)
    return BaseError


def _write_file(target: Path, data: bytes) -> None:
    """All of the data under its name, or nothing; the disk has it when this returns."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}{_PART}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _one_line(error: object) -> str:
    return " ".join(str(error).split())
