"""The sender with a real Redis server and WeChat's API on loopback: each message once and in order."""

from __future__ import annotations

import asyncio

import pytest

from bot.bus.connection import Client
from bot.bus.outbox import Outbox
from bot.settings import Settings
from tests.conftest import free_port
from tests.platform import FETCH, Api, platform, proxy, with_api
from tests.sender.senders import ended, lane, queue, story


@pytest.mark.usefixtures("sender")
async def test_everybody_gets_everything_once_and_in_order(outbox: Outbox, api: Api, redis: Client) -> None:
    users = [api.user(name) for name in ("u1", "u2", "u3")]
    texts = [f"第{number}条" for number in range(5)]
    await asyncio.gather(*[queue(outbox, user, *texts) for user in users for _ in range(2)])
    for user in users:
        await ended(outbox, f"{user.id}/第4条", "sent")
        assert api.got(user.id) == texts
        assert await story(redis, user, f"{user.id}/第4条") == ["queued", "sending", "sent"]
    assert api.calls(FETCH) == 1


@pytest.mark.usefixtures("sender")
async def test_no_answer_in_time_is_unknown_and_never_sent_again_by_itself(outbox: Outbox, api: Api) -> None:
    user = api.user()
    api.trouble(delay=2.0)
    await queue(outbox, user, "一", "二")
    status = await ended(outbox, "u1/一", "unknown")
    assert "不知道" in status.reason
    await ended(outbox, "u1/二", "sent")
    await asyncio.sleep(2.0)
    assert sorted(api.got()) == ["一", "二"]
    assert await outbox.retry("u1/一")
    await ended(outbox, "u1/一", "sent")
    assert api.got().count("一") == 2


async def test_an_api_that_is_away_is_waited_for(
    outbox: Outbox, redis: Client, redis_url: str, settings: Settings
) -> None:
    port = free_port()
    async with lane(redis_url, with_api(settings, f"http://127.0.0.1:{port}")):
        with platform(settings) as first:
            user = first.user()
            await queue(outbox, user, "一", "二")
        await asyncio.sleep(1.5)
        status = await ended(outbox, "u1/一", "queued")
        assert "连不上" in status.reason
        with platform(settings, port) as api:
            api.world.users["u1"].openid = user.openid
            api.user()
            await ended(outbox, "u1/二", "sent", timeout=15)
            assert api.got() == ["一", "二"]
            assert await story(redis, user, "u1/一") == ["queued", "queued", "sending", "sent"]


async def test_a_connection_that_is_reset_before_the_request_sends_once(
    outbox: Outbox, redis_url: str, api: Api
) -> None:
    """Whether the request was out when the reset came is for the kernel to say. Either way: not twice."""
    users = [api.user(name) for name in ("u1", "u2", "u3")]
    async with proxy(api.url) as (between, url), lane(redis_url, api.behind(url)):
        await queue(outbox, users[0], "先")
        await ended(outbox, "u1/先", "sent")
        between.mode = "reset"
        for user in users:
            await queue(outbox, user, "一", "二", "三")
        await asyncio.sleep(1.0)
        assert between.connections > 4
        between.mode = "pass"
        for user in users:
            for text in ("一", "二", "三"):
                status = await ended(outbox, f"{user.id}/{text}", "sent", "unknown", timeout=20)
                # The proxy passed nothing on, so what nobody knows of wasn't sent.
                assert api.got(user.id).count(text) == (1 if status.state == "sent" else 0)
    for user in users:
        assert [text for text in "一二三" if text in api.got(user.id)] == [
            t for t in api.got(user.id) if t != "先"
        ]


async def test_an_answer_that_is_cut_off_is_unknown(outbox: Outbox, redis_url: str, api: Api) -> None:
    user = api.user()
    async with proxy(api.url) as (between, url), lane(redis_url, api.behind(url)):
        await queue(outbox, user, "先")
        await ended(outbox, "u1/先", "sent")
        between.mode = "swallow"
        await queue(outbox, user, "一")
        await ended(outbox, "u1/一", "unknown")
        between.mode = "pass"
        await queue(outbox, user, "二")
        await ended(outbox, "u1/二", "sent")
    assert api.got() == ["先", "一", "二"]
