"""The gateway, end to end but for the worker: real Redis, real encryption, answers as WeChat reads them."""

from __future__ import annotations

import asyncio
import contextlib
import time
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from structlog.testing import capture_logs

from bot.bus import events
from bot.bus.connection import Client
from bot.bus.heartbeat import beat
from bot.bus.ledger import Ledger
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.bus.outbox import Outbox
from bot.bus.tasks import end
from bot.channels.common.render import MORE
from bot.gateway import body, callback, conversation, create_app
from bot.gateway.conversation import APOLOGY
from bot.gateway.late import PICK_UP, Late, late
from bot.settings import Settings
from tests import wechat

Turn = Callable[[Inbound], Awaitable[Reply]]


def said(text: str) -> Reply:
    return Reply((Part(text),))


async def echo(inbound: Inbound) -> Reply:
    return said(f"收到：{inbound.text or inbound.tap or inbound.kind}")


UNVERIFIED = pytest.mark.parametrize("office", ["subscription"], indirect=True)


class Office:
    """Two gateways on one Redis, and a worker whose turn a test can set."""

    def __init__(self, settings: Settings, clients: list[httpx.AsyncClient], redis: Client) -> None:
        self.settings, self.clients, self.redis = settings, clients, redis
        self.turn: Turn = echo
        self.turns: Counter[str] = Counter()
        self._box = Mailbox(redis)

    async def work(self) -> None:
        while True:
            lease = await self._box.take(1)
            if lease is not None:
                self.turns[lease.inbound.key] += 1
                await self._box.done(lease, await self.turn(lease.inbound))

    def hold_turns(self, turn: Turn = echo) -> asyncio.Event:
        """No turn ends until the event is set."""
        go_on = asyncio.Event()

        async def held(inbound: Inbound) -> Reply:
            await go_on.wait()
            return await turn(inbound)

        self.turn = held
        return go_on

    async def close(self) -> None:
        await self._box.close()

    async def post(self, xml: str, gateway: int = 0) -> httpx.Response:
        """Deliver one callback."""
        request = wechat.callback(xml, self.settings.wechat)
        return await self.clients[gateway].post("/wechat", params=request.params, content=request.body)

    def text(self, answer: httpx.Response) -> str:
        """The text that the user sees."""
        assert answer.status_code == 200
        return wechat.opened(answer.content, self.settings.wechat)["Content"]

    async def hear(self, text: str, number: int) -> str:
        """Say something as a user; what is answered."""
        return self.text(await self.post(wechat.message(Content=text, MsgId=str(number))))


@contextlib.asynccontextmanager
async def gateway(settings: Settings, redis: Client | None) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, redis)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
    ):
        yield client


@pytest_asyncio.fixture
async def office(settings: Settings, redis: Client, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """A verified account, or the kind that the test is parametrized with."""
    account = getattr(request, "param", "service")
    settings = replace(settings, wechat=replace(settings.wechat, account=account))
    async with gateway(settings, None) as first, gateway(settings, None) as second:
        found = Office(settings, [first, second], redis)
        working = asyncio.create_task(found.work())
        yield found
        await end(working)
        await found.close()


async def test_a_message_is_answered(office: Office) -> None:
    answer = await office.post(wechat.message(Content="能申请吗"))
    fields = wechat.opened(answer.content, office.settings.wechat)
    assert fields["Content"] == "收到：能申请吗"
    assert (fields["ToUserName"], fields["FromUserName"]) == ("oAlice", "gh_1")


async def test_taps_and_events_reach_the_worker(office: Office) -> None:
    tap = wechat.message(Content="1", MsgId="2", bizmsgmenuid="topic:tasks")
    assert office.text(await office.post(tap)) == "收到：topic:tasks"
    follow = wechat.message("event", Event="subscribe")
    assert office.text(await office.post(follow)) == "收到：follow"


@pytest.mark.parametrize("event", ["VIEW", "TEMPLATESENDJOBFINISH"])
async def test_some_events_are_answered_with_success_and_no_turn(office: Office, event: str) -> None:
    with capture_logs() as logs:
        answer = await office.post(wechat.message("event", Event=event, EventKey="x"))
    assert answer.text == "success"
    assert not office.turns
    assert [(line["event"], line["result"]) for line in logs] == [("callback", "ignored")]


async def test_an_empty_reply_is_success(office: Office) -> None:
    async def silent(_: Inbound) -> Reply:
        return Reply()

    office.turn = silent
    assert (await office.post(wechat.message())).text == "success"


async def test_one_id_50_at_once_through_two_gateways_is_one_turn(office: Office) -> None:
    async def slow(inbound: Inbound) -> Reply:
        await asyncio.sleep(0.3)
        return await echo(inbound)

    office.turn = slow
    for number in range(4):
        xml = wechat.message(MsgId=str(number))
        answers = await asyncio.gather(*(office.post(xml, copy % 2) for copy in range(50)))
        assert {office.text(answer) for answer in answers} == {"收到：你好"}
    assert len(office.turns) == 4
    assert set(office.turns.values()) == {1}


async def test_a_redelivery_an_hour_later_gets_the_same_answer_and_no_turn(office: Office) -> None:
    first = await office.hear("问题", 1)
    assert [await office.hear("问题", 1) for _ in range(3)] == [first] * 3
    assert office.turns.total() == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeChat's patience, about a tenth of it."""
    monkeypatch.setattr(conversation, "ANSWER_SECONDS", 2.0)
    monkeypatch.setattr(conversation, "_REPLY_SECONDS", 0.4)
    monkeypatch.setattr(callback, "HOLD_SECONDS", 0.6)


@pytest.mark.usefixtures("impatient")
async def test_a_verified_account_says_success_and_pushes_the_late_reply_once(office: Office) -> None:
    go_on = office.hold_turns()
    answers = await asyncio.gather(*(office.post(wechat.message(), copy % 2) for copy in range(4)))
    assert {answer.content for answer in answers} == {b"success"}
    go_on.set()
    while not (waiting := await Outbox(office.redis).waiting("wechat:gh_1:oAlice")):
        await asyncio.sleep(0.01)
    assert [each.item.reply for each in waiting] == [said("收到：你好")]
    assert office.turns.total() == 1
    office.turn = echo
    # No sender has pushed it yet: so the next answer takes it along, and then it is out of the way.
    assert await office.hear("还有", 3) == "收到：你好\n\n收到：还有"
    assert await office.hear("好的", 4) == "收到：好的"


async def test_the_desk_hears_of_an_unfollow_and_nothing_may_be_sent(office: Office) -> None:
    await office.hear("你好", 1)
    person = "wechat:gh_1:oAlice"
    left = wechat.message("event", Event="unsubscribe", CreateTime=str(int(time.time())))
    answers = [await office.post(left, copy) for copy in range(2)]
    assert [answer.content for answer in answers] == [b"success"] * 2
    told = [events.decode(fields) for _, fields in await office.redis.xrange(events.stream_of(person))]
    assert {(event.id, event.kind, event.conversation) for event in told if event.kind == "unfollow"} == {
        (told[-1].id, "unfollow", person)
    }
    assert (await Ledger(office.redis).left(person)).count == 0


@UNVERIFIED
@pytest.mark.usefixtures("impatient")
async def test_a_late_reply_is_carried_back_by_the_retry(office: Office) -> None:
    go_on = office.hold_turns()
    started = time.monotonic()
    held = await office.post(wechat.message())
    assert held.content == b""
    assert time.monotonic() - started > 0.55
    go_on.set()
    assert office.text(await office.post(wechat.message(), gateway=1)) == "收到：你好"
    assert office.turns.total() == 1


@UNVERIFIED
@pytest.mark.usefixtures("impatient")
async def test_after_the_last_delivery_the_reply_is_fetched_with_the_next_message(office: Office) -> None:
    async def hard_one(inbound: Inbound) -> Reply:
        if inbound.text == "难题":
            return Reply((Part("难题的答案", (Option("human", "转人工"),)),))
        return await echo(inbound)

    go_on = office.hold_turns(hard_one)
    hard = wechat.message(Content="难题", MsgId="1")
    answers = [await office.post(hard, copy % 2) for copy in range(3)]
    assert [answer.content for answer in answers[:2]] == [b"", b""]
    assert office.text(answers[2]) == PICK_UP
    go_on.set()
    fetched = await office.hear("好", 2)
    assert fetched.startswith("难题的答案\n1. <a href=")
    assert fetched.endswith("\n\n收到：好")
    assert await office.hear("好", 2) == fetched
    assert await office.hear("还有", 3) == "收到：还有"


def test_lateness_is_held_until_the_last_delivery() -> None:
    decided = [late(delivery, can_push=False) for delivery in (1, 2, 3, 4)]
    assert decided == [Late.HOLD, Late.HOLD, Late.PICK_UP, Late.PICK_UP]
    assert {late(delivery, can_push=True) for delivery in (1, 2, 3, 4)} == {Late.PUSH}


async def test_a_long_reply_comes_piece_by_piece(office: Office) -> None:
    sentence = "这一句讲的是项目怎么申请、要准备什么。"

    async def long(inbound: Inbound) -> Reply:
        return said(sentence * 100) if inbound.text == "全文" else await echo(inbound)

    office.turn = long
    first = await office.hear("全文", 1)
    second = await office.hear("继续", 2)
    assert await office.hear("继续", 2) == second
    pieces = [first, second, await office.hear("更多", 3), await office.hear("继续", 4)]
    assert all(piece.endswith("\n" + MORE) for piece in pieces[:-1])
    assert "".join(piece.removesuffix("\n" + MORE) for piece in pieces) == sentence * 100
    assert await office.hear("继续", 5) == "收到：继续"


async def test_anything_else_drops_the_rest(office: Office) -> None:
    async def long(inbound: Inbound) -> Reply:
        return said("一句话。" * 400) if inbound.text == "全文" else await echo(inbound)

    office.turn = long
    await office.hear("全文", 1)
    assert await office.hear("别的", 2) == "收到：别的"
    assert await office.hear("继续", 3) == "收到：继续"


async def test_the_url_check(office: Office) -> None:
    params = wechat.plain_callback("", office.settings.wechat).params
    answer = await office.clients[0].get("/wechat", params={**params, "echostr": "583739752"})
    assert (answer.status_code, answer.text) == (200, "583739752")
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await office.clients[0].get("/wechat", params={"echostr": "1"})).status_code == 403


async def test_forged_stale_and_plain_callbacks_are_refused_with_one_line(office: Office) -> None:
    account = office.settings.wechat
    forged = wechat.callback(wechat.message(), account)
    forged.params["msg_signature"] = "0" * 40
    stale = wechat.callback(wechat.message(), account, now=time.time() - 360)
    for request in (forged, stale, wechat.plain_callback(wechat.message(), account)):
        with capture_logs() as logs:
            answer = await office.clients[0].post("/wechat", params=request.params, content=request.body)
        assert answer.status_code == 403
        assert [line["result"] for line in logs] == ["refused"]
    assert not office.turns


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("size", [body.LIMIT + 1, 10_000_000])
async def test_a_body_over_64_kib_is_refused_and_not_kept(office: Office, announced: bool, size: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 8192):
            yield b"x" * min(8192, size - start)

    headers = {"content-length": str(size)} if announced else {"transfer-encoding": "chunked"}
    tracemalloc.start()
    try:
        answer = await office.clients[0].post("/wechat", content=chunks(), headers=headers)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


async def test_a_body_that_never_ends_is_refused_in_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.001)
            yield b"x" * 8192

    monkeypatch.setattr(body, "_LINGER_SECONDS", 0.2)
    started = time.monotonic()
    answer = await office.clients[0].post("/wechat", content=endless())
    assert answer.status_code == 413
    assert time.monotonic() - started < 2


async def test_a_body_of_64_kib_is_read(office: Office) -> None:
    assert (await office.clients[0].post("/wechat", content=b"x" * body.LIMIT)).status_code == 403


async def test_a_dripping_body_is_cut_off() -> None:
    async def drip() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    request = HttpRequest({"type": "http", "method": "POST", "headers": []}, drip)
    started = time.monotonic()
    with pytest.raises(HTTPException) as refused:
        await body.read(request, seconds=0.3)
    assert refused.value.status_code == 408
    assert time.monotonic() - started < 0.6


async def test_the_log_says_nothing_of_what_was_said(office: Office) -> None:
    with capture_logs() as logs:
        await office.post(wechat.message(Content="我的电话13900000000", MsgId="77"))
    (line,) = logs
    assert (line["kind"], line["result"]) == ("text", "reply")
    assert line["ms"] > 0
    assert not any(word in str(line) for word in ("1390", "oAlice", "77|", "收到"))


async def test_a_reply_that_cannot_be_rendered_is_an_apology_not_a_500(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation.Conversation, "_said", None)
    with capture_logs() as logs:
        assert office.text(await office.post(wechat.message())) == APOLOGY
    assert [line["event"] for line in logs] == ["callback failed", "callback"]


async def test_health_and_readiness(office: Office) -> None:
    client = office.clients[0]
    assert (await client.get("/healthz")).text == "ok"
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "waiting_for": ["worker"]})
    await beat(office.redis, "worker:1")
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "waiting_for": []})


async def test_a_trailing_slash_is_not_redirected(office: Office) -> None:
    assert (await office.clients[0].post("/wechat/")).status_code == 404
