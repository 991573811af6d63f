"""WeChat's API through the safe client: tokens fetched once, nothing sent twice, errors as they are."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from bot.bus.connection import Client as Redis
from bot.bus.connection import connect, disconnect
from bot.bus.messages import Option, Part, Reply
from bot.bus.tokens import Tokens
from bot.channels.common.split import size
from bot.channels.wechat import errcodes
from bot.channels.wechat.client import Client
from bot.channels.wechat.push import Push
from bot.errors import BusError, NoAnswerError, PlatformError, UnreachableError
from bot.settings import Settings
from tests.conftest import free_port
from tests.platform import FETCH, SEND, Api, platform, proxy

Make = Callable[..., Client]


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    with platform(settings) as made:
        yield made


@pytest_asyncio.fixture
async def make(redis: Redis, redis_url: str, api: Api) -> AsyncIterator[Make]:
    """Makes clients, each with Redis connections of its own as another process would have."""
    clients: list[Client] = []
    others: list[Redis] = []

    def new(url: str = api.url, secret: str = "", **seconds: float) -> Client:
        other = connect(redis_url)
        others.append(other)
        wechat = api.settings.wechat
        tokens = Tokens(other, f"wechat:{wechat.app_id}")
        clients.append(Client(wechat.app_id, secret or wechat.app_secret, url, tokens, **seconds))
        return clients[-1]

    yield new
    for client in clients:
        await client.close()
    for other in others:
        await disconnect(other)


async def outcomes(*calls: Awaitable[None]) -> list[Any]:
    return [
        error.code if isinstance(error, PlatformError) else error
        for error in await asyncio.gather(*calls, return_exceptions=True)
    ]


def spread(api: Api, count: int) -> list[str]:
    """Open ids of users who may each get 5 messages, so that quotas don't matter."""
    while len(api.world.users) < count:
        api.world.add_user()
    return [api.user(name).openid for name in list(api.world.users)[:count]]


async def test_20_sends_at_once_in_two_processes_fetch_one_token(make: Make, api: Api) -> None:
    users = spread(api, 20)
    clients = (make(), make())
    sends = [clients[number % 2].send_text(user, f"第{number}条") for number, user in enumerate(users)]
    assert await outcomes(*sends) == [None] * 20
    assert api.calls(FETCH) == 1
    assert [api.got(f"u{number + 1}") for number in range(20)] == [[f"第{number}条"] for number in range(20)]


async def test_a_token_that_stays_refused_is_fetched_twice_at_most(make: Make, api: Api) -> None:
    users = spread(api, 20)
    clients = (make(), make())
    api.trouble(errcode=40001, times=10_000)
    for _ in range(3):
        sends = [clients[number % 2].send_text(user, "您好") for number, user in enumerate(users)]
        assert await outcomes(*sends) == [40001] * 20
    assert api.calls(FETCH) == 2
    assert all(api.got(f"u{number + 1}") == [] for number in range(20))


@pytest.mark.parametrize("code", sorted(errcodes.STALE_TOKEN))
async def test_a_token_refused_once_is_replaced_once_and_the_message_sent_once(
    make: Make, api: Api, code: int
) -> None:
    client = make()
    await client.ready()
    api.trouble(errcode=code)
    await client.send_text(api.user().openid, "您好")
    assert (api.calls(FETCH), api.got()) == (2, ["您好"])


async def test_an_expired_token_is_refreshed_exactly_once(make: Make, api: Api) -> None:
    users = spread(api, 20)
    clients = (make(), make())
    await clients[0].ready()
    api.expire()
    sends = [clients[number % 2].send_text(user, "您好") for number, user in enumerate(users)]
    assert await outcomes(*sends) == [None] * 20
    assert api.calls(FETCH) == 2
    assert all(api.got(f"u{number + 1}") == ["您好"] for number in range(20))


async def test_a_wrong_secret_is_tried_once_however_many_want_to_send(make: Make, api: Api) -> None:
    client = make(secret="0" * 32)
    assert await outcomes(*[client.send_text("o1", "您好") for _ in range(20)]) == [40001] * 20
    assert api.calls(FETCH) == 1


async def test_a_token_is_replaced_before_its_end(make: Make, api: Api, redis: Redis) -> None:
    client = make()
    await client.ready()
    key = f"token:{{wechat:{api.settings.wechat.app_id}}}:state"
    await redis.hset(key, "until", int((time.time() + 150) * 1000))
    await client.ready()
    assert await redis.hget(key, "version") == b"2"
    assert api.calls(FETCH) == 2


async def test_who_fetches_and_dies_does_not_stop_the_others(make: Make, api: Api, redis_url: str) -> None:
    other = connect(redis_url)
    dead = Tokens(other, f"wechat:{api.settings.wechat.app_id}", lock=0.5)
    found, _, fence = await dead.claim(0)
    assert found == "fetch"
    started = time.monotonic()
    alive = Tokens(other, f"wechat:{api.settings.wechat.app_id}", lock=0.5)
    while (answer := await alive.claim(0))[0] == "wait":
        await asyncio.sleep(0.02)
    assert answer[0] == "fetch"
    assert 0.3 < time.monotonic() - started < 1.5
    assert await alive.store(answer[2], "new", 7200, 0, 0) == 1
    # It wasn't dead but slow: what it brings is older, and must not replace the other's.
    assert await dead.store(fence, "old", 7200, 0, 0) == 0
    assert await dead.claim(0) == ("token", "new", 1)
    await disconnect(other)


async def test_no_answer_in_time_is_not_a_failure_and_not_repeated(make: Make, api: Api) -> None:
    client = make(read=0.5)
    await client.ready()
    api.trouble(delay=1.0)
    with pytest.raises(NoAnswerError):
        await client.send_text(api.user().openid, "您好")
    await asyncio.sleep(1.5)
    assert api.got() == ["您好"]


async def test_an_answer_that_is_cut_off_is_no_answer(make: Make, api: Api) -> None:
    await make().ready()
    async with proxy(api.url) as (between, url):
        between.mode = "swallow"
        with pytest.raises(NoAnswerError):
            await make(url).send_text(api.user().openid, "您好")
    assert api.got() == ["您好"]


async def test_no_connection_means_nothing_was_sent(make: Make, api: Api) -> None:
    await make().ready()
    with pytest.raises(UnreachableError):
        await make(f"http://127.0.0.1:{free_port()}").send_text(api.user().openid, "您好")


async def test_a_request_cut_off_while_it_is_written_was_not_sent(make: Make, api: Api) -> None:
    """It is larger than what the kernels between take in, so the reset comes before its last byte."""
    await make().ready()
    async with proxy(api.url) as (between, url):
        between.mode = "reset"
        for _ in range(5):
            with pytest.raises(UnreachableError):
                await make(url).send_text(api.user().openid, "长" * 10_000_000)
        assert between.connections == 5


async def test_a_server_that_never_answers_a_connection_costs_the_time_out(make: Make, api: Api) -> None:
    await make().ready()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        client = make(f"http://127.0.0.1:{deaf.getsockname()[1]}", connect=0.5, read=0.5)
        started = time.monotonic()
        with pytest.raises(NoAnswerError):
            await client.send_text("o1", "您好")
        assert time.monotonic() - started < 2.5


async def test_while_a_call_hangs_the_event_loop_runs(make: Make, api: Api) -> None:
    client = make(read=1.0)
    await client.ready()
    api.trouble(delay=2.0)
    sending = asyncio.create_task(outcomes(client.send_text(api.user().openid, "您好")))
    longest, last = 0.0, time.monotonic()
    while not sending.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert longest < 0.3
    assert isinstance(sending.result()[0], NoAnswerError)


async def test_no_error_tells_the_token_or_the_secret(make: Make, api: Api) -> None:
    client = make(read=0.3)
    await client.ready()
    api.trouble(delay=0.6)
    token = api.world.records[-1]
    assert token.title == "stable_token"
    with pytest.raises(NoAnswerError) as caught:
        await client.send_text(api.user().openid, "您好")
    chain: list[BaseException] = [caught.value]
    while (cause := chain[-1].__cause__) is not None:
        chain.append(cause)
    assert len(chain) == 1
    assert caught.value.__suppress_context__
    assert "access_token" not in str(caught.value)


async def test_redis_away_means_nothing_was_sent(api: Api) -> None:
    nowhere = connect(f"redis://127.0.0.1:{free_port()}/0")
    wechat = api.settings.wechat
    client = Client(wechat.app_id, wechat.app_secret, api.url, Tokens(nowhere, "wechat:x"))
    with pytest.raises(BusError):
        await client.send_text(api.user().openid, "您好")
    assert api.calls(SEND) == api.calls(FETCH) == 0
    await client.close()
    await disconnect(nowhere)


async def test_any_call_of_wechatpy_can_be_made(make: Make, api: Api) -> None:
    button = {"type": "click", "name": "看条件", "key": "topic:conditions"}
    await make().call(lambda wechat: wechat.menu.create({"button": [button]}))
    assert api.world.menu == [button]


async def test_a_pushed_reply_never_asks_to_call_for_more(make: Make, api: Api) -> None:
    push = Push(make(), can_push=True)
    reply = Reply((Part("这一条很长。" * 300, (Option("topic:conditions", "看条件"),)),))
    messages = push.messages(reply)
    assert len(messages) > 2
    for message in messages:
        await push.send(api.user().openid, message)
    said = "".join(api.got())
    assert said.count("这一条很长。") == 300
    assert "未完" not in said
    assert "看条件" in said


def test_a_message_too_long_is_cut_with_nothing_lost() -> None:
    push = Push(None, can_push=True)  # type: ignore[arg-type]
    text = "第一句话。第二句话在这里。" * 20
    pieces = [piece["text"] for piece in push.split({"text": text})]
    assert len(pieces) > 1
    assert "".join(pieces) == text
    assert all(size(piece) < size(text) * 0.6 for piece in pieces)
    assert push.split({"text": "短"}) == ()


def test_every_code_of_the_notes_has_an_action_and_a_reason() -> None:
    stop, fail = (40001, 40014, 42001, 40164, 45009, 45011), (45015, 43004, 40003)
    expected = {-1: "retry", 45002: "split", 45047: "drained", 48001: "mute"}
    expected |= dict.fromkeys(stop, "stop") | dict.fromkeys(fail, "fail")
    assert {code: errcodes.judge(code, "").action for code in expected} == expected
    for code, refusal in errcodes.REFUSALS.items():
        assert refusal.reason.endswith("。")
        assert refusal.reason == errcodes.judge(code, "").reason
        assert (refusal.seconds > 0) == (refusal.action in ("stop", "mute"))
    assert errcodes.REFUSALS[40164].alert
    assert "99999" in errcodes.judge(99999, "who knows").reason
    assert "who knows" in errcodes.judge(99999, "who knows").reason
