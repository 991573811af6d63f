"""The fault table at full length: ``python -m bench.faults [ROW ...] [--scale S]`` prints a line a row.

Rows: ``again`` (1), ``killed`` (2), ``redis`` (3), ``burst`` (4), ``api`` (9); all of them by default. Real
processes on loopback: two workers with the trained model, two gateways, a sender, the embedded Redis behind a
TCP proxy, and a stand-in for WeChat's API. The exit code is 1 when a row isn't what it must be.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench import command
from bot import settings
from bot.dialogue import train
from tests.faults import api, rows
from tests.faults.rows import Theatre
from tests.faults.verdict import Verdict

RECOVERY_SECONDS = 10.0
PATIENCE_SECONDS = 5.0


def _said(row: str, verdict: Verdict, started: float, good: bool) -> bool:
    mark = "ok" if good else "NOT AS IT MUST BE"
    print(f"{row}: {verdict.line()}; took {time.monotonic() - started:.0f} s: {mark}", flush=True)
    for name in ("lost", "doubled", "disordered"):
        if found := getattr(verdict, name):
            print(f"  {name}: {', '.join(found[:5])}", flush=True)
    return good


async def again(on: Theatre, scale: float) -> bool:
    """Row 1: 10,000 callbacks from 500 users, each delivered three more times, shuffled."""
    started, users = time.monotonic(), max(round(500 * scale), 1)
    found = await rows.redelivered(on, users, 20)
    good = found.clean and found.turns == found.messages and not found.failed
    return _said("1 redelivered", found, started, good)


async def killed(on: Theatre, scale: float) -> bool:
    """Row 2: the same while processes are killed 20 times."""
    started, users = time.monotonic(), max(round(500 * scale), 1)
    found = await rows.killed(on, users, 20, max(round(20 * scale), 3))
    good = found.clean and found.slowest_turn <= RECOVERY_SECONDS
    return _said("2 killed", found, started, good)


async def redis(on: Theatre, scale: float) -> bool:
    """Row 3: Redis killed and started again under load; black-holed for 10 s."""
    started, users = time.monotonic(), max(round(100 * scale), 1)
    dead = await rows.redis_killed(on, users, 10)
    first = _said("3 Redis killed", dead, started, dead.clean and dead.slowest_answer < PATIENCE_SECONDS)
    started = time.monotonic()
    hung = await rows.redis_hung(on, users, 10, 10.0)
    return (
        _said("3 Redis hung", hung, started, hung.clean and hung.slowest_answer < PATIENCE_SECONDS) and first
    )


async def burst(on: Theatre, scale: float) -> bool:
    """Row 4: 20 messages from one user at once."""
    good = True
    for number in range(max(round(10 * scale), 1)):
        started = time.monotonic()
        found = await rows.burst(on, 20, f"burst{number}")
        good &= _said("4 burst", found, started, found.clean and found.turns == found.messages)
    return good


async def wechat_api(on: Theatre, scale: float) -> bool:
    """Row 9: WeChat's API slow, resetting, refusing; each message sent once or held with its reason."""
    good = True
    for case in await api.cases(on.stage, on.api, on.wire, max(round(20 * scale), 2)):
        good &= case.good
        print(f"9 {case.line()}: {'ok' if case.good else 'NOT AS IT MUST BE'}", flush=True)
    return good


ROWS: dict[str, Callable[[Theatre, float], Awaitable[bool]]] = {
    "again": again,
    "burst": burst,
    "redis": redis,
    "api": wechat_api,
    "killed": killed,
}


async def run(names: list[str], scale: float) -> bool:
    """Run rows, each on processes of its own."""
    train.ensure(settings.load())
    good = True
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            async with rows.theatre(Path(folder)) as on:
                good &= await ROWS[name](on, scale)
    return good


def main() -> int:
    """Parse the command line and run."""
    arguments = command.read(
        __doc__, list(ROWS), "--scale", type=float, default=1.0, help="0.1: a tenth of the messages and kills"
    )
    train.quiet_environment()
    return 0 if asyncio.run(run(arguments.rows, arguments.scale)) else 1


if __name__ == "__main__":
    sys.exit(main())
