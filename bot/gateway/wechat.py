"""The Official Account's callback: one request, start to end, and one line in the log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.bus.messages import Inbound
from bot.channels.wechat.envelope import Envelope, Opened
from bot.channels.wechat.inbound import parse
from bot.channels.wechat.render import to_xml
from bot.errors import EnvelopeError
from bot.gateway import body, metrics
from bot.gateway.conversation import Conversation
from bot.logs import hashed

HOLD_SECONDS = 6.0
"""How long a held callback stays open, from its arrival. WeChat drops it after 5 s."""

_SAFE = {"X-Content-Type-Options": "nosniff"}
_log = structlog.get_logger()


class Callback:
    """Handles ``/wechat``."""

    def __init__(self, envelope: Envelope, conversation: Conversation) -> None:
        self._envelope = envelope
        self._conversation = conversation

    async def verify(self, request: Request) -> Response:
        """GET: WeChat checks that the address is ours."""
        try:
            return _plain(self._envelope.verify_url(request.query_params))
        except EnvelopeError as error:
            _log.warning("callback", kind="verify", result="refused", reason=str(error))
            return _plain("refused", 403)

    async def receive(self, request: Request) -> Response:
        """POST: a message or an event. Answered with 200, or 4xx when it isn't WeChat's or malformed."""
        started = asyncio.get_running_loop().time()
        status = 403
        try:
            content = await body.read(request)
            opened = self._envelope.open(request.query_params, content)
            status = 400
            inbound = parse(opened.xml)
        except HTTPException as error:
            _line(started, None, "refused", error.detail)
            return _plain(error.detail, error.status_code, error.headers)
        except EnvelopeError as error:
            _line(started, None, "refused", str(error))
            return _plain("refused", status)
        if inbound is None or inbound.kind == "unfollow":
            _line(started, inbound, "ignored")
            return _plain("success")
        return await self._answer(request, opened, inbound, started)

    async def _answer(self, request: Request, opened: Opened, inbound: Inbound, started: float) -> Response:
        answer = await self._conversation.answer(inbound, started)
        _line(started, inbound, answer.result)
        if answer.hold:
            await _hold(request, started)
            return _plain("")
        if answer.text is None:
            return _plain("success")
        xml = to_xml(answer.text, inbound.user, inbound.account, int(time.time()))
        return Response(self._envelope.seal(opened, xml), media_type="application/xml", headers=_SAFE)


def _plain(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(text, status, {**_SAFE, **(headers or {})})


def _line(started: float, inbound: Inbound | None, result: str, reason: str = "") -> None:
    """The one line of a callback: nothing of what was said, and nobody's id."""
    seconds = asyncio.get_running_loop().time() - started
    ms = round(seconds * 1000, 1)
    metrics.count("wechat", inbound.kind if inbound else "", result, seconds)
    about = {"kind": inbound.kind, "key": hashed(inbound.key)} if inbound else {"kind": ""}
    why = {"reason": reason} if reason else {}
    _log.info("callback", result=result, ms=ms, **about, **why)


async def _hold(request: Request, started: float) -> None:
    """Until WeChat drops the connection: an answer now, even an empty one, would end its retries."""
    left = started + HOLD_SECONDS - asyncio.get_running_loop().time()
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_gone(request), max(left, 0.0))


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
