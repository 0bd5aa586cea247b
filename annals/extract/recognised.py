"""A recognised page → a page of the document: tables by their rules, and what is uncertain said."""

from typing import TYPE_CHECKING

from annals.extract.compose import Composer
from annals.extract.flow import PageDraft, box_of, inside
from annals.extract.ruling import find_tables
from annals.model import Aside, Caution, Page

if TYPE_CHECKING:
    from annals.extract.ocr import Recognised


def add_page(page: "Recognised", number: int, composer: Composer) -> PageDraft:
    """Note the page and its weak lines in the composer; its text is the draft's."""
    composer.pages.append(
        Page(
            number=number,
            width=page.width,
            height=page.height,
            method="ocr",
            rotation=page.rotation,
            confidence=page.confidence,
        )
    )
    composer.asides += [Aside(text=run.text, page=number, box=box_of([run])) for run in page.weak]
    if page.weak:
        message = f"page {number}: {len(page.weak)} lines could not be recognised with any certainty and were left out"
        composer.cautions.append(Caution(code="ocr_weak", message=message, page=number))
    tables = find_tables(page.edges, page.runs) if page.edges else []
    return PageDraft(
        number=number,
        width=page.width,
        height=page.height,
        runs=[run for run in page.runs if not any(inside(run, table.box) for table in tables)],
        tables=tables,
    )
