"""What waits for an applicant in the outbox, carried by the answer to their next message.

It waits there because the account may not push, because what may be pushed is used up, or because it
comes too late for the answer to its own message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog

from bot.bus.connection import Client
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.bus.tasks import end
from bot.errors import BusError

MOST = 5
"""Items in one answer."""
CONFIRM_SECONDS = 30.0
"""How long it is tried to say that an answer has left, while Redis is away."""

_log = structlog.get_logger()


class Load(msgspec.Struct, frozen=True):
    """Items that an answer carries, and the answer with them."""

    conversation: str
    key: str
    reply: Reply
    items: tuple[Item, ...] = ()


class Carrier:
    """Puts waiting items into answers.

    Args:
        render: the channel's rendering of a reply to texts.
    """

    def __init__(self, redis: Client, render: Callable[[Reply], list[str]]) -> None:
        self._outbox = Outbox(redis)
        self._render = render
        self._confirming: set[asyncio.Task[None]] = set()

    async def load(self, inbound: Inbound, reply: Reply, again: bool = False) -> Load:
        """The reply to a message, with what waits for its sender in front; say `sent` when it has left.

        Takes as much as one text holds, and one item however long it is: nothing may wait for ever.

        Args:
            again: it was delivered before. Its first answer didn't arrive, so it gets the same items.

        Raises:
            BusError: Redis failed.
        """
        conversation, key = inbound.conversation, inbound.key
        waiting = await self._outbox.waiting(conversation)
        if waiting and waiting[0].begun:
            # A part of it was pushed: the sender goes on there.
            return Load(conversation, key, reply)
        most = self._fitting([each.item for each in waiting], reply)
        # The items of an earlier delivery don't wait any more, and how many they were is known in Redis.
        most = max(most, 1) if again else most
        items = await self._outbox.take_passive(conversation, key, most) if most else []
        return Load(conversation, key, joined([item.reply for item in items], reply), tuple(items))

    def sent(self, load: Load) -> None:
        """The answer with these items has left. Returns at once; without it they'd be unknown after 8 s."""
        if load.items:
            task = asyncio.get_running_loop().create_task(self._confirm(load))
            self._confirming.add(task)
            task.add_done_callback(self._confirming.discard)

    async def give_back(self, inbound: Inbound) -> None:
        """The answer didn't leave: what was taken for it waits on. Raises `BusError`."""
        await self._outbox.answered(inbound.conversation, inbound.key, 0)

    async def close(self) -> None:
        """Finish what was said to be sent, as far as Redis is there."""
        if self._confirming:
            await asyncio.wait(self._confirming, timeout=1.0)
        for task in list(self._confirming):
            await end(task)

    def _fitting(self, waiting: Sequence[Item], reply: Reply) -> int:
        replies = [item.reply for item in waiting[:MOST]]
        most = len(replies)
        while most > 1 and len(self._render(joined(replies[:most], reply))) > 1:
            most -= 1
        return most

    async def _confirm(self, load: Load) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + CONFIRM_SECONDS
        while loop.time() < until:
            try:
                await self._outbox.answered(load.conversation, load.key, len(load.items))
            except BusError as error:
                _log.warning("redis", error=str(error))
                await asyncio.sleep(0.5)
            else:
                return


def joined(earlier: Sequence[Reply], last: Reply) -> Reply:
    """All in one. A typed number means an option of the newest reply: only that keeps its options."""
    replies = [*earlier, last] if last.parts else list(earlier)
    newest = next((reply for reply in reversed(replies) if reply.options), None)
    parts: list[Part] = []
    for reply in replies:
        parts += reply.parts if reply is newest else (Part(part.text) for part in reply.parts)
    return Reply(tuple(parts))
