"""What became of messages, by what is in Redis and by what the users were shown."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from bot.bus import events
from bot.bus.connection import Client
from bot.bus.outbox import Outbox
from bot.bus.shards import SHARDS, shard_of
from bot.gateway.conversation import APOLOGY
from tests.faults.crowd import Sent


class Verdict(msgspec.Struct):
    """Counts of messages, and times in seconds.

    Attributes:
        lost: acknowledged and without a turn, or with a turn whose reply went no way to the user.
        doubled: with more than one turn, or with a reply that went two ways.
        disordered: conversations whose turns aren't in the order of arrival.
        unknown: replies whose sender was killed while a request was out. They are told to staff as that.
        slowest_answer: of the deliveries that WeChat got an answer to.
        slowest_turn: from the first delivery until the turn was written.
    """

    messages: int
    turns: int
    lost: list[str]
    doubled: list[str]
    disordered: list[str]
    failed: int
    apologies: int
    late: int
    unknown: int
    slowest_answer: float
    slowest_turn: float

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled or out of order."""
        return not (self.lost or self.doubled or self.disordered)

    def line(self) -> str:
        """The figures in words."""
        return (
            f"{self.messages} messages, {self.turns} turns: {len(self.doubled)} doubled, "
            f"{len(self.lost)} lost, {len(self.disordered)} out of order; {self.late} late "
            f"({self.unknown} unknown), {self.apologies} apologies, {self.failed} failed; "
            f"slowest answer {self.slowest_answer:.2f} s, "
            f"slowest turn {self.slowest_turn:.2f} s"
        )


class _Told(msgspec.Struct):
    turns: Counter[str] = msgspec.field(default_factory=Counter)
    order: dict[str, list[str]] = msgspec.field(default_factory=lambda: defaultdict(list))
    at: dict[str, float] = {}
    said: dict[str, str] = {}
    failed: int = 0


async def judge(redis: Client, sent: Sequence[Sent]) -> Verdict:
    """Judge messages once all work is done (see `idle`)."""
    told = await _read(redis)
    lost, doubled, late, unknown = [], [], 0, 0
    for message in sent:
        ways = await _ways(redis, message, told)
        turns = told.turns[message.key]
        late += "outbox" in ways or "unknown" in ways
        unknown += "unknown" in ways
        if turns > 1 or len(ways) > 1:
            doubled.append(message.key)
        if (message.acknowledged and not turns) or (turns and not ways and message.acknowledged):
            lost.append(message.key)
    disordered = [
        user for user in {each.user for each in sent} if not await _in_order(redis, user, sent, told)
    ]
    answers = [
        each for message in sent for each in [*message.deliveries, *message.copies] if each.status == 200
    ]
    return Verdict(
        messages=len(sent),
        turns=sum(told.turns[each.key] for each in sent),
        lost=lost,
        doubled=doubled,
        disordered=disordered,
        failed=told.failed,
        apologies=sum(APOLOGY in each.texts for each in sent),
        late=late,
        unknown=unknown,
        slowest_answer=max([each.seconds for each in answers], default=0.0),
        slowest_turn=max([told.at[each.key] - each.at for each in sent if each.key in told.at], default=0.0),
    )


async def idle(redis: Client) -> bool:
    """Whether no message waits and nothing is on its way in the outbox."""
    waiting = [await redis.zcard(f"mailbox:{{{shard}}}:waiting") for shard in range(SHARDS)]
    counts = await Outbox(redis).counts()
    return not any(waiting) and not counts["queued"] and not counts["sending"]


async def _read(redis: Client) -> _Told:
    told = _Told()
    for stream in events.streams():
        for _, fields in await redis.xrange(stream):
            event = events.decode(fields)
            key = event.data.get("key", "")
            if event.kind == "turn":
                told.turns[key] += 1
                told.order[event.conversation].append(key)
                told.at[key] = event.at
                told.failed += event.data.get("outcome") in ("failed", "poisoned")
            elif event.kind == "message_out":
                told.said[key] = event.data["text"]
    return told


async def _ways(redis: Client, message: Sent, told: _Told) -> set[str]:
    """The ways by which the reply went to the user: an answer, the outbox, or nobody knows."""
    ways = set()
    reply = told.said.get(message.key, "")
    first = reply.split("\n")[0]
    if first and any(first in text for text in message.texts):
        ways.add("answer")
    shard = shard_of(f"wechat:gh_1:{message.user}")
    state = await redis.hget(f"outbox:{{{shard}}}:item:late/{message.key}", "state")
    # What an answer carried along counts for the way that it went.
    if state is not None and not (state == b"sent" and ways):
        ways.add("unknown" if state == b"unknown" else "outbox")
    return ways


async def _in_order(redis: Client, user: str, sent: Sequence[Sent], told: _Told) -> bool:
    """Whether the turns are in the order of arrival, by the events and by Rasa's own log."""
    conversation = f"wechat:gh_1:{user}"
    # A user writes on once a message is acknowledged. One that wasn't has no place among the others.
    keys = [each.key for each in sent if each.user == user and each.acknowledged]
    log = await redis.lrange(f"dialogue:{{{shard_of(conversation)}}}:log:{conversation}", 0, -1)
    heard = [event["message_id"] for event in map(json.loads, log) if event["event"] == "user"]
    done = [key for key in keys if told.turns[key]]
    # A message that failed has a turn for the desk and none in the dialogue.
    order = [key for key in told.order[conversation] if key in set(keys)]
    heard = [key for key in heard if key in set(keys)]
    return order == done and heard == [key for key in done if key in heard]
