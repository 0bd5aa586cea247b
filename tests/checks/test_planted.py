"""That the plants of benchmarks/checks measure what they say: clean texts are clean, a plant is one place, a finding
elsewhere is false."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from annals.errors import ConfigurationError
from benchmarks.checks import bodies
from benchmarks.checks.cases import CLEAN_YEARS, Case, cases, file_of
from benchmarks.checks.outcome import Outcome, Said
from benchmarks.checks.plants import Plant, load

PLACE = "榆揽岫市"
ENOUGH = 10


@pytest.fixture(scope="module")
def all_cases() -> list[Case]:
    return list(cases(load()))


def numbers(text: str) -> list[Decimal]:
    return [Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize("topic", bodies.TOPICS, ids=lambda topic: topic.done + topic.stock)
def test_clean_sentences_are_true_by_arithmetic(topic: bodies.Topic) -> None:
    for year in range(2016, 2024):
        now, before = bodies.value(PLACE, topic, year), bodies.value(PLACE, topic, year - 1)
        total = bodies.stock(PLACE, topic, year)
        assert total == bodies.stock(PLACE, topic, year - 1) + now
        assert before < now <= before * Decimal("1.6")  # no number comes back, none leaps
        for style in range(12):
            for sentence in [bodies.said(PLACE, topic, year, "review", style)]:
                found = numbers(sentence)
                if topic.stock:
                    assert sorted(found) == sorted({now, total})
                elif "增长" in sentence:
                    assert found[0] == now
                    assert abs(found[1] - 100 * Decimal(now - before) / before) <= Decimal("0.05")
                else:
                    assert set(found) <= {now, before}
                    assert now in found
            (goal,) = numbers(bodies.said(PLACE, topic, year, "plan", style))
            assert goal <= now
            within = numbers(bodies.said(PLACE, topic, year, "press", style))
            assert all(one <= now for one in within if one != 8)


def test_quarters_add_up() -> None:
    topics = bodies.FLOWS[:3]
    rows = [row.strip("|").split("|")[1:] for row in bodies.quarters(PLACE, topics, 2020).split("\n")[1:]]
    for column, topic in enumerate(topics):
        *parts, total = (int(row[column]) for row in rows)
        assert sum(parts) == total == bodies.value(PLACE, topic, 2020)


def test_places_are_invented_and_one_publisher_has_one(all_cases: list[Case]) -> None:
    bodies_of = [{one.body for one in case.notices} for case in all_cases if case.notices and case.plant.place is None]
    assert all(len(some) == 1 for some in bodies_of)
    named = [next(iter(some))[:4] for some in bodies_of]
    assert len(set(named)) == len(named)
    assert set(named) <= set(bodies.places())


def test_every_file_is_one_notices(all_cases: list[Case]) -> None:
    files = [file_of(one) for case in all_cases for one in case.notices]
    assert len(set(files)) == len(files) > 1000


def planted(all_cases: list[Case]) -> Iterator[tuple[Case, bodies.Notice]]:
    for case in all_cases:
        if case.kind != "clean" and not case.rows:
            for notice in case.notices:
                yield case, notice


def clean_sentences(notice: bodies.Notice) -> set[str]:
    """Everything that a notice of this place, year and genre may say when nothing is planted in it."""
    year = notice.year
    place = notice.body[:4] if notice.body[:4] in bodies.places() else notice.body[:3]
    found = {"各区县协会，各直属单位：", bodies.plain_opening(notice.genre)}
    found |= {one.replace("YEAR", str(year)) for one in bodies.OPENINGS[notice.genre]}
    for topic in bodies.TOPICS:
        for style in range(12):
            sentence = bodies.said(place, topic, year, notice.genre, style)
            found |= {sentence, f"{year}年" + sentence.removeprefix("全年").removeprefix("共")}
    return found


def test_a_plant_is_one_place_among_clean_sentences(all_cases: list[Case]) -> None:
    seen = 0
    for case, notice in planted(all_cases):
        told = [text for text in filled(case, notice) if text in "\n\n".join(notice.paragraphs)]
        assert len(told) >= 1, notice
        rest = "\n\n".join(notice.paragraphs)
        assert rest.count(max(told, key=len)) == 1, notice
        rest = rest.replace(max(told, key=len), "\n\n")
        for sentence in bodies.CLOSINGS[notice.genre]:  # one of them quotes a sentence
            rest = rest.replace(sentence, "\n")
        left = {one for one in re.split(r"(?<=[。：])|\n", rest) if one}
        assert left <= clean_sentences(notice), notice
        seen += 1
    assert seen > 1000


def filled(case: Case, notice: bodies.Notice) -> list[str]:
    """What is planted in the case, with years, place and body filled in."""
    plant, place = case.plant, notice.body[:4] if case.plant.place is None else case.plant.place
    main = next(one for one in case.notices if one.key == case.about)
    found = [plant.fault, plant.sound, plant.text, *(one.text for one in (*plant.others, *plant.followed))]
    return [
        re.sub(r"Y([+-]\d+|0)", lambda year: str(main.year + int(year[1])), one)
        .replace("PLACE", place)
        .replace("BODY", notice.body)
        for one in found
        if one
    ]


def test_every_check_has_faults_and_look_alikes_enough(all_cases: list[Case]) -> None:
    for code, plants in load().items():
        if any(one.never for one in plants.faults):
            continue
        for kind in ("fault", "sound"):
            mine = [case for case in all_cases if (case.code, case.kind) == (code, kind)]
            assert sum(len(case.rows) or 1 for case in mine) >= ENOUGH, (code, kind)
    for case in all_cases:
        if case.kind == "fault" and case.at:
            assert case.at in (case.plant.fault or "").replace("Y0", "")


def outcome(case: Case, *said: Said) -> Outcome:
    found = Outcome({"growth_and_levels", "jump"})
    found.add([case], list(said), [], None)  # type: ignore[arg-type]  # asked only for figures that a plant names
    return found


def test_a_finding_counts_where_it_quotes_the_right_sentence() -> None:
    fault = "受理咨询3600件，比上年增加600件，增长50%。"
    notice = bodies.Notice(
        "a", "review", 2020, "总结", "榆揽岫市协会", bodies.date(2021, 1, 4), (f"全年更换路灯9盏。{fault}",), "txt"
    )
    case = Case("growth_and_levels", "fault", (), (notice,), "a", (fault,), None, Plant(fault=fault))

    def score(code: str, evidence: str) -> tuple[int, int, int]:
        found = outcome(case, Said(code, "warning", "a.txt", None, evidence, "")).scores
        return found["growth_and_levels"].found, found[code].false, found["growth_and_levels"].echoes

    assert score("growth_and_levels", fault) == (1, 0, 0)
    assert score("growth_and_levels", "增长50%") == (1, 0, 0)
    assert score("growth_and_levels", "全年更换路灯9盏。") == (0, 1, 0)
    assert score("jump", fault) == (0, 0, 1)
    assert score("jump", "全年更换路灯9盏。") == (0, 1, 0)


def test_a_finding_on_a_sound_notice_is_false() -> None:
    notice = bodies.Notice("a", "review", 2020, "总结", "榆揽岫市协会", bodies.date(2021, 1, 4), ("增长五成。",), "txt")
    case = Case("growth_and_levels", "sound", (), (notice,), "a", ("增长五成。",), None, Plant(text="增长五成。"))
    found = outcome(case, Said("jump", "warning", "a.txt", None, "增长五成。", ""))
    assert (found.scores["growth_and_levels"].sound, found.scores["jump"].false) == (1, 1)
    assert found.scores["jump"].precision == "0.00"


def test_a_slip_in_a_file_of_plants_is_one_line(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.yaml").write_text("jump: {faults: [{fault: 增长, sounds: 减少}], sound: []}", "utf-8")
    with pytest.raises(ConfigurationError, match=r"a.yaml:1: .*sounds"):
        load(tmp_path)
    (tmp_path / "a.yaml").write_text("jump: {faults: [], sound: []}", "utf-8")
    (tmp_path / "b.yaml").write_text("jump: {faults: [], sound: []}", "utf-8")
    with pytest.raises(ConfigurationError, match=r"b.yaml: jump: planted in another file too"):
        load(tmp_path)


def test_clean_years_are_whole(all_cases: list[Case]) -> None:
    for case in all_cases:
        if case.kind == "clean":
            genres = [(one.year, one.genre) for one in case.notices]
            assert genres == [(year, genre) for year in CLEAN_YEARS for genre in bodies.GENRES]
