"""The numbers that Word writes before paragraphs: they are in no run of text, and lists are counted by them."""

from lxml import etree

from annals.model import Record

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    """A counting number below ten thousand in Chinese numerals.

    >>> [chinese(number) for number in (1, 10, 12, 20, 105, 110, 2008)]
    ['一', '十', '十二', '二十', '一百零五', '一百一十', '二千零八']
    """
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text[1:] if text.startswith("一十") else text


def _letters(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for size, name in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                       (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):  # fmt: skip
        while number >= size:
            text, number = text + name, number - size
    return text


def format_number(number: int, style: str) -> str:
    """A list number in one of Word's styles; a style that is not known is written in decimals.

    >>> [format_number(3, style) for style in ("decimal", "chineseCounting", "lowerLetter", "upperRoman")]
    ['3', '三', 'c', 'III']
    """
    if number < 1:
        return "" if style in ("none", "bullet") else str(number)
    match style:
        case "none" | "bullet":
            return ""
        case (
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
        ):
            return chinese(number)
        case "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand":
            return "".join(_DIGITS[int(digit)] for digit in str(number))
        case "chineseLegalSimplified" | "ideographLegalTraditional":
            return chinese(number).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))
        case "ideographTraditional":
            return "甲乙丙丁戊己庚辛壬癸"[(number - 1) % 10]
        case "ideographZodiac":
            return "子丑寅卯辰巳午未申酉戌亥"[(number - 1) % 12]
        case "upperLetter":
            return _letters(number)
        case "lowerLetter":
            return _letters(number).lower()
        case "upperRoman":
            return _roman(number)
        case "lowerRoman":
            return _roman(number).lower()
        case "decimalZero":
            return f"{number:02d}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if number <= 20:
            return chr(0x245F + number)
        case "decimalEnclosedParen" if number <= 20:
            return chr(0x2473 + number)
        case "decimalEnclosedFullstop" if number <= 20:
            return chr(0x2487 + number)
        case _:
            return str(number)


class _Level(Record, frozen=True, kw_only=True):
    start: int
    style: str
    text: str
    space: bool
    legal: bool
    restart: int | None  # the level whose number restarts this one; 0 is never


class Numbering:
    """Counts the paragraphs of each list, in the order in which `label` is asked."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._list_of: dict[str, str] = {}  # numId → the counter it shares
        self._counts: dict[str, dict[int, int]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._load(root)

    def label(self, number_id: str, depth: int) -> str:
        """The number of the next paragraph of that list at that depth (0 outermost), with its punctuation."""
        levels = self._levels.get(number_id)
        if levels is None or depth not in levels:
            return ""
        key = self._list_of[number_id]
        counts = self._counts.setdefault(key, {})
        starts = self._starts.pop(number_id, {})
        for overridden in starts:
            counts.pop(overridden, None)
        counts[depth] = counts[depth] + 1 if depth in counts else starts.get(depth, levels[depth].start)
        for deeper in [other for other in counts if other > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or 0 < restart >= depth + 1:
                del counts[deeper]
        level = levels[depth]
        text = level.text
        for other in range(depth + 1):
            of = levels.get(other, level)
            number = counts.get(other, of.start)
            text = text.replace(f"%{other + 1}", format_number(number, "decimal" if level.legal else of.style))
        if level.style == "bullet":
            return ""
        return text + (" " if level.space and text and text[-1].isascii() else "")

    def _load(self, root: etree._Element) -> None:
        abstract = {node.get(W + "abstractNumId", ""): node for node in root.iter(W + "abstractNum")}
        by_style = {
            link.get(W + "val", ""): node for node in abstract.values() for link in node.findall(W + "styleLink")
        }
        for number in root.iter(W + "num"):
            number_id = number.get(W + "numId", "")
            key = _value(number, "abstractNumId") or ""
            node = abstract.get(key)
            if node is None:
                continue
            linked = _value(node, "numStyleLink")
            node = by_style.get(linked, node) if linked else node
            levels = {int(level.get(W + "ilvl", "0")): _level(level) for level in node.findall(W + "lvl")}
            for override in number.findall(W + "lvlOverride"):
                depth = int(override.get(W + "ilvl", "0"))
                replacement = override.find(W + "lvl")
                if replacement is not None:
                    levels[depth] = _level(replacement)
                start = _value(override, "startOverride")
                if start is not None:
                    self._starts.setdefault(number_id, {})[depth] = _integer(start, 1)
            self._levels[number_id] = levels
            self._list_of[number_id] = key


def _level(node: etree._Element) -> _Level:
    legal = node.find(W + "isLgl")
    restart = _value(node, "lvlRestart")
    return _Level(
        start=_integer(_value(node, "start"), 1),
        style=_value(node, "numFmt") or "decimal",
        text=_value(node, "lvlText") or "",
        space=_value(node, "suff") != "nothing",
        legal=legal is not None and legal.get(W + "val") not in ("0", "false"),
        restart=None if restart is None else _integer(restart, 0),
    )


def _value(node: etree._Element, name: str) -> str | None:
    child = node.find(W + name)
    return None if child is None else child.get(W + "val")


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else default
