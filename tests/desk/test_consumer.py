"""The consumer as a process: a colleague killed, Redis or SQL away, and nothing is lost or doubled."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connection

from desk.bus import bus
from desk.handoff.models import Message
from tests.conftest import free_port
from tests.desk.kills import load
from tests.desk.place import Place, environ
from tests.desk.processes import start, stop, until

pytestmark = pytest.mark.usefixtures("desk")

Consume = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def consume(database: Place, redis_url: str, tmp_path: Path) -> Iterator[Consume]:
    """Starts consumers; none outlives its test."""
    started: list[subprocess.Popen[bytes]] = []

    def run(url: str = "") -> subprocess.Popen[bytes]:
        env = environ(database, url or redis_url)
        started.append(start("-m", "desk", "consume", env=env, output=tmp_path / "consumer.log"))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def _heard() -> int:
    return Message.objects.filter(author="applicant").count()


def _leading() -> None:
    """Wait until a consumer is at work."""
    until(lambda: bool(bus.call(lambda redis: redis.exists("desk:consumer"))))


def test_it_goes_on_after_redis_was_emptied_and_sqlite_was_locked(database: Place, consume: Consume) -> None:
    process = consume("")
    load(0, 50)
    until(lambda: _heard() == 50)
    bus.call(lambda redis: redis.flushall())
    load(1, 50)
    until(lambda: _heard() == 100)
    connection.close()
    locker = sqlite3.connect(database.sqlite, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    load(2, 50)
    time.sleep(0.5)
    locker.execute("ROLLBACK")
    locker.close()
    until(lambda: _heard() == 150)
    assert stop(process) == 0


def _server(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """The embedded server, which keeps what it has when it stops."""
    env = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    env |= {"VAR_DIR": str(folder), "REDIS_PORT": str(port)}
    process = start("-m", "bot.redis_server", env=env, output=folder / "redis.log")
    until(_answers)
    return process


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait()


def test_it_waits_for_redis_and_goes_on(
    database: Place, tmp_path: Path, consume: Consume, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    bus.close()
    monkeypatch.setattr(settings, "BOT", msgspec.structs.replace(settings.BOT, redis_url=url))
    server = _server(port, tmp_path)
    process = consume(url)
    try:
        _leading()
        load(0, 20)
        until(lambda: _heard() == 20)
        _end(server)
        until(lambda: "waiting for Redis" in (tmp_path / "consumer.log").read_text(encoding="utf-8"))
        assert process.poll() is None
        server = _server(port, tmp_path)
        load(1, 20)
        until(lambda: _heard() == 40)
        assert stop(process) == 0
    finally:
        _end(server)
        bus.close()


def _answers() -> bool:
    try:
        return bool(bus.call(lambda redis: redis.ping()))
    except Exception:  # noqa: BLE001 - whatever the client raises while the server starts
        return False


def test_a_second_consumer_takes_over_when_the_first_is_killed(consume: Consume) -> None:
    both = [consume(""), consume("")]
    load(0, 30)
    until(lambda: _heard() == 30)
    both[0].kill()
    both[0].wait()
    load(1, 30)
    until(lambda: _heard() == 60)
    _leading()
    assert stop(both[1]) == 0
