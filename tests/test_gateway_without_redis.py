"""The gateway when Redis refuses or hangs: everybody gets a sentence in time, and the loop goes on."""

from __future__ import annotations

import asyncio
import contextlib
import time

from bot.bus.connection import connect, disconnect
from bot.gateway.conversation import APOLOGY
from bot.settings import Settings
from tests.conftest import free_port
from tests.test_gateway import Office, gateway


async def apology_after(settings: Settings, redis_url: str) -> float:
    """Seconds until the apology when Redis is at that address."""
    redis = connect(redis_url)
    stalls: list[float] = []

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            stalls.append(time.monotonic() - before)

    watching = asyncio.create_task(watch())
    started = time.monotonic()
    async with gateway(settings, redis) as client:
        office = Office(settings, [client], redis)
        texts = await asyncio.gather(*(office.hear("你好", number) for number in range(100)))
        taken = time.monotonic() - started
        assert set(texts) == {APOLOGY}
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "waiting_for": ["redis"]})
    watching.cancel()
    await disconnect(redis)
    assert max(stalls) < 1.5  # a call that blocks would stall it for the 2 s of a command
    return taken


async def test_without_redis_everyone_gets_an_apology_at_once(settings: Settings) -> None:
    assert await apology_after(settings, f"redis://127.0.0.1:{free_port()}/0") < 4.5


async def test_with_a_hung_redis_everyone_gets_an_apology_in_time(settings: Settings) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while await reader.read(4096):
                pass
        writer.close()

    hole = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = hole.sockets[0].getsockname()[1]
    try:
        assert await apology_after(settings, f"redis://127.0.0.1:{port}/0") < 5.0
    finally:
        hole.close()
        await hole.wait_closed()
