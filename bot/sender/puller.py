"""Fetches the messages of a channel that only signals: one process at a time for an account.

The cursor is moved on when everything before it is in the mailbox. A puller that dies in between leaves
the old cursor, and the next one fetches the same again: what is known in the mailbox isn't put twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.bus import events, owner, pull
from bot.bus.account import HOLD_SECONDS, Account
from bot.bus.connection import Client, bus_errors
from bot.bus.events import Event
from bot.bus.messages import Inbound
from bot.bus.outbox import Outbox
from bot.bus.signals import Bells, Listener, sleep
from bot.channels.room import Away, Bounced, Overheard, Source
from bot.errors import BusError, ChannelError, PlatformError
from bot.sender.tenure import Tenure, idle

POLL_SECONDS = 60.0
"""Without a signal it is looked now and then: the last one may have been lost."""
LONGEST_PAUSE = 30.0
_EMPTY_SECONDS = 0.05

Keep = Callable[[Inbound], Awaitable[bool]]
"""Puts a message where a gateway would put it; False when it couldn't be put."""

_log = structlog.get_logger("sender")


class Puller:
    """Fetches for one account.

    Args:
        poll: seconds without a signal after which it is looked all the same.
        hold: seconds after which another process takes over from one that died.
    """

    def __init__(
        self,
        redis: Client,
        channel: str,
        source: Source,
        keep: Keep,
        *,
        poll: float = POLL_SECONDS,
        hold: float = HOLD_SECONDS,
    ) -> None:
        self._redis, self._channel, self._source, self._keep = redis, channel, source, keep
        self._outbox = Outbox(redis)
        self._tenure = Tenure(Account(redis, f"{channel}-pull", hold), f"{channel}-pull", hold)
        self._account = Account(redis, channel)
        self._bells = Bells()
        self._calls = Listener(redis, pull.CALLS, self._bells.ring, self._bells.ring_all)
        self._poll, self._failures = poll, 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until ``stopping``. Goes on after Redis or the platform was away."""
        self._tenure.start()
        self._calls.start()
        try:
            with self._bells.waiter(f"{self._channel}:{self._source.account}") as bell:
                await self._loop(stopping, bell)
        finally:
            await self._calls.close()
            await self._tenure.stop()
            await self._source.close()

    async def _loop(self, stopping: asyncio.Event, bell: asyncio.Event) -> None:
        seen, look_at = -1, 0.0
        while not stopping.is_set():
            now = asyncio.get_running_loop().time()
            if not self._tenure.held:
                seen = -1
                await asyncio.sleep(0.1)
                continue
            try:
                # Asked before fetching: whoever calls meanwhile is heard in the next round.
                standing = await pull.standing(self._redis, self._channel, self._source.account)
                if standing.calls == seen and now < look_at:
                    await sleep(bell, min(look_at - now, 1.0))
                    continue
                if await self._read(standing):
                    seen, look_at, self._failures = standing.calls, now + self._poll, 0
            except (BusError, ChannelError) as error:
                await idle(stopping, self._pause(error))

    def _pause(self, error: BusError | ChannelError) -> float:
        self._failures += 1
        refusal = self._source.judge(error.code, error.message) if isinstance(error, PlatformError) else None
        reason = refusal.reason if refusal else str(error)
        _log.warning("messages can't be fetched", channel=self._channel, reason=reason)
        backoff = 0.2 * 2.0 ** min(self._failures, 10)
        return float(min(max(backoff, refusal.seconds if refusal else 0.0), LONGEST_PAUSE))

    async def _read(self, standing: pull.Standing) -> bool:
        """Read on to the end; False when it has to be begun again."""
        cursor = standing.cursor
        while True:
            page = await self._source.fetch(cursor, standing.token)
            away: dict[str, str] = {}
            for item in page.items:
                if not self._tenure.held or not await self._take(item, away):
                    return False
            if page.cursor != cursor:
                account = self._source.account
                if not await pull.commit(self._redis, self._channel, account, cursor, page.cursor, away):
                    return False
                cursor = page.cursor
            if not page.more:
                return True
            if not page.items:
                await asyncio.sleep(_EMPTY_SECONDS)

    async def _take(self, item: Inbound | Bounced | Away | Overheard, away: dict[str, str]) -> bool:
        """One item. ``away``: what this page says of sessions so far."""
        if isinstance(item, Inbound):
            agent = away.get(item.user)
            if agent is None:
                agent = await pull.away(self._redis, self._channel, self._source.account, item.user)
            if agent:
                await self._tell(_heard(item))
                return True
            return await self._keep(item)
        conversation = f"{self._channel}:{self._source.account}:{item.user}"
        if isinstance(item, Bounced):
            await self._outbox.bounce(conversation, item.receipt, item.reason)
        elif isinstance(item, Overheard):
            await self._tell(_said(item, conversation))
        else:
            away[item.user] = item.agent
            if not item.agent:
                await give_back(self._redis, conversation)
        return True

    async def _tell(self, event: Event) -> None:
        with bus_errors():
            await events.append(self._redis, event)


async def give_back(redis: Client, conversation: str) -> None:
    """The platform's agents are done: the assistant has the conversation again. Raises `BusError`."""
    known = await owner.get(redis, conversation)
    if known.owner != "queue":
        return  # the assistant has it already, or one of our own staff, who isn't done
    epoch = known.epoch + 1
    event = Event(
        id=f"{conversation}/epoch{epoch}",
        kind="handoff",
        conversation=conversation,
        at=time.time(),
        data={"owner": "bot", "epoch": epoch, "reason": "session_over", "by": "platform"},
    )
    await owner.set(redis, conversation, known.epoch, "bot", event=event)


def _heard(inbound: Inbound) -> Event:
    data = {"key": inbound.key, "kind": inbound.kind, "text": inbound.text, "tap": inbound.tap}
    return Event(
        id=f"{inbound.key}:message_in",
        kind="message_in",
        conversation=inbound.conversation,
        at=float(inbound.created_at),
        data={**data, "created_at": inbound.created_at},
    )


def _said(item: Overheard, conversation: str) -> Event:
    data = {"key": item.key, "author": "agent", "text": item.text, "options": [], "agent": item.agent}
    return Event(
        id=f"{item.key}:message_out",
        kind="message_out",
        conversation=conversation,
        at=float(item.at),
        data=data,
    )
