"""An XLSX file, a sheet a table, written row by row: memory stays the same however many rows there are.

XlsxWriter makes the book with the heads of its sheets; the rows are put into it as they come, straight into
the file, since making an object of every cell would take most of an export's time.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from desk.faqlog.cells import neutral, plain

ROWS = 1_000_000
"""Rows of one sheet; Excel takes 1,048,576. What is more goes on in the next sheet."""
_BYTES = 1_500_000_000
"""Of one sheet; more than 2 GB would need a form of ZIP that Excel doesn't open."""
_AT_ONCE = 256 * 1024
_LEVEL = 4
_LONGEST = 32_767
"""Units of UTF-16 that Excel takes in a cell; most characters are one."""
_SHORT = 120
_NUMBERED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Excel takes ``_x000D_`` for a sign by its number; where somebody wrote just that, its dash is named so."""
_SHEET = "xl/worksheets/sheet{}.xml"


class Table(NamedTuple):
    """A sheet's name, the heads of its columns, how wide they are (in characters), and its rows."""

    name: str
    head: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Any]]


def write(path: Path, tables: Iterable[Table]) -> None:
    """Write the tables to a file. The rows are read while it is written."""
    sheets: list[Table] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for table in tables:
            left: Iterator[Sequence[Any]] | None = iter(table.rows)
            number = 1
            while left is not None:
                name = table.name if number == 1 else f"{table.name}{number}"
                sheets.append(table._replace(name=name, rows=()))
                left, number = _sheet(book, sheets, left), number + 1
        written = set(book.namelist())
        for name, content in _skeleton(sheets).items():
            if name not in written:
                book.writestr(name, content)


def _skeleton(sheets: list[Table]) -> dict[str, bytes]:
    """A book of these sheets that have only their heads: its files."""
    place = BytesIO()
    with xlsxwriter.Workbook(place, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1, "border_color": "#BFD6EF"})
        for table in sheets:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(table.widths):
                sheet.set_column(column, column, width)
            sheet.write_row(0, 0, table.head, bold)
    with zipfile.ZipFile(place) as made:
        return {name: made.read(name) for name in made.namelist()}


def _sheet(
    book: zipfile.ZipFile, sheets: list[Table], rows: Iterator[Sequence[Any]]
) -> Iterator[Sequence[Any]] | None:
    """Write the last sheet; returns the rows that didn't fit, None where all did."""
    name = _SHEET.format(len(sheets))
    before, _, after = _skeleton(sheets)[name].decode().partition("</sheetData>")
    # It tells how far the cells go, and may be left out.
    start, _, rest = before.partition("<dimension ")
    piece = [start, rest.partition("/>")[2], ""]
    columns = [xl_col_to_name(number) for number in range(len(sheets[-1].head))]
    with book.open(name, "w") as file:
        size = held = 0
        for at, row in enumerate(rows, 2):
            if at > ROWS + 1 or size > _BYTES:
                rows = chain([row], rows)
                break
            piece.append(_row(columns, at, row))
            held += len(piece[-1])
            if held > _AT_ONCE:
                size += file.write("".join(piece).encode())
                piece, held = [], 0
        else:
            rows = iter(())
        file.write("".join([*piece, "</sheetData>", after]).encode())
    following = next(rows, None)
    return None if following is None else chain([following], rows)


def _row(columns: list[str], at: int, row: Sequence[Any]) -> str:
    cells = []
    for column, value in zip(columns, row, strict=True):
        cell = value if isinstance(value, str) else plain(value)
        if isinstance(cell, str):
            if cell:
                text = _text(cell) if len(cell) <= _SHORT else _marked(cell)
                cells.append(f'<c r="{column}{at}" t="inlineStr"><is>{text}</is></c>')
        else:
            cells.append(f'<c r="{column}{at}"><v>{cell:.16G}</v></c>')
    return f'<row r="{at}">{"".join(cells)}</row>'


def _marked(text: str) -> str:
    """A text, made neutral, as XML."""
    text = neutral(text)
    if len(text) * 2 > _LONGEST:
        text = text.encode("utf-16-le")[: _LONGEST * 2].decode("utf-16-le", "ignore")
    spaced = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    if _NUMBERED.search(text):
        text = _NUMBERED.sub("_x005F_", text)
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "_x000D_")):
        if sign in text:
            text = text.replace(sign, name)
    return f"<t{spaced}>{text}</t>"


_text = lru_cache(maxsize=4_096)(_marked)
"""Most short texts are names that come again and again."""
