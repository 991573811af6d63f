"""The outbox against a model: whatever is queued, lost, held, put off and tried again, in any order.

`OUTBOX_RUNS` sets how many runs are made; 2,000 take some minutes.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
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
from bot.bus.dispatch import Dispatch, Lease, Result
from bot.bus.mailbox import shard_of
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox, State

T = TypeVar("T")

RUNS = int(os.environ.get("OUTBOX_RUNS", "40"))
CONVERSATIONS = ("wechat:gh:a", "wechat:gh:b", "wechat:gh:c")
FINAL = ("sent", "failed", "unknown")
CONVERSATION = st.sampled_from(CONVERSATIONS)


class Line:
    """What a conversation should be: its queue, and in which of ready, lease, held, delayed it is."""

    def __init__(self) -> None:
        self.queue: list[str] = []
        self.place = ""
        self.holder: Lease | str = ""
        self.batch: list[str] = []
        self.wrote = False

    def free(self, place: str = "ready") -> None:
        self.place = place if self.queue else ""
        self.holder, self.batch, self.wrote = "", [], False


class Machine(RuleBasedStateMachine):
    """Two senders, one gateway, three users. Time passes only when a rule says so."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.redis = connect(self.url)
        self.do(self.redis.flushdb())
        self.outbox = Outbox(self.redis)
        self.senders = (Dispatch(self.redis, "wechat"), Dispatch(self.redis, "wechat"))
        self.lines = {name: Line() for name in CONVERSATIONS}
        self.states: dict[str, State] = {}
        self.home: dict[str, str] = {}
        self.wire: set[str] = set()
        self.ends: Counter[str] = Counter()
        self.attempts: Counter[str] = Counter()
        self.leases: list[Lease] = []
        self.messages = 0

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def end(self, id: str, state: State) -> None:
        line = self.lines[self.home[id]]
        assert line.queue.pop(0) == id, "out of order"
        self.states[id] = state
        self.ends[id] += 1
        self.wire.discard(id)

    def look(self) -> None:
        self.do(self.senders[0]._look_everywhere())

    @rule(name=CONVERSATION)
    def queue(self, name: str) -> None:
        id = f"{name}/{len(self.states)}"
        for _ in range(2):
            self.do(self.outbox.queue(Item(id=id, conversation=name, reply=Reply((Part(id),)))))
        self.states[id], self.home[id] = "queued", name
        self.attempts[id] += 1
        line = self.lines[name]
        line.queue.append(id)
        line.place = line.place or "ready"

    @precondition(lambda self: self.states)
    @rule(data=st.data())
    def queue_again(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.states)))
        self.do(self.outbox.queue(Item(id=id, conversation=self.home[id], reply=Reply((Part("另"),)))))

    @rule(number=st.integers(0, 1))
    def take(self, number: int) -> None:
        self.senders[number]._missed()
        lease = self.do(self.senders[number].take(0))
        ready = [name for name, line in self.lines.items() if line.place == "ready"]
        if lease is None:
            assert ready == []
            return
        assert lease.item.conversation in ready
        line = self.lines[lease.item.conversation]
        assert lease.item.id == line.queue[0], "out of order"
        line.place, line.holder, line.wrote = "lease", lease, False
        self.leases.append(lease)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(self.leases))
        mine = self.lines[lease.item.conversation].holder == lease
        assert self.do(self.senders[0].begin(lease, ({"text": "一"},))) == mine
        if mine:
            self.states[lease.item.id] = "sending"
            self.wire.add(lease.item.id)

    @precondition(lambda self: self.leases)
    @rule(
        data=st.data(),
        state=st.sampled_from(["sent", "failed", "unknown", "held", "queued"]),
        later=st.booleans(),
    )
    def settle(self, data: st.DataObject, state: State, later: bool) -> None:
        """A holder reports; it may be one who was given up long ago, and who reports for the second time."""
        lease = data.draw(st.sampled_from(self.leases))
        id, line = lease.item.id, self.lines[lease.item.conversation]
        kept = self.do(self.senders[0].settle(lease, Result(state=state, delay=60.0 * later)))
        if line.holder != lease:
            if kept and self.states[id] != state:
                assert (self.states[id], state in ("sent", "failed")) == ("unknown", True)
                self.states[id] = state
            return
        assert kept
        if state in FINAL:
            self.end(id, state)
            line.free()
            return
        self.wire.discard(id)
        again = state == "held" and line.wrote
        self.states[id] = "queued" if again else state
        line.free(
            "ready"
            if again or (state == "queued" and not later)
            else "delayed"
            if state == "queued"
            else "held"
        )

    @rule(name=CONVERSATION)
    def holder_is_lost(self, name: str) -> None:
        """Its lease runs out; it may still come back and report."""
        line = self.lines[name]
        if line.place != "lease":
            return
        self.do(self.redis.zadd(f"outbox:{{{shard_of(name)}}}:leases", {name: 1}))
        self.look()
        while line.queue and line.queue[0] in self.wire:
            self.end(line.queue[0], "unknown")
        line.free()

    @rule(name=CONVERSATION)
    def delay_is_over(self, name: str) -> None:
        if self.lines[name].place == "delayed":
            self.do(self.redis.zadd(f"outbox:{{{shard_of(name)}}}:delayed", {name: 1}))
            self.look()
            self.lines[name].place = "ready"

    @rule(name=CONVERSATION)
    def user_writes(self, name: str) -> None:
        line = self.lines[name]
        assert self.do(self.outbox.release(name)) == (line.place == "held")
        if line.place == "held":
            self.states[line.queue[0]] = "queued"
            line.place = "ready"
        elif line.place == "lease":
            line.wrote = True

    @precondition(lambda self: self.states)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.states)))
        may = self.states[id] in ("failed", "unknown")
        assert self.do(self.outbox.retry(id)) == may
        if may:
            line = self.lines[self.home[id]]
            self.states[id] = "queued"
            self.attempts[id] += 1
            line.queue.append(id)
            line.place = line.place or "ready"

    @rule(name=CONVERSATION, most=st.integers(1, 3), arrives=st.booleans(), fits=st.integers(0, 3))
    def answer_passively(self, name: str, most: int, arrives: bool, fits: int) -> None:
        """The user writes and the answer carries what waits; or the gateway dies with it."""
        line = self.lines[name]
        self.messages += 1
        key = f"m{self.messages}"
        items = [item.id for item in self.do(self.outbox.take_passive(name, key, most))]
        assert items == ([] if line.place in ("", "lease") else line.queue[:most])
        if not items:
            return
        line.place, line.holder = "lease", key
        self.wire.update(items)
        for id in items:
            self.states[id] = "sending"
        assert [item.id for item in self.do(self.outbox.take_passive(name, key, most))] == items
        if not arrives:
            return
        assert self.do(self.outbox.answered(name, key, fits)) == min(fits, len(items))
        for id in items[:fits]:
            self.end(id, "sent")
        for id in items[fits:]:
            self.states[id] = "queued"
            self.wire.discard(id)
        line.free()

    @invariant()
    def redis_agrees(self) -> None:
        for name, line in self.lines.items():
            assert [one.item.id for one in self.do(self.outbox.waiting(name))] == line.queue
            assert self.do(self.places(name)) == ([line.place] if line.place else [])
        for id, state in self.states.items():
            status = self.do(self.outbox.status(id))
            assert status is not None
            assert status.state == state
        counts = Counter(self.states.values())
        assert {state: count for state, count in self.do(self.outbox.counts()).items() if count} == counts

    async def places(self, name: str) -> list[str]:
        """Where Redis has a conversation: once, or not at all when nothing waits."""
        prefix = f"outbox:{{{shard_of(name)}}}:"
        ready = await self.redis.lrange(f"{prefix}ready:wechat", 0, -1)
        found = ["ready"] * ready.count(name.encode())
        for place, key in (("lease", "leases"), ("held", "held"), ("delayed", "delayed")):
            if await self.redis.zscore(prefix + key, name) is not None:
                found.append(place)
        return found

    def teardown(self) -> None:
        """Everything that waits is worked off: then each attempt of each item has ended exactly once."""
        try:
            self.work_off()
            assert all(state in FINAL for state in self.states.values())
            assert self.ends == self.attempts
            assert self.do(self.changes()) == self.states
        finally:
            for sender in self.senders:
                self.do(sender.close())
            self.do(disconnect(self.redis))
            self.loop.close()

    def work_off(self) -> None:
        for name in CONVERSATIONS:
            self.holder_is_lost(name)
        while any(line.queue for line in self.lines.values()):
            for name in CONVERSATIONS:
                self.user_writes(name)
                self.delay_is_over(name)
            self.senders[0]._missed()
            lease = self.do(self.senders[0].take(0))
            assert lease is not None, "something waits that nobody gets"
            assert self.do(self.senders[0].begin(lease, ({"text": "一"},)))
            assert self.do(self.senders[0].settle(lease, Result(state="sent")))
            self.end(lease.item.id, "sent")
            line = self.lines[lease.item.conversation]
            line.free()

    async def changes(self) -> dict[str, str]:
        """The last state of each item by the events alone; each event is another one."""
        last: dict[str, str] = {}
        seen: list[str] = []
        for stream in events.streams():
            for _, fields in await self.redis.xrange(stream):
                event = events.decode(fields)
                seen.append(event.id)
                last[event.data["id"]] = event.data["state"]
        assert len(seen) == len(set(seen))
        return last


def test_whatever_happens_each_item_ends_once_and_in_order(redis_url: str) -> None:
    class Here(Machine):
        url = redis_url

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    # Making a failure smaller takes minutes here, and 25 steps can be read.
    phases = [Phase.generate]
    options = settings(
        max_examples=RUNS,
        stateful_step_count=25,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=checks,
    )
    run_state_machine_as_test(Here, settings=options)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("state", FINAL)
def test_the_model_can_tell_a_lost_item(redis_url: str, state: State) -> None:
    """The machine isn't blind: an item put away behind its back is noticed."""

    class Here(Machine):
        url = redis_url

    machine = Here()
    machine.queue(CONVERSATIONS[0])
    machine.take(0)
    machine.do(machine.senders[0].settle(machine.leases[0], Result(state=state)))
    with pytest.raises(AssertionError):
        machine.redis_agrees()
    machine.end(machine.leases[0].item.id, state)
    machine.lines[CONVERSATIONS[0]].free()
    machine.teardown()
