"""XLSX and XLS: each visible sheet as captions, tables and notes, with numbers as they are printed."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import groupby

from lxml import etree

from annals.errors import Unreadable
from annals.extract import detect
from annals.extract.compose import CellDraft, Composer
from annals.extract.limits import Limits, Options
from annals.extract.numberformat import is_date, is_numeric, printed
from annals.extract.package import Package, parse_xml
from annals.model import Caution, Document, Record

_MOST_CELLS = 2_000_000  # of one old sheet's rectangle: a lone cell far out costs no more than this
_MOST_MERGED = 200_000  # cells of one sheet's merged areas, each of which openpyxl makes
_MOST_COLUMNS = 16_384


class _Sheet(Record, frozen=True, kw_only=True):
    name: str
    cells: dict[tuple[int, int], str]  # row and column from 0 → what it shows
    merged: dict[tuple[int, int], tuple[int, int]]  # upper left cell → rows and columns it spans
    unprinted: int  # cells left out with hidden rows and columns


def read(name: str, data: bytes, options: Options) -> Document:
    """Every visible sheet in order, its name as a heading; hidden sheets, rows and columns are named in a caution."""
    modern = data.startswith(b"PK")
    sheets, hidden = _modern(data, options) if modern else _old(data, options.limits)
    composer = Composer(options.limits)
    for sheet in sheets:
        if not sheet.cells:
            continue
        if len(sheets) > 1:
            composer.add("heading", sheet.name, level=1, path=sheet.name)
        _compose(composer, sheet)
        if sheet.unprinted:
            message = f"sheet {sheet.name}: {sheet.unprinted} cells in hidden rows or columns were left out"
            composer.cautions.append(Caution(code="hidden", message=message))
    if hidden:
        message = f"{len(hidden)} hidden sheets were left out: {', '.join(hidden)}"
        composer.cautions.append(Caution(code="hidden", message=message))
    return composer.document(name, detect.XLSX if modern else detect.XLS)


def _modern(data: bytes, options: Options) -> tuple[list[_Sheet], list[str]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    package = Package(data, options.limits)
    for part in package.names:
        if part.endswith((".xml", ".rels")):  # openpyxl would expand the entities of a DTD
            _bound_merged(part, parse_xml(package.read(part), part))
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
    ) as error:
        raise Unreadable(f"the workbook is damaged ({error})") from error
    sheets, hidden = [], []
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        merged = {
            (area.min_row - 1, area.min_col - 1): (area.size["rows"], area.size["columns"])
            for area in sheet.merged_cells.ranges
        }
        rows = {number - 1 for number, row in sheet.row_dimensions.items() if row.hidden}
        columns = {
            column
            for letters in sheet.column_dimensions.values()
            if letters.hidden
            for column in range((letters.min or 1) - 1, min(letters.max or 0, _MOST_COLUMNS))
        }
        shown = {
            (row - 1, column - 1): text
            for (row, column), cell in sheet._cells.items()  # iter_rows would make up the cells that are not there
            if (text := printed(cell.value, cell.number_format or "General").strip())
        }
        sheets.append(_visible(sheet.title, shown, merged, rows, columns))
    return sheets, hidden


def _old(data: bytes, limits: Limits) -> tuple[list[_Sheet], list[str]]:
    import struct

    import xlrd

    try:
        with xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO()) as book:
            sheets = [(sheet, sheet.visibility) for sheet in book.sheets()]
            found = [_old_sheet(book, sheet) for sheet, visibility in sheets if visibility == 0]
            return found, [sheet.name for sheet, visibility in sheets if visibility != 0]
    except (
        xlrd.XLRDError,
        xlrd.compdoc.CompDocError,
        struct.error,
        AssertionError,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        AttributeError,
        NotImplementedError,
        OverflowError,
    ) as error:
        reason = "is encrypted" if "encrypted" in str(error).lower() else "is damaged"
        raise Unreadable(f"the workbook {reason} ({error or type(error).__name__})") from error


def _old_sheet(book: "xlrd.Book", sheet: "xlrd.sheet.Sheet") -> _Sheet:  # type: ignore[name-defined]  # noqa: F821
    import xlrd

    _bound(sheet.name, sheet.nrows, sheet.ncols)
    shown = {}
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            form = book.format_map.get(book.xf_list[cell.xf_index].format_key) if cell.xf_index is not None else None
            code = form.format_str if form else "General"
            value: object = cell.value
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            if cell.ctype == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(cell.value, "#?")
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(cell.value)
            elif cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) and is_date(code):
                value = xlrd.xldate_as_datetime(cell.value, book.datemode)
            text = printed(value, code).strip()
            if text:
                shown[row, column] = text
    merged = {(low, left): (high - low, right - left) for low, high, left, right in sheet.merged_cells}
    rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    return _visible(sheet.name, shown, merged, rows, columns)


def _bound_merged(part: str, root: etree._Element) -> None:
    """Refuse merged areas without end, before openpyxl makes every cell of them."""
    total = 0
    for node in root.iter("{*}mergeCell"):
        corners = [re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", corner) for corner in (node.get("ref") or "").split(":")]
        if len(corners) == 2 and corners[0] and corners[1]:
            left, right = (_column(corner[1]) for corner in corners if corner)
            top, bottom = (int(corner[2]) for corner in corners if corner)
            total += abs(right - left + 1) * abs(bottom - top + 1)
    if total > _MOST_MERGED:
        raise Unreadable(f"the part {part} merges {total:,} cells; the limit is {_MOST_MERGED:,}")


def _column(letters: str) -> int:
    """A column's number from 1.

    >>> _column("A"), _column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _bound(name: str, rows: int, columns: int) -> None:
    if rows * columns > _MOST_CELLS:
        raise Unreadable(f"sheet {name} spreads over {rows:,} rows × {columns:,} columns; the limit is {_MOST_CELLS:,}")


def _visible(
    name: str,
    shown: dict[tuple[int, int], str],
    merged: dict[tuple[int, int], tuple[int, int]],
    rows: set[int],
    columns: set[int],
) -> _Sheet:
    kept = {(row, column): text for (row, column), text in shown.items() if row not in rows and column not in columns}
    return _Sheet(name=name, cells=kept, merged=merged, unprinted=len(shown) - len(kept))


def _compose(composer: Composer, sheet: _Sheet) -> None:
    """Runs of filled rows: a row of one cell alone is a caption, a note or a paragraph; the others are a table."""
    for lone, block in groupby(_blocks(sheet), key=lambda rows: len(rows) == 1):
        for rows in block:
            if lone and len(rows[0]) == 1:
                row, column = rows[0][0]
                text = sheet.cells[row, column]
                is_note = text.startswith(("注", "说明", "备注"))
                composer.add("note" if is_note else "caption", text, path=_path(sheet, row, column))
            else:
                first = rows[0][0][0]
                heads = _heads(sheet, rows)
                cells = [
                    CellDraft(
                        row=row - first,
                        column=column,
                        text=sheet.cells[row, column],
                        row_span=sheet.merged.get((row, column), (1, 1))[0],
                        column_span=sheet.merged.get((row, column), (1, 1))[1],
                        header=row - first < heads,
                        path=_path(sheet, row, column),
                    )
                    for row_cells in rows
                    for row, column in row_cells
                ]
                columns = [column for row_cells in rows for _, column in row_cells]
                corner = f"{_letters(max(columns))}{rows[-1][0][0] + 1}"
                composer.add_table(cells, path=f"{_path(sheet, first, min(columns))}:{corner}")


def _blocks(sheet: _Sheet) -> Iterator[list[list[tuple[int, int]]]]:
    """The filled rows, as blocks that end at blank rows and around rows of one cell alone."""
    rows = [list(cells) for _, cells in groupby(sorted(sheet.cells), key=lambda place: place[0])]
    tall = [(top, top + spans[0]) for (top, _), spans in sheet.merged.items() if spans[0] > 1]
    block: list[list[tuple[int, int]]] = []
    for cells in rows:
        row = cells[0][0]
        alone = len(cells) == 1 and not any(  # a label whose cells are merged downwards belongs to the table below it
            top <= row < bottom for top, bottom in tall
        )
        if block and (alone or row != block[-1][0][0] + 1):
            yield block
            block = []
        if alone:
            yield [cells]
        else:
            block.append(cells)
    if block:
        yield block


def _heads(sheet: _Sheet, rows: list[list[tuple[int, int]]]) -> int:
    """How many of a table's first rows are its head: those before the first with a number right of its label."""
    for count, cells in enumerate(rows):
        numbers = sum(is_numeric(sheet.cells[place]) for place in cells[1:])
        if numbers and numbers * 2 >= len(cells) - 1:
            return count
    return 1


def _path(sheet: _Sheet, row: int, column: int) -> str:
    return f"{sheet.name}!{_letters(column)}{row + 1}"


def _letters(column: int) -> str:
    """A column's letters.

    >>> _letters(0), _letters(26), _letters(701)
    ('A', 'AA', 'ZZ')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
