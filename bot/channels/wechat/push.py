"""Replies pushed to a user through WeChat's customer-service messages."""

from __future__ import annotations

from typing import Any

from bot.bus.messages import Reply
from bot.channels.common.refusal import Refusal
from bot.channels.common.render import MORE, smaller
from bot.channels.wechat import errcodes
from bot.channels.wechat.client import Client
from bot.channels.wechat.render import render


class Push:
    """One Official Account, as the sender uses it. A message is ``{"text": …}``.

    Args:
        can_push: whether the account has the right to: only verified ones do.
    """

    def __init__(self, client: Client, can_push: bool) -> None:
        self._client = client
        self.can_push = can_push

    def messages(self, reply: Reply, ticket: str = "") -> tuple[dict[str, Any], ...]:
        """The messages that say it. All are pushed, so none asks the user to call for the next."""
        return tuple({"text": text.removesuffix("\n" + MORE)} for text in render(reply))

    def split(self, message: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """The same in smaller messages; empty when it can't be cut."""
        return tuple({"text": piece} for piece in smaller(message["text"]))

    async def ready(self) -> None:
        """Get ready to send, without sending; raises as `Client.ready`."""
        await self._client.ready()

    async def send(self, user: str, message: dict[str, Any]) -> None:
        """Send one message; raises as `Client.call`."""
        await self._client.send_text(user, message["text"])

    def judge(self, code: int, message: str) -> Refusal:
        """What to do about an error code."""
        return errcodes.judge(code, message)

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()
