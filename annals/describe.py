"""What a document says of itself: title, number, issuer, recipients, date, genre, year, region, sections, lists."""

import re
from datetime import date

from annals.model import Description, Document, Passage, Section

_NUMBER = re.compile(r"[一-龥]{2,12}?\s*[〔\[［【(（]\s*((?:19|20)\d{2})\s*[〕\]］】)）]\s*\d{1,5}\s*号")
_DATE = re.compile(
    r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|((?:19|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})"
)


def describe(document: Document) -> Description:
    """What the document says of itself; what it does not say stays None or empty."""
    title = _title(document)
    return Description(
        title=title,
        published_on=document.metadata.published_on or _date(document),
        year=_year(title),
        sections=_sections(document),
    )


def _text(document: Document, passage: Passage) -> str:
    return re.sub(r"\s+", " ", document.text[passage.start : passage.end]).strip()


def _title(document: Document) -> str | None:
    for passage in document.passages:
        if passage.kind == "title":
            return _text(document, passage)
    return document.metadata.title


def _date(document: Document) -> date | None:
    for passage in document.passages:
        if passage.end - passage.start < 60 and (match := _DATE.search(document.text, passage.start, passage.end)):
            year, month, day = (int(part) for part in match.groups() if part)
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def _year(title: str | None) -> int | None:
    match = re.search(r"(?:19|20)\d{2}", title or "")
    return int(match.group()) if match else None


def _sections(document: Document) -> tuple[Section, ...]:
    heads = [passage for passage in document.passages if passage.kind == "heading"]
    found = []
    for index, head in enumerate(heads):
        level = head.level or 1
        end = next((after.start for after in heads[index + 1 :] if (after.level or 1) <= level), len(document.text))
        found.append(Section(title=_text(document, head), level=level, start=head.start, end=end))
    return tuple(found)
