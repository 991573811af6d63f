"""The whole assistant as ``make run`` starts it, for the tests that play it through."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.conftest import free_port

START = 180
OPEN = """
desk:
  weekdays: [1, 2, 3, 4, 5, 6, 7]
  spans: ["00:00-23:59"]
"""
"""A help desk that is open whenever the tests run."""


class Running:
    """The running assistant: its addresses, and its output so far. ``more``: variables of its own."""

    def __init__(self, var: Path, **more: str) -> None:
        self.gateway, self.page, self.desk = free_port(), free_port(), free_port()
        ports = {"GATEWAY_PORT": self.gateway, "SANDBOX_PORT": self.page, "DESK_PORT": self.desk}
        hours = var / "hours.yml"
        hours.write_text(OPEN, encoding="utf-8")
        environ = {**os.environ, **{name: str(port) for name, port in ports.items()}, "VAR_DIR": str(var)}
        for name in ("REDIS_URL", "DATABASE_URL", "SANDBOX", "WECHAT_API_URL"):
            environ.pop(name, None)
        environ |= {"REDIS_PORT": str(free_port()), "DESK_HOURS": str(hours), **more}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._up = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._up.wait(START) or self.process.poll() is not None:
            self.stop()
            pytest.fail("did not come up:\n" + "".join(self.lines[-40:]))

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)
                if "按 Ctrl-C 停止" in line:
                    self._up.set()
        self._up.set()

    @property
    def link(self) -> str:
        """The one-time link of the first administrator, as the start printed it."""
        lines = [line.strip() for line in self.lines]
        return next(line for line in reversed(lines) if line.startswith("http") and "/start/" in line)

    def stop(self) -> int:
        """Stop as Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._reader.join(10)
        return code


@contextmanager
def started(var: Path, **more: str) -> Iterator[Running]:
    """One for the length of the block. It must end well, and have run without an error of its own."""
    assistant = Running(var, **more)
    try:
        yield assistant
    finally:
        code = assistant.stop()
    assert code == 0
    assert "Traceback" not in "".join(assistant.lines)
