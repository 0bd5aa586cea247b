"""`make score`: how right `annals read` is, on our own gold and, where ../shared is present, on the gold there.

python -m benchmarks.score [--misses]
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annals.describe import describe
from annals.extract import extract
from annals.figures import read, to_json_lines
from benchmarks.scoring import CONTEXT, READING, Score, score

PROJECT = Path(__file__).resolve().parent.parent
SETS = (
    ("our sample notices", PROJECT / "samples" / "gold", (PROJECT / "samples" / "text",)),
    (
        "the shared notices",
        PROJECT.parent / "shared" / "gold",
        (PROJECT.parent / "shared" / "notices", PROJECT.parent / "shared" / "corpus"),
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list every figure that was missed or read wrong")
    parsed = parser.parse_args()
    for title, gold, texts in SETS:
        if not gold.is_dir():
            print(f"{title}: skipped, {gold} is not there")
            continue
        print(f"\n{title:<34}{'gold':>6}{'read':>6}{'found':>8}{'reading':>9}{'full':>8}")
        total = Score()
        for name, outcome in scores(gold, texts):
            show(name, outcome)
            for miss in outcome.misses if parsed.misses else ():
                print(f"    {miss}")
            total += outcome
        show("all", total)
        shares = (f"{field} {total.right[field] / max(1, total.found):.3f}" for field in READING + CONTEXT)
        print("right of the found: " + ", ".join(shares))
    return 0


def scores(gold: Path, texts: tuple[Path, ...]) -> Iterator[tuple[str, Score]]:
    """Each notice's name and score; its text lies in one of the folders."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in sorted(gold.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[row["doc"]].append(row)
    for name, wanted in sorted(rows.items()):
        path = next((folder / name for folder in texts if (folder / name).is_file()), None)
        if path is None:
            sys.exit(f"{gold}: no text for {name} in {', '.join(map(str, texts))}")
        document = extract(path)
        lines = to_json_lines(name, read(document, describe(document)))
        yield name, score(wanted, [json.loads(line) for line in lines.splitlines()])


def show(name: str, outcome: Score) -> None:
    parts = "".join(f"{outcome.f1(part):>{width}.3f}" for part, width in (("found", 8), ("reading", 9), ("full", 8)))
    print(f"{name:<34}{outcome.wanted:>6}{outcome.said:>6}{parts}")


if __name__ == "__main__":
    sys.exit(main())
