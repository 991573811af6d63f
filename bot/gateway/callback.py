"""A channel's callback: one request, start to end, and one line in the log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from contextlib import suppress

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.bus import pull, refusals
from bot.bus.connection import Client
from bot.bus.messages import Inbound
from bot.bus.tasks import within
from bot.channels.common.envelope import Opened
from bot.channels.room import Door, Room, Signal
from bot.errors import BusError, EnvelopeError
from bot.gateway import body, metrics
from bot.gateway.conversation import Conversation
from bot.logs import hashed

HOLD_SECONDS = 6.0
"""How long a held callback stays open, from its arrival. The platform drops it after 5 s."""

_NOTE_SECONDS = 0.3
_SAFE = {"X-Content-Type-Options": "nosniff"}
_log = structlog.get_logger()


class Callback:
    """Handles the address of one channel."""

    def __init__(self, room: Room, conversation: Conversation, redis: Client) -> None:
        self._channel, self._silence = room.name, room.silence
        self._door: Door = room.door
        self._conversation = conversation
        self._redis = redis

    async def verify(self, request: Request) -> Response:
        """GET: the platform checks that the address is ours."""
        try:
            return _plain(self._door.verify_url(request.query_params))
        except EnvelopeError as error:
            _log.warning(
                "callback", channel=self._channel, kind="verify", result="refused", reason=str(error)
            )
            await self._note(error)
            return _plain("refused", 403)

    async def receive(self, request: Request) -> Response:
        """POST: a message or an event.

        Answered with 200, with 4xx when it isn't the platform's or malformed, and with 503 when it can only
        be kept and can't be: then the platform sends it again.
        """
        started = asyncio.get_running_loop().time()
        status = 403
        try:
            content = await body.read(request)
            opened = self._door.open(request.query_params, content)
            status = 400
            inbound = self._door.parse(opened.xml)
        except HTTPException as error:
            self._line(started, None, "refused", error.detail)
            return _plain(error.detail, error.status_code, error.headers)
        except EnvelopeError as error:
            self._line(started, None, "refused", str(error))
            await self._note(error)
            return _plain("refused", status)
        if isinstance(inbound, Signal):
            noted = pull.call(self._redis, inbound.channel, inbound.account, inbound.token)
            return await self._kept(noted, started, None)
        if inbound is None:
            self._line(started, None, "ignored")
            return _plain(self._silence)
        if inbound.kind == "unfollow":
            return await self._kept(self._conversation.left(inbound), started, inbound)
        return await self._answer(request, opened, inbound, started)

    async def _note(self, error: EnvelopeError) -> None:
        """Why a callback was refused, for whoever asks `bot.doctor` later."""
        with suppress(BusError, asyncio.TimeoutError):
            await within(refusals.note(self._redis, self._channel, str(error)), _NOTE_SECONDS)

    async def _kept(self, note: Awaitable[None], started: float, inbound: Inbound | None) -> Response:
        """What needs no answer, only to be noted: a signal, or that somebody left."""
        try:
            await note
        except BusError as error:
            self._line(started, inbound, "lost", str(error))
            return _plain("busy", 503)
        self._line(started, inbound, "noted")
        return _plain(self._silence)

    async def _answer(self, request: Request, opened: Opened, inbound: Inbound, started: float) -> Response:
        answer = await self._conversation.answer(inbound, started)
        self._line(started, inbound, answer.result)
        if answer.hold:
            await _hold(request, started)
            return _plain("")
        if not inbound.passive and answer.text is not None:
            return _plain("busy", 503)
        if answer.text is None:
            return _plain(self._silence)
        sealed = self._door.answer(opened, inbound, answer.text, int(time.time()))
        return Response(sealed, media_type="application/xml", headers=_SAFE)

    def _line(self, started: float, inbound: Inbound | None, result: str, reason: str = "") -> None:
        """The one line of a callback: nothing of what was said, and nobody's id."""
        seconds = asyncio.get_running_loop().time() - started
        ms = round(seconds * 1000, 1)
        metrics.count(self._channel, inbound.kind if inbound else "", result, seconds)
        about = {"kind": inbound.kind, "key": hashed(inbound.key)} if inbound else {"kind": ""}
        why = {"reason": reason} if reason else {}
        _log.info("callback", channel=self._channel, result=result, ms=ms, **about, **why)


def _plain(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(text, status, {**_SAFE, **(headers or {})})


async def _hold(request: Request, started: float) -> None:
    """Until the platform drops the connection: an answer now, even an empty one, would end its retries."""
    left = started + HOLD_SECONDS - asyncio.get_running_loop().time()
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_gone(request), max(left, 0.0))


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
