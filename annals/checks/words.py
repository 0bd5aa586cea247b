"""The words of findings, in every language, from include/words: what people read of a check and of what it found.

A rule says what it found by the name of a message and by what fills its places; `Words.tell` makes the sentences.

>>> said = Said.of("part_too_large", {"part": "80名", "whole": "50名"})
>>> words().tell("parts_exceed_whole", said, "en").expected, words().tell("parts_exceed_whole", said, "zh").expected
('at most 50名', '不超过50名')
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

from annals import yamlfile
from annals.errors import ConfigurationError
from annals.model import Record
from annals.words import FOLDER, LANGUAGES, Filled, Language, Text, check_places

ROW = "row"  # the message of every expectation, about a staged row that fails it


# --- what is said ------------------------------------------------------------------------------


class Word(Record, frozen=True, tag="word"):
    """A word of include/words/vocabulary.yaml, by its code: `Word("growth")` is 增幅 in Chinese."""

    code: str


class Column(Record, frozen=True, tag="column"):
    """A column of a staged row, and what stands in it."""

    name: str
    value: str | None


Piece = str | Word | Column
Kept = Piece | tuple[Piece, ...]
Value = str | int | Decimal | Word | Column | tuple[Piece, ...]  # several pieces become a list: "个, 家", "个、家"


class Said(Record, frozen=True):
    """The name of a message and what fills its places, in no language: as the warehouse keeps it."""

    message: str
    given: dict[str, Kept]

    @classmethod
    def of(cls, message: str, given: Mapping[str, Value]) -> "Said":
        """
        >>> Said.of("fell", {"year": 2023, "value": Decimal("1E+3")})
        Said(message='fell', given={'year': '2023', 'value': '1000'})
        """
        return cls(message, {name: _kept(value) for name, value in given.items()})


def _kept(value: Value) -> Kept:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value) if isinstance(value, int) else value


# --- the files ---------------------------------------------------------------------------------


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a check can say; `{places}` are filled in. A plain text is the same in every language."""

    message: Filled | Text
    seen: Filled | Text
    expected: Filled | Text | None = None  # none: the check's own sentence


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A check, as people know it: its name, what holds of what is sound, and what to do about what is not."""

    name: Text
    sentence: Text
    action: Text
    messages: dict[str, Message] = {}  # an expectation has none: it says the same of every row


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """include/words/vocabulary.yaml."""

    row: Message
    missing: Text  # of an empty `column`
    filled: Text  # of a `column` and its `value`
    comma: Text
    columns: dict[str, Filled]
    words: dict[str, Text]


class Told(Record, frozen=True, kw_only=True):
    """A finding's texts in one language."""

    message: str
    expected: str
    seen: str
    action: str


class Words(Record, frozen=True, kw_only=True):
    """All checks by their codes, and the vocabulary."""

    checks: dict[str, Check]
    vocabulary: Vocabulary

    def require(self, codes: set[str]) -> None:
        """Raises ConfigurationError where a check has no words."""
        if missing := sorted(codes - set(self.checks)):
            raise ConfigurationError(
                f"{FOLDER / 'checks'}: no words for {', '.join(missing)}; add name, sentence and action in each of "
                f"{', '.join(LANGUAGES)}"
            )

    def tell(self, code: str, said: Said, language: Language) -> Told:
        """What the check has to say, in a language.

        Raises ConfigurationError where the files know no such check, message or word, or a place is left unfilled.
        """
        check = self.checks.get(code)
        if check is None:
            raise ConfigurationError(f"{FOLDER / 'checks'}: no words for {code}")
        messages = check.messages or {ROW: self.vocabulary.row}
        message = messages.get(said.message)
        if message is None:
            raise ConfigurationError(
                f"{FOLDER / 'checks'}: {code} has no message {said.message!r}; it has {', '.join(messages)}"
            )
        given = {name: self._text(value, language) for name, value in said.given.items()}
        return Told(
            message=_fill(code, said, _in(message.message, language), given),
            expected=_fill(code, said, _in(message.expected or check.sentence, language), given),
            seen=_fill(code, said, _in(message.seen, language), given),
            action=_fill(code, said, check.action[language], given),
        )

    def retell(self, code: str, said: object, english: Told, language: Language) -> Told:
        """A finding that the warehouse keeps, in a language; `said` is what its column holds.

        In English it stays as it was written. So it does where nothing is kept to make other sentences of, or where
        the files no longer know the message: both were found by an earlier version.
        """
        if language == "en" or said is None:
            return english
        try:
            return self.tell(code, msgspec.convert(said, Said), language)
        except (ConfigurationError, msgspec.ValidationError):
            return english

    def name(self, code: str, language: Language) -> str:
        """What people call a check; its code, where the files no longer know it."""
        return self.checks[code].name[language] if code in self.checks else code

    def sentence(self, code: str, language: Language) -> str:
        """What a check asks for; nothing, where the files no longer know it."""
        return self.checks[code].sentence[language] if code in self.checks else ""

    def action(self, code: str, language: Language) -> str:
        """What to do where a check fails, whatever it finds: places are left open."""
        return re.sub(r"{\w+}", "…", self.checks[code].action[language]) if code in self.checks else ""

    def _text(self, value: Kept, language: Language) -> str:
        if isinstance(value, tuple):
            return self.vocabulary.comma[language].join(self._piece(piece, language) for piece in value)
        return self._piece(value, language)

    def _piece(self, piece: Piece, language: Language) -> str:
        if isinstance(piece, Word):
            if piece.code not in self.vocabulary.words:
                raise ConfigurationError(f"{FOLDER / 'vocabulary.yaml'}: words: there is no {piece.code}")
            return self.vocabulary.words[piece.code][language]
        if isinstance(piece, Column):
            return self._column(piece, language)
        return piece

    def _column(self, column: Column, language: Language) -> str:
        name = column.name
        if language == "zh":
            if name not in self.vocabulary.columns:
                raise ConfigurationError(f"{FOLDER / 'vocabulary.yaml'}: columns: there is no {name}")
            name = self.vocabulary.columns[name]
        if column.value is None:
            return self.vocabulary.missing[language].format(column=name)
        return self.vocabulary.filled[language].format(column=name, value=column.value)


def _in(text: str | Text, language: Language) -> str:
    return text if isinstance(text, str) else text[language]


def _fill(code: str, said: Said, template: str, given: Mapping[str, str]) -> str:
    try:
        return template.format_map(given)
    except KeyError as error:
        raise ConfigurationError(
            f"{FOLDER / 'checks'}: {code}, message {said.message!r}: {{{error.args[0]}}} is filled by nothing; "
            f"the check gives {', '.join(given) or 'nothing'}"
        ) from error


# --- reading them ------------------------------------------------------------------------------


@cache
def words() -> Words:
    """The words of include/words, read once."""
    return load()


def load(folder: Path = FOLDER) -> Words:
    """The words of a folder: vocabulary.yaml and checks/*.yaml.

    Raises ConfigurationError, one line with file, line and key: for an unknown key, a language that is missing, places
    that differ between languages, and a check that stands in two files.
    """
    path = folder / "vocabulary.yaml"
    vocabulary = yamlfile.read(path, Vocabulary)
    check_places(path, ("row", "message"), vocabulary.row.message)
    check_places(path, ("row", "seen"), vocabulary.row.seen)
    check_places(path, ("missing",), vocabulary.missing)
    check_places(path, ("filled",), vocabulary.filled)
    checks: dict[str, Check] = {}
    files: dict[str, Path] = {}
    for path in sorted((folder / "checks").glob("*.yaml")):
        for code, check in yamlfile.read(path, dict[str, Check]).items():
            if code in checks:
                raise yamlfile.fault(path, (code,), f"stands in {files[code].name} too; keep one")
            for keys, text in _texts(code, check):
                check_places(path, keys, text)
            checks[code], files[code] = check, path
    return Words(checks=checks, vocabulary=vocabulary)


def _texts(code: str, check: Check) -> Iterator[tuple[tuple[str, ...], str | Text]]:
    yield (code, "name"), check.name
    yield (code, "sentence"), check.sentence
    yield (code, "action"), check.action
    for name, message in check.messages.items():
        for key in ("message", "expected", "seen"):
            text = getattr(message, key)
            if text is not None:
                yield (code, "messages", name, key), text
