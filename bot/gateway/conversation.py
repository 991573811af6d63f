"""From a message to what is said back: mailbox, outbox, kept texts, lateness, apologies. No channel in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from bot.bus import events, owner, rest
from bot.bus.connection import Client, bus_errors
from bot.bus.ledger import Ledger
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Kind, Reply
from bot.bus.outbox import Outbox
from bot.bus.passage import divert, leaves
from bot.bus.tasks import end
from bot.errors import BusError
from bot.gateway.carry import Carrier, Load
from bot.gateway.late import PICK_UP, Late, late

MORE_WORDS = frozenset({"继续", "更多"})
APOLOGY = "系统正忙，这条消息没能处理。请稍后再发一次，给您添麻烦了。"

ANSWER_SECONDS = 4.3
"""When an answer must leave, from the arrival of the request: WeChat should have it after 4.5 s."""
_REPLY_SECONDS = 3.8
"""When waiting for the reply ends: what follows takes a moment, and at full load all wait at once."""

_OWE_PAUSES = (1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0)
"""Seconds between the tries to promise a reply after an apology."""

_log = structlog.get_logger()


class Answer(msgspec.Struct, frozen=True):
    """What to send back. ``text`` None with ``hold``: nothing yet; without: nothing at all.

    ``load``: what it carries besides the reply.
    """

    result: str
    text: str | None = None
    hold: bool = False
    load: Load | None = None


class Conversation:
    """Answers messages of any channel.

    Args:
        render: a channel's rendering: a reply to texts, each small enough to be sent.
        can_push: the account may send by itself what comes too late for an answer.
        carries: whether an answer can carry a reply; else, and only of accounts that may push, it is sent.
        right: as what kind a message counts for what may be sent after it; None: for nothing.
    """

    def __init__(
        self,
        redis: Client,
        render: Callable[[Reply], list[str]],
        can_push: bool = False,
        carries: Callable[[Reply], bool] = lambda _: True,
        right: Callable[[Kind], Kind | None] = lambda kind: kind,
    ) -> None:
        self._redis = redis
        self._can_push = can_push
        self._carries = carries
        self._right = right
        self._mailbox = Mailbox(redis)
        self._ledger = Ledger(redis)
        self._outbox = Outbox(redis)
        self._render = render
        self._carrier = Carrier(redis, render)
        self._stragglers: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Stop listening for replies."""
        await self._carrier.close()
        for task in list(self._stragglers):
            await end(task)
        await self._mailbox.close()

    async def answer(self, inbound: Inbound, started: float) -> Answer:
        """What to say, within 4.3 s of ``started`` (the event loop's time); never raises.

        Redis refusing or hanging ends in an apology: the applicant gets a sentence all the same.
        """
        left = started + ANSWER_SECONDS - asyncio.get_running_loop().time()
        work = asyncio.create_task(self._answer(inbound, started))
        # Not wait_for: that would wait for the end of what it cancels, and a hung Redis has none.
        done, _ = await asyncio.wait({work}, timeout=max(left, 0.0))
        if done:
            answer = self._outcome(work)
            if answer is not None:
                if answer.load is not None:
                    self._carrier.sent(answer.load)
                return answer
        else:
            self._leave(work)
            work.cancel()
        # It may be in the mailbox all the same: then its reply mustn't get lost.
        self._leave(asyncio.create_task(self._owe_later(inbound)))
        return Answer("apology", APOLOGY)

    async def left(self, inbound: Inbound) -> None:
        """They don't follow any more: nothing may be sent, and the desk is told.

        Told again for a redelivery; the desk takes it once. Raises `BusError`.
        """
        await self._ledger.heard(inbound.conversation, "unfollow", inbound.created_at, inbound.key)
        with bus_errors():
            await events.append(self._redis, events.unfollowed(inbound))

    @staticmethod
    def _outcome(work: asyncio.Task[Answer]) -> Answer | None:
        try:
            return work.result()
        except BusError as error:
            _log.warning("redis", error=str(error))
        except Exception:  # noqa: BLE001
            # A mistake of ours. To the applicant it mustn't look like WeChat's fault notice.
            _log.exception("callback failed")
        return None

    def _leave(self, work: asyncio.Task[Any]) -> None:
        """Let it go on by itself."""
        self._stragglers.add(work)
        work.add_done_callback(self._forget)

    def _forget(self, work: asyncio.Task[Any]) -> None:
        self._stragglers.discard(work)
        if not work.cancelled():
            work.exception()

    async def _owe_later(self, inbound: Inbound) -> None:
        """After an apology: what was meant for the answer, its reply above all, waits for another way."""
        for pause in _OWE_PAUSES:
            try:
                await self._mailbox.owe(inbound, always=True)
                await self._carrier.give_back(inbound)
                if await self._mailbox.deliveries(inbound.key):
                    return
                # Not there. What was written to a hung Redis may still arrive.
            except BusError as error:
                _log.warning("redis", error=str(error))
            await asyncio.sleep(pause)

    async def _answer(self, inbound: Inbound, started: float) -> Answer:
        passage = await divert(self._redis, inbound)
        if passage.to_staff:
            return await self._to_staff(inbound, fresh=not passage.known)
        if not inbound.passive:
            await self._heard(inbound, await self._mailbox.put(inbound))
            return await self._push(inbound)
        has = passage.owner
        more = inbound.kind == "text" and inbound.text in MORE_WORDS and has.owner == "bot"
        kept = await rest.visit(self._redis, inbound.conversation, inbound.key, more)
        if kept is not None:
            goes = await leaves(self._redis, inbound.conversation, inbound.key, has.epoch)
            return Answer("rest", kept) if goes else Answer("dropped")
        fresh = await self._mailbox.put(inbound)
        await self._heard(inbound, fresh)
        left = started + _REPLY_SECONDS - asyncio.get_running_loop().time()
        reply = await self._mailbox.reply(inbound.key, left)
        if reply is None:
            return await self._late(inbound, fresh)
        return await self._said(inbound, reply, fresh)

    async def _to_staff(self, inbound: Inbound, fresh: bool) -> Answer:
        """Staff have the conversation and were told the message. The bot says nothing; what staff said and
        couldn't be sent goes with this answer.
        """
        await rest.drop(self._redis, inbound.conversation)
        await self._heard(inbound, fresh)
        if not inbound.passive:
            return Answer("staff")
        answer = await self._said(inbound, Reply(), fresh)
        return answer if answer.text is not None else Answer("staff")

    async def _heard(self, inbound: Inbound, fresh: bool) -> None:
        """A message renews what may be sent, and frees what waited for it.

        Said for redeliveries too: a gateway may have died between putting a message and this.
        """
        kind, at, renewed = self._right(inbound.kind), inbound.created_at, False
        if kind is not None:
            renewed = await self._ledger.heard(inbound.conversation, kind, at, inbound.key)
        if self._can_push and (fresh or renewed):
            await self._outbox.release(inbound.conversation)

    async def _late(self, inbound: Inbound, fresh: bool) -> Answer:
        decided = late(await self._mailbox.deliveries(inbound.key), self._can_push)
        if decided is Late.HOLD:
            return Answer(decided.value, hold=True)
        reply = await self._mailbox.owe(inbound)
        if reply is not None:
            return await self._said(inbound, reply, fresh)
        if decided is Late.PICK_UP and (await owner.get(self._redis, inbound.conversation)).owner == "agent":
            return Answer("staff")
        return Answer(decided.value, PICK_UP if decided is Late.PICK_UP else None)

    async def _push(self, inbound: Inbound) -> Answer:
        """No answer can say it: the reply goes through the outbox, whenever it is there."""
        await self._mailbox.owe(inbound, always=True)
        return Answer(Late.PUSH.value)

    async def _said(self, inbound: Inbound, reply: Reply, fresh: bool) -> Answer:
        if self._can_push and not self._carries(reply):
            return await self._push(inbound)
        # A reply that was promised for later goes through the outbox, and now perhaps with this answer.
        owed = not fresh and await self._mailbox.owed(inbound.key)
        load = await self._carrier.load(inbound, Reply() if owed else reply, again=not fresh)
        texts = self._texts(load.reply)
        if not texts:
            return Answer("empty")
        if len(texts) > 1:
            await rest.keep(self._redis, inbound.conversation, texts[1:])
        # Last of all: a person may take the conversation at any moment.
        if await self._goes(inbound, Reply() if owed else reply, load):
            return Answer("reply" if fresh else "joined", texts[0], load=load)
        await rest.drop(self._redis, inbound.conversation)
        await self._carrier.give_back(inbound)
        return Answer("dropped")

    async def _goes(self, inbound: Inbound, reply: Reply, load: Load) -> bool:
        """Whether all that the bot says in an answer may still leave."""
        for epoch in {item.reply.epoch for item in load.items} - {reply.epoch}:
            if not await owner.unchanged(self._redis, inbound.conversation, epoch):
                return False
        return await leaves(self._redis, inbound.conversation, inbound.key, reply.epoch)

    def _texts(self, reply: Reply) -> list[str]:
        return self._render(reply)
