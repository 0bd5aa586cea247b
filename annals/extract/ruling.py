"""Ruled tables: the lines drawn on a page → cells, with merged ones whole, filled with the page's own runs.

The lines come from pdfium, the cells from pdfplumber's table finder, which is given edges and so never parses the file.
"""

import ctypes
import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct

from annals.extract.compose import CellDraft
from annals.extract.layout import Run, row_text
from annals.model import Box

THIN = 3.0  # points; a filled rectangle no thicker is a line
SHORT = 8.0  # points; shorter lines are parts of drawings
MOST_EDGES = 3_000  # a page with more is a drawing
_MOST_MERGED = 800
_MOST_OBJECTS = 60_000
_NUMBER = re.compile(r"[-–—+]?[\d,，]+(?:[.．]\d+)?\s*[%‰]?|[-–—/…]+")

Edge = dict[str, float | str]
Rectangle = tuple[float, float, float, float]
Transform = tuple[float, float, float, float, float, float]


class TableDraft(Struct):
    """A table on one page. `lines` are the x of its columns' borders: a table that continues it has the same."""

    box: Box
    cells: list[CellDraft]
    columns: tuple[float, ...]
    rows: int


def find_tables(edges: Sequence[Edge], runs: Sequence[Run]) -> list[TableDraft]:
    """The ruled tables that hold text, from above; `edges` as from `read_edges`."""
    from pdfplumber.table import edges_to_intersections, intersections_to_cells, merge_edges

    merged = merge_edges(list(edges), 3, 3, 3, 3)
    if len(merged) > _MOST_MERGED:
        return []
    framed = merge_edges(_framed(merged), 4, 4, 4, 4)
    cells = intersections_to_cells(edges_to_intersections(framed, 3, 3))
    tables = []
    for group in _connected(cells):
        table = _fill(group, runs)
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda table: (table.box.top, table.box.left))


def read_edges(page: pypdfium2.PdfPage, turn: int = 0) -> list[Edge]:
    """The horizontal and vertical lines drawn on a page, in points from above left; none if it is rather a drawing.

    `turn` is by how many degrees clockwise the page is turned beyond what it says itself.
    """
    collector = _Edges(page, turn)
    collector.walk_page()
    if len(collector.edges) > MOST_EDGES or collector.objects > _MOST_OBJECTS:
        return []
    sides = {edge["orientation"] for edge in collector.edges}
    return collector.edges if sides == {"h", "v"} and len(collector.edges) >= 4 else []


class _Edges:
    def __init__(self, page: pypdfium2.PdfPage, turn: int) -> None:
        self._page = page
        left, bottom, right, top = page.get_bbox()
        self._frame = {
            0: (1.0, 0.0, 0.0, -1.0, -left, top),
            90: (0.0, 1.0, 1.0, 0.0, -bottom, -left),
            180: (-1.0, 0.0, 0.0, 1.0, right, -bottom),
            270: (0.0, -1.0, -1.0, 0.0, top, right),
        }[(page.get_rotation() + turn) % 360]
        self.edges: list[Edge] = []
        self.objects = 0

    def walk_page(self) -> None:
        raw = self._page.raw
        objects = (pdfium.FPDFPage_GetObject(raw, i) for i in range(pdfium.FPDFPage_CountObjects(raw)))
        self._walk(objects, (1, 0, 0, 1, 0, 0), 0)

    def _walk(self, objects: Iterator[object], outer: Transform, depth: int) -> None:
        for thing in objects:
            self.objects += 1
            if self.objects > _MOST_OBJECTS or len(self.edges) > MOST_EDGES:
                return
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(thing, outer)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 4:
                inner = (pdfium.FPDFFormObj_GetObject(thing, i) for i in range(pdfium.FPDFFormObj_CountObjects(thing)))
                self._walk(inner, times(_matrix(thing), outer), depth + 1)

    def _path(self, path: object, outer: Transform) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        if not fill.value and not stroke.value:
            return
        count = pdfium.FPDFPath_CountSegments(path)
        if count > 400:
            return
        to_page = times(times(_matrix(path), outer), self._frame)
        points: list[tuple[float, float]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = apply(to_page, x.value, y.value)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._outline(points, stroke=bool(stroke.value))
                points = [point]
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                points.append(point)
                if pdfium.FPDFPathSegment_GetClose(segment):
                    points.append(points[0])
            else:  # a curve bounds no table
                points = []
        self._outline(points, stroke=bool(stroke.value))

    def _outline(self, points: list[tuple[float, float]], *, stroke: bool) -> None:
        if len(points) < 2:
            return
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        if right - left <= THIN or bottom - top <= THIN:  # a line, or a rectangle as thin as one
            self._edge(left, top, right, bottom)
        elif stroke or len(points) in (4, 5):
            for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]] if not stroke else points[1:], strict=False):
                if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1:
                    self._edge(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _edge(self, left: float, top: float, right: float, bottom: float) -> None:
        width, height = right - left, bottom - top
        if width >= height and width >= SHORT:
            middle = (top + bottom) / 2
            self.edges.append(rule("h", left, middle, right, middle))
        elif height > width and height >= SHORT:
            middle = (left + right) / 2
            self.edges.append(rule("v", middle, top, middle, bottom))


def rule(orientation: str, left: float, top: float, right: float, bottom: float) -> Edge:
    """A line as pdfplumber's table finder takes it."""
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": left,
        "x1": right,
        "top": top,
        "bottom": bottom,
        "width": right - left,
        "height": bottom - top,
    }


def _matrix(thing: object) -> Transform:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, ctypes.byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def times(first: Transform, then: Transform) -> Transform:
    """`first`, then `then`, as one transform."""
    a, b, c, d, e, f = first
    k, m, n, o, p, q = then
    return a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q


def apply(by: Transform, x: float, y: float) -> tuple[float, float]:
    """Where a transform takes a point."""
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def _framed(edges: list[Edge]) -> list[Edge]:
    """The edges with a frame around each group that touches: statistical tables leave their left and right side open,
    and one that goes on over the page lacks its lower rule."""
    groups: list[tuple[Rectangle, list[Edge]]] = []
    for edge in edges:
        left, right = float(edge["x0"]), float(edge["x1"])
        top, bottom = float(edge["top"]), float(edge["bottom"])
        members, rest = [edge], []
        for box, group in groups:
            if any(_meet(edge, other) for other in group) and _near(box, (left, top, right, bottom)):
                members += group
                left, right = min(left, box[0]), max(right, box[2])
                top, bottom = min(top, box[1]), max(bottom, box[3])
            else:
                rest.append((box, group))
        groups = [*rest, ((left, top, right, bottom), members)]
    framed: list[Edge] = []
    for (left, top, right, bottom), group in groups:
        if {edge["orientation"] for edge in group} == {"h", "v"}:
            framed += group
            framed += [rule("h", left, y, right, y) for y in (top, bottom)]
            framed += [rule("v", x, top, x, bottom) for x in (left, right)]
    return framed


def _meet(one: Edge, other: Edge) -> bool:
    return _near(
        (float(one["x0"]), float(one["top"]), float(one["x1"]), float(one["bottom"])),
        (float(other["x0"]), float(other["top"]), float(other["x1"]), float(other["bottom"])),
    )


def _near(one: Rectangle, other: Rectangle) -> bool:
    return one[0] - 4 < other[2] and other[0] - 4 < one[2] and one[1] - 4 < other[3] and other[1] - 4 < one[3]


def _connected(cells: list[Rectangle]) -> list[list[Rectangle]]:
    """Cells in groups that touch along their sides."""
    groups: list[list[Rectangle]] = []
    for cell in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        touched = [group for group in groups if any(_touch(cell, other) for other in group)]
        merged = [cell] + [other for group in touched for other in group]
        groups = [group for group in groups if not any(group is other for other in touched)] + [merged]
    return [group for group in groups if len(group) > 1]


def _touch(one: Rectangle, other: Rectangle) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return (wide > 1 and high > -2) or (high > 1 and wide > -2)


def _fill(rectangles: list[Rectangle], runs: Sequence[Run]) -> TableDraft | None:
    xs = _grid([cell[0] for cell in rectangles] + [cell[2] for cell in rectangles])
    ys = _grid([cell[1] for cell in rectangles] + [cell[3] for cell in rectangles])
    if len(xs) < 3 or len(ys) < 2:  # one column is a frame around text, not a table
        return None
    inside = [
        run
        for run in runs
        if xs[0] - 2 < (run.left + run.right) / 2 < xs[-1] + 2 and ys[0] - 2 < _middle(run) < ys[-1] + 2
    ]
    held: dict[Rectangle, list[Run]] = {cell: [] for cell in rectangles}
    for run in inside:
        for piece in _split_at(run, xs, ys, rectangles):
            at, y = (piece.left + piece.right) / 2, _middle(piece)
            home = next((cell for cell in rectangles if cell[0] <= at <= cell[2] and cell[1] <= y <= cell[3]), None)
            if home is None:
                home = min(rectangles, key=lambda cell: _distance(cell, at, y))
            held[home].append(piece)
    if sum(bool(own) for own in held.values()) < 2:
        return None
    drafts: list[CellDraft] = []
    extra = 0  # rows added by splitting rows that have no rules between them
    for row in range(len(ys) - 1):
        own = [cell for cell in rectangles if _index(ys, cell[1]) == row]
        steps = _unruled(own, held, ys, row)
        for cell in own:
            column, across = _index(xs, cell[0]), _index(xs, cell[2]) - _index(xs, cell[0])
            down = _index(ys, cell[3]) - row
            if len(steps) > 1 and down == 1:
                for step, (top, bottom) in enumerate(steps):
                    part = [run for run in held[cell] if top <= _middle(run) < bottom]
                    box = Box(left=cell[0], top=max(top, cell[1]), right=cell[2], bottom=min(bottom, cell[3]))
                    drafts.append(
                        CellDraft(
                            row=row + extra + step, column=column, text=_cell_text(part), column_span=across, box=box
                        )
                    )
            else:
                box = Box(left=cell[0], top=cell[1], right=cell[2], bottom=cell[3])
                drafts.append(
                    CellDraft(
                        row=row + extra,
                        column=column,
                        text=_cell_text(held[cell]),
                        row_span=down + (len(steps) - 1 if down > 1 else 0),
                        column_span=across,
                        box=box,
                    )
                )
        extra += len(steps) - 1
    return TableDraft(
        box=Box(left=xs[0], top=ys[0], right=xs[-1], bottom=ys[-1]),
        cells=drafts,
        columns=tuple(xs),
        rows=len(ys) - 1 + extra,
    )


def _unruled(
    cells: list[Rectangle], held: dict[Rectangle, list[Run]], ys: list[float], row: int
) -> list[tuple[float, float]]:
    """Where one ruled row holds several printed rows: a column of numbers, one a line. Else the row as it is."""
    whole = [(ys[row], ys[row + 1])]
    single = [cell for cell in cells if _index(ys, cell[3]) == row + 1]
    columns = [[(_middle(line[0]), row_text(line)) for line in _baselines(held[cell])] for cell in single]
    numbers = max(
        ([y for y, text in column if _NUMBER.fullmatch(text)] for column in columns if column), key=len, default=[]
    )
    lines = max((len(column) for column in columns), default=0)
    if len(numbers) < 2 or lines > 1.5 * len(numbers):
        return whole
    steps: list[float] = sorted(y for column in columns for y, _ in column)
    places: list[float] = []
    for y in steps:
        if not places or y - places[-1] > 4:
            places.append(y)
    cuts = [ys[row], *((above + below) / 2 for above, below in itertools.pairwise(places)), ys[row + 1]]
    return list(itertools.pairwise(cuts))


def _cell_text(runs: list[Run]) -> str:
    lines = [row_text(line) for line in _baselines(runs)]
    text = ""
    for line in lines:
        glue = (
            " "
            if text and text[-1].isascii() and text[-1].isalpha() and line[:1].isascii() and line[:1].isalpha()
            else ""
        )
        text += glue + line
    return text


def _baselines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        if lines and run.baseline - lines[-1][0].baseline < 0.4 * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.left) for line in lines]


def _split_at(run: Run, xs: list[float], ys: list[float], cells: list[Rectangle]) -> Iterator[Run]:
    """A run that crosses a border between cells, as the pieces on either side."""
    y = _middle(run)
    borders = [cell[0] for cell in cells if run.left + 1 < cell[0] < run.right - 1 and cell[1] <= y <= cell[3]]
    if not borders or len(run.lefts) != len(run.text):
        yield run
        return
    begin = 0
    for border in [*sorted(set(borders)), float("inf")]:
        end = next(
            (i for i in range(begin, len(run.text)) if (run.lefts[i] + run.rights[i]) / 2 > border), len(run.text)
        )
        text = run.text[begin:end]
        if text.strip():
            yield Run(
                text=text,
                left=run.lefts[begin],
                top=run.top,
                right=run.rights[end - 1],
                bottom=run.bottom,
                baseline=run.baseline,
                size=run.size,
                lefts=run.lefts[begin:end],
                rights=run.rights[begin:end],
            )
        begin = end


def _grid(values: list[float]) -> list[float]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] < 3:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [median(group) for group in groups]


def _index(grid: list[float], value: float) -> int:
    return min(range(len(grid)), key=lambda i: abs(grid[i] - value))


def _middle(run: Run) -> float:
    return run.baseline - 0.36 * run.size


def _distance(cell: Rectangle, x: float, y: float) -> float:
    return max(cell[0] - x, x - cell[2], 0) + max(cell[1] - y, y - cell[3], 0)
