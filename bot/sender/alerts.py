"""Staff alerts: what is worth one, and saying it to the group's robot and to those on duty.

New hand-offs, applicants who wait too long, messages that can't be handled, and trouble with an account. All
that is there goes out in one message every few seconds, so the robot's 20 a minute are never reached.
"""

from __future__ import annotations

import asyncio
import time
import uuid

import structlog

from bot.accounts import Alerts
from bot.bus import alerts
from bot.bus.account import LABELS, Account
from bot.bus.connection import Client
from bot.bus.events import Event
from bot.bus.follow import Follower
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.channels.wecom.robot import Robot, merged
from bot.errors import BusError, ChannelError
from bot.sender.tenure import Tenure, idle

EVERY_SECONDS = 3.0
WHERE = "请到客服台处理。"

_log = structlog.get_logger("sender")


class Alarm:
    """Watches and tells, while this process has the task.

    Args:
        members: conversations of those on duty with the app, as the outbox knows them.
        every: seconds between two messages.
    """

    def __init__(
        self, redis: Client, settings: Alerts, members: list[str], every: float = EVERY_SECONDS
    ) -> None:
        self._redis, self._settings, self._members, self._every = redis, settings, members, every
        self._robot = Robot(settings.api_url, settings.robot_key) if settings.robot_key else None
        self._follower = Follower(redis, "alerts")
        self._tenure = Tenure(Account(redis, "alerts"), "alerts")

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until ``stopping``. Goes on after Redis or the robot was away."""
        if self._robot is None and not self._members:
            return
        self._tenure.start()
        try:
            while not stopping.is_set():
                if self._tenure.held:
                    await self._round()
                await idle(stopping, self._every)
        finally:
            await self._tenure.stop()

    async def _round(self) -> None:
        try:
            await self._follower.step(self.notice)
            await self._look_for_overdue()
            await self._tell()
        except (BusError, ChannelError) as error:
            _log.warning("alerts wait", error=str(error))

    async def notice(self, event: Event) -> None:
        """Add what an event is worth. Raises `BusError`."""
        about = f"渠道：{LABELS.get(event.conversation.partition(':')[0], '其他')}"
        if event.kind == "handoff":
            if event.data.get("owner") != "queue":
                await alerts.served(self._redis, event.conversation)
                return
            await alerts.wait(self._redis, event.conversation, event.at or time.time())
            text = f"**有申报人要人工**\n{about}\n{WHERE}"
            await alerts.add(self._redis, text, f"handoff:{event.conversation}:{event.data.get('epoch')}")
        elif event.kind == "turn" and event.data.get("outcome") == "poisoned":
            text = f"**有一条消息处理不了**\n{about}\n助手试了两次都没有成功，已请对方改找人工。{WHERE}"
            await alerts.add(self._redis, text, f"poisoned:{event.id}")

    async def _look_for_overdue(self) -> None:
        now, minutes = time.time(), self._settings.wait_minutes
        found = await alerts.overdue(self._redis, now - minutes * 60)
        if found:
            longest = max(int((now - since) // 60) for _, since in found)
            text = f"**{len(found)} 位申报人等人工超过 {minutes} 分钟**\n最久的等了 {longest} 分钟。{WHERE}"
            await alerts.add(self._redis, text)

    async def _tell(self) -> None:
        text, count = merged(await alerts.listed(self._redis, alerts.MOST))
        if not count:
            return
        if self._robot is not None:
            await self._robot.send(text)
        # Out of the list before the members are told: rather not at all than again and again.
        await alerts.said(self._redis, count)
        plain = Reply((Part(text.replace("**", "")),))
        for member in self._members:
            item = Item(id=f"alert/{uuid.uuid4().hex}", conversation=member, reply=plain, author="system")
            await Outbox(self._redis).queue(item)
