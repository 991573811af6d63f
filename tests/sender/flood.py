"""WeChat customer service under load: signals lost, doubled and out of order, pullers that die anywhere.

Used by a test in short form and by ``python -m bench.kf`` in the long one.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable

import msgspec

from bot.bus import events, pull
from bot.bus.connection import Client, connect, disconnect
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Outbox, Waiting
from bot.bus.tasks import end
from bot.sender.puller import Puller
from tests.work import Corp, puller, until

REPLY = "收到 "
Spawn = Callable[[], Awaitable[asyncio.subprocess.Process]]
"""Starts a sender in a process of its own."""


class Figures(msgspec.Struct):
    """What came of it.

    Attributes:
        taken: sessions that WeCom's agents took and ended again.
        forbidden: replies tried in a state that forbids it, which was known or could have been known.
        raced: replies refused because an agent took the session after it was asked, just before the reply.
        answered: replies that arrived; ``unanswered`` those that didn't.
    """

    sent: int = 0
    heard: int = 0
    doubled: int = 0
    disordered: int = 0
    lost: int = 0
    taken: int = 0
    forbidden: int = 0
    raced: int = 0
    answered: int = 0
    unanswered: int = 0
    answered_twice: int = 0
    answers_disordered: int = 0
    kills: int = 0
    seconds: float = 0.0


class Flood:
    """Customers who write, and what was heard of them. ``messages``: of all of them together."""

    def __init__(
        self,
        office: Corp,
        redis: Client,
        redis_url: str,
        people: int,
        messages: int,
        spawn: Spawn | None = None,
        pause: float = 0.0,
    ) -> None:
        self._spawn, self._pause = spawn, pause
        self._office, self._redis, self._url = office, redis, redis_url
        world = office.work.desks["kf"].world
        while len(world.users) < people:
            world.add_user()
        self._people = [user.openid for user in world.users.values()]
        self._messages = messages
        self._random = random.Random(7)
        self._said: dict[str, list[str]] = defaultdict(list)
        self.heard: dict[str, list[str]] = defaultdict(list)
        self.logged: dict[str, list[str]] = {}
        self.figures = Figures()

    async def write(self) -> None:
        """All messages, with a signal for most; some signals come twice, late, or not at all."""
        late: list[str] = []
        for number in range(self._messages):
            user = self._random.choice(self._people)
            text = f"{number}"
            self._office.service.wrote(user, "text", {"content": text})
            self._said[user].append(text)
            late.append(self._office.service.token())
            if number % 20 == 0:
                self._random.shuffle(late)
                for token in late:
                    for _ in range(self._random.choice((0, 0, 1, 1, 2))):
                        await pull.call(self._redis, "kf", self._office.service.open_kfid, token)
                late.clear()
                await asyncio.sleep(self._pause)
        await pull.call(self._redis, "kf", self._office.service.open_kfid, self._office.service.token())

    async def work(self) -> None:
        """A worker: notes what it hears, and answers."""
        redis = connect(self._url)
        box = Mailbox(redis)
        try:
            while True:
                lease = await box.take(1)
                if lease is not None:
                    inbound = lease.inbound
                    self.heard[inbound.user].append(inbound.text)
                    reply = Reply((Part(f"{REPLY}{inbound.text}"),))
                    await box.done(lease, reply)
        finally:
            await box.close()
            await disconnect(redis)

    async def pull(self, kills: int) -> None:
        """Pullers one after another; each but the last is dropped wherever it just is."""
        if self._spawn is not None:
            await self._pull_apart(kills, self._spawn)
            return
        for _ in range(kills):
            redis = connect(self._url)
            made = puller(self._office, redis, hold=0.5)
            running = asyncio.create_task(made.run(asyncio.Event()))
            await asyncio.sleep(self._random.uniform(0.1, 0.8))
            await _kill(made, running)
            await disconnect(redis)
            self.figures.kills += 1
        redis = connect(self._url)
        try:
            await puller(self._office, redis, hold=0.5).run(asyncio.Event())
        finally:
            await disconnect(redis)

    async def _pull_apart(self, kills: int, spawn: Spawn) -> None:
        """The same with processes, which get SIGKILL a moment after they have begun to fetch."""
        for number in range(kills + 1):
            fetched = self._office.service.pages
            process = await spawn()
            try:
                await until(lambda before=fetched: self._office.service.pages > before, 120)  # type: ignore[misc]
                if number == kills:
                    await asyncio.Event().wait()
                await asyncio.sleep(self._random.uniform(0.05, 1.5))
            finally:
                process.kill()
                await process.wait()
            self.figures.kills += 1

    async def run(self, kills: int, seconds: float, agents: int = 0) -> Figures:
        """Everything at once, until all was heard or the time is over. ``agents``: how many are at work."""
        began = asyncio.get_running_loop().time()
        writing = asyncio.create_task(self.write())
        tasks = [writing, *(asyncio.create_task(each) for each in (self.work(), self.pull(kills)))]
        taking = [asyncio.create_task(self.take_over()) for _ in range(agents)]
        try:
            await until(lambda: writing.done() and self.figures.kills == kills, seconds)
            while taking:
                await end(taking.pop())
            await pull.call(self._redis, "kf", self._office.service.open_kfid, self._office.service.token())
            await until(self.done, seconds)
            if self._spawn is not None:
                await self._to_the_end(seconds)
            # What would come twice would come now.
            await asyncio.sleep(1.0)
        finally:
            for task in (*tasks, *taking):
                await end(task)
        self.figures.seconds = round(asyncio.get_running_loop().time() - began, 1)
        self._answers()
        return self._summed()

    async def take_over(self) -> None:
        """Agents of WeCom's take sessions now and then, and end them a moment later."""
        while True:
            await asyncio.sleep(self._random.uniform(0.2, 2.0))
            user = self._random.choice(self._people)
            self._office.service.taken(user, "LiMing")
            try:
                await asyncio.sleep(self._random.uniform(0.2, 2.0))
            finally:
                self._office.service.ended(user, "LiMing")
            self.figures.taken += 1

    def count(self) -> int:
        """How many messages were heard."""
        return sum(len(texts) for texts in self.heard.values())

    async def done(self) -> bool:
        """Whether everything was fetched and heard, by the assistant or (while agents had it) by the log."""
        standing = await pull.standing(self._redis, "kf", self._office.service.open_kfid)
        if standing.cursor != f"c{len(self._office.service.log)}":
            return False
        await asyncio.sleep(0.5)
        self.logged = await self._logged()
        return self.count() + sum(map(len, self.logged.values())) >= self._messages

    async def sent(self) -> bool:
        """Whether nothing is on its way to a customer any more, unless behind what waits for them."""
        await asyncio.sleep(0.5)
        waiting = [await self._waiting(user) for user in self._people]
        return all(each[0].state == "held" for each in waiting if each)

    async def _to_the_end(self, seconds: float) -> None:
        """Customers whose replies are held write again, until all have got theirs."""
        await until(self.sent, seconds)
        while waiting := [user for user in self._people if await self._waiting(user)]:
            for user in waiting:
                text = f"{self._messages}"
                self._messages += 1
                self._said[user].append(text)
                self._office.service.wrote(user, "text", {"content": text})
            await pull.call(self._redis, "kf", self._office.service.open_kfid, self._office.service.token())
            await until(self.done, seconds)
            await until(self.sent, seconds)

    def _answers(self) -> None:
        """What customers got: each reply once and in order."""
        names = self._office.work.desks["kf"].world.users
        got = [self._office.got("kf", name) for name in names]
        figures, texts = self.figures, [text for each in got for text in each]
        figures.answered, figures.unanswered = len(set(texts)), self.count() - len(set(texts))
        figures.answered_twice = len(texts) - len(set(texts))
        numbers = [[int(text.removeprefix(REPLY)) for text in each] for each in got]
        figures.answers_disordered = sum(each != sorted(each) for each in numbers)

    async def _waiting(self, user: str) -> list[Waiting]:
        conversation = f"kf:{self._office.service.open_kfid}:{user}"
        return await Outbox(self._redis).waiting(conversation)

    async def _logged(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        known: set[str] = set()
        for stream in events.streams():
            after = "-"
            while entries := await self._redis.xrange(stream, after, count=500):
                for _, fields in entries:
                    event = events.decode(fields)
                    if event.kind == "message_in" and event.id not in known:
                        known.add(event.id)
                        found[event.conversation.split(":")[2]].append(event.data["text"])
                after = f"({entries[-1][0].decode()}"
        return found

    def _summed(self) -> Figures:
        figures = self.figures
        every = [*self.heard.values(), *self.logged.values()]
        figures.sent, figures.heard = self._messages, sum(map(len, every))
        figures.doubled = figures.heard - len({text for texts in every for text in texts})
        figures.disordered = sum(texts != sorted(texts, key=int) for texts in every)
        figures.lost = len({text for texts in self._said.values() for text in texts}) - len(
            {text for texts in every for text in texts}
        )
        figures.forbidden, figures.raced = self._office.service.forbidden, self._office.service.raced
        return figures


async def _kill(made: Puller, running: asyncio.Task[None]) -> None:
    """End a puller without a goodbye: its lease runs out by itself, as that of a killed process."""

    async def nothing() -> None:
        pass

    made._tenure._account.leave = nothing  # type: ignore[method-assign]
    await end(running)
    # `end` cancels again and again, which may cut the cleaning up short.
    if made._tenure._task is not None:
        await end(made._tenure._task)
    await made._calls.close()
