"""The sample publisher's notices, audited as they are published: every planted fault found, and nothing else."""

import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml

from annals import checks
from annals import warehouse as house
from annals.checks.quoting import squeezed
from annals.settings import PROJECT
from annals.warehouse.connect import Connection
from samples.markdown import read
from tests.checks.reading import of_file

SAMPLES = PROJECT / "samples"
FAULTS: dict[str, Any] = yaml.safe_load((SAMPLES / "faults.yaml").read_text(encoding="utf-8"))
HEADS = {path.stem: read(path).head for path in sorted((SAMPLES / "source").glob("*.md"))}
FILES: dict[str, Path] = {
    name: SAMPLES / "site" / "xxgk" / (head.get("file") or head["page"])
    for name, head in HEADS.items()
    if not head.get("ignored")
}


@pytest.fixture(scope="module")
def readings() -> Any:
    """All notices of the site in their own formats, the scan recognised."""
    return tuple(of_file(path) for path in FILES.values())


def test_the_planted_faults_are_found_and_nothing_else(connection: Connection, readings: Any) -> None:
    house.begin_run(connection, "samples", source="yunchuan", owner="Duty desk", publisher="云川市科学普及协会")
    house.stage(connection, "samples", readings)
    checks.audit(connection, "samples")
    rows = connection.execute(
        "SELECT rule, notice_id, seen, evidence FROM stage.finding WHERE severity IN ('error', 'warning')"
    ).fetchall()
    told = [(rule, notice_id, squeezed(seen), squeezed(evidence)) for rule, notice_id, seen, evidence in rows]
    for fault in FAULTS["faults"]:
        mine = [
            one
            for one in told
            if one[:2] == (fault["check"], FILES[fault["notice"]].name)
            and _overlap(one[3], squeezed(fault["sentence"]))
        ]
        assert len(mine) == 1, f"{fault['id']}: {told}"
        told.remove(mine[0])
    assert told == []


def _overlap(evidence: str, sentence: str) -> bool:
    """Whether both quote the same words: of a list its title is quoted, and a page may be recognised with 。 for ；."""
    matcher = difflib.SequenceMatcher(None, evidence, sentence, autojunk=False)
    return matcher.find_longest_match().size >= 8
