"""Replies pushed to a member through the app's messages.

WeCom's check for doubles (``enable_duplicate_check``) stays off: for half an hour it would also swallow an
answer that is rightly given twice.
"""

from __future__ import annotations

from typing import Any

import structlog

from bot.bus.messages import Reply
from bot.channels.common.refusal import Refusal
from bot.channels.common.render import smaller
from bot.channels.wecom import cards, errcodes, render
from bot.channels.wecom.client import Client
from bot.errors import NoAnswerError, PlatformError

_log = structlog.get_logger("sender")


class Push:
    """One app, as the sender uses it. A message has one of ``text``, ``card`` and ``chosen``."""

    can_push = True

    def __init__(self, client: Client, agent_id: int) -> None:
        self._client = client
        self._agent_id = agent_id

    def messages(self, reply: Reply, ticket: str = "") -> tuple[dict[str, Any], ...]:
        """The messages that say it; first the tapped card's change, when there is a ticket for it."""
        chosen = cards.decode(ticket)
        first = [{"chosen": {"code": chosen.code, "label": chosen.label}}] if chosen else []
        return (*first, *render.messages(reply))

    def split(self, message: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """The same text in smaller messages; empty when it can't be cut."""
        return tuple({"text": piece} for piece in smaller(message.get("text", "")))

    async def ready(self) -> None:
        """Get ready to send, without sending; raises as `Client.ready`."""
        await self._client.ready()

    async def send(self, user: str, message: dict[str, Any]) -> None:
        """Send one message; raises as `Client.call`."""
        if "chosen" in message:
            await self._change(user, message["chosen"])
            return
        if "card" in message:
            body = {"msgtype": "template_card", "template_card": message["card"]}
        else:
            body = {"msgtype": "text", "text": {"content": message["text"]}}
        answer = await self._client.call(lambda api: api.message.send(self._agent_id, user, msg=body))
        # Success may be partial. Of one receiver who isn't there nothing is left.
        if user.lower() in str(answer.get("invaliduser") or "").lower().split("|"):
            raise PlatformError(errcodes.RECEIVER, "invaliduser")

    async def _change(self, user: str, chosen: dict[str, str]) -> None:
        """Have a card say what was chosen: an ornament. Refused or lost, the reply goes out all the same."""
        body = {
            "userids": [user],
            "agentid": self._agent_id,
            "response_code": chosen["code"],
            "button": {"replace_name": chosen["label"]},
        }
        try:
            await self._client.post("message/update_template_card", body)
        except (PlatformError, NoAnswerError) as error:
            _log.warning("a card wasn't changed", error=str(error))

    def judge(self, code: int, message: str) -> Refusal:
        """What to do about an error code."""
        return errcodes.judge(code, message)

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()
