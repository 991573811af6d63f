"""How it goes under load: ``python -m bench.load [ROW ...] [--turns N]`` prints a line a row.

Rows: ``long`` (5: turn time at turn 10, 100 and 1,000 of one conversation), ``full`` (7: acknowledged in time
while the worker has more than it can do), ``workers`` (8: two workers against one), ``memory`` (10: each
process after a tenth of the turns and after all). Real processes on loopback, messages signed and encrypted.
The exit code is 1 when a row isn't what it must be; speed means little on a machine that does other things.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench import command
from bot import settings
from bot.bus import figures
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound
from bot.dialogue import train
from tests.faults import rows
from tests.faults.crowd import QUESTIONS, TAPS, Crowd
from tests.faults.stage import Process, Stage, client_of, cpu_seconds, stage
from tests.faults.verdict import idle

CYCLE = len(TAPS) + len(QUESTIONS)
FLAT, WORKERS, MEMORY = 1.2, 1.7, 1.10
IN_TIME = 4.5


def _print(row: str, figures: str, good: bool) -> bool:
    print(f"{row}: {figures}: {'ok' if good else 'NOT AS IT MUST BE'}", flush=True)
    return good


async def long(turns: int) -> bool:
    """Row 5: the same screening and questions again and again; each window holds each of them once."""
    turns = turns or 1_000
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), workers=1, gateways=1) as found:
            crowd = Crowd(found.settings.wechat, found.gateway_ports)
            await crowd.user("warm", CYCLE)
            used = [cpu_seconds(found.workers[0].pid)]
            for number in range(0, turns, 2 * CYCLE):
                await crowd.user("long", 2 * CYCLE, first=number)
                used.append(cpu_seconds(found.workers[0].pid))
            await crowd.close()
            taken = _turn_times(found.workers[0])[CYCLE:]
    at = {place: _around(taken, place) for place in (10, 100, turns)}
    ratio = at[turns] / at[10]
    figures = ", ".join(f"turn {place}: {ms:.1f} ms" for place, ms in at.items())
    # Processor time doesn't care what else the machine does.
    cpu = (used[-1] - used[-2]) / (used[1] - used[0])
    figures += f"; ratio {ratio:.2f}; of processor time, last {2 * CYCLE} turns to first: {cpu:.2f}"
    return _print("5 one long conversation", figures, ratio <= FLAT)


def _turn_times(worker: Process) -> list[float]:
    """Milliseconds of each turn, by the worker's own log."""
    lines = [json.loads(line) for line in worker.log.read_text().splitlines() if line.startswith("{")]
    return [line["ms"] for line in lines if line["event"] == "turn"]


def _around(ms: list[float], place: int) -> float:
    """The mean of a whole cycle of messages around a turn, without the slowest quarter."""
    first = max(min(place - CYCLE // 2, len(ms) - CYCLE), 0)
    return statistics.mean(sorted(ms[first : first + CYCLE])[: CYCLE * 3 // 4])


async def full(turns: int) -> bool:
    """Row 7: three hundred users at once on one worker; what it can't do in time is pushed."""
    users = max((turns or 3_000) // 10, 10)
    with tempfile.TemporaryDirectory() as folder:
        async with rows.theatre(Path(folder), workers=1, gateways=2) as on, on.crowd() as crowd:
            started = time.monotonic()
            await asyncio.gather(*(crowd.user(f"full{number}", 10) for number in range(users)))
            seconds = time.monotonic() - started
            verdict = await on.verdict(crowd)
    answers = [each.seconds for message in crowd.sent for each in message.deliveries]
    late = sum(each > IN_TIME for each in answers)
    rate = len(answers) / seconds
    figures = f"{len(answers)} callbacks, {rate:.0f}/s, slowest {max(answers):.2f} s, {late} over 4.5 s"
    return _print("7 full load", f"{figures}; {verdict.line()}", not late and verdict.clean)


async def workers(turns: int) -> bool:
    """Row 8: how fast a full mailbox is emptied."""
    turns = turns or 4_000
    rates = []
    for count in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            async with stage(Path(folder), workers=count, gateways=0) as found:
                await _empty(found, 500)
                rates.append(await _empty(found, turns))
    ratio = rates[1] / rates[0]
    said = f"1 worker {rates[0]:.0f} turns/s, 2 workers {rates[1]:.0f} turns/s; ratio {ratio:.2f}"
    return _print("8 workers", said, ratio >= WORKERS)


async def _empty(found: Stage, turns: int) -> float:
    """Turns a second of the workers, who have so many taps of fifty users before them."""
    async with client_of(found) as redis:
        box = Mailbox(redis)
        for place in range(turns // 50):
            await asyncio.gather(*(box.put(_tap(f"{turns}-{user}", place)) for user in range(50)))
        left, started = (await figures.read(redis)).waiting, time.monotonic()
        while not await idle(redis):  # noqa: ASYNC110 - other processes make it so
            await asyncio.sleep(0.02)
        return left / (time.monotonic() - started)


def _tap(user: str, number: int) -> Inbound:
    key = f"{user}|{number}"
    tap = TAPS[number % len(TAPS)]
    return Inbound(key=key, channel="wechat", account="gh_1", user=user, kind="tap", tap=tap)


async def memory(turns: int) -> bool:
    """Row 10: resident memory of each process. Redis is the store: what it keeps is data, shown beside."""
    turns = turns or 50_000
    with tempfile.TemporaryDirectory() as folder:
        async with rows.theatre(Path(folder), workers=2, gateways=2) as on:
            early = await _after(on, turns // 10, "early")
            late = await _after(on, turns - turns // 10, "late")
            found = on.stage
            kept = _resident(found.redis)
    good = True
    for process in [*found.gateways, *found.workers, found.sender]:
        ratio = late[process.name] / early[process.name]
        figures = f"{early[process.name]:.0f} MB, then {late[process.name]:.0f} MB; ratio {ratio:.3f}"
        good &= _print(f"10 memory of {process.name}", figures, ratio <= MEMORY)
    print(f"10 memory of redis, with the data of {turns} turns: {kept:.0f} MB", flush=True)
    return good


async def _after(on: rows.Theatre, turns: int, name: str) -> dict[str, float]:
    """Megabytes of each process after so many turns more."""
    left, number = turns, 0
    while left > 0:
        users = min(250, -(-left // 20))
        async with on.crowd() as crowd:
            await rows.write(crowd, users, 20, 0, f"{name}{number}-")
            await crowd.settle()
        left, number = left - users * 20, number + 1
    found = on.stage
    return {each.name: _resident(each) for each in [*found.gateways, *found.workers, found.sender]}


def _resident(process: Process) -> float:
    """Megabytes in memory (Linux)."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


ROWS: dict[str, Callable[[int], Awaitable[bool]]] = {
    "long": long,
    "full": full,
    "workers": workers,
    "memory": memory,
}


async def run(names: list[str], turns: int) -> bool:
    """Run rows one after the other."""
    train.ensure(settings.load())
    return all([await ROWS[name](turns) for name in names])


def main() -> int:
    """Parse the command line and run."""
    arguments = command.read(
        __doc__,
        list(ROWS),
        "--turns",
        type=int,
        default=0,
        help="so many turns instead of the row's own number",
    )
    train.quiet_environment()
    return 0 if asyncio.run(run(arguments.rows, arguments.turns)) else 1


if __name__ == "__main__":
    sys.exit(main())
