"""DOCX: the XML walked by hand, since what libraries skip (insertions, text boxes, notes, numbers) holds figures."""

import re
from collections.abc import Iterator

from lxml import etree

from annals.errors import Unreadable
from annals.extract.compose import CellDraft, Composer, clean
from annals.extract.detect import DOCX
from annals.extract.limits import Options
from annals.extract.numbering import Numbering, W
from annals.extract.package import Package
from annals.model import Aside, Caution, Document, Record

_M_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = W + "txbxContent"
# Not printed: deleted and moved-away text, field codes, the reading aids above characters, comments' anchors.
_SKIPPED = frozenset(
    (W + "del", W + "moveFrom", W + "instrText", W + "delText", W + "delInstrText", W + "rt", W + "pPr", _FALLBACK)
)
_PICTURE = re.compile(r"word/media/[^/]+\.(?:png|jpe?g|tiff?|bmp|gif|emf|wmf)", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题)$", re.IGNORECASE)


class _Style(Record, frozen=True, kw_only=True):
    name: str
    based_on: str | None
    outline: int | None  # 0-based, as in the file
    number: tuple[str | None, int | None]


def read(name: str, data: bytes, options: Options) -> Document:
    """Paragraphs, headings, list items and tables in document order; notes at the end; page headers as asides."""
    try:
        return _read(name, Package(data, options.limits), options)
    except ValueError as error:  # a word where the format has a number
        raise Unreadable(f"the Word document is damaged: {error}") from error


def _read(name: str, package: Package, options: Options) -> Document:
    main = "word/document.xml"
    if main not in package.names:  # some writers number it
        main = next((part for part in package.names if re.fullmatch(r"word/document\d*\.xml", part)), main)
    walk = _Walk(package, Composer(options.limits))
    body = package.xml(main).find(W + "body")
    if body is not None:
        walk.blocks(body)
    walk.notes()
    walk.asides()
    pictures = sum(bool(_PICTURE.fullmatch(part)) for part in package.names)
    if pictures:
        message = f"{pictures} pictures in the document were not read; charts and scanned pages may hold figures"
        walk.composer.cautions.append(Caution(code="pictures_unread", message=message))
    return walk.composer.document(name, DOCX)


class _Walk:
    def __init__(self, package: Package, composer: Composer) -> None:
        self._package = package
        self.composer = composer
        self._styles = _styles(package)
        numbers = "word/numbering.xml"
        self._numbering = Numbering(package.xml(numbers) if numbers in package.names else None)
        self._paragraphs = 0
        self._tables = 0
        self._noted: list[tuple[str, str]] = []  # part, id

    def blocks(self, parent: etree._Element) -> None:
        for node in _block_nodes(parent):
            if node.tag == W + "p":
                self._paragraph(node)
            else:
                self._table(node)

    def notes(self) -> None:
        for part in ("footnotes", "endnotes"):
            member = f"word/{part}.xml"
            wanted = [identity for kind, identity in self._noted if kind == part]
            if not wanted or member not in self._package.names:
                continue
            notes = {node.get(W + "id"): node for node in self._package.xml(member)}
            for identity in wanted:
                note = notes.get(identity)
                if note is not None:
                    text = " ".join(line for node in note.iter(W + "p") for line in _lines(node))
                    self.composer.add("note", text, path=f"{part[:-1]} {identity}")

    def asides(self) -> None:
        for member in self._package.names:
            if re.fullmatch(r"word/(?:header|footer)\d*\.xml", member):
                lines = (" ".join(_lines(node)) for node in self._package.xml(member).iter(W + "p"))
                text = clean(" ".join(lines))
                if text:
                    self.composer.asides.append(Aside(text=text))

    def _paragraph(self, node: etree._Element) -> None:
        self._paragraphs += 1
        path = f"paragraph {self._paragraphs}"
        lines = [line for line in _lines(node) if clean(line)]
        for reference in node.iter(W + "footnoteReference", W + "endnoteReference"):
            self._noted.append(
                (etree.QName(reference).localname.removesuffix("Reference") + "s", reference.get(W + "id") or "")
            )
        outline, is_title = self._rank(node)
        label = self._label(node) if lines else ""
        for index, line in enumerate(lines):
            text = label + clean(line) if index == 0 else line
            if is_title:
                self.composer.add("title", text, path=path)
            elif outline is not None:
                self.composer.add("heading", text, level=outline + 1, path=path)
            else:
                self.composer.add("item" if label and index == 0 else "paragraph", text, path=path)
        for box in _boxes(node):
            self.blocks(box)

    def _rank(self, node: etree._Element) -> tuple[int | None, bool]:
        """The outline level of a paragraph (0 outermost; None for body text), and whether it is the title."""
        direct = node.find(f"{W}pPr/{W}outlineLvl")
        if direct is not None:
            level = int(direct.get(W + "val") or 9)
            return (level if level < 9 else None), False
        name = _style_of(node)
        for style in self._ancestry(name):
            heading = _HEADING.match(style.name)
            if heading:
                return int(heading.group(1)) - 1, False
            if _TITLE.match(style.name):
                return None, True
            if style.outline is not None:
                return (style.outline if style.outline < 9 else None), False
        return None, False

    def _label(self, node: etree._Element) -> str:
        properties = node.find(f"{W}pPr/{W}numPr")
        identity, depth = (None, None) if properties is None else _number(properties)
        if identity is None:
            for style in self._ancestry(_style_of(node)):
                if style.number[0] is not None:
                    identity, depth = style.number[0], depth if depth is not None else style.number[1]
                    break
        return self._numbering.label(identity, depth or 0) if identity not in (None, "0") else ""

    def _ancestry(self, name: str | None) -> Iterator[_Style]:
        seen = set()
        while name is not None and name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on

    def _table(self, node: etree._Element) -> None:
        self._tables += 1
        path = f"table {self._tables}"
        self.composer.add_table(self._cells(node, path), path=path)

    def _cells(self, node: etree._Element, path: str) -> list[CellDraft]:
        open_cells: dict[int, int] = {}  # column → index in drafts of the cell that vMerge continues
        drafts: list[CellDraft] = []
        for row, row_node in enumerate(_rows(node)):
            before = row_node.find(f"{W}trPr/{W}gridBefore")
            column = int(before.get(W + "val") or 0) if before is not None else 0
            header = row_node.find(f"{W}trPr/{W}tblHeader") is not None
            for cell in _children(row_node, W + "tc"):
                span_node = cell.find(f"{W}tcPr/{W}gridSpan")
                span = max(1, int(span_node.get(W + "val") or 1)) if span_node is not None else 1
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(W + "val") != "restart" and column in open_cells:
                    begun = open_cells[column]
                    drafts[begun] = _taller(drafts[begun], row)
                else:
                    text = self._cell_text(cell)
                    where = f"{path} row {row + 1} cell {column + 1}"
                    drafts.append(
                        CellDraft(row=row, column=column, text=text, column_span=span, header=header, path=where)
                    )
                    open_cells.pop(column, None)
                    if merge is not None:
                        open_cells[column] = len(drafts) - 1
                column += span
        return drafts

    def _cell_text(self, cell: etree._Element) -> str:
        parts: list[str] = []
        for node in _block_nodes(cell):
            if node.tag == W + "p":
                lines = [clean(line) for line in _lines(node)]
                if any(lines):
                    parts.append(self._label(node) + " ".join(line for line in lines if line))
                for box in _boxes(node):
                    parts += [" ".join(_lines(inner)) for inner in box.iter(W + "p")]
            else:
                parts += [draft.text for draft in self._cells(node, "nested table")]
        return " ".join(part for part in parts if part)


def _block_nodes(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, through content controls, insertions and custom XML."""
    for node in parent:
        if node.tag in (W + "p", W + "tbl"):
            yield node
        elif node.tag not in _SKIPPED and isinstance(node.tag, str) and node.tag not in (W + "tcPr", W + "sectPr"):
            yield from _block_nodes(node)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _children(table, W + "tr")


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for node in parent:
        if node.tag == tag:
            yield node
        elif node.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _children(node, tag)


def _lines(paragraph: etree._Element) -> list[str]:
    """The printed text of a paragraph, without its text boxes, parted where the author broke the line."""
    out: list[str] = []
    _gather(paragraph, out)
    return "".join(out).split("\n")


def _gather(node: etree._Element, out: list[str]) -> None:
    for child in node:
        tag = child.tag
        if tag in _SKIPPED or tag == _BOX or not isinstance(tag, str):
            continue
        if tag in (W + "t", _M_TEXT):
            out.append(child.text or "")
        elif tag == W + "tab":
            out.append("\t")
        elif tag in (W + "br", W + "cr"):
            out.append("\n" if child.get(W + "type", "textWrapping") == "textWrapping" else " ")
        elif tag == W + "noBreakHyphen":
            out.append("-")
        elif tag == W + "sym":
            code = child.get(W + "char") or ""
            out.append(chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) and code[0] not in "Ff" else "")
        elif tag == W + "r" and child.find(f"{W}rPr/{W}vanish") is not None:
            continue  # hidden text is not printed
        else:
            _gather(child, out)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes anchored in a paragraph; the fallback copy for old programs is passed over."""
    for box in paragraph.iter(_BOX):
        ancestors = set()
        for ancestor in box.iterancestors():
            if ancestor is paragraph:
                break
            ancestors.add(ancestor.tag)
        if not ancestors & {_BOX, _FALLBACK, W + "del"}:
            yield box


def _taller(draft: CellDraft, row: int) -> CellDraft:
    return CellDraft(
        row=draft.row,
        column=draft.column,
        text=draft.text,
        row_span=row - draft.row + 1,
        column_span=draft.column_span,
        header=draft.header,
        path=draft.path,
    )


def _styles(package: Package) -> dict[str, _Style]:
    if "word/styles.xml" not in package.names:
        return {}
    found = {}
    for node in package.xml("word/styles.xml").iter(W + "style"):
        name, base = node.find(W + "name"), node.find(W + "basedOn")
        outline, number = node.find(f"{W}pPr/{W}outlineLvl"), node.find(f"{W}pPr/{W}numPr")
        found[node.get(W + "styleId") or ""] = _Style(
            name=(name.get(W + "val") or "") if name is not None else "",
            based_on=base.get(W + "val") if base is not None else None,
            outline=int(outline.get(W + "val") or 9) if outline is not None else None,
            number=(None, None) if number is None else _number(number),
        )
    return found


def _number(properties: etree._Element) -> tuple[str | None, int | None]:
    identity, depth = properties.find(W + "numId"), properties.find(W + "ilvl")
    return (
        identity.get(W + "val") if identity is not None else None,
        int(depth.get(W + "val") or 0) if depth is not None else None,
    )


def _style_of(node: etree._Element) -> str | None:
    style = node.find(f"{W}pPr/{W}pStyle")
    return None if style is None else style.get(W + "val")
