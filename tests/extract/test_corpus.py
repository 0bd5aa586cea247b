"""Real documents and hostile ones, where they are at hand: each is text or one clear reason, and the batch ends."""

import time
from pathlib import Path

import pytest

from annals.errors import Unreadable
from annals.extract import extract
from annals.extract.fence import extract_all
from annals.model import Document

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the collection of real documents is not beside the project"
)


def documents() -> list[Path]:
    return sorted(path for path in CORPUS.glob("*.*") if path.name != "README.md")


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_real_documents_are_read_with_their_passages_in_order(path: Path) -> None:
    document = extract(path)
    assert len(document.text) > 200
    starts = [(passage.start, passage.end) for passage in document.passages]
    assert starts == sorted(starts)
    assert all(0 <= start < end <= len(document.text) for start, end in starts)
    for passage in document.passages:
        assert all(passage.start <= cell.start <= cell.end <= passage.end for cell in passage.cells)


def test_hostile_documents_end_as_text_or_as_one_reason() -> None:
    paths = sorted((CORPUS / "hostile").glob("*.*"))
    began = time.monotonic()
    results = list(extract_all(paths))
    assert [path for path, _ in results] == paths
    assert time.monotonic() - began < 10 * len(paths)
    for path, result in results:
        if isinstance(result, Unreadable):
            assert result.reason and "\n" not in result.reason, path
            assert "the reader failed" not in result.reason, (path, result.reason)
        else:
            assert isinstance(result, Document) and result.text.strip(), path
