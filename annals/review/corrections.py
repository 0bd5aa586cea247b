"""Corrections that live in git: known errors of publishers and of readers, guarded and expiring.

    # include/corrections/yunchuan.yaml, named as the source
    - notice: yunchuan-1f0c
      sha256: 9f86d081884c # how the hash of the version begins
      find: { raw: 90.5亿元, value: 9050000000 } # as published, as read
      correct: { value: 9050000 }
      reason: 亿 for 万; the budget says 905万
      by: 王敏
      expires: 2027-11-23

An entry that finds no figure, or several, stops the publication of its source: the publisher has changed the text, or
the entry is mistyped. An expired one is no longer applied.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import msgspec
import yaml
from msgspec import Meta, Struct

from annals import yamlfile
from annals.errors import ConfigurationError
from annals.regions import find
from annals.settings import PROJECT
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements

FOLDER = PROJECT / "include" / "corrections"

Text = Annotated[str, Meta(min_length=1, pattern=r"\S", extra_json_schema={"description": "some text"})]
Hash = Annotated[
    str,
    Meta(pattern="^[0-9a-f]{8,64}$", extra_json_schema={"description": "8 to 64 hexadecimal digits, in quotes"}),
]
Number = int | float | str


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of what the files hold."""


class Find(Entry, frozen=True, kw_only=True):
    """The figure: as published, as read; `start`, its offset, where the notice says the same thing more than once."""

    raw: Text
    value: Number
    start: int | None = None


class Correct(Entry, frozen=True, kw_only=True):
    """What it ought to be; in base units. At least one of the three."""

    value: Number | None = None
    year: int | None = None
    region: Text | None = None


class Correction(Entry, frozen=True, kw_only=True):
    """One entry."""

    notice: Text
    sha256: Hash
    find: Find
    correct: Correct
    reason: Text
    by: Text
    expires: date
    rule: str | None = None  # for the reader of the file


def load(folder: Path) -> dict[str, tuple[Correction, ...]]:
    """The corrections by source; raises ConfigurationError with file, line and key."""
    found = {}
    for path in sorted(folder.glob("*.y*ml")):
        entries = yamlfile.read(path, tuple[Correction, ...])
        for number, entry in enumerate(entries, start=1):
            where = f"{path}: entry {number}"
            if entry.correct == Correct():
                raise ConfigurationError(f"{where}: correct is empty; give value, year or region")
            for key, value in (("find.value", entry.find.value), ("correct.value", entry.correct.value)):
                if value is not None:
                    _number(value, f"{where}: {key}")
            if entry.correct.region and region_code(entry.correct.region, entry.correct.year) is None:
                raise ConfigurationError(f"{where}: correct.region: no region is named {entry.correct.region}")
        found[path.stem] = entries
    return found


def enter(connection: Connection, source: str, entries: tuple[Correction, ...], file: str) -> None:
    """Put a source's entries where publication looks for them, in place of those entered before."""
    connection.execute("DELETE FROM audit.listed_correction WHERE source = %s", (source,))
    with connection.cursor() as cursor:
        cursor.executemany(
            statements("review/insert_listed_correction"),
            [_row(source, entry, f"{file} entry {number}") for number, entry in enumerate(entries, start=1)],
        )


def region_code(region: str, year: int | None) -> str | None:
    """The code of a region by its name, None where there is no such region."""
    found = find(region, year)
    return None if found is None else found.code


def export(connection: Connection, folder: Path) -> tuple[Path, ...]:
    """Write the corrections decided in the UI and in force as files, beside what these hold; the files written.

    A correction that a file holds already is not written twice. Comments in files that are added to are kept.
    """
    held = {
        (entry.notice, re.sub(r"\s", "", entry.find.raw), _number(entry.find.value, ""), entry.find.start)
        for entries in load(folder).values()
        for entry in entries
    }
    places = {key[:3] for key in held if key[3] is None}
    written: dict[Path, list[str]] = {}
    for row in connection.execute(statements("review/select_exportable")).fetchall():
        source, notice, sha256, raw, read, start, several, value, year, region, rule, reason, by, expires = row
        raw = re.sub(r"\s", "", raw)
        if (notice, raw, read, start) in held or (notice, raw, read) in places:
            continue
        entry = {
            "notice": notice,
            "sha256": sha256[:12],
            "rule": rule,
            "find": {"raw": raw, "value": _plain(read)} | ({"start": start} if several else {}),
            "correct": {
                key: given
                for key, given in (("value", value and _plain(value)), ("year", year), ("region", region))
                if given is not None
            },
            "reason": reason,
            "by": by,
            "expires": expires,
        }
        path = folder / f"{source}.yaml"
        written.setdefault(path, []).append(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=120))
    for path, entries in written.items():
        folder.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8").rstrip() + "\n" if path.exists() else ""
        path.write_text(before + "".join(entries), encoding="utf-8")
    return tuple(written)


def _row(source: str, entry: Correction, origin: str) -> dict[str, object]:
    correct = entry.correct
    return {
        "origin": origin,
        "source": source,
        "notice_id": entry.notice,
        "sha256": entry.sha256,
        "raw": re.sub(r"\s", "", entry.find.raw),
        "read_value": _number(entry.find.value, origin),
        "char_start": entry.find.start,
        "value": None if correct.value is None else _number(correct.value, origin),
        "year": correct.year,
        "region": correct.region,
        "region_code": region_code(correct.region, correct.year) if correct.region else None,
        "reason": entry.reason,
        "corrected_by": entry.by,
        "expires_on": entry.expires,
    }


def _number(value: Number, where: str) -> Decimal:
    """A number as it is written in the file: YAML's floats are short enough to come back as they were."""
    try:
        number = msgspec.convert(str(value), Decimal, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{where}: expected a number, found {value!r}") from error
    if not number.is_finite():
        raise ConfigurationError(f"{where}: expected a number, found {value!r}")
    return number


def _plain(value: Decimal) -> int | str:
    """As a file shows it: whole numbers bare, others in quotes, which no float can round."""
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
