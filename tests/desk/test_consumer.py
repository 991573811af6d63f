"""The consumer as a process: killed anywhere, with Redis or SQL away, it loses and doubles nothing."""

from __future__ import annotations

import os
import random
import signal
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
from desk.handoff.models import Conversation, Message, SeenEvent, Ticket
from tests.conftest import free_port
from tests.desk.make import backlog, event, publish
from tests.desk.processes import environ, start

pytestmark = pytest.mark.usefixtures("desk")
PEOPLE = 40


Consume = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def consume(database: Path, redis_url: str, tmp_path: Path) -> Iterator[Consume]:
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
    _until(lambda: bool(bus.call(lambda redis: redis.exists("desk:consumer"))), 30)


def _until(done: Callable[[], bool], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0


def _load(round: int, count: int) -> None:
    events = []
    for number in range(count):
        key = f"wechat:gh:o-{number % PEOPLE}"
        name = f"{round}-{number}"
        events.append(event("message_in", key, key=name, kind="text", text=name))
        if number % 7 == 0:
            events.append(event("turn", key, key=name, outcome="handover"))
    publish(*events)


def test_sigkill_twenty_times_loses_and_doubles_nothing(
    consume: Consume,
) -> None:
    random_ = random.Random(20)
    for round in range(20):
        _load(round, 150)
        process = consume("")
        # Mostly while it is writing: it needs about a second to start.
        written = SeenEvent.objects.count()
        _until(lambda: SeenEvent.objects.count() > written, 20)  # noqa: B023 - used at once
        time.sleep(random_.uniform(0, 0.3))
        process.kill()
        process.wait()
        bus.call(lambda redis: redis.delete("desk:consumer"))
    process = consume("")
    _until(lambda: backlog() == 0, 60)
    _leading()
    _stop(process)
    texts = list(Message.objects.filter(author="applicant").values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == 20 * 150
    for conversation in Conversation.objects.all():
        numbers = [
            tuple(map(int, text.split("-")))
            for text in Message.objects.filter(conversation=conversation, author="applicant")
            .order_by("id")
            .values_list("text", flat=True)
        ]
        assert numbers == sorted(numbers), "in order"
        assert Ticket.objects.filter(conversation=conversation).count() <= 1


def test_it_goes_on_after_redis_was_emptied_and_sql_was_locked(database: Path, consume: Consume) -> None:
    process = consume("")
    _load(0, 50)
    _until(lambda: _heard() == 50, 20)
    bus.call(lambda redis: redis.flushall())
    _load(1, 50)
    _until(lambda: _heard() == 100, 20)
    connection.close()
    locker = sqlite3.connect(database, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    _load(2, 50)
    time.sleep(2)
    locker.execute("ROLLBACK")
    locker.close()
    _until(lambda: _heard() == 150, 40)
    _stop(process)


def _server(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """The embedded server, which keeps what it has when it stops."""
    env = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    env |= {"VAR_DIR": str(folder), "REDIS_PORT": str(port)}
    process = start("-m", "bot.redis_server", env=env, output=folder / "redis.log")
    _until(_answers, 20)
    return process


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(15)


def test_it_waits_for_redis_and_goes_on(
    database: Path, tmp_path: Path, consume: Consume, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    bus.close()
    monkeypatch.setattr(settings, "BOT", msgspec.structs.replace(settings.BOT, redis_url=url))
    server = _server(port, tmp_path)
    process = consume(url)
    try:
        _leading()
        _load(0, 20)
        _until(lambda: _heard() == 20, 20)
        _end(server)
        time.sleep(2)
        assert process.poll() is None
        server = _server(port, tmp_path)
        _load(1, 20)
        _until(lambda: _heard() == 40, 20)
        _stop(process)
    finally:
        _end(server)
        bus.close()


def _answers() -> bool:
    try:
        return bool(bus.call(lambda redis: redis.ping()))
    except Exception:  # noqa: BLE001 - whatever the client raises while the server starts
        return False


def test_a_second_consumer_takes_over_when_the_first_is_killed(
    consume: Consume,
) -> None:
    both = [consume(""), consume("")]
    _load(0, 30)
    _until(lambda: _heard() == 30, 20)
    both[0].kill()
    both[0].wait()
    _load(1, 30)
    _until(lambda: _heard() == 60, 20)
    _leading()
    _stop(both[1])
