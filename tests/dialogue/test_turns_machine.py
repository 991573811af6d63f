"""Messages and turns against a model: whatever arrives, comes again, crashes, hangs or is taken over, each
message has one turn, in order, and one reply that reaches the applicant.

`TURN_RUNS` sets how many runs are made; 2,000 take some minutes.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.bus import events
from bot.bus.connection import connect, disconnect
from bot.bus.mailbox import Lease, Mailbox
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Outbox
from bot.bus.shards import shard_of
from bot.dialogue.step import Step
from bot.dialogue.store import Conversations
from bot.errors import LostError

T = TypeVar("T")

RUNS = int(os.environ.get("TURN_RUNS", "30"))
USERS = st.sampled_from(["a", "b"])


class Machine(RuleBasedStateMachine):
    """Two workers with a store each, one gateway, two users. Time passes only when a rule says so."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.redis = connect(self.url)
        self.do(self.redis.flushdb())
        self.gateway = Mailbox(self.redis)
        self.boxes = [Mailbox(self.redis), Mailbox(self.redis)]
        self.stores = [Conversations(None, self.redis), Conversations(None, self.redis)]
        self.messages: dict[str, Inbound] = {}
        self.queues: dict[str, list[str]] = {"a": [], "b": []}
        self.turns: dict[str, list[str]] = {"a": [], "b": []}
        self.holder: dict[str, Lease | None] = {"a": None, "b": None}
        self.owed: set[str] = set()
        self.replies: dict[str, Reply] = {}
        self.leases: list[tuple[int, Lease]] = []
        self.runs = 0

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @rule(user=USERS)
    def arrive(self, user: str) -> None:
        key = f"{user}/{len(self.messages)}"
        inbound = Inbound(key=key, channel="wechat", account="gh", user=user, kind="text", text=key)
        assert self.do(self.gateway.put(inbound))
        self.messages[key] = inbound
        self.queues[user].append(key)

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def redeliver(self, data: st.DataObject) -> None:
        inbound = self.messages[data.draw(st.sampled_from(sorted(self.messages)))]
        assert not self.do(self.gateway.put(inbound))

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), always=st.booleans())
    def promise(self, data: st.DataObject, always: bool) -> None:
        """A gateway can't wait any longer."""
        inbound = self.messages[data.draw(st.sampled_from(sorted(self.messages)))]
        there = self.replies.get(inbound.key)
        given = self.do(self.gateway.owe(inbound, always))
        if there is None or always or inbound.key in self.owed:
            assert given is None
            self.owed.add(inbound.key)
        else:
            assert given == there

    @rule(number=st.integers(0, 1))
    def take(self, number: int) -> None:
        self.boxes[number]._missed()
        lease = self.do(self.boxes[number].take(0))
        free = {user for user, queue in self.queues.items() if queue and self.holder[user] is None}
        if lease is None:
            assert not free
            return
        user = lease.inbound.user
        assert user in free
        assert lease.inbound.key == self.queues[user][0], "out of order"
        self.holder[user] = lease
        self.leases.append((number, lease))

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def work(self, data: st.DataObject) -> None:
        """Take the turn and write it; it may be a worker that hung, and lost its lease long ago."""
        self._work(*data.draw(st.sampled_from(self.leases)))

    def _work(self, number: int, lease: Lease) -> Reply | None:
        store, inbound = self.stores[number], lease.inbound
        conversation, user = inbound.conversation, inbound.user
        mine = self.holder[user] == lease
        stored = self.do(store.begin(conversation, inbound.key, lease.token))
        if stored is not None:
            assert inbound.key in self.turns[user], "a reply without a turn"
            return stored
        self.runs += 1
        reply = Reply((Part(f"{inbound.key} by run {self.runs}"),))
        told = events.Event(
            id=f"{inbound.key}:turn", kind="turn", conversation=conversation, at=float(self.runs)
        )
        try:
            assert self.do(store.commit(conversation, inbound.key, Step(reply, (told,))))
        except LostError:
            assert not mine
            store.abandon(conversation)
            return None
        assert mine, "a turn written without the lease"
        self.turns[user].append(inbound.key)
        return reply

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        number, lease = data.draw(st.sampled_from(self.leases))
        reply = self._work(number, lease)
        if reply is None:
            return
        user, key = lease.inbound.user, lease.inbound.key
        mine = self.holder[user] == lease
        before = self.replies.get(key)
        assert self.do(self.boxes[number].done(lease, reply)) or not mine
        if mine:
            assert before is None
            self.replies[key] = reply
            assert self.queues[user].pop(0) == key
            self.holder[user] = None
        assert self.do(self.gateway.reply(key, 0)) == self.replies.get(key)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """The worker is dead: it says no more. Its lease runs out when `reclaim` says so."""
        self.leases.remove(data.draw(st.sampled_from(self.leases)))

    @rule(user=USERS)
    def reclaim(self, user: str) -> None:
        """The lease runs out; its holder may be dead, or hang and come back."""
        if self.holder[user] is None:
            return
        conversation = f"wechat:gh:{user}"
        self.do(self.redis.zadd(f"mailbox:{{{shard_of(conversation)}}}:leases", {conversation: 1}))
        self.do(self.boxes[0]._look_everywhere())
        self.holder[user] = None

    @invariant()
    def nothing_is_lost(self) -> None:
        waiting = 0
        for user in self.queues:
            waiting += self.do(self.redis.zcard(f"mailbox:{{{shard_of(f'wechat:gh:{user}')}}}:waiting"))
        shards = {shard_of(f"wechat:gh:{user}") for user in self.queues}
        assert waiting == (2 if len(shards) == 1 else 1) * (len(self.messages) - len(self.replies))

    def teardown(self) -> None:
        try:
            self._settle_all()
        finally:
            for box in [self.gateway, *self.boxes]:
                self.do(box.close())
            self.do(disconnect(self.redis))
            self.loop.close()

    def _settle_all(self) -> None:
        for user in self.queues:
            self.reclaim(user)
        while any(self.queues.values()):
            self.boxes[0]._missed()
            lease = self.do(self.boxes[0].take(0))
            assert lease is not None, "lost"
            self.holder[lease.inbound.user] = lease
            reply = self._work(0, lease)
            assert reply is not None
            assert self.do(self.boxes[0].done(lease, reply))
            self.replies[lease.inbound.key] = reply
            assert self.queues[lease.inbound.user].pop(0) == lease.inbound.key
            self.holder[lease.inbound.user] = None
        for user in self.queues:
            self._check(user)

    def _check(self, user: str) -> None:
        conversation = f"wechat:gh:{user}"
        arrived = [key for key, inbound in self.messages.items() if inbound.user == user]
        assert self.turns[user] == arrived
        told = [
            events.decode(fields) for _, fields in self.do(self.redis.xrange(events.stream_of(conversation)))
        ]
        written = [each.id for each in told if each.kind == "turn" and each.conversation == conversation]
        assert written == [f"{key}:turn" for key in arrived]
        waiting = [each.item for each in self.do(Outbox(self.redis).waiting(conversation))]
        owed = {f"late/{key}": self.replies[key] for key in arrived if key in self.owed}
        assert len(waiting) == len(owed)
        assert {item.id: item.reply for item in waiting} == owed


@pytest.mark.usefixtures("redis")
def test_each_message_has_one_turn_in_order_and_one_reply(redis_url: str) -> None:
    Machine.url = redis_url
    options = settings(
        max_examples=RUNS,
        stateful_step_count=40,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=options)  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("redis")
def test_the_model_can_tell_a_turn_that_is_not_fenced(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine isn't blind: a worker that hung and wrote all the same is noticed."""
    Machine.url = redis_url
    machine = Machine()
    machine.arrive("a")
    machine.take(0)
    machine.reclaim("a")
    machine.take(1)
    late, (_, lease) = machine.stores[0], machine.leases[0]
    begin = late.begin
    monkeypatch.setattr(late, "begin", lambda conversation, key, _: begin(conversation, key))
    with pytest.raises(AssertionError, match="without the lease"):
        machine._work(0, lease)
    machine.turns["a"].append(lease.inbound.key)
    machine.teardown()
