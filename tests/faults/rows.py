"""The rows of the fault table, each a run of any size. ``python -m bench.faults`` prints their figures."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from bot.bus.mailbox import Mailbox
from bot.bus.tasks import end
from tests.conftest import free_port
from tests.faults.crowd import Crowd
from tests.faults.proxy import Proxy, proxy
from tests.faults.stage import Stage, client_of, stage
from tests.faults.verdict import Verdict, idle, judge
from tests.platform import Api, platform

AT_ONCE = 40
"""Users who write at the same time. Two workers serve so many well within WeChat's patience."""
IDLE_SECONDS = 90.0


class Theatre(msgspec.Struct):
    """All that a row needs: the processes, WeChat's API, and the proxies before Redis and before the API."""

    stage: Stage
    proxy: Proxy
    api: Api
    wire: Proxy

    @asynccontextmanager
    async def crowd(self) -> AsyncIterator[Crowd]:
        """Users of the account. WeChat notes when one writes: so much may be pushed to them."""
        crowd = Crowd(self.stage.settings.wechat, self.stage.gateway_ports, self.api.writer)
        try:
            yield crowd
        finally:
            await crowd.close()

    async def verdict(self, crowd: Crowd) -> Verdict:
        """Judge once all work is done, or after 90 s."""
        await crowd.settle()
        async with client_of(self.stage) as redis:
            until = time.monotonic() + IDLE_SECONDS
            while not await idle(redis) and time.monotonic() < until:
                await asyncio.sleep(0.2)
            return await judge(redis, crowd.sent)


@asynccontextmanager
async def theatre(folder: Path, workers: int = 2, gateways: int = 2) -> AsyncIterator[Theatre]:
    """Everything started, with Redis and the API each behind a proxy."""
    from bot import settings as settings_module

    account = settings_module.load({"VAR_DIR": str(folder)}).wechat
    ids = {
        "WECHAT_APP_ID": account.app_id,
        "WECHAT_APP_SECRET": account.app_secret,
        "WECHAT_TOKEN": account.token,
        "WECHAT_AES_KEY": account.aes_key,
    }
    server = free_port()
    with platform(settings_module.load({"VAR_DIR": str(folder)})) as api:
        async with proxy(server) as between, proxy(int(api.url.rpartition(":")[2])) as wire:
            environ = {**ids, "WECHAT_API_URL": f"http://127.0.0.1:{wire.port}"}
            async with stage(folder, workers, gateways, between.port, server, **environ) as found:
                yield Theatre(found, between, api, wire)


async def write(crowd: Crowd, users: int, messages: int, copies: int, name: str) -> None:
    """So many users write so many messages each, `AT_ONCE` at a time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with room:
            await crowd.user(f"{name}{number}", messages, copies)

    await asyncio.gather(*(one(number) for number in range(users)))


async def redelivered(on: Theatre, users: int, messages: int) -> Verdict:
    """Row 1: each message delivered three more times, shuffled."""
    async with on.crowd() as crowd:
        await write(crowd, users, messages, 3, "again")
        return await on.verdict(crowd)


async def burst(on: Theatre, messages: int = 20, name: str = "burst") -> Verdict:
    """Row 4: one user writes many messages at once."""
    async with on.crowd() as crowd, client_of(on.stage) as redis:
        box = Mailbox(redis)

        async def arrived(key: str) -> bool:
            return await box.deliveries(key) > 0

        await crowd.burst(name, messages, arrived)
        return await on.verdict(crowd)


async def killed(on: Theatre, users: int, messages: int, kills: int) -> Verdict:
    """Row 2: workers, gateways and the sender are killed at random moments, and started again."""
    async with on.crowd() as crowd:
        work = asyncio.create_task(write(crowd, users, messages, 3, "killed"))
        done = await _kill(on.stage, kills, work)
        if done < kills:
            print(f"only {done} of {kills} kills: the work was done before")
        await work
        return await on.verdict(crowd)


async def _kill(found: Stage, kills: int, work: asyncio.Task[None]) -> int:
    """Kill one after the other; a worker only while another one is ready. Returns how many."""
    dice = random.Random(3)
    victims = [*found.workers, *found.gateways, found.sender]
    for number in range(kills):
        await asyncio.sleep(dice.uniform(0.3, 2.0))
        if work.done():
            return number
        victim = victims[number % len(victims)]
        starts = victim.log.read_text().count('"event": "ready"')
        victim.kill()
        if victim in found.workers:
            await found.said_ready(victim, starts + 1)
    return kills


async def redis_killed(on: Theatre, users: int, messages: int) -> Verdict:
    """Row 3a: Redis is killed under load and started again."""

    async def trouble() -> None:
        await asyncio.sleep(1.0)
        on.stage.redis.kill()
        await asyncio.sleep(1.0)
        await on.stage.redis_up()

    return await _under_load(on, users, messages, "dead", trouble())


async def redis_hung(on: Theatre, users: int, messages: int, seconds: float) -> Verdict:
    """Row 3b: Redis answers nothing for a while, then all that was on its way arrives."""

    async def trouble() -> None:
        await asyncio.sleep(1.0)
        on.proxy.mode = "hole"
        await asyncio.sleep(seconds)
        on.proxy.mode = "pass"

    return await _under_load(on, users, messages, "hung", trouble())


async def _under_load(
    on: Theatre, users: int, messages: int, name: str, trouble: Coroutine[Any, Any, None]
) -> Verdict:
    async with on.crowd() as crowd:
        making = asyncio.create_task(trouble)
        try:
            await write(crowd, users, messages, 0, name)
            await making
        finally:
            if not making.done():
                await end(making)
        return await on.verdict(crowd)
