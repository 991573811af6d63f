"""Files as streamed responses. Neither a CSV nor an XLSX file is ever whole in memory."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

from desk.faqlog.cells import BOM

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_PIECE = 256 * 1024


def _response(request: HttpRequest, pieces: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    # Under ASGI Django would collect a plain iterator whole before it sends the first byte.
    body = _each(pieces) if isinstance(request, ASGIRequest) else pieces
    response = StreamingHttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


async def _each(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece


def csv_file(request: HttpRequest, name: str, pieces: Iterator[str]) -> StreamingHttpResponse:
    """A CSV file that Excel reads as UTF-8."""

    def encoded() -> Iterator[bytes]:
        yield BOM.encode()
        for piece in pieces:
            yield piece.encode()

    return _response(request, encoded(), name, CSV)


def xlsx_file(request: HttpRequest, name: str, write: Callable[[Path], None]) -> StreamingHttpResponse:
    """An XLSX file. It is written to a folder of its own first: its index comes last."""

    def read() -> Iterator[bytes]:
        with tempfile.TemporaryDirectory(prefix="desk-export-") as folder:
            path = Path(folder) / "book.xlsx"
            write(path)
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece

    return _response(request, read(), name, XLSX)
