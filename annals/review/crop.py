"""A figure's place in its document, shown: a picture of the page, or a piece of HTML."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from annals.archive import Archive
from annals.errors import AnnalsError
from annals.model import Record
from annals.review.listing import context
from annals.settings import Settings
from annals.warehouse.connect import Connection
from annals.warehouse.sqlfile import statements

if TYPE_CHECKING:
    from annals.extract.messages import Shown

PAGED = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


class Crop(Record, frozen=True, kw_only=True):
    """What the archive keeps of a crop, since making one reads the document again."""

    png: bytes


def has_pages(name: str | None) -> bool:
    """Whether a document of this name is one that has pages to show.

    >>> has_pages("plan.PDF"), has_pages("plan.docx"), has_pages(None)
    (True, False, False)
    """
    return PurePosixPath(name or "").suffix.lower() in PAGED


def crop(settings: Settings, connection: Connection, finding_id: str) -> bytes | None:
    """The PNG, or None where there is nothing to show: no place, no pages, or a text that reads otherwise by now.

    Reads the document in a worker of the fence, once; seconds for a scan.
    """
    place = context(connection, finding_id)
    if place is None or not has_pages(place.name):
        return None
    archive = Archive(settings.archive)
    kept = f"evidence/{place.sha256}/{place.start}-{place.end}.json"
    if archive.exists(kept):
        return archive.get_json(kept, Crop).png
    try:
        shown = _show(settings, place.source, place.path, place.name, place.start, place.end, place.marked)
    except AnnalsError:  # it can no longer be read, or the place is on no page: the sentence has to do
        return None
    if shown.media_type != "image/png":
        return None
    archive.put_json(kept, Crop(png=shown.data))
    return shown.data


def show_figure(settings: Settings, connection: Connection, figure_id: str) -> "Shown":
    """A figure of the warehouse in its document, as the archive keeps it. Raises AnnalsError where that cannot be."""
    row = connection.execute(statements("review/select_figure_place"), {"figure_id": figure_id}).fetchone()
    if row is None:
        raise AnnalsError(f"there is no figure {figure_id} in the warehouse; mart.figure lists them as figure_id")
    path, name, source, start, end, marked = row
    return _show(settings, source, path, name, start, end, marked)


def _show(settings: Settings, source: str, path: str, name: str, start: int, end: int, marked: str) -> "Shown":
    from annals.extract.fence import Fence
    from annals.extract.limits import Options
    from annals.pipeline import selectors_of, source_of

    publisher = source_of(settings, source)
    options = Options(password=publisher.password, selectors=selectors_of(publisher))
    fence, data = Fence(), Archive(settings.archive).get(path)
    try:
        document = fence.read(name, data, options)
        if document.text[start:end] != marked:
            raise AnnalsError(f"{name} is read otherwise now than when the figure was published; run its source again")
        return fence.show(document, data, options, start, end)
    finally:
        fence.close()
