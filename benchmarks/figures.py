"""Reading figures, held against general recognisers on the same texts in one run: how right, and how fast.

    python -m benchmarks.figures

A peer's figure is right when its digits overlap a gold figure's and its value is the same: qualifier, unit, year, role,
region and subject, which no peer gives, are not asked here. The texts are our sample notices and, where ../shared is
present, the notices with gold there. Processor seconds, one core, start-up and models not counted.
"""

import json
import subprocess
import sys
import time
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from annals.describe import describe
from annals.extract import extract_bytes
from annals.figures import read
from benchmarks.score import PROJECT, SETS

PEERS = ("microsoft", "microsoft_with_units", "jionlp_money", "chinese2digits")
BENCH_PYTHON = PROJECT / ".venv-bench" / "bin" / "python"
Rows = dict[str, list[dict[str, Any]]]


def main() -> int:
    gold, texts = _load()
    characters = sum(map(len, texts.values()))
    figures = sum(not row.get("optional") for rows in gold.values() for row in rows)
    print(f"{len(texts)} notices, {characters:,} characters, {figures} figures\n")
    print(f"{'':<24}{'precision':>10}{'recall':>8}{'F1':>8}{'characters/s':>14}{'annals is':>12}")
    ours, seconds = _annals(texts)
    speed = characters / seconds
    _show("annals", gold, ours, speed, "")
    if not BENCH_PYTHON.exists():
        print(f"\npeers skipped: {BENCH_PYTHON.relative_to(PROJECT)} is not there; make bench sets it up")
        return 0
    for peer in PEERS:
        said = subprocess.run(
            [BENCH_PYTHON, Path(__file__).with_name("peers.py")],
            input=json.dumps({"peer": peer, "texts": texts}),
            capture_output=True,
            text=True,
            timeout=900,
            check=True,
        )
        answer = json.loads(said.stdout)
        theirs = characters / answer["seconds"]
        _show(peer, gold, answer["figures"], theirs, f"{speed / theirs:.1f}× fast")
    return 0


def _load() -> tuple[Rows, dict[str, str]]:
    gold: Rows = defaultdict(list)
    texts: dict[str, str] = {}
    for _, folder, places in SETS:
        for file in sorted(folder.glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                gold[row["doc"]].append(row)
                if row["doc"] not in texts:
                    path = next(place / row["doc"] for place in places if (place / row["doc"]).is_file())
                    texts[row["doc"]] = path.read_bytes().decode("utf-8")
    return gold, texts


def _annals(texts: dict[str, str]) -> tuple[Rows, float]:
    """Everything that `annals read` does with a text, figures with all their keys; the best of five rounds."""
    best = float("inf")
    for _ in range(6):  # the first warms
        begun = time.process_time()
        found = {}
        for name, text in texts.items():
            document = extract_bytes(name, text.encode())
            found[name] = read(document, describe(document))
        best = min(best, time.process_time() - begun)
    rows = {
        name: [{"start": figure.start, "end": figure.end, "value": str(figure.value)} for figure in figures]
        for name, figures in found.items()
    }
    return rows, best


def _show(name: str, gold: Rows, read_rows: Rows, speed: float, ratio: str) -> None:
    right = wanted = said = 0
    for doc, rows in gold.items():
        left = list(read_rows.get(doc, []))
        for row in rows:
            hits = [one for one in left if one["start"] < row["end"] and row["start"] < one["end"]]
            for hit in hits:
                left.remove(hit)
            if not row.get("optional"):
                wanted += 1
                said += len(hits)
                right += any(_same(hit["value"], row["value"]) for hit in hits)
        said += len(left)
    precision, recall = right / max(1, said), right / max(1, wanted)
    f1 = 2 * right / max(1, wanted + said)
    print(f"{name:<24}{precision:>10.3f}{recall:>8.3f}{f1:>8.3f}{speed:>14,.0f}{ratio:>12}")


def _same(read_value: str, gold_value: float) -> bool:
    try:
        return abs(Decimal(read_value.replace(",", ""))) == abs(Decimal(str(gold_value)))
    except InvalidOperation:
        return False


if __name__ == "__main__":
    sys.exit(main())
