"""The fence: a hang, a crash, a bomb costs one worker and one line; the others are read."""

import io
import os
import signal
import threading
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from annals.errors import Unreadable
from annals.extract import Limits, Options, fence
from annals.model import Document
from tests.extract.pdfs import column, pdf

PAGE = "<html><body><p>全年办讲座126场，惠及公众4.8万人次。</p></body></html>".encode()


@pytest.fixture
def own() -> fence.Fence:
    """A fence of our own with little memory, so that bombs go off early."""
    return fence.Fence(Limits(memory_bytes=1 << 30))


def options(seconds: float = 20.0) -> Options:
    return Options(limits=Limits(seconds=seconds))


def bomb() -> bytes:
    """A PDF of a few kilobytes whose one stream unpacks twice, to two gigabytes."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(bytes(1 << 20)) for _ in range(2048)) + packer.flush()
    twice = zlib.compress(once, 9)
    head = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>" % len(twice)
    return _pdf(b"%s\nstream\n%s\nendstream" % (head, twice))


def _pdf(contents: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        contents,
    ]
    return b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(objects, 1)) + b"%%EOF"


def test_workers_are_reused(own: fence.Fence) -> None:
    own.read("a.html", PAGE, options())
    (worker,) = own._idle
    began = time.monotonic()
    for _ in range(20):
        own.read("a.html", PAGE, options())
    assert time.monotonic() - began < 2
    assert own._idle == [worker]
    own.close()


def test_a_bomb_is_unreadable_and_the_next_document_is_read(own: fence.Fence) -> None:
    data = bomb()
    assert len(data) < 20_000
    with pytest.raises(Unreadable) as caught:
        own.read("bomb.pdf", data, options())
    assert "\n" not in caught.value.reason
    assert "126场" in own.read("a.html", PAGE, options()).text
    own.close()


def test_what_takes_too_long_is_ended(own: fence.Fence) -> None:
    page = ("<div>" * 60_000 + "云川市").encode()
    began = time.monotonic()
    with pytest.raises(Unreadable, match=r"took longer than 0 s|more processor time"):
        own.read("deep.html", page, options(seconds=0.3))
    assert time.monotonic() - began < 10
    assert own._idle == []
    assert "126场" in own.read("a.html", PAGE, options()).text
    own.close()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGXCPU])
def test_a_worker_that_dies_is_named_and_replaced(own: fence.Fence, number: signal.Signals) -> None:
    own.read("a.html", PAGE, options())
    (worker,) = own._idle
    page = ("<div>" * 60_000 + "云川市").encode()  # busy for some seconds
    killer = threading.Timer(0.5, os.kill, (worker._process.pid, number))
    killer.start()
    with pytest.raises(Unreadable, match=r"crashed on it|processor time"):
        own.read("deep.html", page, options())
    killer.join()
    assert "126场" in own.read("a.html", PAGE, options()).text
    own.close()


def test_a_zip_bomb_is_refused_by_its_sizes() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(1024):
                part.write(bytes(1 << 20))
    with pytest.raises(Unreadable, match="unpacks to"):
        fence.read("bomb.docx", out.getvalue(), options())


def test_the_batch_goes_on_in_order_and_returns_reasons(tmp_path: Path) -> None:
    good = pdf(lambda canvas: column(canvas, "全年办讲座126场，惠及公众4.8万人次。", 90, 100))
    files = {
        "1.pdf": good,
        "2.pdf": good[: len(good) // 2],
        "3.txt": "全年培训12万人次。".encode(),
        "4.pdf": bomb(),
        "5.html": PAGE,
        "6.bin": os.urandom(3000),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    paths = [tmp_path / name for name in (*files, "missing.pdf")]
    results = list(fence.extract_all(paths, workers=2))
    assert [path for path, _ in results] == paths
    kinds = [isinstance(result, Document) for _, result in results]
    assert kinds == [True, False, True, False, True, False, False]
    for _, result in results:
        if isinstance(result, Unreadable):
            assert result.reason and "\n" not in result.reason


def test_the_network_is_refused_in_a_worker() -> None:
    import subprocess
    import sys

    code = (
        "import sys, socket\n"
        "from annals.extract import worker\n"
        "sys.addaudithook(worker._refuse_network)\n"
        "from annals.errors import Unreadable\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9))\n"
        "except Unreadable as error:\n    print(error.reason)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "network" in done.stdout
