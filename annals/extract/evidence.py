"""Where a figure stands, shown: a picture of its place on the page, or the sentence around it as HTML.

`show` runs in a worker of the fence, since making the picture reads the document once more.
"""

import html
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annals.errors import AnnalsError
from annals.extract import detect
from annals.extract.limits import Options
from annals.extract.messages import Shown
from annals.model import Box, Cell, Document, Page, Passage, Record

if TYPE_CHECKING:
    from PIL.Image import Image

    from annals.extract.layout import Run

_SCALE = 2.0  # pixels a point: 144 dpi
_MARGIN = 14.0  # points around the passage
_TALLEST = 360.0  # points of a crop
_CONTEXTS = (12, 6, 3, 0)  # characters before the digits that tell which of several equal ones is meant


class _Glyph(Record, frozen=True):
    text: str
    box: Box


def evidence(path: Path, start: int, end: int, *, password: str | None = None) -> Shown:
    """The picture or HTML for the characters from `start` to `end` of what `annals extract PATH` prints."""
    from annals.extract import extract_bytes, fence, read_bytes

    data = read_bytes(path)
    document = extract_bytes(path.name, data, password=password)
    return fence.show(document, data, Options(password=password), start, end)


def show(document: Document, data: bytes, options: Options, start: int, end: int) -> Shown:
    """The picture or the HTML for `document.text[start:end]`; `data` are the bytes the document was read from."""
    passage = next((one for one in document.passages if one.start <= start and end <= one.end), None)
    if passage is None or start >= end:
        raise AnnalsError(f"no passage holds {start}-{end}; the text has {len(document.text):,} characters")
    cell = next((one for one in passage.cells if one.start <= start and end <= one.end), None)
    number = (cell.page if cell else None) or passage.page
    if number is not None and (document.media_type == detect.PDF or document.media_type.startswith("image/")):
        return _picture(document, data, options, passage, cell, number, start, end)
    return Shown(media_type="text/html", data=_snippet(document, passage, start, end).encode())


# --- text ------------------------------------------------------------------------------------------


def _snippet(document: Document, passage: Passage, start: int, end: int) -> str:
    def marked(begin: int, stop: int) -> str:
        if not begin <= start < stop:
            return html.escape(document.text[begin:stop])
        before, found, after = (document.text[i:j] for i, j in ((begin, start), (start, end), (end, stop)))
        return f"{html.escape(before)}<mark>{html.escape(found)}</mark>{html.escape(after)}"

    if passage.cells:
        rows: dict[int, list[Cell]] = {}
        for cell in passage.cells:
            rows.setdefault(cell.row, []).append(cell)
        body = "\n".join(
            "<tr>"
            + "".join(
                f'<td rowspan="{cell.row_span}" colspan="{cell.column_span}">{marked(cell.start, cell.end)}</td>'
                for cell in row
            )
            + "</tr>"
            for _, row in sorted(rows.items())
        )
        body = f'<table border="1">\n{body}\n</table>'
    else:
        body = f"<p>{marked(passage.start, passage.end)}</p>"
    where = html.escape(f"{document.name}, {passage.path}" if passage.path else document.name)
    return f'<!doctype html>\n<meta charset="utf-8">\n<title>{where}</title>\n{body}\n<p><small>{where}</small></p>\n'


# --- pages -----------------------------------------------------------------------------------------


def _picture(
    document: Document,
    data: bytes,
    options: Options,
    passage: Passage,
    cell: Cell | None,
    number: int,
    start: int,
    end: int,
) -> Shown:
    box = cell.box if cell is not None and cell.box is not None else passage.box
    offset = cell.start if cell is not None else passage.start
    before, wanted = _bare(document.text[offset:start]), _bare(document.text[start:end])
    # A paragraph may go on over the page: its digits then stand on the next.
    pages = [page for page in document.pages if page.number in (number, number + 1)]
    for page in pages:
        image, runs = _page(document.media_type, data, options, page)
        held = [run for run in runs if box is not None and page.number == number and _overlaps(run, box)]
        found = _find(_glyphs(held), before, wanted) or _find(_glyphs(runs), before, wanted, least=3)
        if found or page is pages[-1]:
            break
    if not found and box is None:
        raise AnnalsError(f"the place of {start}-{end} on page {number} is not known")
    if not found and page.number != number:
        page = pages[0]
        image, runs = _page(document.media_type, data, options, page)
    return Shown(media_type="image/png", data=_crop(image, page, box if page.number == number else None, found))


def _page(media_type: str, data: bytes, options: Options, page: Page) -> tuple["Image", list["Run"]]:
    """The page upright, at `_SCALE`, and the runs on it."""
    import numpy as np
    from PIL import Image

    if media_type == detect.PDF:
        from annals.extract.glyphs import read_page
        from annals.extract.pdf import open_pdf

        with open_pdf(data, options.password) as pdf:
            sheet = pdf[page.number - 1]
            if page.method == "text":
                text = read_page(sheet)
                turned = sheet.render(scale=_SCALE, rotation=page.rotation).to_pil().convert("RGB")
                return turned, text.runs
            pixels = sheet.render(scale=200 / 72).to_numpy()
            scale = 200 / 72
    else:
        with Image.open(io.BytesIO(data)) as picture:
            picture.seek(page.number - 1)
            pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
            longer = max(page.width, page.height)
            scale = max(pixels.shape[:2]) / longer
    from annals.extract.ocr import recognise, straightened

    seen = recognise(np.ascontiguousarray(pixels), scale)
    upright = Image.fromarray(straightened(np.ascontiguousarray(pixels), seen)[:, :, ::-1])
    size = (round(seen.width * _SCALE), round(seen.height * _SCALE))
    return upright.resize(size), seen.runs


def _glyphs(runs: Iterable["Run"]) -> list[_Glyph]:
    """The characters of runs in row order, blanks left out, doubled ones once."""
    glyphs: list[_Glyph] = []
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        if rows and run.baseline - rows[-1][0].baseline < 0.4 * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        line = sorted((glyph for run in row for glyph in _of_run(run)), key=lambda glyph: glyph.box.left)
        for glyph in line:
            doubled = any(
                glyph.text == other.text and glyph.box.left - other.box.left < 2 and other in line
                for other in glyphs[-4:]
            )
            if not doubled:
                glyphs.append(glyph)
    return glyphs


def _of_run(run: "Run") -> Iterator[_Glyph]:
    lefts, rights = run.lefts, run.rights
    if len(lefts) != len(run.text):  # a recognised line: its characters have about their usual widths
        widths = [1.0 if unicodedata.east_asian_width(character) in "WF" else 0.55 for character in run.text]
        unit = (run.right - run.left) / sum(widths)
        places = [run.left]
        for width in widths:
            places.append(places[-1] + width * unit)
        lefts, rights = places[:-1], places[1:]
    for character, left, right in zip(run.text, lefts, rights, strict=True):
        if not character.isspace():
            yield _Glyph(character, Box(left=left, top=run.top, right=right, bottom=run.bottom))


def _find(glyphs: Sequence[_Glyph], before: str, wanted: str, least: int = 0) -> list[Box]:
    """Where the characters stand, told from equal ones by those before them."""
    line = "".join(glyph.text for glyph in glyphs)
    for length in _CONTEXTS:
        context = before[-length:] if length else ""
        if length < least or (length and len(context) < min(length, 3)):
            continue
        at = line.find(context + wanted)
        if at >= 0:
            begin = at + len(context)
            return [glyph.box for glyph in glyphs[begin : begin + len(wanted)]]
    return []


def _crop(image: "Image", page: Page, box: Box | None, found: Sequence[Box]) -> bytes:
    from PIL import Image, ImageDraw

    scale = image.width / page.width if page.width else _SCALE
    paint = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(paint)
    for one in found or ([box] if box else []):
        corners = [(one.left - 1) * scale, (one.top - 1) * scale, (one.right + 1) * scale, (one.bottom + 1) * scale]
        draw.rectangle(corners, fill=(255, 214, 0, 110))
    marked = Image.alpha_composite(image.convert("RGBA"), paint).convert("RGB")
    inner = [*found, *([box] if box else [])]
    top, bottom = min(one.top for one in inner) - _MARGIN, max(one.bottom for one in inner) + _MARGIN
    if found and bottom - top > _TALLEST:
        middle = sum((one.top + one.bottom) / 2 for one in found) / len(found)
        top, bottom = middle - _TALLEST / 2, middle + _TALLEST / 2
    # The whole width: a row of a table is nothing without its head, a line nothing without its beginning.
    area = (0, max(0, round(top * scale)), image.width, min(image.height, round(bottom * scale)))
    out = io.BytesIO()
    marked.crop(area).save(out, "PNG", optimize=True)
    return out.getvalue()


def _overlaps(run: "Run", box: Box) -> bool:
    return run.left < box.right + 1 and run.right > box.left - 1 and run.top < box.bottom and run.bottom > box.top


def _bare(text: str) -> str:
    return "".join(text.split())
