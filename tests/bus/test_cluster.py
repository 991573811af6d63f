"""On a Redis Cluster each step stays in one slot: a cluster of one node refuses whatever touches two, as a
larger one would."""

from __future__ import annotations

from typing import Any

from bot.bus import events, owner, rest
from bot.bus.account import Account
from bot.bus.connection import Client
from bot.bus.dispatch import Dispatch, Result
from bot.bus.ledger import Ledger
from bot.bus.mailbox import Lease, Mailbox
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.bus.shards import shard_of
from bot.bus.tokens import Tokens
from bot.dialogue.step import Step
from bot.dialogue.store import Conversations

ANSWER = Reply((Part("可以申请。"),))
C = "wechat:gh:a"


def message(number: int) -> Inbound:
    return Inbound(key=f"k|{number}", channel="wechat", account="gh", user="a", kind="text", text="问")


async def taken(box: Mailbox) -> Lease:
    lease = await box.take(5)
    assert lease is not None
    return lease


async def test_a_message_through_the_mailbox(cluster: Client) -> None:
    box, stranger = Mailbox(cluster, lease=1.0), Mailbox(cluster)
    for number in range(2):
        assert await box.put(message(number))
    lost = await taken(box)
    again = await taken(box)
    assert not await box.extend(lost)
    assert await box.extend(again)
    assert await box.done(again, ANSWER)
    assert await box.reply("k|0", 1) == ANSWER
    assert await stranger.reply("k|0", 0) == ANSWER
    for each in (box, stranger):
        await each.close()


async def test_a_turn_a_late_reply_and_what_is_sent(cluster: Client) -> None:
    box, store, outbox = Mailbox(cluster), Conversations(None, cluster), Outbox(cluster)
    await box.put(message(0))
    await box.owe(message(0))
    lease = await taken(box)
    assert await store.begin(C, "k|0", lease.token) is None
    told = events.Event(id="k|0:turn", kind="turn", conversation=C, at=1.0)
    assert await store.commit(C, "k|0", Step(ANSWER, (told,)))
    assert await box.done(lease, ANSWER)
    assert await store.begin(C, "k|0", "another") == ANSWER
    sender = Dispatch(cluster, "wechat")
    item = await sender.take(5)
    assert item is not None
    assert (item.item.id, item.item.reply) == ("late/k|0", ANSWER)
    assert await sender.begin(item, ({"text": "一"},))
    assert await sender.settle(item, Result(state="sent"))
    await outbox.queue(Item(id="staff", conversation=C, reply=ANSWER), told)
    assert [each.id for each in await outbox.take_passive(C, "k|1")] == ["staff"]
    assert await outbox.answered(C, "k|1", 1) == 1
    assert (await outbox.counts())["sent"] == 2
    for each in (box, sender):
        await each.close()


async def test_all_else_that_is_kept_of_a_conversation(cluster: Client) -> None:
    ledger = Ledger(cluster)
    assert await ledger.heard(C, "text", key="k|0")
    assert await ledger.spend(C)
    assert (await ledger.left(C)).count == 4
    await rest.keep(cluster, C, ["一", "二"])
    assert await rest.visit(cluster, C, "k|1", more=True) == "一"
    told = events.Event(id="h", kind="handoff", conversation=C, at=1.0)
    assert await owner.set(cluster, C, 0, "queue", event=told) == owner.Owner("queue", 1)
    assert (await owner.get(cluster, C)).owner == "queue"
    assert await Account(cluster, "wechat").hold()
    assert (await Tokens(cluster, "wechat:app").claim(0))[0] == "fetch"
    slots: Any = cluster
    keys = [key async for key in cluster.scan_iter("*") if C.encode() in key or b"events" in key]
    assert len(keys) >= 5
    assert len({await slots.execute_command("CLUSTER", "KEYSLOT", key) for key in keys}) == 1
    assert all(f"{{{shard_of(C)}}}".encode() in key for key in keys)
