"""PDF: every page by its text layer where that can be trusted, by recognition where it cannot."""

import ctypes
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from annals.errors import Unreadable
from annals.extract import budget
from annals.extract.agreement import compare
from annals.extract.compose import Composer, clean
from annals.extract.detect import PDF
from annals.extract.flow import PageDraft, compose_pages, inside
from annals.extract.glyphs import PageText, read_page
from annals.extract.limits import Options
from annals.extract.recognised import add_page
from annals.extract.ruling import find_tables, read_edges
from annals.extract.standin import install
from annals.model import Aside, Caution, Document, Page

if TYPE_CHECKING:
    from annals.extract.ocr import Recognised

_DPI = 200
_FEW = 60  # characters: what scanning programs and watermarks print over an image
_HAN = re.compile(r"[\u3400-\u9fff]")
_USUAL = re.compile("[的和，。、年在了不有人大中国市县区乡镇工作]")  # no page of Chinese is without all of them
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|is|on|with|by|at|from|de|la|et|der|und)\b", re.IGNORECASE)


def read(name: str, data: bytes, options: Options) -> Document:
    """The pages' text in reading order, furniture apart, tables with their cells."""
    pdf = open_pdf(data, options.password)
    try:
        return _read(name, pdf, options)
    finally:
        pdf.close()


def open_pdf(data: bytes, password: str | None) -> pypdfium2.PdfDocument:
    """The document, to be closed by the caller; raises Unreadable where it is damaged or its password wanting."""
    install()
    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            reason = "the password does not open it" if password else "the PDF is encrypted and needs a password"
            raise Unreadable(reason) from error
        raise Unreadable(f"the PDF is damaged: {str(error).split(':')[-1].strip(' .)')}") from error


def _read(name: str, pdf: pypdfium2.PdfDocument, options: Options) -> Document:
    composer = Composer(options.limits)
    count = len(pdf)
    drafts: list[PageDraft] = []
    looked: dict[int, list[str]] = {}  # page → lines recognised on it, where its text layer was read all the same
    recognised = 0
    cut = count
    for number in range(1, count + 1):
        if number > options.limits.pages:
            cut = number - 1
            break
        try:
            page = pdf[number - 1]
        except pypdfium2.PdfiumError:
            message = f"page {number} of {count} is damaged and was left out"
            composer.cautions.append(Caution(code="page_damaged", message=message, page=number))
            continue
        text = read_page(page)
        why = _distrust(page, text)
        scanned = text.runs and why is None and _is_scan(page)
        if (why or scanned) and recognised == options.limits.ocr_pages:
            cut = number - 1
            break
        seen = None
        if why or scanned:
            recognised += 1
            seen = _recognise(page, options)
            if scanned and _is_nonsense(text, seen):
                why = "its text layer is not what the page shows"
        if why and seen is not None:
            composer.cautions += [
                Caution(code="ocr", message=f"page {number} was recognised: {why}", page=number)
            ] * bool(text.runs)
            drafts.append(add_page(seen, number, composer))
        else:
            if seen is not None:
                looked[number] = [run.text for run in seen.runs]
            composer.pages.append(Page(number=number, width=text.width, height=text.height, rotation=text.turn))
            composer.asides += [Aside(text=line, page=number) for line in _tilted(text)]
            drafts.append(_draft(page, number, text))
        page.close()
    if cut < count:
        message = f"only the first {cut} of {count} pages were read; the limit is {options.limits.pages} pages"
        if cut < options.limits.pages:
            message = f"only the first {cut} of {count} pages were read; at most {recognised} may need recognition"
        composer.cautions.append(Caution(code="pages_cut", message=message))
    compose_pages(drafts, composer)
    document = composer.document(name, PDF)
    disagreements = tuple(caution for page, lines in looked.items() for caution in compare(document, page, lines))
    return msgspec.structs.replace(document, cautions=document.cautions + disagreements)


def _draft(page: pypdfium2.PdfPage, number: int, text: PageText) -> PageDraft:
    edges = read_edges(page, text.turn) if text.runs else []
    tables = find_tables(edges, text.runs) if edges else []
    outside = [run for run in text.runs if not any(inside(run, table.box) for table in tables)]
    return PageDraft(number=number, width=text.width, height=text.height, runs=outside, tables=tables)


def _tilted(text: PageText) -> list[str]:
    """Watermarks: text that stands askew, put together in the order of the file."""
    line = clean("".join(run.text for run in text.tilted))
    return [line] if line else []


# --- whether the text layer can be trusted -------------------------------------------------------------


def _distrust(page: pypdfium2.PdfPage, text: PageText) -> str | None:
    """Why a page's text layer cannot be taken for its text; None when it can."""
    if text.characters < _FEW and _is_scan(page):
        return "it is an image with hardly any text"
    if not text.runs:
        return "it has no text" if pdfium.FPDFPage_CountObjects(page.raw) else None
    if text.broken > max(3, 0.05 * text.characters):
        return "its fonts do not say which characters they show"
    characters = "".join(run.text for run in text.runs)
    return _garbled(characters)


def _garbled(text: str) -> str | None:
    """Why a page's characters cannot be what it shows: neither Chinese, nor English, nor numbers.

    >>> _garbled("全年开展科普活动30场，受益群众的满意度和参与率都有提高。" * 3)
    >>> _garbled("Ő&%;ŒÆ¬Đłžÿß" * 10)
    'its characters make no text in any language we know'
    """
    bare = re.sub(r"\s", "", text)
    if len(bare) < 40:
        return None
    han = len(_HAN.findall(bare)) / len(bare)
    if han > 0.5 and len(bare) > 150 and (not _USUAL.search(bare) or _rare_share(bare) > 0.35):
        return "its characters are Chinese but make no text"
    if han < 0.1:
        plain = sum(character.isascii() and character.isalnum() for character in bare) / len(bare)
        digits = sum(character.isdigit() for character in bare) / len(bare)
        words = len(_ENGLISH.findall(text))
        letters = sum(character.isalpha() for character in bare) / len(bare)
        if plain < 0.5 and letters < 0.9:  # a foreign script is all letters; garbage is letters and signs
            return "its characters make no text in any language we know"
        if digits < 0.3 and len(bare) > 200 and words * 60 < len(bare) and letters < 0.75:
            return "its characters make no text in any language we know"
    return None


def _rare_share(text: str) -> float:
    """The share of Han characters that are not among the 3,755 usual ones of GB 2312; about .02 in notices."""
    han: list[str] = _HAN.findall(text)
    rare = sum(not 0xB0 <= character.encode("gb2312", "replace")[0] <= 0xD7 for character in han)
    return rare / len(han)


def _is_scan(page: pypdfium2.PdfPage) -> bool:
    """Whether one image covers nearly all of the page."""
    width, height = page.get_size()
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), 400)):
        thing = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_IMAGE:
            sides = [ctypes.c_float() for _ in range(4)]
            if pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(side) for side in sides)):
                left, bottom, right, top = (side.value for side in sides)
                if (right - left) * (top - bottom) > 0.8 * width * height:
                    return True
    return False


def _recognise(page: pypdfium2.PdfPage, options: Options) -> "Recognised":
    from annals.extract.ocr import recognise  # loads its models only when there is something to recognise

    width, height = page.get_size()
    scale = min(_DPI / 72, math.sqrt(options.limits.pixels / max(1.0, width * height)))
    if width * height * scale * scale < 100 or max(width, height) * scale > 20_000:
        raise Unreadable(f"a page of {width:.0f} by {height:.0f} points cannot be made an image")
    budget.grant(options.limits.ocr_seconds_per_page)
    return recognise(page.render(scale=scale).to_numpy(), scale)


def _is_nonsense(text: PageText, seen: "Recognised") -> bool:
    """Whether layer and image share too few characters for the layer to be a reading of the image."""
    layer = Counter(character for run in text.runs for character in run.text if not character.isspace())
    image = Counter(character for run in seen.runs for character in run.text if not character.isspace())
    common = sum((layer & image).values())
    return image.total() > 30 and common < 0.8 * max(layer.total(), image.total())
