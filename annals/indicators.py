"""The catalogue of indicators: what a figure's subject, unit and measure mean, where it is a known indicator."""

from functools import cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from annals.errors import ConfigurationError
from annals.model import FigureKind, Measure
from annals.series import normal_subject, unit_class
from annals.settings import PROJECT

FOLDER = PROJECT / "include" / "indicators"


class Indicator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One indicator, as its YAML file states it."""

    code: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
    name: str
    english: str
    definition: str
    unit: str
    kind: FigureKind
    measure: Measure
    synonyms: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    yearly_jump: float | None = None
    identities: tuple[str, ...] = ()


class _Theme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    theme: str
    indicators: tuple[Indicator, ...]


class Catalogue(Struct, frozen=True):
    """All indicators, and the index by which a figure finds its own."""

    indicators: tuple[Indicator, ...]
    by_code: dict[str, Indicator]
    by_key: dict[tuple[str, str, str], Indicator]

    def match(self, subject: str, unit: str, kind: FigureKind, measure: Measure) -> str | None:
        """The code of the indicator that the figure is of; None where the catalogue has none."""
        found = self.by_key.get((normal_subject(subject), unit_class(unit, kind), measure))
        return found.code if found else None


@cache
def catalogue(folder: Path = FOLDER) -> Catalogue:
    """The catalogue of a folder. Raises ConfigurationError naming file, key and what was expected."""
    from annals import yamlfile

    by_code: dict[str, Indicator] = {}
    by_key: dict[tuple[str, str, str], Indicator] = {}
    for path in sorted(folder.glob("*.yaml")):
        for indicator in yamlfile.read(path, _Theme).indicators:
            if indicator.code in by_code:
                raise ConfigurationError(f"{path}: {indicator.code}: the code is given twice; codes are unique")
            by_code[indicator.code] = indicator
            for name in (indicator.name, *indicator.synonyms):
                for unit in (indicator.unit, *indicator.units):
                    by_key[normal_subject(name), unit_class(unit, indicator.kind), indicator.measure] = indicator
    return Catalogue(tuple(by_code.values()), by_code, by_key)
