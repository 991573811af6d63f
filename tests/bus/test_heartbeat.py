"""Who is alive, by role."""

from __future__ import annotations

from bot.bus.connection import Client
from bot.bus.heartbeat import alive, beat


async def test_a_role_is_alive_for_ten_seconds_after_a_beat(redis: Client) -> None:
    assert not await alive(redis, "worker")
    await beat(redis, "worker:one")
    assert await alive(redis, "worker")
    assert not await alive(redis, "sender")
    assert 9_000 < await redis.pttl("heartbeat:worker") <= 10_000
