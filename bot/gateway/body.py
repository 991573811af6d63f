"""Reading a request's body without trusting its sender: how much, and for how long."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

LIMIT = 64 * 1024
"""Bytes. WeChat's messages are a few kilobytes; parsers take far more than they should of big ones."""
SECONDS = 10.0

_LINGER_SECONDS = 2.0
_CLOSE = {"Connection": "close"}


async def read(request: Request, limit: int = LIMIT, seconds: float = SECONDS) -> bytes:
    """The body, whether or not its length was announced.

    Raises:
        HTTPException: 413 too long, 408 too slow, 400 broken off.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and (len(announced) > 9 or int(announced) > limit):
        await _discard(request)
        raise HTTPException(413, "too long", _CLOSE)
    try:
        body = await asyncio.wait_for(_collect(request, limit), seconds)
    except asyncio.TimeoutError as error:
        raise HTTPException(408, "too slow", _CLOSE) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "broken off", _CLOSE) from error
    if len(body) > limit:
        await _discard(request)
        raise HTTPException(413, "too long", _CLOSE)
    return body


async def _collect(request: Request, limit: int) -> bytes:
    """The body, or of a longer one the start: a little more than ``limit``."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            break
    return bytes(body)


async def _discard(request: Request) -> None:
    """Let the rest go by for a moment: a connection closed in the middle of it loses the answer."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_drop(request), _LINGER_SECONDS)


async def _drop(request: Request) -> None:
    while (await request.receive()).get("more_body", False):
        pass
