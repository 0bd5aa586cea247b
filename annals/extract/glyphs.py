"""The characters of a PDF page, gathered into runs: pieces of one line that stand close together.

pdfium's raw interface is used since one call a fact is an order of magnitude faster than wrappers; boxes are measured
from the upper left corner of the page as it is shown.
"""

import ctypes
import math
import unicodedata
from collections import Counter

import pypdfium2
import pypdfium2.raw as pdfium

from annals.extract.layout import Run
from annals.model import Record

# Radicals stand where the characters they look like were meant; other compatibility characters are the author's.
_RADICALS = (
    "⺁⺇⺈⺊⺋⺌⺍⺕⺗⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺶⺷⺸⺹⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋"
    "⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⺏⺐⺑⺒⺓⺔⺖⺚⺜⺞⺅⺆⺃⺄⺀⺂"
    "⺉⺎⺵⺺"
)
_MEANT = (
    "厂几刀卜卩小小彐心手攵无月母民水水火爪爪爿牛犬王疋目示示竹糸纟网网网网羊羊羊老聿肉臼艹艹艹虎衣西西见角角讠贝足车"
    "辶辶辶邑钅長镸长门阜阜雨青韦页风飞食食食饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜龟龟尢尢尢巳幺卩忄旡日歹人冂乙乙冫乛"
    "刂兀网聿"
)


_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
FOLDING = _KANGXI | {ord(radical): meant for radical, meant in zip(_RADICALS, _MEANT, strict=True)}
_WIDEST = 2.5  # em; fonts for vertical lines state absurd widths
_DROPPED = frozenset((0, 10, 13, 0xAD, 0x200B, 0x200C, 0x200D, 0xFEFF, 0xFFFE))
_SPACES = frozenset((9, 32, 0xA0, 0x2002, 0x2003, 0x2009, 0x3000))


class PageText(Record, frozen=True, kw_only=True):
    """What pdfium reads on a page. `tilted` are runs that stand askew, such as watermarks.

    `turn` is by how many degrees the page was turned, clockwise, since most of its text stood on its side.
    """

    width: float
    height: float
    runs: list[Run]
    tilted: list[Run]
    characters: int
    turn: int
    broken: int  # characters whose font does not say what they are


def read_page(page: pypdfium2.PdfPage) -> PageText:
    """The runs of a page in the order of the file."""
    reader = _Reader(page, 0)
    reader.read()
    angles = Counter[int]()
    for run in reader.tilted:
        angles[run.angle] += len(run.text)
    angle, weight = angles.most_common(1)[0] if angles else (0, 0)
    if angle in (90, 180, 270) and weight > sum(len(run.text) for run in reader.runs):
        reader = _Reader(page, angle)
        reader.read()
    if not reader.runs:  # askew, but all there is
        reader.runs, reader.tilted = reader.tilted, []
    return PageText(
        width=reader.width,
        height=reader.height,
        runs=reader.runs,
        tilted=reader.tilted,
        characters=reader.characters,
        turn=reader.turn,
        broken=reader.broken,
    )


class _Reader:
    def __init__(self, page: pypdfium2.PdfPage, turn: int) -> None:
        self._page = page
        self.turn = turn
        width, height = page.get_size()
        self.width, self.height = (height, width) if turn in (90, 270) else (width, height)
        left, bottom, right, top = page.get_bbox()
        self._rotation = (page.get_rotation() + turn) % 360
        self._corner = {0: (left, top), 90: (left, bottom), 180: (right, bottom), 270: (right, top)}[self._rotation]
        self.runs: list[Run] = []
        self.tilted: list[Run] = []
        self.characters = 0
        self.broken = 0

    def read(self) -> None:
        textpage = pdfium.FPDFText_LoadPage(self._page.raw)
        if not textpage:
            return
        try:
            self._read(textpage)
        finally:
            pdfium.FPDFText_ClosePage(textpage)

    def _read(self, textpage: object) -> None:
        count = pdfium.FPDFText_CountChars(textpage)
        box = pdfium.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        box_ref, x_ref, y_ref = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
        unicode_of, box_of, origin_of = (
            pdfium.FPDFText_GetUnicode,
            pdfium.FPDFText_GetLooseCharBox,
            pdfium.FPDFText_GetCharOrigin,
        )
        corner_x, corner_y = self._corner
        upright = self._rotation == 0
        run: Run | None = None
        spaced = False
        limit = 0.0
        high = 0
        for index in range(count):
            code = unicode_of(textpage, index)
            if code in _SPACES:
                spaced = spaced or not pdfium.FPDFText_IsGenerated(textpage, index)
                continue
            if code in _DROPPED:
                self.broken += code in (0, 0xFFFE)
                continue
            if 0xD800 <= code < 0xE000:  # characters beyond the basic plane come in halves
                if code < 0xDC00:
                    high = code
                    continue
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
                high = 0
            if not (box_of(textpage, index, box_ref) and origin_of(textpage, index, x_ref, y_ref)):
                continue
            if code > 0x10FFFF:
                code = 0xFFFD
            self.characters += 1
            if upright:
                left, right = box.left - corner_x, box.right - corner_x
                base = corner_y - y.value
            else:
                left, right, base = self._turned(box, x.value, y.value)
            if 0xE000 <= code < 0xF900 or code == 0xFFFD or code > 0xEFFFF:
                self.broken += 1
            text = FOLDING.get(code) or chr(code)
            if run is not None and -limit < base - run.baseline < limit:
                gap = left - run.right
                if -0.3 * run.size < gap < 0.5 * run.size:
                    right = min(right, left + _WIDEST * run.size)
                    if text == run.text[-1] and left - run.lefts[-1] < 0.15 * run.size and not spaced:
                        continue  # the same character printed again to look bold
                    run.text += (" " + text) if spaced else text
                    if spaced:
                        run.lefts.append(run.right)
                        run.rights.append(left)
                    run.lefts.append(left)
                    run.rights.append(right)
                    run.right = right
                    spaced = False
                    continue
            run = self._start(textpage, index, text, left, right, base, spaced)
            limit = 0.25 * run.size
            spaced = False

    def _start(
        self, textpage: object, index: int, text: str, left: float, right: float, base: float, spaced: bool
    ) -> Run:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
        scale = math.hypot(matrix.b, matrix.d) or 1.0
        size = abs(pdfium.FPDFText_GetFontSize(textpage, index) * scale) or (right - left) or 1.0
        size = min(max(size, 1.0), 400.0)
        right = min(right, left + _WIDEST * size)
        angle = round(math.degrees(math.atan2(matrix.b, matrix.a)) - self._rotation) % 360
        run = Run(
            text=text,
            left=left,
            top=base - 0.86 * size,
            right=right,
            bottom=base + 0.14 * size,
            baseline=base,
            size=size,
            lefts=[left],
            rights=[right],
            spaced=spaced,
            angle=angle,
        )
        (self.runs if angle < 3 or angle > 357 else self.tilted).append(run)
        return run

    def _turned(self, box: "pdfium.FS_RECTF", x: float, y: float) -> tuple[float, float, float]:
        corner_x, corner_y = self._corner
        if self._rotation == 90:
            return box.bottom - corner_y, box.top - corner_y, x - corner_x
        if self._rotation == 180:
            return corner_x - box.right, corner_x - box.left, y - corner_y
        return corner_y - box.top, corner_y - box.bottom, corner_x - x
