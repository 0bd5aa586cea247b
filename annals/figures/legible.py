"""Whether a stretch of text is Chinese prose at all; numbers in what is not are left out, and it is said so."""

import re

from annals.figures.flow import Paragraph, paragraphs
from annals.model import Caution, Document

_LATIN = re.compile(r"[A-Za-z\u00a1-\u024f]{2,}")
_GLYPH_CODES = re.compile(r"\(cid:\d+\)")
_MOJIBAKE = re.compile(r"锟斤拷|\ufffd|烫烫|屯屯|[\x80-\x9f]|â‚¬|ï¼")
_COMMON = re.compile(r"[的一是在人有和中大年市了个建科会发设区全为业工增学国生加达万第]")
_DIGIT = re.compile(r"\d")
_LONG_ENOUGH = 40

_SAID = {
    "glyph_codes": "hold codes of glyphs instead of characters",
    "mojibake": "are garbled by a wrong decoding",
    "not_chinese": "are not Chinese text",
}


def fault(text: str) -> str | None:
    """What keeps a stretch of text from being read, None where nothing does.

    >>> fault("全年举办活动30场"), fault("建成5G基站2.3万个"), fault("12.5")
    (None, None, None)
    >>> fault("Membership rose 5% to 300 people"), fault("(cid:12)(cid:3)3个"), fault("锟斤拷锟斤拷45%")
    ('not_chinese', 'glyph_codes', 'mojibake')
    """
    if "(cid:" in text and len(_GLYPH_CODES.findall(text)) > 1:
        return "glyph_codes"
    spoilt = sum(len(match.group()) for match in _MOJIBAKE.finditer(text))
    if spoilt and spoilt * 20 > len(text):
        return "mojibake"
    latin = sum(len(match.group()) for match in _LATIN.finditer(text))
    if latin * 2 > len(text):
        return "not_chinese"
    if len(text) >= _LONG_ENOUGH and not latin and not _COMMON.search(text) and re.search(r"[\u4e00-\u9fff]{20}", text):
        return "mojibake"
    return None


def cautions(document: Document) -> tuple[Caution, ...]:
    """One caution for each thing that kept numbers in the document from being read; none where all was read."""
    seen: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs(document):
        if not isinstance(paragraph, Paragraph) or not _DIGIT.search(paragraph.text):
            continue
        code = fault(paragraph.text)
        if code is not None:
            seen.setdefault(code, []).append(paragraph)
    found: list[Caution] = []
    for code, stretches in seen.items():
        start, end = stretches[0].span(0, len(stretches[0].text))
        number = f"{len(stretches)} paragraph{'s' if len(stretches) > 1 else ''} with numbers"
        message = f"{number} {_SAID[code]} and were left out, the first at character {start}"
        found.append(Caution(code=code, message=message, page=stretches[0].first.page, start=start, end=end))
    return tuple(found)
