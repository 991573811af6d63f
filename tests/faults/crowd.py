"""Applicants behind WeChat: each message signed and encrypted, delivered by WeChat's rule and more often."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx
import msgspec

from bot.gateway.conversation import APOLOGY
from bot.settings import WeChat
from tests import wechat

PATIENCE = 5.0
"""Seconds after which WeChat gives a delivery up."""
DELIVERIES = 3

TAPS = (
    "ask:demonstration",
    "ask:demonstration:applicant:city",
    "ask:demonstration:pilot:no",
    *(
        f"ask:demonstration:{f}:yes"
        for f in ("agenda", "fund", "support", "industry", "holdings", "management")
    ),
    "ask:demonstration:implementer:yes",
    "ask:demonstration:bad_credit:no",
    "ask:demonstration:former_pilot:no",
)
QUESTIONS = (
    "项目期限多长",
    "联系电话多少",
    "谁能申报示范项目",
    "研究有哪些方向",
    "成果要求是什么",
    "你好",
    "示范项目从头再测一遍",  # so that the next time around is the same work again
)


def says(number: int) -> dict[str, str]:
    """What a user sends as their ``number``-th message: a screening by taps, then questions, and so on."""
    place = number % (len(TAPS) + len(QUESTIONS))
    if place < len(TAPS):
        return {"Content": "1", "bizmsgmenuid": TAPS[place]}
    return {"Content": QUESTIONS[place - len(TAPS)]}


class Delivery(msgspec.Struct):
    """One delivery of a message: what came back, and how long it took. ``text`` None: nothing to show."""

    seconds: float
    status: int
    text: str | None


class Sent(msgspec.Struct):
    """One message of one user.

    Attributes:
        key: as the gateway names it.
        at: seconds since 1970 when it was first delivered.
        copies: deliveries that aren't by WeChat's rule: more than there would be.
    """

    user: str
    number: int
    key: str
    at: float
    deliveries: list[Delivery] = []
    copies: list[Delivery] = []

    @property
    def answered(self) -> bool:
        """Whether WeChat has an answer: it won't deliver again."""
        return any(each.status == 200 for each in self.deliveries)

    @property
    def acknowledged(self) -> bool:
        """Whether we took it: an apology says that we didn't."""
        return any(each.status == 200 and each.text != APOLOGY for each in self.deliveries)

    @property
    def texts(self) -> set[str]:
        """The texts that were shown for it."""
        return {each.text for each in [*self.deliveries, *self.copies] if each.text is not None}


class Crowd:
    """Users who write to one account.

    Args:
        ports: of the gateways; a load balancer in front takes any, and another if it is dead.
        wrote: called with the user at each message, as WeChat itself takes note.
    """

    def __init__(
        self, account: WeChat, ports: Sequence[int], wrote: Callable[[str], object] | None = None
    ) -> None:
        self._account = account
        self._ports = list(ports)
        self._wrote = wrote
        self._client = httpx.AsyncClient(
            trust_env=False,
            timeout=httpx.Timeout(PATIENCE + 1, connect=1.0),
            limits=httpx.Limits(max_connections=600, max_keepalive_connections=200),
        )
        self._random = random.Random(7)
        self._created = int(time.time())
        self._copies: set[asyncio.Task[None]] = set()
        self.sent: list[Sent] = []

    async def close(self) -> None:
        """Wait for the deliveries still under way."""
        await self.settle()
        await self._client.aclose()

    async def settle(self) -> None:
        """Wait for the copies still under way."""
        while self._copies:
            await asyncio.wait(set(self._copies))

    async def user(self, name: str, messages: int, copies: int = 0, first: int = 0) -> None:
        """One user's messages, each after the answer to the one before; copies come later, in any order."""
        for number in range(first, first + messages):
            await self.say(name, number, copies)

    async def say(self, name: str, number: int, copies: int = 0) -> Sent:
        """Have one message delivered by WeChat's rule."""
        xml, sent = self._message(name, number)
        for _ in range(copies):
            self._later(sent, xml)
        for _ in range(DELIVERIES):
            started = time.monotonic()
            sent.deliveries.append(await self._deliver(xml))
            if sent.answered:
                break
            await asyncio.sleep(max(PATIENCE - (time.monotonic() - started), 0.0))
        return sent

    async def burst(self, name: str, messages: int, arrived: Callable[[str], Awaitable[bool]]) -> None:
        """Many messages at once: each as soon as the one before has arrived, and no answer waited for.

        Args:
            arrived: whether the message with this key is in the mailbox. Two requests on their way at the
                same time have no order that anybody could keep.
        """
        tasks = []
        for number in range(messages):
            tasks.append(asyncio.create_task(self.say(name, number)))
            while len(self.sent) <= number or not (
                self.sent[number].answered or await arrived(self.sent[number].key)
            ):
                await asyncio.sleep(0.002)
        await asyncio.gather(*tasks)

    def _message(self, name: str, number: int) -> tuple[str, Sent]:
        created, id = self._created + number, str(number)
        xml = wechat.message(user=name, created=created, MsgId=id, **says(number))
        sent = Sent(name, number, f"wechat|gh_1|{name}|{created}|{id}", time.time())
        self.sent.append(sent)
        if self._wrote is not None:
            self._wrote(name)
        return xml, sent

    def _later(self, sent: Sent, xml: str) -> None:
        async def copy(pause: float) -> None:
            await asyncio.sleep(pause)
            # Of a message that isn't there yet it would be the first delivery, and out of its turn.
            while not sent.deliveries:
                await asyncio.sleep(0.1)
            sent.copies.append(await self._deliver(xml))

        task = asyncio.create_task(copy(self._random.uniform(0.0, 4.0)))
        self._copies.add(task)
        task.add_done_callback(self._copies.discard)

    async def _deliver(self, xml: str) -> Delivery:
        request = wechat.callback(xml, self._account)
        started = time.monotonic()
        for port in self._random.sample(self._ports, len(self._ports)):
            try:
                answer = await asyncio.wait_for(self._post(port, request), PATIENCE)
            except httpx.ConnectError:
                continue
            except (httpx.TransportError, asyncio.TimeoutError):
                break
            text = None
            if answer.status_code == 200 and answer.content not in (b"", b"success"):
                text = wechat.opened(answer.content, self._account)["Content"]
            return Delivery(time.monotonic() - started, answer.status_code, text)
        return Delivery(time.monotonic() - started, 0, None)

    async def _post(self, port: int, request: wechat.Request) -> httpx.Response:
        return await self._client.post(
            f"http://127.0.0.1:{port}/wechat", params=request.params, content=request.body
        )
