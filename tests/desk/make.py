"""Short ways to make what the desk's tests need."""

from __future__ import annotations

import itertools
import time
from typing import Any

import msgspec
from django import test

from bot.bus.connection import Client
from bot.bus.events import Event, append, streams
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Reply
from desk.accounts.models import User
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.handoff.intake.write import Entry, write
from desk.handoff.models import Conversation

KEY = "wechat:gh_1:o-1"
PASSWORD = "correct-horse-battery"
_numbers = itertools.count()
NASTY = [
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">点我</a>',
    "\u202eexe.gpj\u202c 反向",
    "零\u200b宽\u200d字",
    "字" * 100_000,
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
]
"""What somebody might write to break a page."""


def user(name: str = "agent", *roles: Role) -> User:
    """A member of staff; 客服 unless said otherwise."""
    return User.objects.new(name, f"姓名{name}", list(roles) or [Role.AGENT])


def signed_in(who: User, enforce_csrf_checks: bool = False) -> test.Client:
    """A browser of somebody who has logged in."""
    client = test.Client(enforce_csrf_checks)
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def event(what: str, /, conversation: str = KEY, **data: Any) -> Event:
    """An event of a kind, with an id of its own."""
    return msgspec.convert(
        {
            "id": f"{what}-{next(_numbers)}",
            "kind": what,
            "conversation": conversation,
            "at": time.time(),
            "data": data,
        },
        Event,
    )


def written(*events: Event) -> Conversation:
    """Write events as the consumer would; returns the conversation of the last."""
    entries = [
        Entry("events:{0}", f"{next(_numbers)}-0", {b"e": msgspec.json.encode(each)}) for each in events
    ]
    write(entries)
    return Conversation.objects.get(key=events[-1].conversation)


def asked(key: str = KEY) -> Conversation:
    """A conversation whose applicant waits for a human."""
    epoch = getattr(Conversation.objects.filter(key=key).first(), "epoch", 0)
    return written(
        event("message_in", key, key=f"m-{next(_numbers)}", kind="text", text="找人工"),
        event("handoff", key, owner="queue", epoch=epoch + 1, reason="asked", by="applicant", told=True),
    )


def publish(*events: Event) -> None:
    """Append events to their streams."""

    async def put(redis: Client) -> None:
        pipe = redis.pipeline(transaction=False)
        for each in events:
            append(pipe, each)
        await pipe.execute()

    bus.call(put, 30)


def in_mailbox() -> list[Inbound]:
    """What the mailbox holds, put away one after another."""

    async def take(redis: Client) -> list[Inbound]:
        mailbox, found = Mailbox(redis), []
        try:
            while (lease := await mailbox.take(0.3)) is not None:
                found.append(lease.inbound)
                await mailbox.done(lease, Reply())
            return found
        finally:
            await mailbox.close()

    return bus.call(take, 30)


def backlog() -> int:
    """How many events the consumer hasn't acknowledged."""

    async def count(redis: Any) -> int:
        total = 0
        for stream in streams():
            for group in await redis.xinfo_groups(stream):
                total += group["pending"] + (group.get("lag") or 0)
        return total

    return bus.call(count, 10)
