"""Keeps the assistant's processes running: starts them, starts again what died, stops all of them.

Honcho's own manager stops everything when one process dies, so only its printer and the Procfile's
format are used (``docs/decisions/0003-own-supervisor.md``).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from honcho.colour import get_colours
from honcho.printer import Message, Printer

from bot.deathbed import die_with_parent
from bot.errors import StartError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY = 30.0
"""Seconds a process must live before a new death counts as the first again."""
GRACE = 8.0
"""Seconds between the request to stop and the kill."""
SETTLED = 1.0
"""Seconds a program without a probe must have run to count as ready."""
TRIES = 3
"""Deaths of one process while starting up, after which the whole start has failed."""
LONGEST_LINE = 65536


class Program(msgspec.Struct, frozen=True):
    """One process to keep running.

    Attributes:
        name: shown before each of its lines.
        command: the program and its arguments.
        ready: tells whether it answers; without it, running for a second is enough.
        foundation: others need it to the end, so it is stopped last.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]] | None = None
    foundation: bool = False


class _Charge:
    """A program under supervision: its process, its deaths in a row and its last lines."""

    def __init__(self, program: Program, colour: str) -> None:
        self.program = program
        self.colour = colour
        self.process: asyncio.subprocess.Process | None = None
        self.born = 0.0
        self.deaths = 0
        self.last_lines: deque[str] = deque(maxlen=15)
        self.task: asyncio.Task[None] | None = None


class Supervisor:
    """Runs programs as children, each in a process group of its own, from ``folder``."""

    def __init__(self, environ: Mapping[str, str], folder: Path, grace: float = GRACE) -> None:
        self.environ = dict(environ)
        self._folder = folder
        self._grace = grace
        self._charges: dict[str, _Charge] = {}
        self._colours = get_colours()
        self._printer = Printer(sys.stdout)
        self._stopping = asyncio.Event()
        self._hurry = asyncio.Event()

    def say(self, line: str, name: str = "system", colour: str | None = None) -> None:
        """Print one line behind a time and a name."""
        self._printer.write(Message("line", line, datetime.now(), name, colour))

    def start(self, programs: Sequence[Program]) -> None:
        """Start programs and keep them running until ``stop``."""
        for program in programs:
            charge = _Charge(program, next(self._colours))
            self._charges[program.name] = charge
            self._printer.width = max(self._printer.width, len(program.name))
            charge.task = asyncio.create_task(self._keep(charge), name=program.name)

    async def until_ready(self, timeout: float) -> None:
        """Wait until every program started so far is ready.

        Args:
            timeout: seconds.

        Raises:
            StartError: one died several times, or didn't get ready; carries its last lines.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        waiting = list(self._charges.values())
        while waiting:
            for charge in self._charges.values():
                if charge.deaths >= TRIES:
                    raise StartError(f"{charge.program.name} 启动不了，最后的输出是：\n{_tail(charge)}")
            waiting = [charge for charge in waiting if not await _is_ready(charge)]
            if waiting and asyncio.get_running_loop().time() > deadline:
                late = waiting[0]
                raise StartError(
                    f"{late.program.name} 在 {timeout:.0f} 秒内没有就绪，最后的输出是：\n{_tail(late)}"
                )
            await asyncio.sleep(0.1)

    def lines(self, name: str) -> list[str]:
        """The last lines that a program printed; none for one that was never started."""
        charge = self._charges.get(name)
        return list(charge.last_lines) if charge is not None else []

    def hurry(self) -> None:
        """Kill what is still being waited for in ``stop``."""
        self._hurry.set()

    async def stop(self) -> None:
        """Stop everything: ask, wait, kill; foundations after all others. Nothing is left running."""
        self._stopping.set()
        charges = self._charges.values()
        await self._stop_some([charge for charge in charges if not charge.program.foundation])
        await self._stop_some([charge for charge in charges if charge.program.foundation])

    async def _stop_some(self, charges: Sequence[_Charge]) -> None:
        tasks = {charge.task for charge in charges if charge.task is not None}
        if not tasks:
            return
        for charge in charges:
            _signal_group(charge, signal.SIGTERM)
        hurry = asyncio.create_task(self._hurry.wait())
        everything = asyncio.gather(*tasks, return_exceptions=True)
        either: set[asyncio.Future[Any]] = {everything, hurry}
        await asyncio.wait(either, timeout=self._grace, return_when=asyncio.FIRST_COMPLETED)
        for charge in charges:
            _signal_group(charge, signal.SIGKILL)
        await everything
        hurry.cancel()

    async def _keep(self, charge: _Charge) -> None:
        """Run a program again and again, with growing pauses, until all is to stop."""
        clock = asyncio.get_running_loop().time
        while not self._stopping.is_set():
            charge.born = clock()
            end = await self._run_once(charge)
            if self._stopping.is_set():
                return
            charge.deaths = 1 if clock() - charge.born > STEADY else charge.deaths + 1
            pause = min(FIRST_PAUSE * 2 ** (charge.deaths - 1), LONGEST_PAUSE)
            self.say(f"{charge.program.name} 意外停止（{end}），{pause:g} 秒后重新启动。")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self, charge: _Charge) -> str:
        """Run a program to its end; says in Chinese how it ended."""
        try:
            charge.process = process = await asyncio.create_subprocess_exec(
                *charge.program.command,
                env=self.environ,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        except OSError as error:
            charge.last_lines.append(str(error))
            return f"无法执行：{error.strerror}"
        if self._stopping.is_set():  # the request to stop came while it was being started
            _signal_group(charge, signal.SIGTERM)
        printing = asyncio.create_task(self._print(charge, process))
        code = await process.wait()
        _signal_group(charge, signal.SIGKILL)  # what it started itself goes with it
        await printing
        charge.process = None
        return f"信号 {-code}" if code < 0 else f"代码 {code}"

    async def _print(self, charge: _Charge, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for line in _lines(process.stdout):
            charge.last_lines.append(line)
            self.say(line, charge.program.name, charge.colour)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """The stream's lines as text; an endless one is cut, since a reader that gives up blocks its writer."""
    rest = b""
    while chunk := await stream.read(LONGEST_LINE):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace")


async def _is_ready(charge: _Charge) -> bool:
    if charge.process is None:
        return False
    if charge.program.ready is None:
        return asyncio.get_running_loop().time() - charge.born > SETTLED
    return await charge.program.ready()


def _signal_group(charge: _Charge, number: signal.Signals) -> None:
    if charge.process is not None:
        # The group's leader may be gone, or everybody in it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(charge.process.pid, number)


def _tail(charge: _Charge) -> str:
    return "\n".join(f"  {line}" for line in charge.last_lines) or "  （没有输出）"
