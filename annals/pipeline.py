"""A run of one source, a function for each task: what `dags/` wires, and what works as well without Airflow.

    discover → fetch → extract → read → stage → audit → publish → report

`run` is the run's id, unique over all sources. Tasks hand each other the path of a batch's folder in the archive
(`runs/RUN/batch-001`), never the documents: each reads there what the task before it wrote. All may be run again.

    listing.json     what the source's listing named
    BATCH/refs.json  the notices of this batch
    BATCH/fetched.json
    BATCH/documents/NOTICE.json
    BATCH/readings.json
    summary.json     what came of the run
"""

import hashlib
import re
import urllib.parse
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from annals import warehouse
from annals.archive import Archive
from annals.errors import Unreachable, Unreadable
from annals.model import Capture, Caution, Document, NoticeRef, Reading, Record
from annals.settings import PROJECT, Settings
from annals.sources import FolderListing, Source
from annals.sources import read as read_source
from annals.warehouse.sqlfile import statements

if TYPE_CHECKING:
    from annals.checks import Audit
    from annals.extract import Selectors

# Rooms whose code does not change what is read in a document.
NO_READERS = tuple(
    f"annals/{room}"
    for room in (
        "pipeline",
        "alerts",
        "approval",
        "watch",
        "prune",
        "settings",
        "cli",
        "archive",
        "discover",
        "fetch",
        "sources",
        "warehouse",
        "checks",
        "words",
        "review",
        "export",
    )
)
BATCH = 100  # notices; Airflow maps a task over at most 1,024 batches


class Batch(Record, frozen=True, kw_only=True):
    """Notices that go through the tasks together: their folder in the archive, and a name for people."""

    path: str
    label: str

    def handed_on(self) -> dict[str, str]:
        """As tasks hand it on."""
        return {"path": self.path, "label": self.label}


class Unfetched(Record, frozen=True, kw_only=True):
    """A notice that could not be fetched in this run; the next run tries again."""

    notice: NoticeRef
    reason: str


class FetchedBatch(Record, frozen=True, kw_only=True):
    """What fetching a batch gave; `captures` holds attachments too."""

    captures: tuple[Capture, ...]
    new: int
    changed: int
    unfetched: tuple[Unfetched, ...] = ()
    cautions: tuple[Caution, ...] = ()


class Extracted(Record, frozen=True, kw_only=True):
    """A capture that needed reading: the path of its document in the archive, or why it is unreadable."""

    capture: Capture
    document: str | None = None
    unreadable: str | None = None


class Unread(Record, frozen=True, kw_only=True):
    """A document that is no text to us, and why."""

    name: str
    reason: str


class Summary(Record, frozen=True, kw_only=True):
    """What came of a run: counts of notices, of documents read, of figures and of checks, and what went wrong.

    `findings`, and the `errors` among them, are those of its checks that nobody has settled.
    """

    source: str
    title: str
    run: str
    found: int
    new: int
    changed: int
    withdrawn: int
    fetched: int
    unfetched: tuple[Unfetched, ...]
    read: int
    unreadable: tuple[Unread, ...]
    figures: int
    passed: int
    flagged: int
    quarantined: int
    checks_passed: int
    checks_failed: int
    findings: int
    errors: int
    cautions: tuple[Caution, ...]

    def handed_on(self) -> dict[str, Any]:
        """As the last task hands it on: counts, and in words what went wrong."""
        return {
            "counts": self.counts(),
            "errors": self.errors,
            "unfetched": [f"{one.notice.url}: {one.reason}" for one in self.unfetched],
            "unreadable": [f"{one.name}: {one.reason}" for one in self.unreadable],
            "cautions": [one.message for one in self.cautions],
        }

    def counts(self) -> dict[str, int]:
        """All that is a number, and how many there are of the rest."""
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: value if isinstance(value, int) else len(value)
            for name, value in values.items()
            if not isinstance(value, str)
        }


def source_of(settings: Settings, name: str) -> Source:
    """The source of this name; raises ConfigurationError with file, line and key where its YAML is wrong."""
    return read_source(settings.sources / f"{name}.yaml")


def discover(settings: Settings, name: str, run: str) -> tuple[Batch, ...]:
    """Enter the run, ask the source what there is, and lay out batches; none where the listing is empty.

    Raises Unreachable (worth another try), LayoutChanged and ConfigurationError (not worth one).
    """
    from annals.discover import discover as read_listing
    from annals.fetch import Caller
    from annals.sources import notice_id

    source, archive = source_of(settings, name), Archive(settings.archive)
    with warehouse.connect(settings) as connection:
        warehouse.begin_run(connection, run, source=source.name, owner=source.owner, publisher=source.title)
        known = warehouse.known_notices(connection, source.name)
        listed = {key for key, one in known.items() if one.attachment_of is None}
        with Caller(source.politeness) as caller:
            found = read_listing(source, listed, caller.get)
        seen = {notice_id(source, ref.url) for ref in found.notices}
        warehouse.note_listing(connection, run, seen=seen, gone=found.gone)
    archive.put_json(f"{folder(run)}/listing.json", found)
    batches = []
    for number, first in enumerate(range(0, len(found.notices), BATCH), start=1):
        refs = found.notices[first : first + BATCH]
        path = f"{folder(run)}/batch-{number:03d}"
        archive.put_json(f"{path}/refs.json", refs)
        batches.append(Batch(path=path, label=label(refs, first, len(found.notices))))
    return tuple(batches)


def fetch(settings: Settings, name: str, batch: str) -> FetchedBatch:
    """Fetch a batch into the archive. Single failures are noted, for the report and the next run.

    Raises Unreachable when not one notice of the batch could be had.
    """
    from annals.fetch import Caller
    from annals.fetch import fetch as fetch_one

    source, archive = source_of(settings, name), Archive(settings.archive)
    refs = archive.get_json(f"{batch}/refs.json", tuple[NoticeRef, ...])
    fetched, unfetched = [], []
    with Caller(source.politeness) as caller:
        for ref in refs:
            try:
                fetched.append(fetch_one(ref, source, archive, caller))
            except Unreachable as error:
                unfetched.append(Unfetched(notice=ref, reason=str(error)))
    if refs and not fetched:
        raise Unreachable(f"{source.name}: none of {len(refs)} notices can be had; first: {unfetched[0].reason}")
    found = FetchedBatch(
        captures=tuple(capture for one in fetched for capture in one.captures),
        new=sum(one.change == "new" for one in fetched),
        changed=sum(one.change == "changed" for one in fetched),
        unfetched=tuple(unfetched),
        cautions=tuple(caution for one in fetched for caution in one.cautions),
    )
    archive.put_json(f"{batch}/fetched.json", found)
    return found


def extract(settings: Settings, name: str, batch: str) -> tuple[Extracted, ...]:
    """Turn the batch's captures into documents: those that the warehouse lacks, or that other code had read.

    A document that cannot be read is noted with the reason, and goes all the way into the warehouse as such.
    """
    from annals.extract import extract_bytes

    source, archive = source_of(settings, name), Archive(settings.archive)
    captures = archive.get_json(f"{batch}/fetched.json", FetchedBatch).captures
    with warehouse.connect(settings) as connection:
        known = warehouse.known_notices(connection, source.name)
    version, selectors = reader_version(), selectors_of(source)
    done = []
    for capture in captures:
        held = known.get(capture.notice_id)
        if held and (held.sha256, held.extractor) == (capture.sha256, version):
            continue
        try:
            document = extract_bytes(
                capture.name,
                archive.get(capture.path),
                password=source.password,
                url=None if isinstance(source.listing, FolderListing) else capture.final_url,
                selectors=selectors,
            )
        except Unreadable as error:
            done.append(Extracted(capture=capture, unreadable=error.reason))
            continue
        path = archive.put_json(f"{batch}/documents/{capture.notice_id}.json", document)
        done.append(Extracted(capture=capture, document=path))
    archive.put_json(f"{batch}/extracted.json", done)
    return tuple(done)


def read(settings: Settings, batch: str) -> tuple[int, int]:
    """Read the figures in a batch's documents; the numbers of documents and of figures."""
    archive = Archive(settings.archive)
    extracted = archive.get_json(f"{batch}/extracted.json", tuple[Extracted, ...])
    version = reader_version()
    readings = [_reading(archive, one, version) for one in extracted]
    archive.put_json(f"{batch}/readings.json", readings)
    return len(readings), sum(len(one.figures) for one in readings)


def _reading(archive: Archive, one: Extracted, version: str) -> Reading:
    from annals.describe import describe
    from annals.figures import cautions
    from annals.figures import read as read_figures

    if one.document is None:
        return Reading(capture=one.capture, extractor=version, unreadable=one.unreadable)
    document = archive.get_json(one.document, Document)
    description = describe(document)
    return Reading(
        capture=one.capture,
        text=document.text,
        passages=document.passages,
        description=description,
        figures=read_figures(document, description),
        cautions=(*document.cautions, *cautions(document)),
        characters=len(document.text),
        extractor=version,
    )


def stage(settings: Settings, run: str, batch: str) -> warehouse.Staged:
    """Put a batch's readings into the staging tables, where the audit looks at them."""
    from annals.regions import find

    def region_code(region: str, year: int | None) -> str | None:
        found = find(region, year)
        return found.code if found else None

    readings = Archive(settings.archive).get_json(f"{batch}/readings.json", tuple[Reading, ...])
    with warehouse.connect(settings) as connection:
        return warehouse.stage(connection, run, readings, region_code=region_code)


def publish(settings: Settings, run: str) -> warehouse.Published:
    """Publish what the audit let pass, in one transaction; raises AuditIncomplete where it has not finished."""
    with warehouse.connect(settings) as connection:
        return warehouse.publish(connection, run)


def audit(settings: Settings, run: str) -> "Audit":
    """Check what the run has staged; raises AuditIncomplete where a check did not run to its end."""
    from annals import checks

    with warehouse.connect(settings) as connection:
        return checks.audit(connection, run)


def report(settings: Settings, name: str, run: str) -> Summary:
    """Say what came of a published run, enter it as succeeded, and drop what it had staged."""
    archive = Archive(settings.archive)
    with warehouse.connect(settings) as connection:
        summary = _summary(archive, connection, source_of(settings, name), run)
        archive.put_json(f"{folder(run)}/summary.json", summary)
        warehouse.clean_stage(connection, run)
        warehouse.end_run(connection, run, counts=summary.counts())
    return summary


def fail(settings: Settings, run: str, error: str, *, guessed: bool = False) -> None:
    """Enter the run as failed, where it had begun at all; a `guessed` reason never takes the place of a known one."""
    with warehouse.connect(settings) as connection:
        state = connection.execute("SELECT state FROM core.run WHERE run_id = %s", (run,)).fetchone()
        if state and not (guessed and state[0] == "failed"):
            warehouse.end_run(connection, run, error=error)


def _summary(archive: Archive, connection: warehouse.Connection, source: Source, run: str) -> Summary:
    from annals.discover import Discovery

    listing = archive.get_json(f"{folder(run)}/listing.json", Discovery)
    fetched, extracted = [], list[Extracted]()
    for path in archive.list(folder(run)):
        if path.endswith("/fetched.json"):
            fetched.append(archive.get_json(path, FetchedBatch))
        elif path.endswith("/extracted.json"):
            extracted += archive.get_json(path, tuple[Extracted, ...])
    published = warehouse.publish(connection, run)  # what publish did; it does nothing twice
    checks = connection.execute(statements("report/count_checks"), {"run_id": run}).fetchone()
    findings = connection.execute(statements("report/count_findings"), {"run_id": run}).fetchone()
    return Summary(
        source=source.name,
        title=source.title,
        run=run,
        found=len(listing.notices),
        new=sum(one.new for one in fetched),
        changed=sum(one.changed for one in fetched),
        withdrawn=len(listing.gone),
        fetched=sum(len(one.captures) for one in fetched),
        unfetched=tuple(lost for one in fetched for lost in one.unfetched),
        read=sum(one.unreadable is None for one in extracted),
        unreadable=tuple(Unread(name=one.capture.name, reason=one.unreadable) for one in extracted if one.unreadable),
        figures=published.figures,
        passed=published.passed,
        flagged=published.flagged,
        quarantined=published.quarantined,
        checks_passed=checks[0] if checks else 0,
        checks_failed=checks[1] if checks else 0,
        findings=findings[0] if findings else 0,
        errors=findings[1] if findings else 0,
        cautions=(*listing.cautions, *(caution for one in fetched for caution in one.cautions)),
    )


def refresh(settings: Settings) -> None:
    """Bring the marts up to date."""
    with warehouse.connect(settings) as connection:
        warehouse.refresh_marts(connection)


def selectors_of(source: Source) -> "Selectors":
    """What a source's YAML says of its pages, as extraction takes it."""
    from annals.extract import Selectors

    page = source.page
    return Selectors(
        content=page.text,
        title=page.title,
        number=page.number,
        issuer=page.issuer,
        published_on=page.published_on,
        remove=page.remove,
    )


def label(refs: tuple[NoticeRef, ...], first: int, whole: int) -> str:
    """What a batch is called in the UI.

    >>> label((NoticeRef(source="s", url="http://x.cn/a", title="2023年工作要点"),), 0, 1)
    'notice 1 of 1: 2023年工作要点'
    >>> files = NoticeRef(source="s", url="file:///a.pdf"), NoticeRef(source="s", url="file:///b/%E7%94%B2.pdf")
    >>> label(files, 100, 250)
    'notices 101–102 of 250: a.pdf … 甲.pdf'
    """
    names = [_name(ref) for ref in (refs[0], refs[-1])]
    if len(refs) == 1:
        return f"notice {first + 1} of {whole}: {names[0]}"
    return f"notices {first + 1}–{first + len(refs)} of {whole}: {names[0]} … {names[1]}"


@cache
def reader_version() -> str:
    """Stands for the code and the reference data that reading depends on: with other ones, all is read anew."""
    digest = hashlib.sha256()
    for folder, pattern in (("annals", "**/*.py"), ("include/reference", "**/*"), ("include/indicators", "**/*")):
        for path in sorted((PROJECT / folder).glob(pattern)):
            relative = path.relative_to(PROJECT).as_posix()
            if path.is_file() and not relative.startswith(NO_READERS):
                digest.update(relative.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def folder(run: str) -> str:
    """The run's folder in the archive; an object store, a file system and a URL all take its characters."""
    return "runs/" + re.sub(r"[^\w.=/-]+", "_", run)


def _name(ref: NoticeRef) -> str:
    last = PurePosixPath(urllib.parse.urlsplit(ref.url).path).name
    name = ref.title or urllib.parse.unquote(last) or ref.url
    return name if len(name) <= 18 else f"{name[:17]}…"
