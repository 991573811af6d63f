"""WeChat's API making trouble for the real sender: what was sent how often, and how many tokens it took."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec

from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.sandbox import pieces
from bot.sandbox.state import User
from tests.faults.proxy import Proxy
from tests.faults.stage import Stage, client_of
from tests.platform import FETCH, Api

SECONDS = 60.0
RESET_SECONDS = 3.0


class Case(msgspec.Struct):
    """One kind of trouble: how many messages, how they ended, how often users got them, tokens fetched."""

    name: str
    messages: int
    states: dict[str, int]
    most: int
    got: int
    fetches: int
    good: bool

    def line(self) -> str:
        """The figures in words."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{self.name}: {self.messages} messages: {states}; "
            f"{self.got} arrived, each {self.most} times at most; {self.fetches} token fetches"
        )


async def cases(found: Stage, api: Api, wire: Proxy, messages: int) -> list[Case]:
    """Every kind of trouble, one after the other. ``wire``: the proxy between the sender and the API."""

    def case(name: str, state: str, fetches: int) -> Awaitable[Case]:
        return _case(found, api, name, messages, lambda ends: ends == {state: messages}, fetches)

    made = [await case("no trouble", "sent", fetches=1)]
    api.trouble(delay=1.5, times=messages)
    made.append(await case("slow", "sent", fetches=0))
    made.append(await _resetting(found, api, wire, messages))
    api.expire()
    made.append(await case("token expired", "sent", fetches=1))
    api.trouble(errcode=-1, times=3)
    made.append(await case("busy (-1)", "sent", fetches=0))
    api.trouble(errcode=45047, times=messages)
    made.append(await case("used up (45047)", "held", fetches=0))
    # The guard of a refused token lasts a minute: it comes last.
    api.trouble(errcode=40001, times=1000)
    made.append(await _case(found, api, "lasting 40001", messages, None, fetches=2, seconds=8.0))
    return made


async def _resetting(found: Stage, api: Api, wire: Proxy, messages: int) -> Case:
    """Connections reset for a while. Whether a request was out when its reset came, nobody knows: then it
    is shown as unknown, with its reason, and not sent again.
    """

    def done(ends: dict[str, int]) -> bool:
        return ends.get("sent", 0) + ends.get("unknown", 0) == messages

    wire.mode = "reset"
    running = asyncio.create_task(_case(found, api, "resetting", messages, done, fetches=1))
    await asyncio.sleep(RESET_SECONDS)
    wire.mode = "pass"
    return await running


async def _case(
    found: Stage,
    api: Api,
    name: str,
    messages: int,
    done: Callable[[dict[str, int]], bool] | None,
    fetches: int,
    seconds: float = SECONDS,
) -> Case:
    """Queue messages to as many users at once, and see. ``done`` None: none may be sent, all the time."""
    before = api.calls(FETCH)
    users = [api.writer(f"{name}-{number}".replace(" ", "-")) for number in range(messages)]
    async with client_of(found) as redis:
        outbox = Outbox(redis)
        for user in users:
            conversation = f"wechat:gh_1:{user.openid}"
            await outbox.queue(Item(id=user.openid, conversation=conversation, reply=Reply((Part("话"),))))
        until, ends = time.monotonic() + seconds, await _states(outbox, users)
        while not (done and done(ends)) and time.monotonic() < until:
            await asyncio.sleep(0.2)
            ends = await _states(outbox, users)
    got = Counter({user.openid: _pushed(user) for user in users})
    fetched = api.calls(FETCH) - before
    arrived, sent = sum(got.values()), ends.get("sent", 0)
    good = max(got.values()) <= 1 and fetched <= fetches and arrived == sent
    good = good and (done(ends) if done else not sent)
    return Case(name, messages, ends, max(got.values()), arrived, fetched, good)


def _pushed(user: User) -> int:
    pushed = [message for message in list(user.messages) if message.via == "api"]
    return sum(pieces.plain(message.pieces) == "话" for message in pushed)


async def _states(outbox: Outbox, users: list[User]) -> dict[str, int]:
    found = [await outbox.status(user.openid) for user in users]
    return dict(Counter(status.state for status in found if status is not None))
