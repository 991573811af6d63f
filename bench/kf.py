"""``python -m bench.kf [agents]``: WeChat customer service under load, with pullers killed.

5,000 messages of 200 customers; signals doubled, lost and out of order; the sender's process, which fetches
and sends, killed 10 times (SIGKILL); WeCom's agents (1, or as many as said) take sessions and end them
meanwhile, each one every 2 s or so. Prints what came of it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

import msgspec

from bot import settings as settings_module
from bot.bus.connection import connect, disconnect
from bot.settings import ROOT
from tests.conftest import redis_server
from tests.sender.flood import Figures, Flood
from tests.work import corp

PEOPLE, MESSAGES, KILLS = 200, 5_000, 10
PAUSE = 0.6
"""Seconds between 20 messages: they come for 2.5 min, while senders die."""


async def _run(folder: Path, redis_url: str, agents: int) -> Figures:
    environ = {"VAR_DIR": str(folder / "var"), "REDIS_URL": redis_url}
    with corp(settings_module.load(environ, root=folder)) as office:
        office.service.empty_pages = 3
        redis = connect(redis_url)
        spawn = partial(_sender, {**environ, "WECOM_API_URL": f"{office.url}/qyapi"})
        flood = Flood(office, redis, redis_url, PEOPLE, MESSAGES, spawn, PAUSE)
        figures = await flood.run(KILLS, 900, agents)
        await disconnect(redis)
    return figures


async def _sender(environ: dict[str, str]) -> asyncio.subprocess.Process:
    """The sender as it runs in an installation."""
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sender"),
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=quiet,
        stderr=quiet,
    )


def main(agents: int = 1) -> None:
    """Run it on a server of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with redis_server(folder) as server:
            figures = asyncio.run(_run(folder, f"redis://127.0.0.1:{server.port}/0", agents))
    for field, value in msgspec.structs.asdict(figures).items():
        print(f"{field:20}{value}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
