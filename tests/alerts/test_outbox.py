"""The outbox: everybody has every alert once, whoever is dead, refused, no longer named, or killed in between."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from annals.alerts import Alert, Dispatch, Refused, Undelivered, again, clear, deliver, post, troubles, undelivered
from annals.alerts import outbox as room
from annals.alerts.claims import FOLDER, Claim, claim
from annals.archive import Archive
from annals.errors import Unreachable
from tests.objectstore import object_store

RUN = "ingest_yunchuan/manual__2026-11-28T06:30:00+00:00"
FORK = multiprocessing.get_context("fork")


def alert(key: str = "findings-1", subject: str = "云川市: 1 new error") -> Alert:
    return Alert(key=key, level="warning", subject=subject, html="<p>118%</p>", text="118%", chat="118%")


class Server:
    """Takes messages, but for those of `says`: what it answers a recipient."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.tried: list[tuple[str, str]] = []
        self.says: dict[str, Exception] = {}
        self._lock = threading.Lock()

    def send(self, alert: Alert, recipient: str) -> None:
        with self._lock:
            self.tried.append((recipient, alert.key))
        if recipient in self.says:
            raise self.says[recipient]
        with self._lock:
            self.got.append((recipient, alert.key))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(str(tmp_path / "archive"))


@pytest.fixture
def server() -> Server:
    return Server()


A, B, C = "a@x.cn", "b@x.cn", "c@x.cn"


def folders(archive: Archive) -> dict[str, int]:
    paths = archive.list("alerts")
    return {name: sum(f"alerts/{name}/" in path for path in paths) for name in ("waiting", "undeliverable", "told")}


def test_everybody_is_told_once_and_the_alert_leaves_the_folder_of_those_that_wait(
    archive: Archive, server: Server
) -> None:
    before = datetime.now(UTC)
    name = post(archive, alert(), RUN, (A, B))
    (waiting,) = undelivered(archive).values()
    assert waiting.waiting == (A, B)
    assert before <= waiting.posted_at <= datetime.now(UTC)
    assert waiting.run == RUN

    done = deliver(archive, server.send, (A, B), [name])
    assert (set(done.told), done.waiting, done.refused, done.sent, done.left) == ({A, B}, {}, {}, 2, 0)
    assert sorted(server.got) == [(A, "findings-1"), (B, "findings-1")]
    assert undelivered(archive) == {}
    assert folders(archive) == {"waiting": 0, "undeliverable": 0, "told": 1}

    assert post(archive, alert(), RUN, (A, B)) == name, "of one run and key there is one alert"
    assert deliver(archive, server.send, (A, B)).sent == 0
    assert len(server.got) == 2
    assert archive.list(FOLDER) == ()


def test_the_outbox_may_lie_in_an_object_store(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    with object_store() as (url, _):
        for name, value in (("ENDPOINT_URL", url), ("ALLOW_HTTP", "true"), ("REGION", "a")):
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        archive = Archive(f"s3://outbox-{os.getpid()}/archive")
        server.says = {B: Undelivered("no connection"), C: Refused("550 unknown")}
        name = post(archive, alert(), RUN, (A, B, C))
        assert deliver(archive, server.send, (A, B, C), [name]).left == 1
        with claim(archive, ("another",), timedelta(minutes=1)) as ours:
            assert ours
            server.says = {}
            assert deliver(archive, server.send, (A, B, C)).left == 0
        assert server.got == [(A, "findings-1"), (B, "findings-1")]
        assert undelivered(archive) == {}
        assert clear(archive, C) == 1
        assert folders(archive) == {"waiting": 0, "undeliverable": 0, "told": 1}


def test_the_same_key_in_another_run_is_another_alert(archive: Archive) -> None:
    post(archive, alert(), RUN, (A,))
    post(archive, alert(), f"{RUN}1", (A,))
    assert len(undelivered(archive)) == 2


def test_one_who_cannot_be_reached_stops_nobody_and_is_told_later(archive: Archive, server: Server) -> None:
    server.says[A] = Undelivered("no connection")
    names = [post(archive, alert(f"k{number}"), RUN, (A, B)) for number in range(5)]
    done = deliver(archive, server.send, (A, B), names)
    assert (done.told, done.waiting, done.left) == ((B,), {A: "no connection"}, 5)
    assert [key for who, key in server.got if who == B] == [f"k{number}" for number in range(5)]
    assert len([key for who, key in server.tried if who == A]) == room.IN_A_ROW, "a dead server is hammered"
    assert all(one.waiting == (A,) for one in undelivered(archive).values())
    (trouble,) = troubles(archive, (A, B))
    assert (trouble.recipient, trouble.for_good, trouble.said) == (A, False, "no connection")

    server.says = {}
    done = deliver(archive, server.send, (A, B))
    assert (done.sent, done.left) == (5, 0)
    assert sorted(server.got) == sorted((who, f"k{number}") for who in (A, B) for number in range(5))
    assert troubles(archive, (A, B)) == ()


def test_an_alert_that_is_always_put_off_does_not_stand_before_others(archive: Archive) -> None:
    got = []

    def send(alert: Alert, recipient: str) -> None:
        if alert.key.startswith("bad"):
            raise Undelivered("452 too large")
        got.append(alert.key)

    for number in range(room.IN_A_ROW):
        post(archive, alert(f"bad{number}"), RUN, (A,))
    post(archive, alert("good"), RUN, (A,))
    assert deliver(archive, send, (A,)).sent == 0
    assert deliver(archive, send, (A,)).sent == 1
    assert got == ["good"]


def test_a_slow_one_delays_nobody(archive: Archive) -> None:
    release, told = threading.Event(), []

    def send(alert: Alert, recipient: str) -> None:
        if recipient == A:
            assert release.wait(20), "the others were not told while this one was slow"
        told.append(recipient)
        if {B, C} <= set(told):
            release.set()

    post(archive, alert(), RUN, (A, B, C))
    assert deliver(archive, send, (A, B, C)).left == 0
    assert told[-1] == A


def test_an_address_refused_for_good_is_listed_not_tried_again_and_stops_nobody(
    archive: Archive, server: Server
) -> None:
    server.says[A] = Refused("550 5.1.1 no such user here")
    name = post(archive, alert(), RUN, (A, B))
    done = deliver(archive, server.send, (A, B), [name])
    assert (done.told, done.refused, done.left) == ((B,), {A: "550 5.1.1 no such user here"}, 0)
    assert undelivered(archive) == {}, "nobody waits for what was refused for good"
    assert folders(archive) == {"waiting": 0, "undeliverable": 1, "told": 0}
    deliver(archive, server.send, (A, B))
    assert [who for who, _ in server.tried].count(A) == 1

    (trouble,) = troubles(archive, (A, B))
    assert trouble.for_good
    assert (trouble.recipient, trouble.said) == (A, "550 5.1.1 no such user here")
    assert trouble.subjects == ("云川市: 1 new error",)
    assert troubles(archive, (B, C)) == (), "who is no longer named is no trouble"

    post(archive, alert("next"), RUN, (A, B))
    assert deliver(archive, server.send, (A, B)).refused[A].startswith("550")
    (trouble,) = troubles(archive, (A, B))
    assert len(trouble.subjects) == 2
    assert clear(archive, A) == 2
    assert troubles(archive, (A, B)) == ()
    assert deliver(archive, server.send, (A, B)).sent == 0
    assert folders(archive) == {"waiting": 0, "undeliverable": 0, "told": 2}


def test_an_address_that_was_mended_gets_what_it_missed(archive: Archive, server: Server) -> None:
    server.says[A] = Refused("550 mailbox unavailable")
    post(archive, alert(), RUN, (A, B))
    deliver(archive, server.send, (A, B))
    server.says = {}
    assert again(archive, A) == 1
    assert [one.waiting for one in undelivered(archive).values()] == [(A,)]
    assert deliver(archive, server.send, (A, B)).sent == 1
    assert sorted(server.got) == [(A, "findings-1"), (B, "findings-1")]


def test_who_is_no_longer_named_is_not_told_and_what_would_reach_nobody_goes_to_those_who_are(
    archive: Archive, server: Server
) -> None:
    server.says = {A: Refused("550 unknown"), B: Undelivered("no connection")}
    post(archive, alert("alone"), RUN, (A,))
    post(archive, alert("both"), RUN, (A, C))
    post(archive, alert("late"), RUN, (B, C))
    deliver(archive, server.send, (A, B, C))
    assert sorted(server.got) == [(C, "both"), (C, "late")]

    assert deliver(archive, server.send, (C,)).left == 0
    assert sorted(server.got) == [(C, "alone"), (C, "both"), (C, "late")]
    assert folders(archive) == {"waiting": 0, "undeliverable": 0, "told": 3}


def test_while_nobody_is_named_alerts_wait(archive: Archive, server: Server) -> None:
    post(archive, alert(), RUN, (A,))
    done = deliver(archive, server.send, ())
    assert (done.left, done.waiting, server.tried) == (1, {A: "nobody is named to be told"}, [])
    assert deliver(archive, server.send, (A,)).sent == 1


def test_what_is_no_alert_is_named_and_the_others_go_out(archive: Archive, server: Server) -> None:
    archive.put_json("alerts/waiting/broken.json", {"alert": 1})
    post(archive, alert(), RUN, (A,))
    done = deliver(archive, server.send, (A,))
    assert (done.sent, done.left) == (1, 1)
    assert "broken.json is no Dispatch" in done.waiting["the outbox"]
    with pytest.raises(Unreachable, match=r"broken\.json is no Dispatch"):
        undelivered(archive)


def test_an_error_of_our_own_comes_up_once_the_others_have_been_told(archive: Archive) -> None:
    told = []

    def send(alert: Alert, recipient: str) -> None:
        if recipient == A:
            raise KeyError("a slip")
        told.append(recipient)

    post(archive, alert(), RUN, (A, B))
    with pytest.raises(KeyError, match="a slip"):
        deliver(archive, send, (A, B))
    assert told == [B]
    (one,) = undelivered(archive).values()
    assert one.waiting == (A,)


def test_a_delivery_cut_off_while_it_moved_an_alert_is_tidied(archive: Archive, server: Server) -> None:
    name = post(archive, alert(), RUN, (A,))
    deliver(archive, server.send, (A,))
    archive.put_json(f"alerts/waiting/{name}", archive.get_json(f"alerts/told/{name}", Dispatch))
    assert undelivered(archive) == {}
    assert deliver(archive, server.send, (A,)).sent == 0
    assert folders(archive) == {"waiting": 0, "undeliverable": 0, "told": 1}
    assert len(server.got) == 1


# --- several processes, and processes that die -------------------------------------------------


def in_processes(*calls: Callable[[], None]) -> list[int | None]:
    """Run each in a process of its own, side by side; how they ended."""
    running = [FORK.Process(target=call) for call in calls]
    for one in running:
        one.start()
    for one in running:
        one.join(60)
    return [one.exitcode for one in running]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def recording(path: Path, *, slowly: float = 0.0, dies: bool = False) -> Callable[[Alert, str], None]:
    """A sender whose server writes down what it takes in; `dies`: the process ends before it hears of that."""

    def send(alert: Alert, recipient: str) -> None:
        time.sleep(slowly)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{recipient} {alert.key}\n")
        if dies:
            os._exit(9)

    return send


@pytest.mark.parametrize("attempt", range(5))
def test_deliveries_at_the_same_time_tell_nobody_twice(archive: Archive, tmp_path: Path, attempt: int) -> None:
    keys = [f"k{number}" for number in range(4)]
    for key in keys:
        post(archive, alert(key), RUN, (A, B))

    def delivery() -> None:
        deliver(archive, recording(tmp_path / "got", slowly=0.01), (A, B))

    assert in_processes(*[delivery] * 4) == [0] * 4
    deliver(archive, recording(tmp_path / "got"), (A, B))  # all may have stepped back
    assert sorted(lines(tmp_path / "got")) == sorted(f"{who} {key}" for who in (A, B) for key in keys)


def test_a_process_killed_at_sending_loses_nothing_and_its_claim_runs_out(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(archive, alert("k"), RUN, (A,))
    dying = recording(tmp_path / "got", dies=True)
    assert in_processes(lambda: deliver(archive, dying, (A,)) and None) == [9]
    (held,) = archive.list(FOLDER)

    done = deliver(archive, recording(tmp_path / "got"), (A,))
    assert (done.sent, done.waiting) == (0, {A: "another delivery is under way"})
    kept = archive.get_json(held, Claim)
    assert timedelta(0) < kept.until - datetime.now(UTC) <= room.CLAIMED
    archive.put_json(held, Claim(names=kept.names, until=datetime.now(UTC) - timedelta(seconds=1)))

    # The server took the message and the process died before it heard so: this one, and no other, goes out again, under
    # the same Message-ID.
    assert deliver(archive, recording(tmp_path / "got"), (A,)).sent == 1
    assert lines(tmp_path / "got") == [f"{A} k", f"{A} k"]
    assert archive.list(FOLDER) == ()


def test_of_what_a_killed_process_had_noted_nothing_is_sent_again(archive: Archive, tmp_path: Path) -> None:
    for key in ("k0", "k1"):
        post(archive, alert(key), RUN, (A,))
    send, fatal = recording(tmp_path / "got"), recording(tmp_path / "got", dies=True)

    def dies_at_the_second() -> None:
        deliver(archive, lambda alert, who: (send if alert.key == "k0" else fatal)(alert, who), (A,))

    assert in_processes(dies_at_the_second) == [9]
    (held,) = archive.list(FOLDER)
    archive.remove_all([held])
    deliver(archive, recording(tmp_path / "got"), (A,))
    assert lines(tmp_path / "got") == [f"{A} k0", f"{A} k1", f"{A} k1"]


def test_a_claim_is_given_to_one_at_a_time(archive: Archive) -> None:
    lasts = timedelta(minutes=1)
    with claim(archive, ("one", "two"), lasts) as first, claim(archive, ("two", "three"), lasts) as second:
        assert first == {"one", "two"}
        assert second == {"three"}
    with claim(archive, ("two",), lasts) as later:
        assert later == {"two"}
    assert archive.list(FOLDER) == ()


def test_looking_for_what_waits_costs_no_more_after_many_deliveries(
    archive: Archive, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        post(archive, alert(f"k{number}"), RUN, (A,))
    deliver(archive, server.send, (A,))
    post(archive, alert("waits"), RUN, (A,))
    read: list[str] = []
    listed: list[Sequence[str]] = []
    get, names = Archive.get, Archive.list
    monkeypatch.setattr(Archive, "get", lambda self, path: read.append(path) or get(self, path))
    monkeypatch.setattr(Archive, "list", lambda self, folder: listed.append(names(self, folder)) or listed[-1])
    assert len(undelivered(archive)) == 1
    assert len(read) == 1
    assert [len(one) for one in listed] == [1]
