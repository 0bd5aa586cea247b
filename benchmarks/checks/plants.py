"""The planted faults and their sound look-alikes, as the files of planted/ have them: code → faults and sound.

Of a plant, `fault` (or `text`, among the sound) is what a notice gets to say beside clean sentences, and `sound` what
it says in the same notice when nothing is wrong: a look-alike too. In all texts Y0 is the year that the notice speaks
of (Y-1, Y+2 those around it), PLACE its place and BODY its publisher; lines that begin with | are a table.
"""

from decimal import Decimal
from pathlib import Path
from typing import Literal

from msgspec import Struct

from annals import yamlfile
from annals.errors import ConfigurationError
from annals.model import Genre

FOLDER = Path(__file__).parent / "planted"


class Beside(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another notice of the same publisher, `years` from the plant's own, that says `text` beside clean sentences."""

    text: str
    genre: Genre = "review"
    years: int = 0
    published: str | None = None


class Reads(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure that a careful reader takes from the fault; where ours does not, the miss is the reader's."""

    raw: str
    value: Decimal | None = None
    unit: str | None = None
    measure: str | None = None
    role: str | None = None
    indicator: str | None = None
    year: int | None = None
    years: int | None = None  # from the notice's own


class Plant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fault or one look-alike. `set`, `each` and `copy` spoil staged rows instead of texts; `file` is raw bytes."""

    fault: str | None = None
    sound: str | None = None
    text: str | None = None
    genre: Genre = "review"
    title: str | None = None
    published: str | None = None
    sound_published: str | None = None
    year: int | None = None
    place: str | None = None  # where it matters where the publisher sits; invented otherwise
    at: str | None = None  # what a right finding's sentence must hold; without it, any of the fault's own
    also: tuple[str, ...] = ()  # other checks whose sentence it breaks as well: they are right to say so
    about: Literal["sentence", "notice"] = "sentence"
    whole: bool = False  # but for one clean sentence it is its notice's text: headings and lists of its own
    bare: bool = False  # it is its notice's whole text
    opening: bool = False  # it opens the text
    closing: bool = False
    plain: bool = False  # nothing beside it names a year
    format: Literal["txt", "md", "html"] | None = None
    encoding: str = "utf-8"
    others: tuple[Beside, ...] = ()  # published before it
    followed: tuple[Beside, ...] = ()  # published after it
    reads: tuple[Reads, ...] = ()
    set: str | None = None  # SQL, assignments to one staged row
    each: tuple[str, ...] = ()
    times: int = 1
    copy: bool = False
    file: str | None = None
    hex: str = ""
    never: str | None = None  # why this fault cannot be planted at all


class Plants(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is planted for one check."""

    faults: tuple[Plant, ...]
    sound: tuple[Plant | str, ...]

    @property
    def codes(self) -> set[str]:
        """The other checks that these plants name."""
        return {code for one in (*self.faults, *self.sound) if isinstance(one, Plant) for code in one.also}


def load(folder: Path = FOLDER) -> dict[str, Plants]:
    """All plants by the code of the check they are planted for; raises ConfigurationError for a slip in a file."""
    found: dict[str, Plants] = {}
    for file in sorted(folder.glob("*.yaml")):
        for code, plants in yamlfile.read(file, dict[str, Plants]).items():
            if code in found:
                raise ConfigurationError(f"{file}: {code}: planted in another file too; expected once")
            found[code] = plants
    return found
