"""Which language the pages speak, and their words, which stand in include/words/review.yaml."""

from collections.abc import Mapping
from types import MappingProxyType

from annals.words import LANGUAGES, Language, phrases


def words(language: Language) -> Mapping[str, str]:
    """The words of a language."""
    return MappingProxyType({key: text[language] for key, text in phrases("review").items()})


def choose_language(asked: str, kept: str, accepted: str) -> Language:
    """The language asked for, kept from before, or the one that the browser likes best.

    >>> choose_language("", "", "de, zh-CN;q=0.8, en;q=0.7"), choose_language("", "en", "zh")
    ('zh', 'en')
    """
    for given in (asked, kept):
        if given in LANGUAGES:
            return given
    liked = []
    for order, part in enumerate(accepted.split(",")):
        tag, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=") or "1"
        code = tag.strip().lower().partition("-")[0]
        if code in LANGUAGES and weight.replace(".", "", 1).isdecimal():
            liked.append((-float(weight), order, code))
    return min(liked)[2] if liked else "en"
