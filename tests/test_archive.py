"""The archive: what is put is what is got, whole or not at all, in a folder and in an object store."""

import hashlib
import itertools
import multiprocessing
import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from annals import archive as archive_module
from annals.archive import Archive
from annals.errors import ConfigurationError, Unreachable
from annals.model import NoticeRef
from tests.objectstore import object_store

COUNT = itertools.count()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """An object store that the environment points to; its objects."""
    with object_store() as (url, objects):
        for name, value in (("ENDPOINT_URL", url), ("ALLOW_HTTP", "true"), ("REGION", "a")):
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield objects


@pytest.fixture(params=["folder", "store"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    if request.param == "folder":
        return Archive(str(tmp_path / "档案 库"))
    request.getfixturevalue("store")
    # fsspec keeps one file system per URL for the life of the process; each test has its own store.
    return Archive(f"s3://bucket-{os.getpid()}-{next(COUNT)}/档案 库")


def test_bytes_lie_under_their_hash(archive: Archive) -> None:
    data = "云川市".encode("gb18030")
    sha256, path = archive.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert path == f"raw/{sha256[:2]}/{sha256}"
    assert archive.get(path) == data
    assert archive.put(data) == (sha256, path)
    assert archive.list("raw") == (path,)


def test_records_come_back_as_they_were(archive: Archive) -> None:
    ref = NoticeRef(source="hesheng", url="http://a.invalid/1", title="通知")
    assert archive.put_json("runs/r1/refs.json", (ref,)) == "runs/r1/refs.json"
    assert archive.get_json("runs/r1/refs.json", tuple[NoticeRef, ...]) == (ref,)
    archive.put_json("runs/r1/refs.json", ())
    assert archive.get_json("runs/r1/refs.json", tuple[NoticeRef, ...]) == ()
    assert archive.exists("runs/r1/refs.json") and not archive.exists("runs/r2/refs.json")
    assert archive.list("runs/r1") == ("runs/r1/refs.json",)
    assert archive.list("runs/r9") == ()


def test_folders_one_level_down(archive: Archive) -> None:
    for path in ("runs/甲/1/a.json", "runs/甲/2/b/c.json", "runs/甲/d.json", "runs/乙/1/a.json"):
        archive.put_json(path, 1)
    assert archive.folders("runs") == ("runs/乙", "runs/甲")
    assert archive.folders("runs/甲") == ("runs/甲/1", "runs/甲/2")
    assert archive.folders("runs/丙") == ()


def test_what_is_older_is_removed_and_nothing_else(archive: Archive) -> None:
    for path in ("runs/甲 1/a.json", "runs/甲 1/b/c.json", "runs/甲 10/a.json", "evidence/x.json"):
        archive.put_json(path, 1)
    now = datetime.now(UTC)
    assert list(archive.older("runs", datetime(2020, 1, 1, tzinfo=UTC))) == []
    assert list(archive.older("runs/丙", now + timedelta(days=1))) == []
    found = sorted(archive.older("runs/甲 1", now + timedelta(days=1)))
    assert found == ["runs/甲 1/a.json", "runs/甲 1/b/c.json"]
    assert archive.remove_all(found) == 2
    assert archive.list("runs") == ("runs/甲 10/a.json",)
    assert archive.folders("runs") == ("runs/甲 10",)
    assert archive.exists("evidence/x.json")
    archive.remove_all(found)  # gone already


def test_more_than_a_store_lists_at_once_is_removed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annals.archive.AT_ONCE", 7)
    for number in range(40):
        archive.put_json(f"evidence/{number}/x.json", number)
    assert archive.remove_all(archive.older("evidence", datetime.now(UTC) + timedelta(days=1))) == 40
    assert archive.list("evidence") == ()


def test_raw_bytes_and_captures_are_never_removed(archive: Archive) -> None:
    _, raw = archive.put(b"original")
    for path in (raw, archive.put_json("captures/yunchuan/1.json", 1)):
        with pytest.raises(ValueError, match="is kept for good"):
            archive.remove_all([path])
        assert archive.exists(path)
    with pytest.raises(ValueError, match="not a path inside the archive"):
        archive.remove_all(["runs/../raw/x"])


def test_removing_takes_no_more_memory_in_a_large_archive(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")  # where no other thread allocates
    peaks = context.Queue()
    remover = context.Process(target=_remove_many, args=(str(tmp_path), peaks))
    remover.start()
    _, few, many = (peaks.get(timeout=60) for _ in range(3))
    remover.join()
    assert many < few * 2


def _remove_many(url: str, peaks: "multiprocessing.Queue[int]") -> None:
    archive = Archive(url)
    archive_module.AT_ONCE = 100
    for many in (500, 500, 5000):  # what is set up on the way is not counted
        for number in range(many):
            file = Path(url, "evidence", f"{number // 50:03d}", f"{number}.json")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        tracemalloc.start()
        assert archive.remove_all(archive.older("evidence", datetime.now(UTC) + timedelta(days=1))) == many
        peaks.put(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


def test_a_folder_emptied_while_it_is_written_to(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    remover = context.Process(target=_come_and_go, args=(str(tmp_path),))
    remover.start()
    archive = Archive(str(tmp_path))
    for number in range(400):
        archive.put_json(f"alerts/told/{number}.json", number)
    remover.join()
    assert remover.exitcode == 0
    assert len(archive.list("alerts/told")) == 400


def _come_and_go(url: str) -> None:
    archive = Archive(url)
    for number in range(400):
        archive.remove_all([archive.put_json(f"alerts/told/x{number}.json", number)])


def test_what_is_not_there_and_what_is_no_record(archive: Archive) -> None:
    with pytest.raises(Unreachable, match=r"runs/none\.json is not there"):
        archive.get("runs/none.json")
    archive.put_json("x.json", {"url": 1})
    with pytest.raises(Unreachable, match=r"x\.json is no NoticeRef"):
        archive.get_json("x.json", NoticeRef)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../b", "", "a\nb"])
def test_paths_stay_inside(archive: Archive, path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside the archive"):
        archive.get(path)


def test_damaged_bytes_are_noticed(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    _, path = archive.put(b"original")
    (tmp_path / path).write_bytes(b"changed")
    with pytest.raises(Unreachable, match="is damaged"):
        archive.get(path)


def test_a_writer_killed_in_the_middle_leaves_nothing_to_read(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    archive.put_json("state.json", {"old": True})
    writer = multiprocessing.get_context("fork").Process(target=_die_while_writing, args=(archive,))
    writer.start()
    writer.join()
    assert writer.exitcode == 9
    assert archive.get_json("state.json", dict) == {"old": True}
    assert [path.name for path in tmp_path.glob("*.json")] == ["state.json"]


def _die_while_writing(archive: Archive) -> None:
    """End the process after the bytes are written and before they have their name, as a power cut would."""
    os.fsync = lambda file: os._exit(9)  # type: ignore[assignment]
    archive.put_json("state.json", {"old": False})


def test_many_writers_of_the_same_bytes(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    data = os.urandom(2_000_000)
    writers = [context.Process(target=_put, args=(str(tmp_path), data)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert len(Archive(str(tmp_path)).list("raw")) == 1
    assert not list(tmp_path.rglob("*.part-*"))


def _put(url: str, data: bytes) -> None:
    archive = Archive(url)
    assert archive.get(archive.put(data)[1]) == data


def test_a_place_that_cannot_be_an_archive_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"cannot be made: .*; set ANNALS_ARCHIVE"):
        Archive(str(tmp_path / "file" / "archive"))
    with pytest.raises(ConfigurationError, match="set ANNALS_ARCHIVE"):
        Archive("nosuchstore://bucket/archive")


def test_a_folder_that_turns_unwritable_says_what_to_do(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    (tmp_path / "raw").write_text("in the way", encoding="utf-8")
    with pytest.raises(Unreachable, match=r"cannot be written: .*; set ANNALS_ARCHIVE") as raised:
        archive.put(b"x")
    assert "\n" not in str(raised.value)


def test_a_store_that_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with object_store() as (url, _):
        pass
    for name, value in (("ENDPOINT_URL", url), ("ALLOW_HTTP", "true"), ("REGION", "a")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    archive = Archive(f"s3://gone-{os.getpid()}/archive")
    for call in (
        lambda: archive.put(b"x"),
        lambda: archive.get("x"),
        lambda: archive.exists("x"),
        lambda: archive.list("x"),
    ):
        with pytest.raises(Unreachable, match=r"archive s3://gone-\d+/archive: .* cannot be ") as raised:
            call()
        assert "\n" not in str(raised.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_says_what_to_do(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ConfigurationError, match="set ANNALS_ARCHIVE"):
        Archive(str(tmp_path))
