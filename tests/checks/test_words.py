"""The words of checks: complete in every language, filled by what rules give, and clear about slips in their files."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from annals.checks.expectations import load_suites
from annals.checks.rule import Found, Named, Rule, Subject
from annals.checks.rules import NAMING_RULES, NOTICE_RULES, WAREHOUSE_RULES
from annals.checks.words import (
    ROW,
    Column,
    Kept,
    Said,
    Told,
    Value,
    Word,
    Words,
    load,
    words,
)
from annals.errors import ConfigurationError
from annals.words import FOLDER, LANGUAGES, Language
from tests.checks.faults import NAMING_FAULTS, NOTICE_FAULTS, WAREHOUSE_FAULTS, reviewed
from tests.checks.sound import stated

RULES: tuple[Rule, ...] = (*NOTICE_RULES, *WAREHOUSE_RULES, *NAMING_RULES)
HAN = re.compile(r"[一-龥]")
LATIN = re.compile(r"[A-Za-z]{2,}")
# What stays as it is in Chinese: names of files, folders and standards.
NAMES = re.compile(r"include/\w+|unit_classes\.tsv|YAML|SHA-256|GB/T|{\w+}")


def planted() -> Iterator[tuple[Rule, Found]]:
    """What the rules find in the faults planted for them."""
    for notice_rule in NOTICE_RULES:
        for fault in NOTICE_FAULTS[notice_rule.code]:
            yield from ((notice_rule, found) for found in notice_rule.check(fault.reading))
    for warehouse_rule in WAREHOUSE_RULES:
        for readings, _ in WAREHOUSE_FAULTS[warehouse_rule.code]:
            subject, world = Subject(stated(*readings)), reviewed(readings)
            yield from ((warehouse_rule, found) for found in warehouse_rule.check(subject, world))
    for naming_rule in NAMING_RULES:
        named = tuple(_named(reading.text) for reading in NAMING_FAULTS[naming_rule.code])
        yield from ((naming_rule, found) for found in naming_rule.check(named))


def _named(text: str) -> Named:
    found = re.search(r"《(.+)（(\d{4})[—-](\d{4})年）》", text)
    assert found is not None
    return Named(notice_id=text, name=found[1], first=int(found[2]), last=int(found[3]), evidence=found[0])


PLANTED = [(rule.code, Said.of(found.message, found.given)) for rule, found in planted()]


def test_every_check_has_words_and_no_words_are_left_over() -> None:
    codes = {one.code for suite in load_suites() for one in suite.expectations} | {rule.code for rule in RULES}
    assert set(words().checks) == codes
    with pytest.raises(ConfigurationError, match="no words for brand_new"):
        words().require({"crowd", "brand_new"})


def test_rules_have_messages_and_expectations_say_the_same_of_every_row() -> None:
    with_messages = {code for code, check in words().checks.items() if check.messages}
    assert with_messages == {rule.code for rule in RULES}


def test_every_message_is_said_of_a_planted_fault() -> None:
    written = {(code, name) for code, check in words().checks.items() for name in check.messages}
    assert written == {(code, said.message) for code, said in PLANTED}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "said"), PLANTED, ids=[f"{code}-{said.message}" for code, said in PLANTED])
def test_what_is_found_is_told_in_every_language(code: str, said: Said, language: Language) -> None:
    told = words().tell(code, said, language)
    for text in msgspec.structs.astuple(told):
        assert text and "{" not in text and "}" not in text


@pytest.mark.parametrize(("code", "said"), PLANTED, ids=[f"{code}-{said.message}" for code, said in PLANTED])
def test_chinese_is_chinese(code: str, said: Said) -> None:
    """Beside what the notice itself says, which stays as it is written."""
    bare = Said(said.message, {name: _without_raw(value) for name, value in said.given.items()})
    told = words().tell(code, bare, "zh")
    assert HAN.search(told.message) and HAN.search(told.action)
    for text in msgspec.structs.astuple(told):
        assert not LATIN.search(NAMES.sub("", text)), text


def _without_raw(value: Kept) -> Kept:
    if isinstance(value, tuple):
        return tuple(piece if isinstance(piece, Word) else "…" for piece in value)
    return value if isinstance(value, Word) else "…"


def test_nothing_that_a_rule_gives_is_given_in_vain() -> None:
    for code, said in PLANTED:
        check = words().checks[code]
        message = check.messages[said.message]
        texts = " ".join(
            text if isinstance(text, str) else text["en"]
            for text in (message.message, message.expected or "", message.seen, check.action)
        )
        assert set(said.given) <= set(re.findall(r"{(\w+)}", texts)), (code, said.message)


def test_names_sentences_and_actions_are_in_both_languages() -> None:
    for code, check in words().checks.items():
        for text in (check.name, check.sentence, check.action):
            assert HAN.search(text["zh"]) and not LATIN.search(NAMES.sub("", text["zh"])), code
            assert LATIN.search(text["en"]), code
        assert check.sentence["en"][0].isupper() and check.sentence["en"].endswith("."), code
        assert check.sentence["zh"].endswith("。"), code


def test_every_column_of_the_suites_has_a_word() -> None:
    asked = {
        value
        for suite in load_suites()
        for one in suite.expectations
        for key, value in one.kwargs.items()
        if key.startswith("column")
    } | {suite.meta.row_id for suite in load_suites()}
    for name in asked:
        said = Said.of(ROW, {"subject": "占比", "seen": (Column(name, "118"), Column(name, None))})
        told = words().tell("fall_at_most_whole", said, "zh")
        assert HAN.search(told.seen) and told.seen.endswith("缺失")
    assert asked == set(words().vocabulary.columns)


def test_a_row_that_fails_is_told_by_its_columns() -> None:
    said = Said.of(ROW, {"subject": "参观者", "seen": (Column("growth_percent", "-118"), Column("unit", None))})
    english, chinese = (words().tell("fall_at_most_whole", said, language) for language in LANGUAGES)
    assert (english.message, english.expected) == (
        "参观者: growth_percent -118, unit missing",
        "Nothing falls by more than 100 percent.",
    )
    assert (chinese.message, chinese.expected) == ("参观者：增幅（%）为-118、单位缺失", "降幅不超过100%。")


def test_what_the_warehouse_keeps_is_told_again() -> None:
    given: dict[str, Value] = {"now": ("个", Word("no_unit")), "before": "场", "year": 2023, "figure": "3"}
    kept = msgspec.json.decode(msgspec.json.encode(Said.of("other_unit", given)))
    english = Told(message="m", expected="e", seen="s", action="a")
    assert words().retell("unit_changed", kept, english, "zh").message == "2023年以个、无单位计，上年以场计"
    assert words().retell("unit_changed", kept, english, "en") == english
    assert words().retell("unit_changed", None, english, "zh") == english  # found before messages had names
    assert words().retell("unit_changed", {**kept, "message": "of_old"}, english, "zh") == english
    assert words().retell("of_old", kept, english, "zh") == english
    assert words().retell("unit_changed", {"wrong": 1}, english, "zh") == english


def test_braces_in_a_notice_are_only_text() -> None:
    said = Said.of("lookalike", {"seen": "{0}{whole}", "meant": "}{"})
    assert words().tell("misread_digits", said, "zh").message == "“{0}{whole}”疑为“}{”之误"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Said.of("part_too_large", {"part": "8名"}), "{whole} is filled by nothing; the check gives part"),
        (Said.of("too_lagre", {}), "no message 'too_lagre'; it has part_too_large"),
        (Said.of("part_too_large", {"part": Word("nix"), "whole": "5名"}), "words: there is no nix"),
    ],
)
def test_a_rule_that_gives_too_little_is_told_so(said: Said, why: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(why)):
        words().tell("parts_exceed_whole", said, "en")


CHECK = """\
crowd:
  name: {en: Crowd, zh: 人数}
  sentence: {en: As many come as can., zh: 人数合理。}
  action: {en: Compare with the page., zh: 请核对。}
  messages:
    too_many:
      message: {en: "{people} came", zh: "{people}到场"}
      seen: "{people}"
"""


def changed(tmp_path: Path, old: str, new: str) -> Words:
    assert old in CHECK
    (tmp_path / "checks").mkdir()
    shutil.copy(FOLDER / "vocabulary.yaml", tmp_path)
    (tmp_path / "checks" / "crowds.yaml").write_text(CHECK.replace(old, new), encoding="utf-8")
    return load(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("zh: 人数}", "cn: 人数}", "crowds.yaml:2: crowd.name.cn: no such key; known keys: en, zh"),
        (", zh: 人数}", "}", "crowds.yaml:2: crowd.name.zh: is missing"),
        ("zh: 人数}", "zh: '  '}", "crowds.yaml:2: crowd.name.zh: expected words, not an empty text, found '  '"),
        ("  action:", "  acton:", "crowds.yaml:4: crowd.acton: no such key; did you mean 'action'?"),
        ('zh: "{people}到场"', 'zh: "到场"', "crowds.yaml:7: crowd.messages.too_many.message.zh: has no {people}"),
        ('en: "{people} came"', 'en: "came"', "crowds.yaml:7: crowd.messages.too_many.message.en: has no {people}"),
        ('"{people}到场"', '"{people到场"', "crowds.yaml:7: crowd.messages.too_many.message.zh: "),
        (
            'seen: "{people}"',
            'seen: "{people:>9}"',
            "crowds.yaml:8: crowd.messages.too_many.seen: {people} is",
        ),
        ('seen: "{people}"', 'seen: "{0.x}"', "crowds.yaml:8: crowd.messages.too_many.seen: {0.x} is no place"),
        ('seen: "{people}"', "seen: {people}", "crowds.yaml:8: crowd.messages.too_many.seen.people: no such key"),
        ('      seen: "{people}"\n', "", "crowds.yaml:6: crowd.messages.too_many.seen: is missing"),
        ("crowd:", "crowd: 1\nother:", "crowds.yaml:1: crowd: expected object, found int"),
        ("  sentence:", "  name:", "crowds.yaml:3: name: is given twice; keep one"),
        ("crowd:", "crowd: [", "crowds.yaml:"),
    ],
)
def test_a_slip_in_the_words_is_one_line_with_file_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        changed(tmp_path, old, new)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_a_check_stands_in_one_file(tmp_path: Path) -> None:
    changed(tmp_path, "crowd:", "crowd:")
    (tmp_path / "checks" / "more.yaml").write_text(CHECK, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape("more.yaml:1: crowd: stands in crowds.yaml too; keep one")):
        load(tmp_path)


def test_places_of_the_vocabulary_are_looked_at_too(tmp_path: Path) -> None:
    changed(tmp_path, "crowd:", "crowd:")
    vocabulary = tmp_path / "vocabulary.yaml"
    text = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(text.replace('zh: "{column}缺失"', "zh: 缺失"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape("missing.zh: has no {column}")):
        load(tmp_path)


def test_a_vocabulary_without_a_word_is_told(tmp_path: Path) -> None:
    changed(tmp_path, "crowd:", "crowd:")
    vocabulary = tmp_path / "vocabulary.yaml"
    content: dict[str, Any] = {"row": {"message": "{seen}"}}
    vocabulary.write_bytes(msgspec.yaml.encode(content))
    with pytest.raises(ConfigurationError, match=r"vocabulary.yaml:1: row.seen: is missing"):
        load(tmp_path)
