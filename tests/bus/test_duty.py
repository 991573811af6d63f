"""The notice of the help desk: what was put up is read, runs out, and is never guessed."""

from __future__ import annotations

from bot.bus import duty
from bot.bus.connection import Client
from bot.bus.duty import Duty


async def test_what_was_put_up_is_read_and_runs_out(redis: Client) -> None:
    notice = Duty(open=True, hours="周一至周五 09:00–12:00", opening="今天 09:00", waiting=3)
    assert await duty.get(redis) is None
    await duty.put(redis, notice)
    assert await duty.get(redis) == notice
    assert 0 < await redis.ttl(duty.KEY) <= duty.SECONDS


async def test_one_of_another_version_is_as_good_as_none(redis: Client) -> None:
    await redis.set(duty.KEY, b'{"open": "perhaps"}')
    assert await duty.get(redis) is None
