"""The command line of a bench whose measurements are rows of a table."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


def read(doc: str | None, rows: Sequence[str], option: str, **about: Any) -> argparse.Namespace:
    """What was asked for: ``rows``, all of them by default, and one option of the bench's own.

    Args:
        doc: the bench's docstring, shown as its help.
        rows: the names of its rows; another name ends the program with a message.
        option: such as ``--scale``; ``about`` is what `argparse.ArgumentParser.add_argument` takes.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(rows)}")
    parser.add_argument(option, **about)
    arguments = parser.parse_args()
    unknown = [row for row in arguments.rows if row not in rows]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    arguments.rows = arguments.rows or list(rows)
    return arguments
