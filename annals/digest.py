"""Digests: texts of several items of news, each with a place and a date of its own."""

import re
from typing import NamedTuple

from annals import regions
from annals.blanks import folded
from annals.model import Document

_HEAD = 60  # characters in which an item says where it is from
_FEWEST = 2  # places that make a digest
_OPENED = re.compile(
    r"(?P<date>[【（(]?(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{1,2})月\d{1,2}日[】）)]?[，,\s]*)?"
    r"(?P<label>【|本报|新华社|中新社|(?:据|记者(?:\d{1,2}日)?从|从))?"
)
_FILED = re.compile(
    r"\s*(?:[：:】]|(?:[一-龥]{0,4}(?:日报|融媒)?(?P<month>\d{1,2})月\d{1,2}日)?(?:电|讯))"  # 东岭：, 本报东岭3月2日讯
    r"|[^，,。；：]{1,20}(?:消息|监测|数据显示|统计|获悉|了解到|通报)(?=[，,显])"  # 东岭区文旅局消息，
)


_SHORT = re.compile(r"[一-龥]{2,4}(?=\d{1,2}月\d{1,2}日(?:电|讯))")  # 本报东岭3月2日讯


class Item(NamedTuple):
    """Where an item begins, and its place; the year and month of its date as far as it states them."""

    start: int
    region: str
    year: int | None
    month: int | None


def items(document: Document) -> tuple[Item, ...]:
    """The items of a digest in order; () for a text of one place.

    >>> from annals.extract import extract_bytes
    >>> text = "东湖区：新建书屋12家。\\n\\n2031年3月2日，永川区新建书屋9家。\\n"
    >>> [(item.region, item.year) for item in items(extract_bytes("a.txt", text.encode()))]
    [('东湖区', None), ('永川区', 2031)]
    """
    found: list[Item] = []
    for passage in document.passages:
        if passage.kind == "table":
            continue
        head = folded(document.text[passage.start : min(passage.end, passage.start + _HEAD)].strip())
        opened = _OPENED.match(head)
        if opened is None or not regions.may_begin(head[opened.end() :]):
            continue
        place = _place_at(head, opened.end())
        if place is None:
            continue
        filed = _FILED.match(head, place.end)
        if filed is None and not opened["date"]:
            continue
        month = opened["month"] or (filed["month"] if filed is not None else None)
        year = int(opened["year"]) if opened["year"] else None
        found.append(Item(passage.start, place.region.name, year, int(month) if month else None))
    return tuple(found) if len({item.region for item in found}) >= _FEWEST else ()


def _place_at(head: str, position: int) -> regions.RegionMention | None:
    """The innermost place that is named at `position`: the county in 湖北省固安县, by its short name in a dateline."""
    if (short := _SHORT.match(head, position)) is not None and (
        region := regions.find(short.group(), regions.LATEST)
    ) is not None:
        return regions.RegionMention(start=position, end=short.end(), region=region)
    mentions = {mention.start: mention for mention in regions.mentions(head)}
    place = mentions.get(position)
    while place is not None and place.end in mentions:
        place = mentions[place.end]
    return place if place is not None and place.region.kind not in ("world", "country") else None


_WIDER = {"省": "[全我]国", "市": "[全我][省国]", "州": "[全我][省国]"}


def is_wider(paragraph: str, region: str) -> bool:
    """Whether a paragraph speaks of more than the place of the item before it: 全市 behind a district's item.

    >>> is_wider("全市共有书屋90家。", "永川区"), is_wider("全区共有书屋9家。", "永川区"), is_wider("全市", "重庆市")
    (True, False, False)
    """
    return re.search(_WIDER.get(region[-1], "[全我][市省国]"), paragraph) is not None


def whole(found: tuple[Item, ...], opening: str) -> str | None:
    """The place of a whole digest: the country where its opening speaks of it, else what holds all its places."""
    if "全国" in opening or "我国" in opening:
        return "全国"
    outer = {
        holder.name
        for item in found
        if (region := regions.find(item.region)) is not None and (holder := regions.parent(region)) is not None
    }
    return outer.pop() if len(outer) == 1 else None
