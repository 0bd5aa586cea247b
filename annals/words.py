"""Words that people read, in every language, from the YAML of include/words."""

import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec

from annals import yamlfile
from annals.settings import PROJECT

FOLDER = PROJECT / "include" / "words"
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Filled = Annotated[str, msgspec.Meta(pattern=r"\S", description="words, not an empty text")]


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same said in every language; `{places}` are filled in."""

    en: Filled
    zh: Filled

    def __getitem__(self, language: Language) -> str:
        return str(getattr(self, language))


@cache
def phrases(name: str) -> Mapping[str, Text]:
    """The texts of include/words/NAME.yaml by their keys, read once."""
    return load_phrases(FOLDER / f"{name}.yaml")


def load_phrases(path: Path) -> Mapping[str, Text]:
    """The texts of a file by their keys. Raises ConfigurationError, one line with file, line and key."""
    texts = yamlfile.read(path, dict[str, Text])
    for key, text in texts.items():
        check_places(path, (key,), text)
    return texts


def check_places(path: Path, keys: tuple[str, ...], text: str | Text) -> None:
    """Raises ConfigurationError where languages fill different places, or a place is no plain name in braces."""
    if isinstance(text, str):
        _places(path, keys, text)
        return
    places = {language: _places(path, (*keys, language), text[language]) for language in LANGUAGES}
    everywhere = set.union(*places.values())
    for language in LANGUAGES:
        if missing := everywhere - places[language]:
            raise yamlfile.fault(path, (*keys, language), f"has no {{{min(missing)}}}, which another language has")


def _places(path: Path, keys: tuple[str, ...], text: str) -> set[str]:
    """
    >>> sorted(_places(Path("x.yaml"), ("key",), "{part} of {whole}"))
    ['part', 'whole']
    """
    try:
        parsed = [(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(text)]
    except ValueError as error:
        raise yamlfile.fault(path, keys, f"{error}; a place is a name in braces, as in {{whole}}") from error
    names = set()
    for name, spec, conversion in parsed:
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise yamlfile.fault(path, keys, f"{{{name}}} is no place; expected a name in braces, as in {{whole}}")
        names.add(name)
    return names
