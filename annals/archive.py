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
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import fsspec
import msgspec
from fsspec.implementations.local import LocalFileSystem

from annals.errors import ConfigurationError, Unreachable

T = TypeVar("T")

_PART = ".part-"  # a write that is under way, or was when the power failed
_ADVICE = "set ANNALS_ARCHIVE (or ANNALS_HOME) to a place that can be written"


class Archive:
    """Everything below one URL. Paths are relative to it, with `/`; they never lead out of it."""

    def __init__(self, url: str) -> None:
        """Open the archive; a folder is made where it is missing. Raises ConfigurationError if it cannot be written."""
        self.url = url
        try:
            self._files, root = fsspec.core.url_to_fs(url)
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
            data: bytes = self._files.cat_file(self._at(path))
        except FileNotFoundError as error:
            raise Unreachable(f"archive {self.url}: {path} is not there; was the archive moved or emptied?") from error
        except OSError as error:
            raise Unreachable(f"archive {self.url}: {path} cannot be read: {_one_line(error)}") from error
        if path.startswith("raw/") and hashlib.sha256(data).hexdigest() != PurePosixPath(path).name:
            raise Unreachable(
                f"archive {self.url}: {path} is damaged: its bytes are not those of its name; delete it and fetch again"
            )
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
        return bool(self._files.exists(self._at(path)))

    def list(self, folder: str) -> tuple[str, ...]:
        """The paths of all files below a folder, in order; none when there is no such folder."""
        found = self._files.find(self._at(folder))
        return tuple(sorted(str(path)[len(self._root) + 1 :] for path in found if _PART not in str(path)))

    def _at(self, path: str) -> str:
        if not path or path.startswith("/") or ".." in PurePosixPath(path).parts or re.search(r"[\x00-\x1f]", path):
            raise ValueError(f"not a path inside the archive: {path!r}")
        return f"{self._root}/{path}"

    def _write(self, path: str, data: bytes) -> None:
        target = self._at(path)
        try:
            if self._local:
                _write_file(Path(target), data)
            else:
                self._files.pipe_file(target, data)
        except OSError as error:
            raise Unreachable(f"archive {self.url}: {path} cannot be written: {_one_line(error)}; {_ADVICE}") from error


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


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
