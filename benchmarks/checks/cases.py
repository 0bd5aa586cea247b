"""Plants → cases: a publisher of its own for each, with the notices that it publishes, in the order of two runs."""

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from annals.model import Genre
from benchmarks.checks import bodies
from benchmarks.checks.bodies import FLOWS, TOPICS, Notice, Topic
from benchmarks.checks.plants import Beside, Plant, Plants

Kind = Literal["fault", "sound", "clean"]
BESIDE = Plant()  # how notices stand that hold no plant themselves
CLEAN_YEARS = range(2018, 2022)


class Case(NamedTuple):
    """What one publisher publishes: `earlier` is published before `later` is staged. `right` are the sentences that
    a finding of `code` may quote; empty where any finding of it on `about` is right."""

    code: str
    kind: Kind
    earlier: tuple[Notice, ...]
    later: tuple[Notice, ...]
    about: str  # the key of the notice that holds the plant
    right: tuple[str, ...] = ()
    at: str | None = None
    plant: Plant = BESIDE
    rows: tuple[str, ...] = ()  # SQL for one staged row after the other; "copy" doubles it
    raw: tuple[str, bytes] | None = None  # a file that is no text of ours

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self.earlier + self.later


def file_of(notice: Notice) -> str:
    """The name of the notice's file."""
    return f"{notice.key}.{notice.form}"


def cases(plants: dict[str, Plants]) -> Iterator[Case]:
    """All faults, their sound twins and the look-alikes, and clean years of publishers whom nothing befalls."""
    places = iter(bodies.places())
    for code, some in sorted(plants.items()):
        number = 0
        for kind, entries in (("fault", some.faults), ("sound", some.sound)):
            for entry in entries:
                plant = Plant(text=entry) if isinstance(entry, str) else entry
                for case in _planted(code, kind, plant, number, places):  # type: ignore[arg-type]
                    yield case
                    number += 1
    for number in range(6):
        yield _clean(number, next(places))


def _planted(code: str, kind: Kind, plant: Plant, number: int, places: Iterator[str]) -> Iterator[Case]:
    if plant.never:
        return
    if plant.copy or plant.set or plant.each:
        sets = ("copy",) if plant.copy else plant.each or (plant.set or "",)
        yield from _spoilt(code, kind, plant, sets * plant.times, number, places)
    elif plant.file:
        key = f"{code}-{number:02d}"
        yield Case(code, kind, (), (), key, plant=plant, raw=(f"{key}-{plant.file}", bytes.fromhex(plant.hex)))
    else:
        text = plant.fault or plant.text or plant.sound or ""
        yield _told(code, kind, plant, text, plant.published, number, plant.place or next(places))
        if plant.fault and (plant.sound or plant.sound_published):
            told = plant.sound or plant.fault
            when = plant.sound_published or plant.published
            yield _told(code, "sound", plant, told, when, number + 1, plant.place or next(places))


def _told(code: str, kind: Kind, plant: Plant, text: str, published: str | None, number: int, place: str) -> Case:
    dice = random.Random(f"{code} {number} {text}")
    key = f"{code}-{number:02d}"
    year = plant.year or dice.choice((2018, 2019, 2020, 2021))
    body = place + dice.choice(bodies.KINDS)
    taken = (text, *(one.text for one in (*plant.others, *plant.followed)))
    topics = _topics(dice, " ".join(taken))

    def filled(words: str) -> str:
        words = re.sub(r"Y([+-]\d+|0)", lambda found: str(year + int(found.group(1))), words)
        return words.replace("PLACE", place).replace("BODY", body)

    def beside(index: int, one: Beside) -> Notice:
        when = date.fromisoformat(filled(one.published)) if one.published else None
        return _notice(f"{key}-{index}", one.genre, year + one.years, place, body, filled(one.text), topics, dice, when)

    when = date.fromisoformat(filled(published)) if published else None
    main = _notice(
        key, plant.genre, year, place, body, filled(text), topics, dice, when, plant=plant,
        title=filled(plant.title) if plant.title else None,
    )  # fmt: skip
    others = tuple(beside(index, one) for index, one in enumerate(plant.others))
    followed = tuple(beside(index, one) for index, one in enumerate(plant.followed, start=len(others)))
    in_two_runs = number % 4 < 2  # a twin is staged as its fault is
    split = (others or (main,)) if in_two_runs and (others or followed) else ()
    rest = tuple(one for one in (*others, main, *followed) if one not in split)
    right = () if plant.about == "notice" else tuple(filled(one) for one in taken)
    return Case(code, kind, split, rest, key, right, filled(plant.at) if plant.at else None, plant)


def _topics(dice: random.Random, taken: str) -> tuple[Topic, ...]:
    """What the clean sentences of a case speak of: nothing that the planted ones mention."""
    free = [topic for topic in TOPICS if topic.stock not in taken or not topic.stock]
    free = [topic for topic in free if topic.stock or topic.done[-2:] not in taken]
    flows = [topic for topic in free if not topic.stock]
    one = dice.choice(flows)  # whatever the genre, one sentence counts something
    return tuple(dice.sample([one, *dice.sample([topic for topic in free if topic is not one], 4)], 5))


def _notice(
    key: str, genre: Genre, year: int, place: str, body: str, text: str, topics: tuple[Topic, ...],
    dice: random.Random, when: date | None, *, plant: Plant = BESIDE, title: str | None = None,
) -> Notice:  # fmt: skip
    paragraphs = told = text.split("\n\n")
    clean = [bodies.said(place, topic, year, genre, dice.randrange(12)) for topic in topics]
    clean = clean if plant.plain else [bodies.dated(genre, year, one, dice) for one in clean]
    first = bodies.plain_opening(genre) if plant.plain else bodies.opening(genre, year, dice)
    last, at = bodies.closing(genre, dice), dice.randint(1, len(clean) - 1)
    if plant.whole:
        paragraphs = [first, next(one for one in clean if re.search(r"\d{2}", one)), *told]
    elif not plant.bare:
        if plant.opening:
            paragraphs = [*told, *clean, last]
        elif plant.closing:
            paragraphs = [first, *clean, *told]
        elif len(told) == 1 and told[0][0] != "|" and dice.random() < 0.5:  # within a paragraph
            paragraphs = [first, *clean[: at - 1], clean[at - 1] + told[0] + clean[at], *clean[at + 1 :], last]
        else:
            paragraphs = [first, *clean[:at], *told, *clean[at:], last]
        if genre == "notice":
            paragraphs = ["各区县协会，各直属单位：", *paragraphs]
    head = title or bodies.title(place, body, genre, year, dice)
    form: str = plant.format or dice.choice(("txt", "txt", "md", "html"))
    out = when or bodies.published(genre, year, dice)
    return Notice(key, genre, year, head, body, out, tuple(paragraphs), form, plant.encoding)


def _spoilt(
    code: str, kind: Kind, plant: Plant, sets: tuple[str, ...], number: int, places: Iterator[str]
) -> Iterator[Case]:
    """Clean notices of many figures; each statement spoils a row of its own."""
    of_notices = code.startswith("notice_") and code != "notice_id_given"
    for index, group in enumerate([(one,) for one in sets] if of_notices else [sets]):
        place = next(places)
        key = f"{code}-rows-{kind}-{number:02d}-{index:02d}"
        dice = random.Random(key)
        body, year = place + dice.choice(bodies.KINDS), 2018 + (number + index) % 4
        clean = tuple(bodies.said(place, topic, year, "review", 2) for topic in FLOWS)
        paragraphs = (bodies.opening("review", year, dice), *clean, bodies.closing("review", dice))
        out = bodies.published("review", year, dice)
        notice = Notice(key, "review", year, f"{body}{year}年工作总结", body, out, paragraphs, "txt")
        yield Case(code, kind, (), (notice,), key, plant=plant, rows=group)


def _clean(number: int, place: str) -> Case:
    """Four years of all genres by one publisher, with more sentences each, headings and tables."""
    dice = random.Random(f"clean {number}")
    body = place + bodies.KINDS[number % len(bodies.KINDS)]
    topics = tuple(dice.sample(TOPICS, 10))
    notices: list[Notice] = []
    for year in CLEAN_YEARS:
        for genre in bodies.GENRES:
            clean = [bodies.dated(genre, year, bodies.said(place, topic, year, genre, dice.randrange(12)), dice)
                     for topic in topics]  # fmt: skip
            parts = [bodies.opening(genre, year, dice)]
            if genre == "notice":
                parts.insert(0, "各区县协会，各直属单位：")
            if genre in ("plan", "review") and number % 2:
                parts += ["一、民生服务", *clean[:4], "二、城市管理", *clean[4:7], "三、公共空间", *clean[7:]]
            else:
                parts += ["".join(clean[at : at + 3]) for at in range(0, 10, 3)]
            if genre == "communique":
                flows = tuple(topic for topic in topics if not topic.stock)[:3]
                parts.append(bodies.quarters(place, flows, year))
            parts.append(bodies.closing(genre, dice))
            form = ("txt", "md", "html")[(number + year + len(notices)) % 3]
            out = bodies.published(genre, year, dice) + timedelta(days=number)
            head = bodies.title(place, body, genre, year, dice)
            key = f"clean-{number}-{year}-{genre}"
            notices.append(Notice(key, genre, year, head, body, out, tuple(parts), form))
    earlier = tuple(one for one in notices if one.year < 2020)
    return Case("", "clean", earlier, tuple(one for one in notices if one.year >= 2020), "")
