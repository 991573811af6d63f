"""The embedded Redis: where its data is, that a kill loses none of it, and who may use it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from bot.settings import ROOT


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(var: Path, port: int, **more: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "VAR_DIR": str(var), "REDIS_PORT": str(port), **more}
    command = [sys.executable, "-m", "bot.redis_server"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)


@contextmanager
def _server(var: Path) -> Iterator[redis.Redis[bytes]]:
    """A server and a client on it; the server is killed at the end, not asked."""
    port = _free_port()
    process = _command(var, port)
    client = redis.Redis(port=port)
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield client
    finally:
        client.close()
        process.kill()
        process.communicate()


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    with _server(tmp_path) as client:
        client.set("question", "能申请吗")
    assert (tmp_path / "redis").is_dir()
    with _server(tmp_path) as client:
        assert client.get("question") == "能申请吗".encode()


def test_it_forgets_nothing_when_memory_is_short_and_listens_here_only(tmp_path: Path) -> None:
    with _server(tmp_path) as client:
        config = client.config_get("*")
        assert isinstance(config, dict)
        assert config["maxmemory-policy"] == "noeviction"
        assert (config["appendonly"], config["appendfsync"]) == ("yes", "everysec")
        assert config["bind"] == "127.0.0.1"


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    with _server(tmp_path):
        second = _command(tmp_path, _free_port())
        _, said = second.communicate(timeout=20)
        assert second.returncode == 1
        assert "正被另一个内置 Redis 使用" in said


def test_it_does_not_start_beside_another_redis(tmp_path: Path) -> None:
    process = _command(tmp_path, _free_port(), REDIS_URL="redis://127.0.0.1:1/0")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "REDIS_URL" in said
