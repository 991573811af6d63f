"""What may still be sent to a user, and until when.

WeChat lets an account send 5 messages within 48 h after a user's message, and 3 within 1 min after a menu
click, a tap on a menu message, a follow or a scan (WeChat's page on customer-service messages).

Key ``ledger:{N}:<conversation>`` (N is its shard) is a hash: ``message_left``, ``message_until``,
``event_left``, ``event_until`` (ms, Redis's clock), ``at`` and ``key`` of what was heard last, ``spent``
(which right was used last). It runs out with the last right.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.messages import Kind
from bot.bus.script import Script
from bot.bus.shards import shard_of

MESSAGE_COUNT, MESSAGE_SECONDS = 5, 48 * 3600
EVENT_COUNT, EVENT_SECONDS = 3, 60

_EVENTS = {"tap", "follow", "scan"}
_heard, _spend = Script("ledger_heard"), Script("ledger_spend")


class Allowance(msgspec.Struct, frozen=True):
    """What may still be sent.

    Attributes:
        count: how many messages.
        until: when the last right ends, in seconds since 1970; 0 when there is none: the user hasn't
            written for too long, or was never heard.
    """

    count: int
    until: float


def _prefix(conversation: str) -> str:
    return f"ledger:{{{shard_of(conversation)}}}:"


class Ledger:
    """The ledger of all users. Every method raises `BusError`."""

    def __init__(self, redis: Client) -> None:
        self._redis = redis

    async def heard(self, conversation: str, kind: Kind, at: float | None = None, key: str = "") -> bool:
        """A user wrote or did something: renew the right that comes of it.

        Args:
            kind: a menu click counts as ``tap``; ``unfollow`` ends all rights.
            at: when, in seconds since 1970; now by default. Time ahead of Redis's clock counts as now.
            key: names what was heard, so that a redelivery renews nothing.

        Returns:
            False when it was heard before, or is older than what was heard last.
        """
        when = "" if at is None else str(int(at * 1000))
        right, count, seconds = "message", MESSAGE_COUNT, MESSAGE_SECONDS
        if kind in _EVENTS:
            right, count, seconds = "event", EVENT_COUNT, EVENT_SECONDS
        elif kind == "unfollow":
            right = ""
        args = (conversation, right, when, key, count, seconds * 1000)
        with bus_errors():
            return bool(await _heard(self._redis, _prefix(conversation), *args))

    async def spend(self, conversation: str) -> bool:
        """Use one right; False when there is none, or as far as we know none."""
        return bool((await self._change(conversation, "spend"))[0])

    async def refund(self, conversation: str) -> None:
        """The message that the last right was used for wasn't sent."""
        await self._change(conversation, "refund")

    async def drain(self, conversation: str) -> None:
        """The platform says that all is used up, and it knows better."""
        await self._change(conversation, "drain")

    async def left(self, conversation: str) -> Allowance:
        """What may still be sent now."""
        _, count, until = await self._change(conversation, "left")
        return Allowance(int(count), int(until) / 1000)

    async def _change(self, conversation: str, what: str) -> Any:
        with bus_errors():
            return await _spend(self._redis, _prefix(conversation), conversation, what)
