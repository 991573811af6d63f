"""Which kinds of process are alive: ``heartbeat:<role>`` holds the name of the last that said so.

The key runs out by itself, so nobody has to notice a death.
"""

from __future__ import annotations

from bot.bus.connection import Client, bus_errors

BEAT_SECONDS = 3.0
"""How often a process should beat."""
ALIVE_SECONDS = 10


async def beat(redis: Client, name: str) -> None:
    """Say that the process ``<role>`` or ``<role>:<anything>`` is alive. Raises `BusError`."""
    with bus_errors():
        await redis.set(f"heartbeat:{name.partition(':')[0]}", name, ex=ALIVE_SECONDS)


async def alive(redis: Client, role: str) -> bool:
    """Whether any process of the role beat in the last 10 s. Raises `BusError`."""
    with bus_errors():
        return bool(await redis.exists(f"heartbeat:{role}"))
