"""The desk's programs as processes of their own, on a test's database and Redis."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import ROOT
from tests.conftest import free_port
from tests.desk.place import Place, environ

PATIENCE = 60.0
"""Seconds after which a test gives up waiting; far more than anything takes on a busy machine."""


def until(done: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until it is so. Raises AssertionError after a long time."""
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.03)


def start(*words: str, env: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    """Start ``python WORDS``; what it prints is added to ``output``."""
    with output.open("ab") as file:
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env, stdout=file, stderr=file)


def stop(process: subprocess.Popen[bytes]) -> int:
    """End it as an operator would; returns its exit code."""
    process.terminate()
    return process.wait(PATIENCE)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def serving(place: Place, redis_url: str) -> Iterator[str]:
    """The desk's pages in a process of their own; gives their address."""
    port = free_port()
    env = environ(place, redis_url, DESK_PORT=str(port))
    process = start("-m", "desk", "serve", env=env, output=place.folder / "serve.log")
    try:
        until(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, "the desk ended"
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@contextmanager
def consuming(place: Place, redis_url: str) -> Iterator[None]:
    """The consumer in a process of its own, with a calendar that is always open."""
    env = environ(place, redis_url)
    process = start("-m", "tests.desk.always_open", env=env, output=place.folder / "consume.log")
    try:
        yield
    finally:
        stop(process)
