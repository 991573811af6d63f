"""``python -m bench.kf``: WeChat customer service under load, with pullers killed; prints what came of it.

5,000 messages of 200 customers; signals doubled, lost and out of order; the puller dropped 10 times wherever
it just was; WeCom's agents take sessions and end them; a sender answers everything.
"""

from __future__ import annotations

import asyncio
import tempfile
from functools import partial
from pathlib import Path

import msgspec

from bot import settings as settings_module
from bot.bus.connection import connect, disconnect
from tests.conftest import redis_server
from tests.sender.flood import Figures, Flood
from tests.work import corp, lane, running

PEOPLE, MESSAGES, KILLS = 200, 5_000, 10


async def _run(folder: Path, redis_url: str) -> Figures:
    environ = {"VAR_DIR": str(folder / "var"), "REDIS_URL": redis_url}
    with corp(settings_module.load(environ, root=folder)) as office:
        office.service.empty_pages = 3
        redis = connect(redis_url)
        async with running(redis_url, partial(lane, office, "kf")):
            figures = await Flood(office, redis, redis_url, PEOPLE, MESSAGES).run(KILLS, 900, agents=True)
        await disconnect(redis)
    return figures


def main() -> None:
    """Run it on a server of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with redis_server(folder) as server:
            figures = asyncio.run(_run(folder, f"redis://127.0.0.1:{server.port}/0"))
    for field, value in msgspec.structs.asdict(figures).items():
        print(f"{field:12}{value}")


if __name__ == "__main__":
    main()
