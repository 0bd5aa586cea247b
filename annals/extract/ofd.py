"""OFD, the national page format (GB/T 33190): a zip of XML, each character with its place on the page.

Lengths in the file are millimetres from the page's upper left corner; here they become points, as everywhere.
"""

import posixpath
from collections.abc import Iterator

from lxml import etree

from annals.errors import Unreadable
from annals.extract.compose import Composer
from annals.extract.detect import OFD
from annals.extract.flow import PageDraft, compose_pages, inside
from annals.extract.layout import Run
from annals.extract.limits import Options
from annals.extract.package import Package
from annals.extract.ruling import MOST_EDGES, SHORT, THIN, Edge, Transform, apply, find_tables, rule, times
from annals.model import Caution, Document, Page

_POINTS = 72 / 25.4
_STILL: Transform = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(name: str, data: bytes, options: Options) -> Document:
    """The text of all pages in reading order; seals, stamps and annotations are pictures and stay out."""
    try:
        return _read(name, Package(data, options.limits), options)
    except ValueError as error:
        raise Unreadable(f"the OFD is damaged: {error}") from error


def _read(name: str, package: Package, options: Options) -> Document:
    composer = Composer(options.limits)
    drafts: list[PageDraft] = []
    for body in _all(package.xml("OFD.xml"), "DocBody"):
        if next(_all(body, "Encryptions"), None) is not None:
            raise Unreadable("the OFD is encrypted; ask for one without a password")
        for root in _all(body, "DocRoot"):
            _Body(package, _join("", root.text or "")).read(drafts, composer, options)
    if not drafts:
        raise Unreadable("the OFD names no pages")
    compose_pages(drafts, composer)
    return composer.document(name, OFD)


class _Body:
    """One of the documents that a file can hold."""

    def __init__(self, package: Package, path: str) -> None:
        self._package = package
        self._path = path
        self._root = package.xml(path)
        self._templates = {
            node.get("ID"): _join(posixpath.dirname(path), node.get("BaseLoc") or "")
            for node in _all(self._root, "TemplatePage")
        }

    def read(self, drafts: list[PageDraft], composer: Composer, options: Options) -> None:
        pages = [node for parent in _all(self._root, "Pages") for node in _all(parent, "Page")]
        size = next(_all(self._root, "PhysicalBox"), None)
        for node in pages:
            number = len(drafts) + 1
            if number > options.limits.pages:
                message = f"only the first {options.limits.pages} pages were read; the document has more"
                composer.cautions.append(Caution(code="pages_cut", message=message))
                return
            content = self._package.xml(_join(posixpath.dirname(self._path), node.get("BaseLoc") or ""))
            own = next(_all(content, "PhysicalBox"), size)
            left, top, width, height = _numbers(own.text if own is not None else None, 4) or (0.0, 0.0, 210.0, 297.0)
            corner: Transform = (1.0, 0.0, 0.0, 1.0, -left, -top)
            runs: list[Run] = []
            edges: list[Edge] = []
            for used in _all(content, "Template"):
                if used.get("TemplateID") in self._templates:
                    template = self._package.xml(self._templates[used.get("TemplateID")])
                    _gather(template, corner, runs, edges)
            _gather(content, corner, runs, edges)
            composer.pages.append(Page(number=number, width=width * _POINTS, height=height * _POINTS))
            ruled = {edge["orientation"] for edge in edges} == {"h", "v"} and len(edges) <= MOST_EDGES
            tables = find_tables(edges, runs) if runs and ruled else []
            outside = [run for run in runs if not any(inside(run, table.box) for table in tables)]
            drafts.append(
                PageDraft(number=number, width=width * _POINTS, height=height * _POINTS, runs=outside, tables=tables)
            )


def _gather(content: etree._Element, corner: Transform, runs: list[Run], edges: list[Edge]) -> None:
    for node in content.iter():
        if not isinstance(node.tag, str):
            continue
        kind = etree.QName(node).localname
        if kind == "TextObject":
            runs += _text_runs(node, _placed(node, corner))
        elif kind == "PathObject":
            _ruling(node, _placed(node, corner), edges)


def _placed(node: etree._Element, corner: Transform) -> Transform:
    """From an object's own coordinates to the page, through the groups that hold it."""
    matrix = _STILL
    here: etree._Element | None = node
    while here is not None:
        own = _numbers(here.get("CTM"), 6)
        boundary = _numbers(here.get("Boundary"), 4)
        if own:
            matrix = times(matrix, (own[0], own[1], own[2], own[3], own[4], own[5]))
        if boundary:
            matrix = times(matrix, (1.0, 0.0, 0.0, 1.0, boundary[0], boundary[1]))
        here = here.getparent()
    return times(matrix, corner)


def _text_runs(node: etree._Element, matrix: Transform) -> Iterator[Run]:
    size = float(node.get("Size") or 0) * abs(matrix[3] or matrix[1]) * _POINTS
    if size <= 0 or abs(matrix[1]) > 0.05 * abs(matrix[0]):  # askew: a watermark
        return
    stretch = float(node.get("HScale") or 1)
    for code in _all(node, "TextCode"):
        text = code.text or ""
        x, y = float(code.get("X") or 0), float(code.get("Y") or 0)
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        run: Run | None = None
        spaced = False
        for index, character in enumerate(text):
            left, baseline = _point(matrix, x, y)
            width = size * stretch * (0.5 if character.isascii() else 1.0)
            if index < len(across):
                x += across[index]
            elif not across and not down:
                x += width / _POINTS / abs(matrix[0] or 1.0)
            if index < len(down):
                y += down[index]
            if character.isspace():
                spaced = True
                continue
            if run is None or abs(baseline - run.baseline) > 0.25 * size or not -0.3 < (left - run.right) / size < 0.5:
                if run is not None:
                    yield run
                run = _start(character, left, left + width, baseline, size, spaced)
            else:
                if spaced:
                    run.text += " "
                    run.lefts.append(run.right)
                    run.rights.append(left)
                run.text += character
                run.lefts.append(left)
                run.rights.append(left + width)
                run.right = left + width
            spaced = False
        if run is not None:
            yield run


def _start(character: str, left: float, right: float, baseline: float, size: float, spaced: bool) -> Run:
    return Run(
        text=character,
        left=left,
        top=baseline - 0.86 * size,
        right=right,
        bottom=baseline + 0.14 * size,
        baseline=baseline,
        size=size,
        lefts=[left],
        rights=[right],
        spaced=spaced,
    )


def _ruling(node: etree._Element, matrix: Transform, edges: list[Edge]) -> None:
    """Add the straight lines of a path; one with curves bounds no table."""
    for data in _all(node, "AbbreviatedData"):
        points: list[tuple[float, float]] = []
        words = iter((data.text or "").split())
        for word in words:
            if word in ("S", "M", "L"):
                place = _numbers(f"{next(words, '')} {next(words, '')}", 2)
                if place is None:
                    return
                if word != "L":
                    points = []
                points.append(_point(matrix, place[0], place[1]))
                _edge(points[-2:], edges)
            elif word == "C":
                if len(points) > 2:
                    _edge([points[-1], points[0]], edges)
            else:
                return


def _edge(ends: list[tuple[float, float]], edges: list[Edge]) -> None:
    if len(ends) < 2:
        return
    (x0, y0), (x1, y1) = ends
    left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if bottom - top <= THIN and right - left >= SHORT:
        edges.append(rule("h", left, (top + bottom) / 2, right, (top + bottom) / 2))
    elif right - left <= THIN and bottom - top >= SHORT:
        edges.append(rule("v", (left + right) / 2, top, (left + right) / 2, bottom))


def _deltas(text: str | None) -> list[float]:
    """Steps from character to character; `g 3 2.5` stands for three steps of 2.5.

    >>> _deltas("5.5 g 3 2.5 1")
    [5.5, 2.5, 2.5, 2.5, 1.0]
    """
    steps: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word == "g":
            count, step = int(next(words, "0")), float(next(words, "0"))
            steps += [step] * min(count, 100_000)
        else:
            steps.append(float(word))
    return steps


def _join(folder: str, location: str) -> str:
    """A location in the file: from its root where it begins with a slash, else from the folder that names it.

    >>> _join("Doc_0", "Pages/Page_0/Content.xml"), _join("Doc_0", "/Doc_0/Document.xml")
    ('Doc_0/Pages/Page_0/Content.xml', 'Doc_0/Document.xml')
    """
    return location.lstrip("/") if location.startswith("/") else posixpath.normpath(posixpath.join(folder, location))


def _all(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return node.iter(f"{{*}}{name}")


def _numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    parts = (text or "").split()
    if len(parts) != count:
        return None
    try:
        return tuple(float(part) for part in parts)
    except ValueError:
        return None


def _point(matrix: Transform, x: float, y: float) -> tuple[float, float]:
    across, down = apply(matrix, x, y)
    return across * _POINTS, down * _POINTS
