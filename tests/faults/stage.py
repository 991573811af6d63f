"""The real processes, each to be killed one by one: what `make run` starts, and like it starts again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from bot import settings as settings_module
from bot.bus.connection import Client, connect, disconnect
from bot.bus.tasks import end
from bot.deathbed import die_with_parent
from bot.dialogue import train
from bot.settings import ROOT, Settings
from tests.conftest import free_port

READY_SECONDS = 150.0


class Process:
    """One process: a module run by Python, with its output in a file."""

    def __init__(self, name: str, module: str, environ: dict[str, str], log: Path) -> None:
        self.name, self._module, self._environ, self.log = name, module, environ, log
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; don't wait."""
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", self._module],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),
            )

    @property
    def pid(self) -> int:
        assert self.popen is not None
        return self.popen.pid

    @property
    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Kill it and wait for its end."""
        if self.popen is not None and self.alive:
            self.popen.send_signal(number)
            self.popen.wait(15)


class Stage:
    """Redis, gateways, workers and a sender, with an account of their own.

    Args:
        redis_port: where the processes look for Redis: the server's own port, or a proxy's.
        environ: settings besides.
    """

    def __init__(
        self,
        folder: Path,
        server_port: int,
        redis_port: int,
        workers: int,
        gateways: int,
        environ: dict[str, str],
    ) -> None:
        ports = {"REDIS_PORT": str(server_port), "VAR_DIR": str(folder), "SANDBOX": "0"}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WECHAT_")}
        clean.pop("REDIS_URL", None)
        train.quiet_environment(clean)
        self._server = clean | ports
        self.environ = self._server | {"REDIS_URL": f"redis://127.0.0.1:{redis_port}/0"} | environ
        self.folder = folder
        self.direct = f"redis://127.0.0.1:{server_port}/0"
        self.settings: Settings = settings_module.load(self.environ, root=ROOT)
        self.redis = Process("redis", "bot.redis_server", self._server, folder / "redis.log")
        self.gateway_ports = [free_port() for _ in range(gateways)]
        self.gateways = [
            self._process(f"gateway-{number}", "bot.gateway", GATEWAY_PORT=str(port))
            for number, port in enumerate(self.gateway_ports)
        ]
        self.workers = [self._process(f"worker-{number}", "bot.worker") for number in range(workers)]
        self.sender = self._process("sender", "bot.sender")
        self._keeping: asyncio.Task[None] | None = None

    def _process(self, name: str, module: str, **more: str) -> Process:
        return Process(name, module, self.environ | more, self.folder / f"{name}.log")

    @property
    def processes(self) -> list[Process]:
        return [self.redis, *self.gateways, *self.workers, self.sender]

    async def start(self) -> None:
        """Start all, and wait until each is ready."""
        self.redis.start()
        await self.redis_up()
        for process in self.processes[1:]:
            process.start()
        for process in [*self.workers, self.sender]:
            await self.said_ready(process)
        await self.gateways_up()
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        """Start again what died, as the supervisor does after half a second."""
        while True:
            dead = [process for process in self.processes if not process.alive]
            await asyncio.sleep(0.5)
            for process in dead:
                process.start()

    async def redis_up(self) -> None:
        """Wait until the server answers."""
        client = connect(self.direct)
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            with suppress(Exception):
                await client.ping()
                await disconnect(client)
                return
            await asyncio.sleep(0.05)
        raise TimeoutError("redis isn't up")

    async def said_ready(self, process: Process, times: int = 1) -> None:
        """Wait until a worker or sender has said ``ready`` so many times in its life."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and process.log.read_text().count('"event": "ready"') < times:
            if self._keeping is None and not process.alive:
                raise RuntimeError(f"{process.name} died: {process.log.read_text()[-2000:]}")
            await asyncio.sleep(0.1)

    async def gateways_up(self) -> None:
        """Wait until each gateway says that all is ready."""
        async with httpx.AsyncClient(trust_env=False) as client:
            for port in self.gateway_ports:
                until = time.monotonic() + READY_SECONDS
                while time.monotonic() < until:
                    with suppress(httpx.TransportError):
                        if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                            break
                    await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """End all, Redis last."""
        if self._keeping is not None:
            await end(self._keeping)
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):
                process.kill(signal.SIGKILL)


@asynccontextmanager
async def stage(
    folder: Path,
    workers: int = 2,
    gateways: int = 2,
    redis_port: int = 0,
    server_port: int = 0,
    **environ: str,
) -> AsyncIterator[Stage]:
    """The running processes. ``redis_port``: of a proxy in front of ``server_port``; else there is none."""
    server_port = server_port or free_port()
    made = Stage(folder, server_port, redis_port or server_port, workers, gateways, environ)
    try:
        await made.start()
        yield made
    finally:
        await made.stop()


def cpu_seconds(pid: int) -> float:
    """Processor seconds that a process and its threads have used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def client_of(found: Stage) -> AsyncIterator[Client]:
    """A client on the server itself, past any proxy."""
    client = connect(found.direct)
    try:
        yield client
    finally:
        await disconnect(client)
