"""Names of places ↔ GB/T 2260 codes, with the years in which they hold.

The table is read when first asked for. A name is found by its full form (永川区), its short form (永川, 渝) or another
name it goes by; where several places share it, `within` and `year` decide, and what stays ambiguous is not guessed.
"""

import re
from functools import cache, lru_cache
from typing import Literal

from annals.model import Record
from annals.settings import PROJECT
from annals.tsvfile import read_rows

TABLE = PROJECT / "include" / "reference" / "regions.tsv"
MORE = PROJECT / "include" / "reference" / "regions_more.tsv"
WORDS = PROJECT / "include" / "reference" / "regions_words.tsv"
LOOKALIKES = PROJECT / "include" / "reference" / "lookalike_characters.tsv"

RegionKind = Literal["world", "country", "province", "prefecture", "county", "zone", "joint"]

_ABBREVIATIONS = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "辽": "210000", "吉": "220000", "黑": "230000",
    "沪": "310000", "苏": "320000", "浙": "330000", "皖": "340000", "闽": "350000", "赣": "360000", "鲁": "370000",
    "豫": "410000", "鄂": "420000", "湘": "430000", "粤": "440000", "桂": "450000", "琼": "460000", "渝": "500000",
    "川": "510000", "蜀": "510000", "黔": "520000", "滇": "530000", "藏": "540000", "陕": "610000", "甘": "620000",
    "青": "630000", "宁": "640000", "新": "650000", "台": "710000", "港": "810000", "澳": "820000",
}  # fmt: skip
_RANK = {"world": 0, "country": 1, "province": 2, "joint": 3, "prefecture": 4, "zone": 5, "county": 6}
LATEST = 2024  # the table's last year
_ENDINGS = "市县区州旗盟"
_ZONE = re.compile(
    r"(?:高新区|经开区|开发区|新区|工业园区|保税区|示范区|试验区|高新技术产业开发区|经济技术开发区|经济开发区|综合保税区)$"
)


class Region(Record, frozen=True, kw_only=True):
    """A place. `code` is its GB/T 2260 code, None for zones and joint regions; years are inclusive, None is open."""

    name: str
    short: str
    kind: RegionKind
    code: str | None = None
    since: int | None = None
    until: int | None = None
    aliases: tuple[str, ...] = ()
    within: str | None = None  # the name of what holds a zone
    members: tuple[str, ...] = ()  # the names of what a joint region is made of

    def valid_in(self, year: int | None) -> bool:
        """Whether the name held in that year; a notice may use a name a year early or late."""
        if year is None:
            return True
        return (self.since is None or self.since - 1 <= year) and (self.until is None or year <= self.until + 1)


class RegionMention(Record, frozen=True, kw_only=True):
    """A place named in a text: `text[start:end]`."""

    start: int
    end: int
    region: Region


def find(name: str, year: int | None = None, within: str | None = None) -> Region | None:
    """The place of that name, None where there is none or where it cannot be told which is meant.

    `within` names the place that likely holds it (the publisher): 江北区 is one place in 重庆市 and another in
    宁波市. A name that no place within it bears is looked for everywhere.

    >>> find("永川区").code, find("渝").name, find("万盛经开区").kind
    ('500118', '重庆市', 'zone')
    >>> find("开县", 2010).code, find("开州", 2020).code
    ('500234', '500154')
    >>> find("鼓楼区") is None, find("鼓楼区", within="福州市").code
    (True, '350102')
    """
    found = candidates(name, year)
    if within is not None:
        outer = find(within, year)
        if outer is not None:
            inside = [region for region in found if contains(outer, region) or region == outer]
            found = inside or found
    if not found:
        return _zone(name, year, within)
    top = min(_RANK[region.kind] for region in found)
    found = [region for region in found if _RANK[region.kind] == top]
    standing = [region for region in found if region.until is None]
    if year is None and standing:
        found = standing
    elif year is not None and len(found) > 1:
        exact = [r for r in found if (r.since or 0) <= year <= (r.until or 9999)]
        found = exact or found
    if len({region.code for region in found}) > 1 and not _renumbered(found):
        return None
    return found[-1]


def is_known(name: str) -> bool:
    """Whether any place has ever gone by the name.

    >>> is_known("永川"), is_known("永川府")
    (True, False)
    """
    return name in _names() or name in _ABBREVIATIONS


def may_begin(text: str) -> bool:
    """Whether some place's name may begin the text, by its first two characters, which rule most texts out.

    >>> may_begin("永川区举办"), may_begin("举办活动")
    (True, False)
    """
    return text[:2] in _beginnings() or text[:1] in _ABBREVIATIONS


def candidates(name: str, year: int | None = None) -> list[Region]:
    """All places that go by the name in that year, by code."""
    by_name = _names()
    rows = by_name.get(name)
    if rows is None and name in _ABBREVIATIONS:
        rows = list(by_code(_ABBREVIATIONS[name]))
    if rows is None:
        return []
    return [region for region in rows if region.valid_in(year)]


def by_code(code: str, year: int | None = None) -> list[Region]:
    """The names that a code has had, oldest first; with a year, the one that held then."""
    rows = _codes().get(code, [])
    if year is None:
        return list(rows)
    exact = [r for r in rows if (r.since or 0) <= year <= (r.until or 9999)]
    return exact or [region for region in rows if region.valid_in(year)]


def parent(region: Region, year: int | None = None) -> Region | None:
    """What holds the place: a county's prefecture or province, a province's country; None for joint regions.

    >>> parent(find("永川区")).name, parent(find("肥西县")).name, parent(find("两江新区")).name
    ('重庆市', '合肥市', '重庆市')
    """
    if region.within is not None:
        return find(region.within, year)
    if region.code is None or region.kind in ("country", "world"):
        return None
    for code in (region.code[:4] + "00", region.code[:2] + "0000", "000000"):
        if code != region.code:
            held = by_code(code, year or region.until) or by_code(code)
            if held:
                return held[-1]
    return None


def contains(outer: Region, inner: Region) -> bool:
    """Whether `inner` lies in `outer`, or is it.

    >>> contains(find("川渝"), find("永川区")), contains(find("四川省"), find("永川区"))
    (True, False)
    """
    if outer == inner or outer.kind == "world":
        return True
    if outer.kind == "country":
        return inner.kind not in ("world",)
    if outer.members:
        return any(contains(member, inner) for name in outer.members if (member := find(name)) is not None)
    if inner.members:
        return False
    if inner.within is not None:
        holder = find(inner.within)
        return holder is not None and contains(outer, holder)
    if outer.code is None or inner.code is None:
        return False
    return inner.code.startswith(_prefix(outer.code))


def of_body(name: str) -> Region | None:
    """The place that a public body is in charge of, from its name.

    >>> of_body("重庆市永川区科学技术协会").name, of_body("合肥市统计局").name, of_body("国务院办公厅").name
    ('永川区', '合肥市', '全国')
    """
    for prefix in ("国务院", "国家", "中华人民共和国", "中国", "中共中央", "全国"):
        if name.startswith(prefix):
            office = name.partition("统计局" if "统计局" in name else prefix)[2]
            return (of_body(office) if office and office != name else None) or find("全国")
    held: Region | None = None
    while True:
        step = _leading(name, held)
        if step is None:
            return held
        held, name = step


@lru_cache(maxsize=4096)
def without_leading_place(text: str) -> str:
    """The text without the full names of places it begins with; short names stay, as part of what is named.

    >>> without_leading_place("重庆市永川区院士工作站"), without_leading_place("重庆科技馆")
    ('院士工作站', '重庆科技馆')
    """
    names = _names()
    while True:
        for size in range(min(11, len(text) - 2), 2, -1):
            head = text[:size]
            if head[-1] in "省市区县州盟旗" and head in names:
                text = text[size:]
                break
        else:
            return text


def mentions(text: str, within: str | None = None, year: int | None = None) -> list[RegionMention]:
    """The places named in a text, longest names first, none overlapping, in order.

    Full names are found anywhere; short names (开州) only of provinces and of places within `within`'s province.

    >>> [m.region.name for m in mentions("在两江新区、开州、彭水等地，川渝两地联动", within="重庆市")]
    ['两江新区', '开州区', '彭水苗族土家族自治县', '川渝']
    """
    found: list[RegionMention] = []
    last = 0
    for match in _pattern(within).finditer(text):
        start, end = match.span()
        if match.lastgroup == "suffix":
            begin = _full_name_start(text, last, end)
            if begin is None or text[begin : end + 1] in _names():  # 万州 in 万州区
                continue
            start = begin
        if start < last:
            continue
        region = find(text[start:end], year, within)
        if region is not None:
            found.append(RegionMention(start=start, end=end, region=region))
            last = end
    return found


def named_shortly(text: str, endings: str) -> str | None:
    """The county or city, of a name that ends in one of `endings`, that a text calls by its short name most often.

    It must do so more than once, and more often than any other; short names that are words first do not count.

    >>> named_shortly("肥西书屋出名，肥西一中扩建。", "县"), named_shortly("肥西书屋出名。", "县")
    ('肥西县', None)
    """
    counted: dict[str, int] = {}
    for short, named in _names().items():
        if len(short) < 2 or short not in text or short in _words():
            continue
        region = next((one for one in named if one.until is None and one.short == short != one.name), None)
        if region is not None and region.name[-1] in endings:
            counted[region.name] = text.count(short)
    best = max(counted.values(), default=0)
    winners = [name for name, count in counted.items() if count == best]
    return winners[0] if best > 1 and len(winners) == 1 else None


class Misprint(Record, frozen=True):
    """A place whose name is one character away from another text; whether the two characters are often confused, and
    whether it is the last one, which says what sort of place it is."""

    region: Region
    lookalike: bool
    sort: bool = False


def misprints(name: str, year: int | None = None) -> list[Misprint]:
    """The places, in force in that year, that a name is one character away from; none where the name itself is known.

    >>> [one.region.name for one in misprints("西阳县") if one.lookalike], misprints("酉阳县")
    (['酉阳土家族苗族自治县'], [])
    """
    if len(name) < 3 or candidates(name) or _zone(name, year, None) is not None:
        return []
    found: dict[str, Misprint] = {}
    for at in range(len(name)):
        for there, region in _by_gap().get((name[:at], name[at + 1 :]), ()):
            if region.valid_in(year or LATEST) and region.code:
                alike = frozenset((name[at], there)) in _lookalikes()
                if region.code not in found or alike:
                    found[region.code] = Misprint(region, alike, at == len(name) - 1)
    return list(found.values())


@cache
def _by_gap() -> dict[tuple[str, str], list[tuple[str, Region]]]:
    """Names of three characters and more by what is left when one is taken out: (梁, 区) has 平 of 梁平区."""
    gaps: dict[tuple[str, str], list[tuple[str, Region]]] = {}
    for name, held in _names().items():
        for region in held:
            if len(name) > 2 and name[-1] in _ENDINGS and region.kind in ("prefecture", "county"):
                for at in range(len(name)):
                    gaps.setdefault((name[:at], name[at + 1 :]), []).append((name[at], region))
    return gaps


# --- the table -----------------------------------------------------------------------------------


@cache
def _codes() -> dict[str, list[Region]]:
    regions: dict[str, list[Region]] = {}
    for line in read_rows(TABLE, "code", "name", "short", "since", "until"):
        code, name, short, since, until = line
        kind: RegionKind = "province" if code[2:] == "0000" else "prefecture" if code[4:] == "00" else "county"
        regions.setdefault(code, []).append(
            Region(
                name=name,
                short=short,
                kind=kind,
                code=code,
                since=int(since) if since else None,
                until=int(until) if until else None,
            )
        )
    return regions


@cache
def _names() -> dict[str, list[Region]]:
    names: dict[str, list[Region]] = {}
    for rows in _codes().values():
        for region in rows:
            names.setdefault(region.name, []).append(region)
            if region.short != region.name:
                names.setdefault(region.short, []).append(region)
            if region.name.endswith("自治县"):
                names.setdefault(region.short + "县", []).append(region)
            elif region.name.endswith("自治州"):
                names.setdefault(region.short + "州", []).append(region)
    for fields in read_rows(MORE, "names", "kind", "code", "within", "members", "since", "until"):
        called, kind, code, within, members, since, until = fields
        name, *aliases = called.split(",")
        region = Region(
            name=name,
            short=name,
            kind=kind,  # type: ignore[arg-type]
            code=code or None,
            since=int(since) if since else None,
            until=int(until) if until else None,
            aliases=tuple(aliases),
            within=within or None,
            members=tuple(members.split(",")) if members else (),
        )
        listed = _codes().setdefault(region.code, []) if region.code else []
        replaced = next((known for known in listed if known.name == name), None)
        if replaced is not None:
            listed.remove(replaced)
        listed.append(region)
        for alias in (name, *aliases):
            known_so = names.setdefault(alias, [])
            names[alias] = [known for known in known_so if known is not replaced] + [region]
    return names


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:2] for name in _names())


@cache
def _words() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows(WORDS, "word"))


def _prefix(code: str) -> str:
    return code[:2] if code[2:] == "0000" else code[:4] if code[4:] == "00" else code


def _renumbered(regions: list[Region]) -> bool:
    """One place under several codes, one after the other (a county that moved to another prefecture)."""
    provinces = {region.code[:2] for region in regions if region.code}
    return len(provinces) == 1 and sum(region.until is None for region in regions) <= 1 and len(regions) > 1


def _zone(name: str, year: int | None, within: str | None) -> Region | None:
    """A development zone that bears the name of the place it is in: 合肥高新区."""
    match = _ZONE.search(name)
    if match is None or not match.start():
        return None
    holder = find(name[: match.start()], year, within)
    if holder is None or holder.kind not in ("province", "prefecture", "county"):
        return None
    return Region(name=name, short=name, kind="zone", within=holder.name)


def _leading(name: str, held: Region | None) -> tuple[Region, str] | None:
    """The longest place name that `name` begins with, within `held`, and what follows it."""
    for size in range(min(12, len(name)), 1, -1):
        head = name[:size]
        region = find(head, within=held.name if held else None)
        if region is None or region == held or (held is not None and not contains(held, region)):
            continue
        if region.short == head and head in _words():
            continue
        return region, name[size:]
    return None


def _full_name_start(text: str, last: int, end: int) -> int | None:
    names = _names()
    for size in range(min(15, end - last), 1, -1):
        head = text[end - size : end]
        if head in names or (_ZONE.search(head) and _zone(head, None, None) is not None):
            return end - size
    return None


@lru_cache(maxsize=64)
def _pattern(within: str | None) -> re.Pattern[str]:
    """Where a name may stand: a short name that is known here, or the last character of a full name."""
    outer = find(within) if within else None
    shorts: set[str] = set()
    for name, regions in _names().items():
        for region in regions:
            full = name == region.name and region.kind in ("prefecture", "county")
            if full or region.until is not None or len(name) < 2 or name in _words():
                continue
            top = region.kind in ("province", "joint", "world", "country", "zone")
            if top or (outer is not None and region.code and outer.code and region.code[:2] == outer.code[:2]):
                shorts.add(name)
    by_first: dict[str, list[str]] = {}
    for name in sorted(shorts, key=len, reverse=True):
        by_first.setdefault(name[0], []).append(name[1:])
    parts = [
        re.escape(first) + "(?:" + "|".join(map(re.escape, rests)) + ")" for first, rests in sorted(by_first.items())
    ]
    return re.compile(r"(?P<short>" + "|".join(parts) + r")(?![区县市州盟旗])|(?P<suffix>[区县市州盟旗])")


# --- near names ----------------------------------------------------------------------------------


@cache
def _lookalikes() -> frozenset[frozenset[str]]:
    return frozenset(frozenset((left, right)) for left, right in read_rows(LOOKALIKES, "one", "other"))
