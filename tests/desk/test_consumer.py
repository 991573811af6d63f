"""The consumer as a process: killed anywhere, with Redis or SQL away, it loses and doubles nothing."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from desk.bus import bus
from desk.handoff.models import Conversation, Message, SeenEvent, Ticket
from tests.conftest import redis_server
from tests.desk.make import backlog, event, publish
from tests.desk.processes import environ, start

pytestmark = pytest.mark.usefixtures("desk")
PEOPLE = 40


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
    database: Path, redis_url: str, tmp_path: Path
) -> None:
    random_ = random.Random(20)
    env, output = environ(database, redis_url), tmp_path / "consumer.log"
    for round in range(20):
        _load(round, 150)
        process = start("-m", "desk", "consume", env=env, output=output)
        # Mostly while it is writing: it needs about a second to start.
        written = SeenEvent.objects.count()
        _until(lambda: SeenEvent.objects.count() > written, 20)  # noqa: B023 - used at once
        time.sleep(random_.uniform(0, 0.3))
        process.kill()
        process.wait()
        bus.call(lambda redis: redis.delete("desk:consumer"))
    process = start("-m", "desk", "consume", env=env, output=output)
    _until(lambda: backlog() == 0, 60)
    _until(lambda: bool(bus.call(lambda redis: redis.exists("desk:consumer"))), 20)
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


def test_it_goes_on_after_redis_was_emptied_and_sql_was_locked(
    database: Path, redis_url: str, tmp_path: Path
) -> None:
    process = start("-m", "desk", "consume", env=environ(database, redis_url), output=tmp_path / "log")
    _load(0, 50)
    _until(lambda: Message.objects.filter(author="applicant").count() == 50, 20)
    bus.call(lambda redis: redis.flushall())
    _load(1, 50)
    _until(lambda: Message.objects.filter(author="applicant").count() == 100, 20)
    connection.close()
    locker = sqlite3.connect(database, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    _load(2, 50)
    time.sleep(2)
    locker.execute("ROLLBACK")
    locker.close()
    _until(lambda: Message.objects.filter(author="applicant").count() == 150, 40)
    _stop(process)


def test_it_waits_for_redis_and_comes_back(database: Path, tmp_path: Path) -> None:
    with redis_server(tmp_path) as server:
        url = f"redis://127.0.0.1:{server.port}/0"
        process = start("-m", "desk", "consume", env=environ(database, url), output=tmp_path / "log")
        time.sleep(2)
    time.sleep(1)
    assert process.poll() is None
    _stop(process)


def test_a_second_consumer_takes_over_when_the_first_is_killed(
    database: Path, redis_url: str, tmp_path: Path
) -> None:
    env, output = environ(database, redis_url), tmp_path / "log"
    both = [start("-m", "desk", "consume", env=env, output=output) for _ in range(2)]
    _load(0, 30)
    _until(lambda: Message.objects.filter(author="applicant").count() == 30, 20)
    both[0].kill()
    both[0].wait()
    _load(1, 30)
    _until(lambda: Message.objects.filter(author="applicant").count() == 60, 15)
    _stop(both[1])
