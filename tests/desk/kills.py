"""Desk processes killed with SIGKILL at work; short in tests, long in ``bench.helpdesk``."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import NamedTuple

from bot.bus.outbox import Outbox
from bot.settings import ROOT
from desk.bus import bus
from desk.handoff import reconcile, sending
from desk.handoff.models import Conversation, Message, SeenEvent, State, Ticket, Who
from tests.desk.make import backlog, event, publish, user, written
from tests.desk.place import Place, environ
from tests.desk.processes import start, stop, until

PEOPLE = 40
EACH = 150


class Counted(NamedTuple):
    """What was to be there, what isn't, and what is there twice."""

    total: int
    lost: int
    doubled: int


def load(round_: int, count: int) -> None:
    """Publish messages of many people at once, some of which ask for a human."""
    events = []
    for number in range(count):
        key = f"wechat:gh:o-{number % PEOPLE}"
        name = f"{round_}-{number}"
        events.append(event("message_in", key, key=name, kind="text", text=name))
        if number % 7 == 0:
            events.append(event("turn", key, key=name, outcome="handover"))
    publish(*events)


def consumer(place: Place, redis_url: str, times: int) -> Counted:
    """Kill the consumer while it writes, over and over; then let one finish."""
    random_ = random.Random(20)
    words = ("-m", "tests.desk.always_open")
    env, log = environ(place, redis_url), place.folder / "consume.log"
    for round_ in range(times):
        load(round_, EACH)
        written_before = SeenEvent.objects.count()
        process = start(*words, env=env, output=log)
        until(lambda: SeenEvent.objects.count() > written_before)  # noqa: B023 - used at once
        time.sleep(random_.uniform(0, 0.3))
        process.kill()
        process.wait()
        bus.call(lambda redis: redis.delete("desk:consumer"))  # the next needn't wait for the lease
    process = start(*words, env=env, output=log)
    until(lambda: backlog() == 0)
    stop(process)
    texts = list(Message.objects.filter(author="applicant").values_list("text", flat=True))
    _in_order()
    return Counted(times * EACH, times * EACH - len(set(texts)), len(texts) - len(set(texts)))


def _in_order() -> None:
    for conversation in Conversation.objects.all():
        found = Message.objects.filter(conversation=conversation, author="applicant").order_by("id")
        numbers = [tuple(map(int, text.split("-"))) for text in found.values_list("text", flat=True)]
        assert numbers == sorted(numbers), "in order"
        assert Ticket.objects.filter(conversation=conversation).count() <= 1


def desk(place: Place, redis_url: str, times: int) -> Counted:
    """Kill a desk that takes, answers and hands back; then let the chores put right what was left."""
    user("restless")
    for number in range(15):
        written(event("message_in", f"wechat:g:o-{number}", text="你好"))
    random_ = random.Random(8)
    env = environ(place, redis_url)
    for _ in range(times):
        command = [sys.executable, "-m", "tests.desk.restless"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)
        assert process.stdout is not None
        bubbles = Message.objects.filter(author="staff").count() + 5
        assert process.stdout.readline() == b"at work\n"
        # Well at work, however slow the machine is.
        until(lambda: Message.objects.filter(author="staff").count() >= bubbles)  # noqa: B023 - used at once
        time.sleep(random_.uniform(0, 0.3))
        process.kill()
        process.communicate()
    for conversation in Conversation.objects.all():
        _consistent(conversation)
    reconcile.push_changed()
    while sending.push_pending(older_than=0):
        pass
    assert not Message.objects.filter(state="pending").exists()
    return _sent_once()


def _consistent(conversation: Conversation) -> None:
    """Owner, ticket and lines tell the same story."""
    active = Ticket.objects.filter(conversation=conversation, state=State.ACTIVE)
    if conversation.owner == Who.AGENT:
        assert active.get().agent_id == conversation.agent_id
    else:
        assert not active.exists()
    lines = Message.objects.filter(conversation=conversation, author="system")
    assert lines.count() == conversation.epoch


def _sent_once() -> Counted:
    total = lost = doubled = 0
    for conversation in Conversation.objects.all():
        waiting = bus.call(lambda redis: Outbox(redis).waiting(conversation.key))  # noqa: B023 - used at once
        ids = [each.item.id for each in waiting]
        rows = Message.objects.filter(conversation=conversation, outbox__isnull=False)
        here = set(rows.values_list("outbox", flat=True))
        assert set(ids) <= here
        total += len(here)
        lost += len(here - set(ids))
        doubled += len(ids) - len(set(ids))
    return Counted(total, lost, doubled)
