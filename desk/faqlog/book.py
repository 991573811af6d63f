"""An XLSX file, a sheet a table, written row by row: memory stays the same however many rows there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from desk.faqlog.cells import plain

ROWS = 1_000_000
"""Rows of one sheet; Excel takes 1,048,576. What is more goes on in the next sheet."""


class Table(NamedTuple):
    """A sheet's name, the heads of its columns, how wide they are (in characters), and its rows."""

    name: str
    head: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Any]]


def write(path: Path, tables: Iterable[Table]) -> None:
    """Write the tables to a file. The rows are read while it is written."""
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1, "border_color": "#BFD6EF"})
        for table in tables:
            _sheets(book, bold, table)


def _sheets(book: Any, bold: Any, table: Table) -> None:
    sheet, at, number = _sheet(book, bold, table, table.name), 1, 1
    for row in table.rows:
        if at > ROWS:
            number += 1
            sheet, at = _sheet(book, bold, table, f"{table.name}{number}"), 1
        for column, value in enumerate(row):
            cell = plain(value)
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(at, column, cell)
            else:
                sheet.write_number(at, column, cell)
        at += 1


def _sheet(book: Any, bold: Any, table: Table, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(table.widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, table.head, bold)
    return sheet
