"""From a message to what is said back: mailbox, kept texts, lateness, apologies. No channel in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from bot.bus import rest
from bot.bus.connection import Client
from bot.bus.ledger import Ledger
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Outbox
from bot.errors import BusError
from bot.gateway.late import PICK_UP, Late, late

MORE_WORDS = frozenset({"继续", "更多"})
APOLOGY = "系统正忙，这条消息没能处理。请稍后再发一次，给您添麻烦了。"

ANSWER_SECONDS = 4.5
"""When an answer must leave, from the arrival of the request."""
_REPLY_SECONDS = 4.3
"""When waiting for the reply ends: what follows takes a moment."""

_log = structlog.get_logger()


class Answer(msgspec.Struct, frozen=True):
    """What to send back. ``text`` None with ``hold``: nothing yet; without: nothing at all."""

    result: str
    text: str | None = None
    hold: bool = False


class Conversation:
    """Answers messages of any channel.

    Args:
        render: a channel's rendering: a reply to texts, each small enough to be sent.
        can_push: the account may send by itself what comes too late for an answer.
    """

    def __init__(self, redis: Client, render: Callable[[Reply], list[str]], can_push: bool = False) -> None:
        self._redis = redis
        self._can_push = can_push
        self._mailbox = Mailbox(redis)
        self._ledger = Ledger(redis)
        self._outbox = Outbox(redis)
        self._render = render
        self._stragglers: set[asyncio.Task[Answer]] = set()

    async def close(self) -> None:
        """Stop listening for replies."""
        await self._mailbox.close()

    async def answer(self, inbound: Inbound, started: float) -> Answer:
        """What to say, within 4.5 s of ``started`` (the event loop's time); never raises.

        Redis refusing or hanging ends in an apology: the applicant gets a sentence all the same.
        """
        left = started + ANSWER_SECONDS - asyncio.get_running_loop().time()
        work = asyncio.create_task(self._answer(inbound, started))
        # Not wait_for: that would wait for the end of what it cancels, and a hung Redis has none.
        done, _ = await asyncio.wait({work}, timeout=max(left, 0.0))
        if not done:
            self._stragglers.add(work)
            work.add_done_callback(self._forget)
            work.cancel()
            return Answer("apology", APOLOGY)
        try:
            return work.result()
        except BusError as error:
            _log.warning("redis", error=str(error))
        except Exception:  # noqa: BLE001
            # A mistake of ours. To the applicant it mustn't look like WeChat's fault notice.
            _log.exception("callback failed")
        return Answer("apology", APOLOGY)

    def _forget(self, work: asyncio.Task[Answer]) -> None:
        self._stragglers.discard(work)
        if not work.cancelled():
            work.exception()

    async def _answer(self, inbound: Inbound, started: float) -> Answer:
        more = inbound.kind == "text" and inbound.text in MORE_WORDS
        kept = await rest.visit(self._redis, inbound.conversation, inbound.key, more)
        if kept.text is not None:
            return Answer("rest", kept.text)
        fresh = await self._mailbox.put(inbound)
        if fresh:
            await self._heard(inbound)
        left = started + _REPLY_SECONDS - asyncio.get_running_loop().time()
        reply = await self._mailbox.reply(inbound.key, left)
        if reply is None:
            return await self._late(inbound)
        if kept.owed is not None:
            owed = await self._mailbox.reply(kept.owed, 0)
            reply = _joined(owed, reply) if owed is not None else reply
        return await self._said(inbound, reply, "reply" if fresh else "joined")

    async def _heard(self, inbound: Inbound) -> None:
        """A message renews what may be sent, and frees what waited for it."""
        await self._ledger.heard(inbound.conversation, inbound.kind, inbound.created_at, inbound.key)
        if self._can_push:
            await self._outbox.release(inbound.conversation)

    async def _late(self, inbound: Inbound) -> Answer:
        decided = late(await self._mailbox.deliveries(inbound.key), self._can_push)
        if decided is Late.HOLD:
            return Answer(decided.value, hold=True)
        await rest.owe(self._redis, inbound.conversation, inbound.key)
        # The reply may have come between waiting and promising, when no worker saw the promise.
        reply = await self._mailbox.reply(inbound.key, 0)
        if reply is not None and await rest.settle(self._redis, inbound.conversation, inbound.key):
            return await self._said(inbound, reply, "reply")
        return Answer(decided.value, PICK_UP if decided is Late.PICK_UP else None)

    async def _said(self, inbound: Inbound, reply: Reply, result: str) -> Answer:
        texts = self._render(reply)
        if not texts:
            return Answer("empty")
        if len(texts) > 1:
            await rest.keep(self._redis, inbound.conversation, texts[1:])
        return Answer(result, texts[0])


def _joined(owed: Reply, new: Reply) -> Reply:
    """Both in one. A typed number means an option of the newest reply: only that keeps its options."""
    if not new.options:
        return Reply((*owed.parts, *new.parts))
    return Reply((*(Part(part.text) for part in owed.parts), *new.parts))
