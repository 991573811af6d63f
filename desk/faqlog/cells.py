"""Values as cells of a CSV or XLSX file. Pure.

A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and what applicants
type goes into our files: such a text gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from desk.hours import CHINA

BOM = "\ufeff"
"""Tells Excel that a CSV file is UTF-8."""
LONGEST = 32_000
"""Characters of one cell; Excel takes 32,767."""
_FORMULA = re.compile(r"\s*[=+\-@＝＋－﹣−＠]|[\t\r\n]")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AT_ONCE = 500


def neutral(text: str) -> str:
    """A text that no spreadsheet runs, and that XML can hold."""
    clean = _UNFIT.sub("�", text[:LONGEST])
    return f"'{clean}" if _FORMULA.match(clean) else clean


def plain(value: Any) -> Any:
    """A value as a cell: a number stays one, a moment is written in China's time, a text is neutral."""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(" ")[:19]
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


class _Line:
    """A file for the CSV writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file in pieces of some hundred lines, without the mark of `BOM`."""
    writer = csv.writer(_Line())
    piece = [writer.writerow(head)]
    for row in rows:
        piece.append(writer.writerow([plain(value) for value in row]))
        if len(piece) >= _AT_ONCE:
            yield "".join(piece)
            piece = []
    yield "".join(piece)
