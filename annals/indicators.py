"""The catalogue of indicators: what a figure's subject and unit mean, where they are a known indicator.

One YAML file a theme in include/indicators. An indicator is a quantity (生产总值); that a figure tells its level, its
growth, or its share of something is the figure's `measure`, and all of these carry the indicator's code.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import yaml
from msgspec import Meta, Struct

from annals.errors import ConfigurationError
from annals.model import FigureKind, Measure
from annals.series import VAGUE, is_vague, normal_subject, series_key, unit_class
from annals.settings import PROJECT

FOLDER = PROJECT / "include" / "indicators"

Code = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", extra_json_schema={"description": "a code such as grain_output"}),
]
Text = Annotated[str, Meta(min_length=1)]
# How a figure may tell of any indicator besides its own measure: as percent, or as a difference of percents.
_RELATIVE_UNITS = frozenset(("%", "‰", "百分点", "千分点", "倍", "成"))


class Sum(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="sum", tag_field="kind"):
    """The indicator is the sum of others in the same region and year."""

    of: tuple[Code, ...]
    tolerance_percent: float = 0.1


class Ratio(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ratio", tag_field="kind"):
    """The indicator is `of` divided by `per`, times `times` (100 for a percentage)."""

    of: Code
    per: Code
    times: float = 1.0
    tolerance_percent: float = 3.0


class Difference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="difference", tag_field="kind"):
    """The indicator is `of` less `less`."""

    of: Code
    less: Code
    tolerance_percent: float = 0.1


class Stock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="stock", tag_field="kind"):
    """The indicator at the year's end is last year's, plus what was newly added, less what was taken away.

    Without `added` and `removed` the indicator's own figures of the measures `added` and `change` are meant.
    """

    added: Code | None = None
    removed: Code | None = None
    tolerance_percent: float = 0.5


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="part", tag_field="kind"):
    """The indicator is a part of `of`: never more than it."""

    of: Code


Identity = Sum | Ratio | Difference | Stock | Part


class Indicator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One indicator, as its YAML file states it.

    `unit` is the base unit of its values (元, never 亿元), `units` others that count the same. `shorthand` names mean
    the indicator only beside its own unit (小麦 in 吨, never the growth of 小麦, which may be that of its price).
    `low` and `high` bound plausible values of `measure`; `jump_percent` is the largest plausible relative change in a
    year, `jump_points` the same for percentages, in points. `sign: any` is for what may be below zero, `target:
    ceiling` for what is better low: 失业率 is not to exceed its target.
    """

    code: Code
    name: Text
    english: Text
    definition: Text
    unit: str
    kind: FigureKind
    measure: Measure = "level"
    synonyms: tuple[Text, ...] = ()
    shorthand: tuple[Text, ...] = ()
    units: tuple[Text, ...] = ()
    low: float | None = None
    high: float | None = None
    jump_percent: Annotated[float, Meta(gt=0)] | None = None
    jump_points: Annotated[float, Meta(gt=0)] | None = None
    sign: Literal["positive", "any"] = "positive"
    target: Literal["floor", "ceiling"] = "floor"
    identities: tuple[Identity, ...] = ()


class Theme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the catalogue."""

    theme: Text
    indicators: tuple[Indicator, ...]


class Catalogue(Struct, frozen=True):
    """All indicators in the order of their files, and the indices by which figures find theirs."""

    indicators: tuple[Indicator, ...]
    by_code: dict[str, Indicator]
    by_name: dict[str, tuple[Indicator, ...]]  # by normalised name or synonym

    def match(self, subject: str, unit: str, kind: FigureKind, measure: Measure) -> str | None:
        """The code of the indicator that the figure is of; None where the catalogue has none.

        >>> catalogue().match("全市地区生产总值", "元", "money", "level")
        'gdp'
        >>> catalogue().match("GDP", "%", "percent", "growth"), catalogue().match("GDP", "人", "count", "level")
        ('gdp', None)
        """
        found = self.find(subject, unit, kind, measure)
        return found.code if found else None

    def find(self, subject: str, unit: str, kind: FigureKind, measure: Measure) -> Indicator | None:
        """As `match`, the whole indicator."""
        name = normal_subject(subject)
        counted = unit_class(unit, kind, subject)
        for indicator in self.by_name.get(name, ()):
            if counted in _own_units(indicator) and _of_its_kind(indicator, name, measure):
                return indicator
        for indicator in self.by_name.get(name, ()):
            if name in map(normal_subject, indicator.shorthand):
                continue
            if measure == "change" and counted in ("百分点", "千分点", *_own_units(indicator)):
                return indicator
            if indicator.kind != "percent" and counted in _RELATIVE_UNITS:
                part = any(isinstance(identity, Part) for identity in indicator.identities)
                if measure == "growth" or (measure == "share" and part):
                    return indicator
        return None


@lru_cache(maxsize=16_384)
def identify(subject: str, unit: str, kind: FigureKind, measure: Measure) -> tuple[str | None, str | None]:
    """A figure's indicator and its series.

    The series of a known indicator goes by the indicator's name, so that its synonyms share it.

    >>> identify("GDP", "元", "money", "level")
    ('gdp', '地区生产总值|元|level')
    >>> identify("校园气象站", "座", "count", "level")
    (None, '校园气象站|个|level')
    """
    found = catalogue().find(subject, unit, kind, measure)
    if found is None:
        return None, series_key(subject, unit, kind, measure)
    return found.code, f"{normal_subject(found.name)}|{unit_class(unit, kind, found.name)}|{measure}"


@cache
def catalogue(folder: Path = FOLDER) -> Catalogue:
    """The catalogue of a folder.

    Raises ConfigurationError, one line, naming file, line and key, and what was expected.
    """
    by_code: dict[str, Indicator] = {}
    by_name: dict[str, list[Indicator]] = {}
    origin: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        for indicator in _theme(path).indicators:
            if indicator.code in by_code:
                raise ConfigurationError(
                    f"{path}: {indicator.code}: the code is taken in {origin[indicator.code].name}; codes are unique"
                )
            by_code[indicator.code] = indicator
            origin[indicator.code] = path
            names = (indicator.name, *indicator.synonyms, *indicator.shorthand)
            for name in dict.fromkeys(map(normal_subject, names)):
                if is_vague(name):
                    raise ConfigurationError(
                        f"{path}: {indicator.code}: {name} says nothing by itself (see {VAGUE.name}); name it in full"
                    )
                for other in by_name.setdefault(name, []):
                    if _own_units(indicator) & _own_units(other):
                        raise ConfigurationError(
                            f"{path}: {indicator.code}: {name} in {indicator.unit or 'no unit'} is {other.code} "
                            f"({origin[other.code].name}) already; a name and a unit mean one indicator"
                        )
                by_name[name].append(indicator)
    for indicator in by_code.values():
        _check_references(origin[indicator.code], indicator, by_code)
    return Catalogue(tuple(by_code.values()), by_code, {name: tuple(each) for name, each in by_name.items()})


def suggest(figures: Iterable[tuple[str, str]], least: int = 3) -> list[tuple[str, int, str]]:
    """Series that recur in several notices and have no indicator: (series, notices, an example of the text).

    `figures` are pairs of a series and the text of one of its figures, once for each notice that has it.

    >>> suggest([("气象站|个|level", "气象站3座"), ("气象站|个|level", "气象站5座"), ("馆|个|level", "馆1个")], least=2)
    [('气象站|个|level', 2, '气象站3座')]
    """
    counted: dict[str, tuple[int, str]] = {}
    for series, example in figures:
        count, first = counted.get(series, (0, example))
        counted[series] = (count + 1, first)
    found = [(series, count, example) for series, (count, example) in counted.items() if count >= least]
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


def _theme(path: Path) -> Theme:
    try:
        # libyaml is ten times as fast as the reader that explains errors; that one is called only when there are any.
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Theme, strict=True)
    except (msgspec.ValidationError, yaml.YAMLError, UnicodeDecodeError):
        from annals import yamlfile

        return yamlfile.read(path, Theme)


@lru_cache(maxsize=2048)
def _own_units(indicator: Indicator) -> frozenset[str]:
    return frozenset(unit_class(unit, indicator.kind) for unit in (indicator.unit, *indicator.units))


def _of_its_kind(indicator: Indicator, name: str, measure: Measure) -> bool:
    """Whether a figure in the indicator's own unit may be of it: a rate is no growth, what is newly set up no stock."""
    if indicator.kind == "percent":
        return measure in (indicator.measure, "level", "share")
    if indicator.measure == "added":
        return measure in ("added", "change") or "新" in name
    return True


def _check_references(path: Path, indicator: Indicator, by_code: dict[str, Indicator]) -> None:
    if indicator.low is not None and indicator.high is not None and indicator.low > indicator.high:
        raise ConfigurationError(f"{path}: {indicator.code}: low is {indicator.low}, above high {indicator.high}")
    for identity in indicator.identities:
        for code in _codes_of(identity):
            if code not in by_code:
                import difflib

                near = difflib.get_close_matches(code, by_code, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise ConfigurationError(
                    f"{path}: {indicator.code}: identities: no indicator has the code {code!r}{hint}"
                )


def _codes_of(identity: Identity) -> tuple[str, ...]:
    match identity:
        case Sum(of=codes):
            return codes
        case Ratio(of=of, per=per):
            return (of, per)
        case Difference(of=of, less=less):
            return (of, less)
        case Part(of=of):
            return (of,)
        case Stock(added=added, removed=removed):
            return tuple(code for code in (added, removed) if code)
