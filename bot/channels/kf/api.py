"""The calls of WeChat customer service, in the form that the platform asks for.

wechatpy's ``sync_msg`` can't name the account (``open_kfid``), its location and mini-program messages go
under the key ``msgmenu``, and its links under a type of another channel. So the bodies are made here.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from bot.channels.wecom.client import Client
from bot.errors import NoAnswerError

NEW, ASSISTANT, QUEUE, SERVICER, ENDED = range(5)
"""States of a session. Sending works in the first two only; from the last there is no way out for us."""
MOST = 1_000
"""Messages of one page."""


class Page(msgspec.Struct, frozen=True):
    """Some of what waits. ``more`` may be true although the page is empty."""

    items: list[dict[str, Any]]
    cursor: str
    more: bool


class KfApi:
    """One account of WeChat customer service. Every method raises as `Client.call`."""

    def __init__(self, client: Client, open_kfid: str) -> None:
        self.client = client
        self.open_kfid = open_kfid

    async def sync(self, cursor: str, token: str, limit: int = MOST) -> Page:
        """What came after ``cursor``; without one, of the last three days. Without ``token``: rationed."""
        body = {"open_kfid": self.open_kfid, "cursor": cursor, "limit": limit}
        answer = await self.client.post("kf/sync_msg", body | ({"token": token} if token else {}))
        items, following = answer.get("msg_list") or [], answer.get("next_cursor") or cursor
        if not isinstance(items, list) or not isinstance(following, str):
            raise NoAnswerError("no page in the answer")
        return Page(items, following, answer.get("has_more") == 1)

    async def state(self, user: str) -> int:
        """The state of a customer's session."""
        body = {"open_kfid": self.open_kfid, "external_userid": user}
        answer = await self.client.post("kf/service_state/get", body)
        return int(answer.get("service_state", NEW))

    async def change(self, user: str, state: int, servicer: str = "") -> None:
        """Put a session into another state."""
        body: dict[str, Any] = {
            "open_kfid": self.open_kfid,
            "external_userid": user,
            "service_state": state,
        }
        await self.client.post(
            "kf/service_state/trans", body | ({"servicer_userid": servicer} if servicer else {})
        )

    async def send(self, user: str, msgid: str, content: dict[str, Any], until: float = math.inf) -> None:
        """Send a message, or don't, later than ``until``. ``msgid`` is ours; a repeated one is refused."""
        body = {"touser": user, "open_kfid": self.open_kfid, "msgid": msgid, **content}
        await self.client.post("kf/send_msg", body, until)

    async def send_on_event(self, code: str, msgid: str, content: dict[str, Any]) -> None:
        """Send the one message that an event's code is good for."""
        await self.client.post("kf/send_msg_on_event", {"code": code, "msgid": msgid, **content})
