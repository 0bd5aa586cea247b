"""Publishers, one YAML file each, checked as they are read.

`load` gives the good sources and the errors apart, so that one typo does not stop the other publishers:

    sources, errors = load(settings.sources)
    for source in sources: ...            # one ingest DAG each
    for error in errors: ...              # one line each: FILE:LINE: KEY: what is wrong; what was expected

A folder that is not there raises. Texts may hold `${NAME}` or `${NAME:-default}`, filled in from the environment:
secrets and addresses of the day stay out of the file.
"""

import hashlib
import os
import re
import unicodedata
import urllib.parse
import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec
import yaml
from croniter import CroniterBadDateError, croniter
from msgspec import Meta, Struct
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from annals import yamlfile
from annals.errors import ConfigurationError
from annals.model import Genre

Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="2 to 40 of a-z, 0-9 and _, a letter first")]
Text = Annotated[str, Meta(min_length=1, description="some text")]
Mail = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", description="a mail address")]

REMIND_AFTER_DAYS = 7


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all that stands in a source's YAML."""


class Schedule(Entry, frozen=True, kw_only=True):
    """When the publisher is asked: a cron expression of five fields, or @daily and its like, in a time zone."""

    cron: Text
    timezone: Text = "Asia/Shanghai"


class IndexListing(Entry, frozen=True, kw_only=True, tag_field="kind", tag="index"):
    """An HTML listing. Selectors are CSS; `link` and `date` are looked for inside each `item`.

    Further pages are found by `next`, a selector of the link to the next one, or, where a script makes that link, by
    `pages`, an address with `{page}` in it: `index_{page}.html` with `second_page: 1` for index.html, index_1.html, ….
    """

    url: Annotated[str, Meta(pattern=r"^https?://", description="an address that begins with http:// or https://")]
    item: Text
    link: Text = "a[href]"
    date: Text | None = None
    next: Text | None = None
    pages: Annotated[str, Meta(pattern=r"\{page\}", description="an address with {page} in it")] | None = None
    second_page: int = 2
    max_pages: Annotated[int, Meta(ge=1, le=1000)] = 50
    only: tuple[Text, ...] = ()  # regular expressions; a title must hold one of them. Empty: all
    ignore: tuple[Text, ...] = ()  # regular expressions; a title that holds one is passed over by name
    hosts: tuple[Text, ...] = ()  # other hosts that notices and attachments may lie on


class FolderListing(Entry, frozen=True, kw_only=True, tag_field="kind", tag="folder"):
    """A folder of documents on this machine; hidden files are passed over. `path` is relative to the YAML file."""

    path: Text
    pattern: Text = "**/*"


class Politeness(Entry, frozen=True, kw_only=True):
    """How the publisher's server is treated."""

    delay_seconds: Annotated[float, Meta(ge=0, le=600)] = 1.0  # between two requests
    timeout_seconds: Annotated[float, Meta(gt=0, le=600)] = 30.0
    retries: Annotated[int, Meta(ge=0, le=10)] = 3
    size_limit_mb: Annotated[int, Meta(ge=1, le=2000)] = 100


class PageSelectors(Entry, frozen=True, kw_only=True):
    """CSS selectors for a notice's own page. None: found without help, or not at all."""

    text: Text | None = None
    title: Text | None = None
    number: Text | None = None
    issuer: Text | None = None
    published_on: Text | None = None
    attachments: Text | None = None  # the links to attached documents; without it, links that end in .pdf, .docx, …
    follow: Literal["when_pointer", "always", "never"] = "when_pointer"  # when_pointer: if the text itself says little
    remove: tuple[Text, ...] = ()  # taken out of the text: share buttons, related links


APPROVAL_HOURS = 72.0  # a weekend


class Source(Entry, frozen=True, kw_only=True):
    """A publisher and how to follow it. `name` is the file's own name without its ending."""

    name: Slug
    title: Text
    owner: Text  # who is called
    email: Mail | None = None
    schedule: Schedule
    listing: IndexListing | FolderListing
    tags: tuple[Text, ...] = ()
    issuer: Text | None = None  # who speaks, where the notice does not say
    region: Text | None = None  # the region that the publisher is about: 重庆市
    genre_hints: dict[Text, Genre] = {}  # part of a title → genre: 工作要点: plan
    politeness: Politeness = Politeness()
    page: PageSelectors = PageSelectors()
    password: Text | None = None  # of its protected documents; write ${NAME}, never the word itself
    late_after_hours: Annotated[float, Meta(gt=0)] | None = None  # a run that takes longer raises an alert
    # An error that stands, and runs that go on failing, are told again after as many days; then after twice as many, …
    remind_after_days: Annotated[int, Meta(ge=1, le=366)] = REMIND_AFTER_DAYS
    approval: Literal["never", "on_errors", "always"] = "never"  # whether a person is asked before a run is published
    approval_within_hours: Annotated[float, Meta(gt=0, le=8760)] | None = None  # or the run fails; None: APPROVAL_HOURS
    runbook: Text  # what to do when it fails; Markdown

    @property
    def approval_hours(self) -> float:
        """How long a run waits for a person's word."""
        return self.approval_within_hours or APPROVAL_HOURS


class Sources(NamedTuple):
    """What a folder of YAML files gave."""

    sources: tuple[Source, ...]
    errors: tuple[ConfigurationError, ...]


def load(folder: Path, *, environment: Mapping[str, str] | None = None) -> Sources:
    """Read every *.yaml of the folder, in the order of names; raises ConfigurationError if there is no such folder."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    except OSError as error:
        raise ConfigurationError(
            f"{folder}: the source files cannot be listed ({error.strerror}); set ANNALS_SOURCES to their folder"
        ) from error
    sources: list[Source] = []
    errors: list[ConfigurationError] = []
    for path in files:
        try:
            sources.append(read(path, environment=environment))
        except ConfigurationError as error:
            errors.append(error)
    return Sources(tuple(sources), tuple(errors))


def read(path: Path, *, environment: Mapping[str, str] | None = None) -> Source:
    """Read one source; raises ConfigurationError, one line that names the file, the key and what was expected."""
    source = yamlfile.read(path, Source, environment=os.environ if environment is None else environment)
    problem = next(_problems(source, path.stem), None)
    if problem:
        raise ConfigurationError(f"{path}: {problem}")
    if isinstance(source.listing, FolderListing):
        folder = path.absolute().parent / Path(source.listing.path).expanduser()
        return msgspec.structs.replace(source, listing=msgspec.structs.replace(source.listing, path=str(folder)))
    return source


def _problems(source: Source, stem: str) -> Iterator[str]:
    """What no type can say: `KEY: what is wrong; what was expected`."""
    if source.name != stem:
        yield f"name: is {source.name!r}; expected {stem!r}, as the file is called"
    if problem := _cron_problem(source.schedule.cron):
        yield f"schedule.cron: {problem}; expected five fields such as '30 6 * * 1-5'"
    if source.schedule.timezone not in zoneinfo.available_timezones():
        yield f"schedule.timezone: no time zone {source.schedule.timezone!r}; expected one such as Asia/Shanghai"
    if source.approval == "never" and source.approval_within_hours is not None:
        yield "approval_within_hours: nobody is asked; expected approval: on_errors or always beside it"
    listing, page = source.listing, source.page
    selectors = {f"page.{key}": getattr(page, key) for key in PageSelectors.__struct_fields__ if key != "follow"}
    if isinstance(listing, IndexListing):
        if listing.next and listing.pages:
            yield "listing: has both next and pages; expected one of them"
        selectors |= {f"listing.{key}": getattr(listing, key) for key in ("item", "link", "date", "next")}
        for key, expressions in (("only", listing.only), ("ignore", listing.ignore)):
            for expression in expressions:
                try:
                    re.compile(expression)
                except re.error as error:
                    yield f"listing.{key}: {expression!r} is not a regular expression: {error}"
    empty = LexborHTMLParser("")
    for key, given in selectors.items():
        for selector in (given,) if isinstance(given, str) else given or ():
            try:
                empty.css(selector)
            except SelectolaxError:
                yield f"{key}: {selector!r} is not a CSS selector"


def folder_yaml(folder: Path, *, name: str = "notices") -> str:
    """The YAML of a source that reads the documents in a folder: what `make run NOTICES=<folder>` runs on."""
    return yaml.safe_dump(
        {
            "name": name,
            "title": f"Documents in {folder.name}",
            "owner": "annals",
            "schedule": {"cron": "@daily"},
            "listing": {"kind": "folder", "path": str(folder.absolute())},
            "tags": ["folder"],
            "runbook": f"Look whether {folder} is there and can be read, then clear the failed task.",
        },
        allow_unicode=True,
        sort_keys=False,
    )


def last_due(schedule: Schedule, at: datetime) -> datetime | None:
    """The last time, up to `at`, at which the schedule asks for a run; None for a day that never comes (30 February).

    >>> at = datetime.fromisoformat("2026-11-30T00:00:00+00:00")  # a Monday, 08:00 in Shanghai
    >>> last_due(Schedule(cron="30 6 * * 1-5"), at).isoformat(), last_due(Schedule(cron="0 8 * * *"), at).isoformat()
    ('2026-11-30T06:30:00+08:00', '2026-11-30T08:00:00+08:00')
    """
    zone = zoneinfo.ZoneInfo(schedule.timezone)
    local = at.astimezone(zone).replace(tzinfo=None) + timedelta(microseconds=1)  # get_prev leaves out its own start
    try:
        due: datetime = croniter(schedule.cron, local).get_prev(datetime)
    except CroniterBadDateError:
        return None
    return due.replace(tzinfo=zone)


def notice_id(source: Source, url: str) -> str:
    """A notice's identity: the same in every run and version, short, and readable.

    On the publisher's own host only the path counts, so that a move to https or to another port is no new notice;
    in a folder, the file's name relative to the folder.
    """
    parts = urllib.parse.urlsplit(url)
    listing = source.listing
    if isinstance(listing, FolderListing):
        path = Path(urllib.parse.unquote(parts.path))
        folder = Path(listing.path).absolute()
        key = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    else:
        key = urllib.parse.unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
        if parts.hostname != urllib.parse.urlsplit(listing.url).hostname:
            key = f"{parts.hostname}{key}"
    digest = hashlib.sha256(f"{source.name}\n{unicodedata.normalize('NFC', key)}".encode()).hexdigest()
    return "-".join(part for part in (source.name, _stem(key), digest[:8]) if part)


def _stem(key: str) -> str:
    """The telling part of an address, 30 characters at most.

    >>> _stem("/tzgg/202303/t20230412_118.html"), _stem("/2023/规划/index.html"), _stem("/show?id=12")
    ('t20230412_118', '规划', 'show_id_12')
    """
    path, _, query = key.partition("?")
    steps = [re.sub(r"\.[A-Za-z0-9]{1,5}$", "", step) for step in path.split("/") if step]
    while len(steps) > 1 and steps[-1].lower() in ("index", "content", "default"):
        steps.pop()
    return re.sub(r"\W+", "_", f"{steps[-1] if steps else ''}_{query}").strip("_")[:30]


_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
_PRESETS = ("@hourly", "@daily", "@weekly", "@monthly", "@yearly")
_NAMES = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b", re.I)


def _cron_problem(cron: str) -> str | None:
    """What is wrong with a cron expression, or None.

    >>> _cron_problem("*/15 6-18 * * 1-5"), _cron_problem("@daily"), _cron_problem("0 6 1 jan *")
    (None, None, None)
    >>> _cron_problem("0 25 * * *")
    "'25' is no hour"
    >>> _cron_problem("every day")
    "'every day' has 2 fields"
    """
    if cron.startswith("@"):
        return None if cron in _PRESETS else f"{cron!r} is not one of {', '.join(_PRESETS)}"
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        return f"{cron!r} has {len(fields)} field{'s' * (len(fields) != 1)}"
    for field, (what, low, high) in zip(fields, _FIELDS, strict=True):
        for part in _NAMES.sub(str(low), field).split(","):
            match = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/([1-9]\d*))?", part)
            if not match or any(not low <= int(number) <= high for number in match.group(1, 2) if number):
                return f"{part!r} is no {what}"
    return None
