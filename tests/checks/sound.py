"""Notices of an invented association, sound in every respect: what faults are planted in."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from annals.checks.rule import Stated
from annals.extract.text import segment
from annals.model import Capture, Description, Figure, Genre, ListItem, NoticeRef, Reading, Section

REGION = "重庆市"


def figure(raw: str, value: float | str, **other: Any) -> dict[str, Any]:
    """A figure to be found in a text by `raw`: its fields but for the places. `core` is the number within `raw`."""
    number = Decimal(str(value))
    given: dict[str, Any] = {
        "raw": raw,
        "core": "".join(character for character in raw if character.isdigit() or character in ".万亿%"),
        "value": number,
        "low": number,
        "high": number,
        "unit": "个",
        "qualifier": "exact",
        "kind": "count",
        "measure": "level",
        "year": 2023,
        "role": "actual",
        "region": REGION,
        "subject": "科普馆",
        "confidence": 0.9,
    }
    given.update(other)
    given.setdefault("series", f"{given['subject']}|{given['unit']}|{given['measure']}")
    return given


def notice(
    key: str,
    text: str,
    figures: Sequence[dict[str, Any]] = (),
    *,
    title: str | None = None,
    genre: Genre = "review",
    year: int = 2023,
    published_on: date | None = None,
    sections: Sequence[str] = (),
    items: Sequence[tuple[str, int, str]] = (),
    source: str = "yunchuan",
    region: str | None = REGION,
) -> Reading:
    """A reading of `text`, its figures found in their order; the title is the text's first line."""
    read, at = [], 0
    for given in figures:
        fields = dict(given)
        start = text.index(fields["raw"], at)
        core = start + fields["raw"].index(fields["core"])
        at = start + len(fields["raw"])
        line = next(line for line in text.split("\n") if fields["raw"] in line)
        quote = next(part for part in line.replace("。", "。\n").split("\n") if fields["raw"] in part)
        core_length = len(fields.pop("core"))
        read.append(Figure(start=core, end=core + core_length, quote=quote, **fields))
    return Reading(
        capture=Capture(
            notice=NoticeRef(source=source, url=f"https://yunchuan.example/{key}.html"),
            notice_id=key,
            sha256=sha256(text.encode()).hexdigest(),
            path=f"raw/{key}",
            media_type="text/html",
            size=len(text.encode()),
            fetched_at=datetime(2024, 3, 1, 8, tzinfo=UTC),
            name=f"{key}.html",
            final_url=f"https://yunchuan.example/{key}.html",
        ),
        text=text,
        passages=segment(text, False),
        description=Description(
            title=title or text.split("\n", 1)[0],
            genre=genre,
            year=year,
            region=region,
            published_on=published_on or date(year + (genre == "review"), 1, 20),
            sections=tuple(
                Section(title=one, level=1, start=text.index(one), end=text.index(one) + len(one)) for one in sections
            ),
            items=tuple(
                ListItem(list=of, position=number, title=one, start=text.index(one), end=text.index(one) + len(one))
                for of, number, one in items
            ),
        ),
        figures=tuple(read),
        characters=len(text),
        extractor="test",
    )


def stated(*readings: Reading) -> tuple[Stated, ...]:
    """All figures of the readings, as rules over the warehouse are given those of one subject."""
    return tuple(
        Stated(
            figure_id=f"{reading.capture.notice_id}-{index}",
            notice_id=reading.capture.notice_id,
            title=reading.description.title,
            source=reading.capture.notice.source,
            genre=reading.description.genre,
            place=reading.description.region,
            stated_on=reading.description.published_on or date(2000, 1, 1),
            staged=True,
            figure=one,
        )
        for reading in readings
        for index, one in enumerate(reading.figures)
    )


def sound() -> tuple[Reading, ...]:
    """Two reviews and a plan that agree with themselves and with each other."""
    return (
        notice(
            "review-2022",
            "云川市科学普及协会2022年工作总结\n\n2022年，全市有科普馆40个，其中免费开放30个。\n",
            [figure("40个", 40, year=2022), figure("30个", 30, year=2022, subject="免费开放科普馆")],
            year=2022,
        ),
        notice(
            "plan-2023",
            "云川市科学普及协会2023年工作要点\n\n一、总体要求\n\n2023年，要新建科普馆不少于10个。\n\n二、保障措施\n\n"
            "举办讲座100场以上，公民科学素质比例达到15%。\n",
            [
                figure("不少于10个", 10, role="target", measure="added", qualifier="at_least", high=None),
                figure("100场以上", 100, unit="场", subject="讲座", role="target", qualifier="at_least", high=None),
                figure("15%", 15, unit="%", kind="percent", measure="share", subject="公民科学素质比例", role="target"),
            ],
            genre="plan",
            published_on=date(2023, 2, 10),
            sections=("一、总体要求", "二、保障措施"),
        ),
        notice(
            "review-2023",
            "云川市科学普及协会2023年工作总结\n\n2023年，全市新建科普馆12个，科普馆增至52个。\n\n"
            "举办讲座120场，参与听众8600人，来自9个区县的30个单位。公民科学素质比例达到15.2%。\n\n三件大事：甲事，乙事，丙事。\n",
            [
                figure("12个", 12, measure="added"),
                figure("52个", 52),
                figure("120场", 120, unit="场", subject="讲座"),
                figure("8600人", 8600, unit="人", subject="听众"),
                figure("9个", 9, subject="区县", series=None),
                figure("30个", 30, subject="单位", series=None),
                figure("15.2%", 15.2, unit="%", kind="percent", measure="share", subject="公民科学素质比例"),
            ],
            items=[("三件大事", 1, "甲事"), ("三件大事", 2, "乙事"), ("三件大事", 3, "丙事")],
        ),
    )
