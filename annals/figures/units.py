"""The words that stand around a number: measure words, and words that bound it, from the tables in include/reference.

The tables are plain TSV that people review; they are checked when they are loaded, and loaded once.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Generic, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from annals.errors import ConfigurationError
from annals.model import FigureKind, Qualifier
from annals.settings import PROJECT
from annals.tsvfile import read_rows

REFERENCE = PROJECT / "include" / "reference"


class MeasureWord(Struct, frozen=True):
    """A word after a number; `unit` is how figures name it. `hanzi`: after a Chinese numeral it counts as well."""

    word: str
    unit: str
    kind: FigureKind
    hanzi: Literal["yes", "no"]


class Lookalike(Struct, frozen=True):
    """A word that begins like a measure word; `unit` is the measure word it does begin with, or empty."""

    word: str
    unit: str


class Bound(Struct, frozen=True):
    """A word that bounds the number beside it, and the characters whose company makes it another word."""

    word: str
    position: Literal["before", "after"]
    qualifier: Qualifier
    not_beside: str


class SetPhrase(Struct, frozen=True):
    """A word, name or slogan that begins with a numeral and counts nothing."""

    word: str
    kind: Literal["name", "phrase", "slogan"]


class CountedNoun(Struct, frozen=True):
    """A noun that is counted without a measure word."""

    word: str


Row = TypeVar("Row", bound=Struct)
Entry = TypeVar("Entry")


def load_table(name: str, row_type: type[Row]) -> tuple[Row, ...]:
    """The rows of include/reference/<name>, whose columns are the row's fields; the first must not repeat.

    >>> load_table("measure_words.tsv", MeasureWord)[0]
    MeasureWord(word='个', unit='个', kind='count', hanzi='yes')
    """
    path = REFERENCE / name
    columns = row_type.__struct_fields__
    rows: list[Row] = []
    seen: set[str] = set()
    for cells in read_rows(path, *columns):
        if cells[0] in seen:
            raise ConfigurationError(f"{path}: {cells[0]} is listed twice")
        seen.add(cells[0])
        try:
            rows.append(msgspec.convert(dict(zip(columns, cells, strict=True)), row_type, strict=True))
        except msgspec.ValidationError as error:
            raise ConfigurationError(f"{path}: {cells[0]}: {error}") from None
    return tuple(rows)


class Words(Generic[Entry]):
    """Words found by longest match at a place in a text, or ending at one.

    >>> words = Words([("人", 1), ("人次", 2)])
    >>> words.at("30万人次", 3), words.at("30万户", 3), list(words.before("共人次", 3))
    (('人次', 2), None, [('人次', 2)])
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._entries = dict(entries)
        by_first: dict[str, set[int]] = {}
        by_last: dict[str, set[int]] = {}
        for word in self._entries:
            by_first.setdefault(word[0], set()).add(len(word))
            by_last.setdefault(word[-1], set()).add(len(word))
        self._by_first = {c: tuple(sorted(sizes, reverse=True)) for c, sizes in by_first.items()}
        self._by_last = {c: tuple(sorted(sizes, reverse=True)) for c, sizes in by_last.items()}

    @property
    def first_characters(self) -> str:
        return "".join(self._by_first)

    def at(self, text: str, start: int) -> tuple[str, Entry] | None:
        sizes = self._by_first.get(text[start : start + 1])
        if sizes is not None:
            for size in sizes:
                word = text[start : start + size]
                entry = self._entries.get(word)
                if entry is not None:
                    return word, entry
        return None

    def before(self, text: str, end: int) -> Iterator[tuple[str, Entry]]:
        """The words that end at `end`, longest first."""
        for size in self._by_last.get(text[end - 1 : end], ()) if end else ():
            if size <= end:
                word = text[end - size : end]
                entry = self._entries.get(word)
                if entry is not None:
                    yield word, entry


class Tables(NamedTuple):
    """All that is known of the words around numbers."""

    units: Words[MeasureWord]  # lookalikes among them, with an empty unit
    hanzi_units: str  # first characters of the words that count after a Chinese numeral
    before: Words[Bound]
    after: Words[Bound]
    phrases: Words[SetPhrase]
    nouns: Words[CountedNoun]


@cache
def tables() -> Tables:
    """Load the tables, once.

    >>> tables().units.at("3个百分点", 1)[1].unit
    '百分点'
    >>> tables().units.at("12项目标", 2), tables().units.at("12项目", 2)[1].unit
    (('项目标', MeasureWord(word='项', unit='项', kind='count', hanzi='yes')), '')
    """
    measure_words = load_table("measure_words.tsv", MeasureWord)
    by_word = {row.word: row for row in measure_words}
    none = MeasureWord(word="", unit="", kind="count", hanzi="no")
    entries: dict[str, MeasureWord] = dict(by_word)
    for lookalike in load_table("unit_lookalikes.tsv", Lookalike):
        if lookalike.unit and lookalike.unit not in by_word:
            raise ConfigurationError(f"unit_lookalikes.tsv: {lookalike.unit} is not in measure_words.tsv")
        entries[lookalike.word] = by_word[lookalike.unit] if lookalike.unit else none
    bounds = load_table("qualifiers.tsv", Bound)
    return Tables(
        units=Words(entries.items()),
        hanzi_units="".join(sorted({row.word[0] for row in measure_words if row.hanzi == "yes"})),
        before=Words((row.word, row) for row in bounds if row.position == "before"),
        after=Words((row.word, row) for row in bounds if row.position == "after"),
        phrases=Words((row.word, row) for row in load_table("numeral_words.tsv", SetPhrase)),
        nouns=Words((row.word, row) for row in load_table("counted_nouns.tsv", CountedNoun)),
    )
