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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar

import fsspec
import msgspec
from fsspec.implementations.local import LocalFileSystem

from annals.errors import ConfigurationError, Unreachable

T = TypeVar("T")

_PART = ".part-"  # a write that is under way, or was when the power failed
_FOR_GOOD = (("raw",), ("captures",))
AT_ONCE = 1000  # files that a store lists or removes in one go
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
        self._options: dict[str, Any] = {}
        scheme = url.partition("://")[0]
        if scheme in _STORES:
            self._failures = (OSError, _register(scheme))
            self._options = {"retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=60)}}
        try:
            self._files, root = fsspec.core.url_to_fs(url, **self._options)
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

    def folders(self, folder: str) -> tuple[str, ...]:
        """The paths of the folders directly below a folder, in order; none when there is no such folder."""
        with self._reaching(folder, "read"):
            try:
                found = self._files.ls(self._at(folder), detail=True)
            except FileNotFoundError:
                return ()
        return tuple(sorted(self._relative(one["name"]) for one in found if one["type"] == "directory"))

    def older(self, folder: str, before: datetime) -> Iterator[str]:
        """The files below a folder that were last written before a time, one by one, however many there are."""
        with self._reaching(folder, "read"):
            if self._local:
                for parent, _, names in os.walk(self._at(folder)):
                    for name in names:
                        with suppress(FileNotFoundError):  # gone since it was listed
                            if Path(parent, name).stat().st_mtime < before.timestamp():
                                yield self._relative(f"{parent}/{name}")
                return
            import obstore

            for page in obstore.list(self._bucket(), prefix=self._key(folder), chunk_size=AT_ONCE):
                for one in page:
                    if one["last_modified"] < before:
                        yield self._relative(f"{self._root.partition('/')[0]}/{one['path']}")

    def remove_all(self, paths: Iterable[str]) -> int:
        """Remove files, and the folders that are left empty; how many there were. What is gone already is passed over.

        Raises ValueError for raw bytes and captures: those are kept for good.
        """
        count, left = 0, iter(paths)
        while some := list(islice(left, AT_ONCE)):
            if kept := [path for path in some if PurePosixPath(path).parts[:1] in _FOR_GOOD]:
                raise ValueError(f"{kept[0]} is kept for good")
            with self._reaching(some[0], "removed"):
                if self._local:
                    for path in some:
                        _remove_file(Path(self._at(path)), Path(self._root))
                else:
                    import obstore

                    obstore.delete(self._bucket(), [self._key(path) for path in some])
            count += len(some)
        return count

    def _bucket(self) -> Any:
        """The object store itself, for what fsspec does file by file, or only with everything in memory."""
        import obstore

        bucket = self._root.partition("/")[0]
        return obstore.store.from_url(f"{self.url.partition('://')[0]}://{bucket}", **self._options)

    def _key(self, path: str) -> str:
        """A path's key in its bucket."""
        return self._at(path).partition("/")[2]

    def _relative(self, place: str) -> str:
        return place.rstrip("/")[len(self._root) + 1 :]

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


def _open_new(part: Path) -> BinaryIO:
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        return part.open("xb")
    except FileNotFoundError:  # the folder was empty, and `_remove_file` was quicker
        part.parent.mkdir(parents=True, exist_ok=True)
        return part.open("xb")


def _remove_file(file: Path, root: Path) -> None:
    """Remove a file, and the folders above it that this leaves empty, but for the root."""
    file.unlink(missing_ok=True)
    for folder in file.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:  # not empty, or another process is just filling it
            return


@cache
def _register(scheme: str) -> type[Exception]:
    """Have fsspec reach the stores of this scheme; the base of all that can go wrong there."""
    from obstore.exceptions import BaseError
    from obstore.fsspec import register

    register(scheme)
    return BaseError


def _write_file(target: Path, data: bytes) -> None:
    """All of the data under its name, or nothing; the disk has it when this returns."""
    part = target.with_name(f"{target.name}{_PART}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with _open_new(part) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _one_line(error: object) -> str:
    return " ".join(str(error).split())
