"""Read figures held against gold figures: what was found, and what was read right of each.

Gold rows have the keys of `annals read`; `doc` names the notice, `subject_also` other right subjects, `optional` a
figure that counts on neither side. A figure is found when its digits overlap those of a gold figure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

READING = ("value", "unit", "qualifier", "kind")
CONTEXT = ("year", "role", "region", "subject", "measure")
_PASSED_OVER = str.maketrans("", "", "“”\"'‘’《》()（） \n\r\t　、")

Row = Mapping[str, Any]


class Score(Struct):
    """Counts of one notice, or of all; `right` counts the found figures whose field is right."""

    wanted: int = 0
    said: int = 0
    found: int = 0
    reading: int = 0
    full: int = 0
    right: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.wanted + other.wanted,
            self.said + other.said,
            self.found + other.found,
            self.reading + other.reading,
            self.full + other.full,
            self.right + other.right,
            self.misses + other.misses,
        )

    def f1(self, name: str) -> float:
        """The harmonic mean of precision and recall of "found", "reading" or "full"."""
        total = self.wanted + self.said
        return 2 * int(getattr(self, name)) / total if total else 1.0


def score(gold: Sequence[Row], read: Sequence[Row]) -> Score:
    """Hold one notice's figures against its gold.

    >>> row = dict(start=0, end=2, raw="12场", value=12, unit="场", qualifier="exact", kind="count", year=2023,
    ...            role="actual", region="云川市", subject="讲座", measure="level")
    >>> exact = score([row], [row])
    >>> exact.f1("found"), exact.f1("full")
    (1.0, 1.0)
    >>> wrong = score([row], [row | {"year": 2022}])
    >>> wrong.f1("reading"), wrong.f1("full"), wrong.misses
    (1.0, 0.0, ['wrong 12场: year 2022 for 2023'])
    """
    pairs, extra = _aligned(gold, read)
    must = [(wanted, said) for wanted, said in pairs if not wanted.get("optional")]
    outcome = Score(wanted=len(must), said=len(extra) + sum(said is not None for _, said in must))
    for wanted, said in must:
        if said is None:
            outcome.misses.append(f"missed {wanted['raw']} ({wanted['subject']})")
            continue
        wrong = [name for name in READING + CONTEXT if not _same(name, wanted, said)]
        outcome.found += 1
        outcome.reading += not set(wrong) & set(READING)
        outcome.full += not wrong
        outcome.right.update(name for name in READING + CONTEXT if name not in wrong)
        if wrong:
            said_for = ", ".join(f"{name} {said.get(name)} for {wanted.get(name)}" for name in wrong)
            outcome.misses.append(f"wrong {wanted['raw']}: {said_for}")
    outcome.misses += [f"no such {row.get('raw')} at {row['start']}" for row in extra]
    return outcome


def _aligned(gold: Iterable[Row], read: Sequence[Row]) -> tuple[list[tuple[Row, Row | None]], list[Row]]:
    left = list(read)
    pairs: list[tuple[Row, Row | None]] = []
    for wanted in gold:
        hit = next((row for row in left if row["start"] < wanted["end"] and wanted["start"] < row["end"]), None)
        if hit is not None:
            left.remove(hit)
        pairs.append((wanted, hit))
    return pairs, left


def _same(name: str, gold: Row, read: Row) -> bool:
    if name == "value":
        return all(_close(gold.get(part), read.get(part)) for part in ("value", "value_high"))
    if name == "unit":
        return (gold.get("unit") or "") == (read.get("unit") or "")
    if name == "measure" and "measure" not in gold:
        return True
    if name == "subject":
        said = str(read.get("subject") or "").translate(_PASSED_OVER)
        wanted = [subject.translate(_PASSED_OVER) for subject in (gold["subject"], *gold.get("subject_also", ()))]
        return any(
            (one in said and len(said) <= 2 * len(one) + 12) or (len(said) >= 2 and said in one) for one in wanted
        )
    return bool(gold.get(name) == read.get(name))


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return round(float(one), 6) == round(float(other), 6)
