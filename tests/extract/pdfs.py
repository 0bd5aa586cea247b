"""PDFs of invented text, made as the tests need them: characters placed one by one with reportlab."""

import io
from collections.abc import Callable, Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = 595, 842
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def pdf(
    *pages: Callable[[Canvas], None], size: tuple[int, int] = (WIDTH, HEIGHT), password: str | None = None
) -> bytes:
    """A PDF; each page is drawn by a function."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, encrypt=password)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def say(canvas: Canvas, text: str, left: float, top: float, size: float = 12) -> None:
    """One line, `top` points below the upper edge."""
    canvas.setFont(FONT, size)
    canvas.drawString(left, canvas._pagesize[1] - top, text)


def lines(text: str, width: float, *, size: float = 12, indent: float = 24) -> list[str]:
    """Text broken where a line of `width` points is full, the first line `indent` shorter."""
    out = [""]
    room = width - indent
    for character in text:
        if pdfmetrics.stringWidth(out[-1] + character, FONT, size) > room + 0.01:
            out.append("")
            room = width
        out[-1] += character
    return out


def column(canvas: Canvas, text: str, left: float, top: float, *, width: float = 360, indent: float = 24) -> float:
    """A paragraph in lines of `width` points, the first indented; returns where the next would begin."""
    for number, line in enumerate(lines(text, width, indent=indent)):
        say(canvas, line, left + (0 if number else indent), top + 20 * number)
    return top + 20 * len(lines(text, width, indent=indent))


def grid(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Rules at all `xs` and `ys` (points below the upper edge)."""
    height = canvas._pagesize[1]
    for y in ys:
        canvas.line(xs[0], height - y, xs[-1], height - y)
    for x in xs:
        canvas.line(x, height - ys[0], x, height - ys[-1])
