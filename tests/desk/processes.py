"""The desk's programs as processes of their own, on a test's database and Redis."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import ROOT
from tests.conftest import free_port


def environ(database: Path, redis_url: str, **more: str) -> dict[str, str]:
    """Variables for a process that works on these."""
    var = database.parent / "var"
    return {
        **os.environ,
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{database}",
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "desk.settings",
        **more,
    }


def start(*words: str, env: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    """Start ``python WORDS``; what it prints is added to ``output``."""
    with output.open("ab") as file:
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env, stdout=file, stderr=file)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def serving(database: Path, redis_url: str) -> Iterator[str]:
    """The desk's pages in a process of their own; gives their address."""
    port = free_port()
    env = environ(database, redis_url, DESK_PORT=str(port))
    process = start("-m", "desk", "serve", env=env, output=database.parent / "serve.log")
    try:
        limit = time.monotonic() + 30
        while not _answers(port):
            assert process.poll() is None
            assert time.monotonic() < limit, "the desk doesn't answer"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)
