"""The sender as a program: killed, stopped, taken over from, and with Redis away."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from redis.exceptions import RedisError

from bot import redis_server
from bot import settings as settings_module
from bot.bus import heartbeat
from bot.bus.connection import Client, connect, disconnect
from bot.bus.outbox import Outbox
from bot.settings import ROOT, Settings
from tests.conftest import free_port
from tests.platform import Api, platform
from tests.sender.senders import ended, lane, queue


@contextmanager
def embedded(settings: Settings) -> Iterator[None]:
    """The embedded server with its data under ``var/``; at the end it is killed."""
    with subprocess.Popen(redis_server.command(settings), stdout=subprocess.DEVNULL) as server:
        try:
            yield
        finally:
            server.kill()


async def up(redis: Client) -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            await redis.ping()
        except RedisError:
            await asyncio.sleep(0.05)
        else:
            return


async def test_it_goes_on_after_redis_was_away(tmp_path: Path) -> None:
    environ = {"VAR_DIR": str(tmp_path / "var"), "REDIS_PORT": str(free_port())}
    settings = settings_module.load(environ, root=tmp_path)
    redis = connect(settings.redis_url)
    outbox = Outbox(redis)
    with platform(settings) as api:
        user = api.user()
        first = embedded(settings)
        first.__enter__()
        await up(redis)
        async with lane(settings.redis_url, api.settings):
            await queue(outbox, user, "先")
            await ended(outbox, "u1/先", "sent")
            # A message is on its way when Redis goes: what comes of it is written down afterwards.
            api.trouble(delay=1.5)
            await queue(outbox, user, "一", "二")
            await ended(outbox, "u1/一", "sending")
            first.__exit__(None, None, None)
            await asyncio.sleep(3.0)
            with embedded(settings):
                await up(redis)
                await ended(outbox, "u1/二", "sent", timeout=15)
                await ended(outbox, "u1/一", "sent")
        assert api.got() == ["先", "一", "二"]
    await disconnect(redis)


@asynccontextmanager
async def process(api: Api, redis_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The sender as a program of its own."""
    own = api.settings
    environ = {
        **os.environ,
        "VAR_DIR": str(own.var),
        "REDIS_URL": redis_url,
        "WECHAT_API_URL": api.url,
        "PYTHONPATH": str(ROOT),
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "bot.sender", cwd=own.var, env=environ,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def test_killed_while_sending_it_is_unknown_and_nothing_is_doubled_or_lost(
    outbox: Outbox, redis: Client, redis_url: str, api: Api
) -> None:
    users = [api.user(name) for name in ("u1", "u2")]
    async with process(api, redis_url) as first:
        await queue(outbox, users[0], "先")
        await ended(outbox, "u1/先", "sent")
        api.trouble(delay=3.0, times=2)
        for user in users:
            await queue(outbox, user, "一", "二")
        for user in users:
            await ended(outbox, f"{user.id}/一", "sending")
        await asyncio.sleep(0.5)
        first.kill()
    killed = time.monotonic()
    async with process(api, redis_url):
        for user in users:
            await ended(outbox, f"{user.id}/一", "unknown", timeout=11)
            await ended(outbox, f"{user.id}/二", "sent", timeout=11)
    assert time.monotonic() - killed < 11
    assert sorted(api.got("u1")) == ["一", "二", "先"]
    assert sorted(api.got("u2")) == ["一", "二"]


async def test_a_second_sender_takes_over_within_10_seconds(
    outbox: Outbox, redis: Client, redis_url: str, api: Api
) -> None:
    user = api.user()
    async with process(api, redis_url) as first:
        await queue(outbox, user, "先")
        await ended(outbox, "u1/先", "sent")
        holder = await redis.get("account:{wechat}:holder")
        async with process(api, redis_url):
            await asyncio.sleep(2.0)
            assert await redis.get("account:{wechat}:holder") == holder
            first.kill()
            killed = time.monotonic()
            await queue(outbox, user, "一")
            await ended(outbox, "u1/一", "sent")
            assert time.monotonic() - killed < 10
            assert await redis.get("account:{wechat}:holder") != holder
    assert api.got() == ["先", "一"]


async def test_told_to_stop_it_finishes_what_is_on_its_way(
    outbox: Outbox, redis: Client, redis_url: str, api: Api
) -> None:
    user = api.user()
    async with process(api, redis_url) as program:
        await queue(outbox, user, "先")
        await ended(outbox, "u1/先", "sent")
        assert await heartbeat.alive(redis, "sender")
        api.trouble(delay=2.0)
        await queue(outbox, user, "一")
        await ended(outbox, "u1/一", "sending")
        program.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(program.wait(), 8) == 0
    assert (await ended(outbox, "u1/一", "sent")).state == "sent"
    # It left, so another needn't wait.
    assert not await redis.exists("account:{wechat}:holder")
