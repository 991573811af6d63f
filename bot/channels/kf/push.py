"""Replies sent to a customer. A message is what the platform takes, with our msgid, and perhaps a code.

Sending works only while the session is new or the assistant's. So its state is asked right before each
message, each time that it is sent; an answer half a second old doesn't count, whatever came between.
"""

from __future__ import annotations

import time
from typing import Any

from bot.bus.messages import Reply
from bot.channels.common.refusal import Refusal
from bot.channels.common.render import smaller
from bot.channels.kf import api, errcodes, render
from bot.channels.kf.api import KfApi
from bot.errors import LateError, PlatformError

FRESH_SECONDS = 0.5
"""How long after the answer on a session's state a message may go out on the strength of it."""
MOST_CHECKS = 3


class Push:
    """One account, as the sender uses it."""

    can_push = True

    def __init__(self, kf: KfApi) -> None:
        self._kf = kf

    def messages(self, reply: Reply, ticket: str = "") -> tuple[dict[str, Any], ...]:
        """The messages that say it. ``ticket``: the code of an event, good for the first of them."""
        found = [{"msgid": render.receipt(), "content": content} for content in render.contents(reply)]
        if ticket and found:
            found[0]["code"] = ticket
        return tuple(found)

    def split(self, message: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """The same text in smaller messages; empty when it can't be cut."""
        text = message["content"].get("text", {}).get("content", "")
        return tuple(
            {"msgid": render.receipt(), "content": render.text_message(piece)} for piece in smaller(text)
        )

    async def ready(self) -> None:
        """Get ready to send, without sending; raises as `Client.ready`."""
        await self._kf.client.ready()

    async def send(self, user: str, message: dict[str, Any]) -> None:
        """Send one message; raises as `Client.call`. A repeated one is sent already."""
        try:
            if "code" in message:
                await self._kf.send_on_event(message["code"], message["msgid"], message["content"])
            else:
                await self._send_allowed(user, message)
        except PlatformError as error:
            if not errcodes.repeated(error.code, error.message):
                raise

    async def _send_allowed(self, user: str, message: dict[str, Any]) -> None:
        """Ask and send; ask again when the answer got old before the message was out."""
        for left in reversed(range(MOST_CHECKS)):
            await self._take(user)
            try:
                until = time.monotonic() + FRESH_SECONDS
                await self._kf.send(user, message["msgid"], message["content"], until)
            except LateError:
                if not left:
                    raise
            else:
                return

    async def _take(self, user: str) -> None:
        """Make sure that the assistant has the session. Raises PlatformError 95018 when it can't."""
        state = await self._kf.state(user)
        if state == api.NEW:
            state = await self._begin(user)
        if state != api.ASSISTANT:
            raise PlatformError(errcodes.WRONG_STATE, f"state {state}")

    async def _begin(self, user: str) -> int:
        """Take a new session; the state that it is in then."""
        try:
            await self._kf.change(user, api.ASSISTANT)
        except PlatformError as error:
            # Somebody was quicker.
            if error.code != errcodes.NO_SUCH_CHANGE:
                raise
            return await self._kf.state(user)
        return api.ASSISTANT

    def judge(self, code: int, message: str) -> Refusal:
        """What to do about an error code."""
        return errcodes.judge(code, message)

    async def close(self) -> None:
        """Close the client."""
        await self._kf.client.close()
