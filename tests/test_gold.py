"""How well figures are read, by the scorer and the gold beside the project; skipped where they are not there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from annals.describe import describe
from annals.extract import extract
from annals.figures import read, to_json_lines

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SCORER = SHARED / "gold" / "score.py"
TEXTS = (SHARED / "notices", SHARED / "corpus")

pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="no gold figures in ../shared")


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All texts that have gold, read into one file of JSON lines."""
    out = tmp_path_factory.mktemp("gold") / "read.jsonl"
    names = {path.stem for path in (SHARED / "gold").glob("*.jsonl")}
    texts = [path for folder in TEXTS for path in sorted(folder.glob("*.txt")) if path.stem in names]
    assert texts
    with out.open("w", encoding="utf-8") as file:
        for path in texts:
            document = extract(path)
            file.write(to_json_lines(document.name, read(document, describe(document))))
    return out


def score(readings: Path, gold: list[Path], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCORER), *map(str, gold), "--read", str(readings), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_goals_for_all_gold_are_met(readings: Path) -> None:
    gold = sorted((SHARED / "gold").glob("*.jsonl"))
    done = score(readings, gold, "--misses", "--min-found", "0.99", "--min-reading", "0.98", "--min-full", "0.90")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted((SHARED / "gold").glob("*.jsonl")), ids=lambda path: path.stem)
def test_no_notice_falls_far_behind(readings: Path, path: Path) -> None:
    done = score(readings, [path])
    row = re.search(r"^all\s+\d+\s+\d+\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)", done.stdout, re.M)
    assert row, done.stdout + done.stderr
    assert float(row[3]) >= 0.85, done.stdout


def test_names_of_the_notices_change_nothing(readings: Path, tmp_path: Path) -> None:
    """What is read comes from the text alone: under another name every figure is the same."""
    path = next(path for folder in TEXTS for path in sorted(folder.glob("0*.txt")))
    other = tmp_path / "b.txt"
    other.write_bytes(path.read_bytes())
    known, renamed = extract(path), extract(other)
    assert read(known, describe(known)) == read(renamed, describe(renamed))
