"""`annals evidence FIGURE`: a figure of the warehouse, shown in the document that the archive keeps."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from annals.archive import Archive
from annals.cli import main
from annals.settings import Settings
from annals.warehouse.connect import Connection
from tests.reviewing import Fault, press, publish


def publish_with_archive(settings: Settings, connection: Connection, text: str) -> str:
    """Publish the press notice with `text` as what the archive keeps of it; the id of its share."""
    reading = press()
    _, path = Archive(settings.archive).put(text.encode())
    reading = replace(reading, capture=replace(reading.capture, name="press.txt", path=path))
    publish(connection, "r1", [reading])
    figure_id = Fault("any", reading, 1).figure_id
    assert figure_id is not None
    return figure_id


@pytest.fixture
def environment(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ANNALS_HOME", str(warehouse.home))
    monkeypatch.setenv("ANNALS_WAREHOUSE_URL", str(warehouse.warehouse_url))
    monkeypatch.setenv("ANNALS_ARCHIVE", warehouse.archive)
    return warehouse


def test_a_figure_is_shown_in_its_document(environment: Settings, connection: Connection, tmp_path: Path) -> None:
    figure_id = publish_with_archive(environment, connection, press().text)
    output = tmp_path / "shown.html"
    assert main(["evidence", figure_id, "--output", str(output)]) == 0
    assert "<mark>118%</mark>" in output.read_text("utf-8")


def test_a_document_that_reads_otherwise_now_is_not_shown_as_evidence(
    environment: Settings, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    figure_id = publish_with_archive(environment, connection, "全年新建宣传栏40个。\n" * 9)
    assert main(["evidence", figure_id]) == 1
    assert "is read otherwise now" in capsys.readouterr().err


def test_an_unknown_figure_is_named(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "0" * 24]) == 1
    assert "there is no figure 000000000000000000000000" in capsys.readouterr().err


def test_what_is_no_place_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "notice.pdf"]) == 1
    assert "expected PATH:START-END" in capsys.readouterr().err
