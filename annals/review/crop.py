"""A picture of a finding's place on its page, for documents that have pages."""

from pathlib import PurePosixPath

from annals.archive import Archive
from annals.errors import AnnalsError
from annals.model import Record
from annals.review.listing import context
from annals.settings import Settings
from annals.sources import read as read_source
from annals.warehouse.connect import Connection

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
    from annals.extract.fence import Fence
    from annals.extract.limits import Options

    options = Options(password=read_source(settings.sources / f"{place.source}.yaml").password)
    fence, data = Fence(), archive.get(place.path)
    try:
        document = fence.read(place.name, data, options)
        if document.text[place.start : place.end] != place.marked:
            return None
        shown = fence.show(document, data, options, place.start, place.end)
    except AnnalsError:  # it can no longer be read, or the place is on no page: the sentence has to do
        return None
    finally:
        fence.close()
    if shown.media_type != "image/png":
        return None
    archive.put_json(kept, Crop(png=shown.data))
    return shown.data
