"""A spreadsheet's number as it is printed: 0.118 under the format 0.0% is 11.8%, and that is what people read."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_SLOT = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?")
_DATE = re.compile("[ymdhs年月日]", re.IGNORECASE)


def printed(value: object, code: str) -> str:
    """What a cell shows; `code` is its number format ("General", "0.0%", '#,##0.00"万元"').

    >>> printed(0.118, "0.0%"), printed(12345.678, "#,##0.00"), printed(0.1 + 0.2, "General")
    ('11.8%', '12,345.68', '0.3')
    >>> printed(3.5, '0.00"万元"'), printed(-2, "0;(0)"), printed(datetime.datetime(2023, 5, 4), "yyyy-mm-dd")
    ('3.50万元', '(2)', '2023-05-04')
    >>> printed("12", "General"), printed(True, "General"), printed(None, "0")
    ('12', 'TRUE', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return _number(Decimal(format(value, ".15g")), code)
    return str(value)


def is_date(code: str) -> bool:
    """Whether a format shows a number as a date or a time.

    >>> is_date("yyyy年m月"), is_date('0"年"'), is_date("[Red]0.00")
    (True, False, False)
    """
    return bool(_DATE.search(_LITERAL.sub("", code))) and code.lower() != "general"


def is_numeric(text: str) -> bool:
    """Whether a cell's text is a number that is not a year: the sign that a table's head is over.

    >>> is_numeric("1,234.5"), is_numeric("-3.2%"), is_numeric("2022"), is_numeric("2022年")
    (True, True, False, False)
    """
    bare = text.strip("-+%‰()（） ").replace(",", "").replace(".", "", 1)
    return bare.isdecimal() and not (len(text) == 4 and text.startswith(("19", "20")))


def _number(value: Decimal, code: str) -> str:
    sections = code.split(";")
    negative = value < 0
    section = sections[1] if negative and len(sections) > 1 and sections[1] else sections[0]
    if not value and len(sections) > 2 and sections[2]:
        section = sections[2]
    if section is not sections[0]:
        value = abs(value)
    pattern = _LITERAL.sub(lambda found: "\x00" * len(found.group()), section)
    slot = _SLOT.search(pattern)
    if slot is None or "/" in pattern or "E" in pattern.upper():
        return format(value.normalize(), "f")
    percent = pattern.count("%")
    shape = slot.group()
    # A comma that ends the integer part divides by a thousand: the cell shows thousands.
    scaled = (len(shape.split(".")[0]) - len(shape.split(".")[0].rstrip(","))) * 3
    value = value.scaleb(2 * percent - scaled)
    fraction = shape.partition(".")[2]
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    grouping = "," if "," in shape.split(".")[0].rstrip(",") else ""
    digits = format(rounded, f"{grouping}f")
    optional = len(fraction) - len(fraction.rstrip("#?"))
    while optional and digits.endswith("0"):
        digits, optional = digits[:-1], optional - 1
    shown = section[: slot.start()] + "\x01" + section[slot.end() :]
    return _LITERAL.sub(lambda found: found.group(1) or found.group(2) or "", shown).replace("\x01", digits.rstrip("."))
