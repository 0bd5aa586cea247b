"""The words of the review page: there where a page asks for them, in both languages, and none that nobody asks for."""

import re
from pathlib import Path

import pytest

from annals.errors import ConfigurationError
from annals.settings import PROJECT
from annals.words import load_phrases, phrases

PAGES = sorted((PROJECT / "plugins" / "annals_review").rglob("*.html"))
ASKING = [
    *PAGES,
    PROJECT / "plugins" / "annals_review" / "app.py",
    *(PROJECT / "annals" / "review" / name for name in ("settle.py", "silence.py")),
]
# Names that pages put together: of a state, a severity, a way to settle, and what a check looks at.
BUILT = re.compile(
    r"reopened_(changed|expired)|\w+_means|(expectation|rule)_(figure|notice|warehouse)|running|succeeded"
)


def test_every_word_that_a_page_asks_for_is_there_and_no_other() -> None:
    assert PAGES
    text = "\n".join(path.read_text(encoding="utf-8") for path in ASKING)
    asked = set(re.findall(r"\bt\.(\w+)", text)) - {"get"}
    assert asked <= set(phrases("review"))
    assert {
        key for key in phrases("review") if not re.search(rf"\b{key}\b", text) and not BUILT.fullmatch(key)
    } == set()


def test_every_word_is_chinese_in_chinese() -> None:
    for key, text in phrases("review").items():
        if text["zh"] != text["en"]:  # Great Expectations
            assert re.search("[一-龥]", text["zh"]), key
        assert not re.search("[一-龥]", text["en"]), key


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("close: {en: Close, zh: }", "p.yaml:1: close.zh: expected str, found null"),
        ("close: {en: Close}", "p.yaml:1: close.zh: is missing"),
        ("a: {en: A, zh: 甲}\nclose: {en: Close, zh: 关, de: zu}", "p.yaml:2: close.de: no such key"),
        ("a: {en: '{x} b', zh: 甲}", "p.yaml:1: a.zh: has no {x}, which another language has"),
        ("a: 甲", "p.yaml:1: a: expected object, found str"),
        ("", "p.yaml: the file is empty"),
    ],
)
def test_a_slip_is_one_line_with_file_line_and_key(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        load_phrases(path)
    assert said in str(told.value)
