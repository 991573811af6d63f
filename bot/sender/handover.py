"""Gives sessions to the platform's own agents, where a setting wants that, once the assistant has said so."""

from __future__ import annotations

import asyncio

import structlog

from bot.bus import alerts, pull
from bot.bus.account import Account
from bot.bus.connection import Client
from bot.bus.events import Event
from bot.bus.follow import Follower
from bot.bus.outbox import Outbox
from bot.channels.room import Source
from bot.errors import BusError, ChannelError, PlatformError
from bot.sender.tenure import Tenure, idle

EVERY_SECONDS = 0.5
LONGEST_SECONDS = 10.0
"""How long the assistant's last words are waited for: afterwards they couldn't be sent."""

_log = structlog.get_logger("sender")


class Handover:
    """Follows hand-offs of one channel."""

    def __init__(self, redis: Client, channel: str, source: Source) -> None:
        self._redis, self._channel, self._source = redis, channel, source
        self._follower = Follower(redis, f"{channel}-handover")
        self._tenure = Tenure(Account(redis, f"{channel}-handover"), f"{channel}-handover")

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until ``stopping``."""
        self._tenure.start()
        try:
            while not stopping.is_set():
                try:
                    if self._tenure.held:
                        await self._follower.step(self._follow)
                except (BusError, ChannelError) as error:
                    _log.warning("a session couldn't be handed over", error=str(error))
                await idle(stopping, EVERY_SECONDS)
        finally:
            await self._tenure.stop()
            await self._source.close()

    async def _follow(self, event: Event) -> None:
        channel, _, rest = event.conversation.partition(":")
        if channel != self._channel or event.kind != "handoff" or event.data.get("owner") != "queue":
            return
        until = asyncio.get_running_loop().time() + LONGEST_SECONDS
        # The words of the turn come a moment after the hand-off; then they have to go out.
        await asyncio.sleep(EVERY_SECONDS)
        while await Outbox(self._redis).waiting(event.conversation):
            if asyncio.get_running_loop().time() >= until:
                break
            await asyncio.sleep(0.1)
        user = rest.partition(":")[2]
        try:
            handed = await self._source.hand_over(user)
        except PlatformError as error:
            # Asked again it would be refused again; staff see the conversation in the desk all the same.
            reason = self._source.judge(error.code, error.message).reason
            await alerts.add(self._redis, f"**会话没能转给企业微信的接待人员**\n{reason}", "handover")
            return
        if handed:
            await pull.set_away(self._redis, self._channel, self._source.account, user, "platform")
