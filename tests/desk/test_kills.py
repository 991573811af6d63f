"""A desk process killed in the middle of its work leaves no half of anything."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.bus.outbox import Outbox
from bot.settings import ROOT
from desk.bus import bus
from desk.handoff import reconcile, sending
from desk.handoff.models import Conversation, Message, State, Ticket, Who
from tests.desk.make import event, user, written
from tests.desk.processes import environ

KILLS = 20


@pytest.mark.usefixtures("desk")
def test_no_half_tickets_and_every_bubble_goes_out_once(database: Path, redis_url: str) -> None:
    user("restless")
    for number in range(15):
        written(event("message_in", f"wechat:g:o-{number}", text="你好"))
    random_ = random.Random(8)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.restless"],
            cwd=ROOT,
            env=environ(database, redis_url),
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"at work\n"
        time.sleep(random_.uniform(0.05, 0.5))
        process.kill()
        process.communicate()
    for conversation in Conversation.objects.all():
        _check(conversation)
    reconcile.push_changed()
    while sending.push_pending(older_than=0):
        pass
    assert not Message.objects.filter(state="pending").exists()
    for conversation in Conversation.objects.all():
        waiting = bus.call(lambda redis: Outbox(redis).waiting(conversation.key))  # noqa: B023 - used at once
        ids = [each.item.id for each in waiting]
        written_here = Message.objects.filter(conversation=conversation, outbox__isnull=False)
        assert len(ids) == len(set(ids))
        assert set(ids) == set(written_here.values_list("outbox", flat=True))


def _check(conversation: Conversation) -> None:
    """Owner, ticket and lines tell the same story."""
    active = Ticket.objects.filter(conversation=conversation, state=State.ACTIVE)
    if conversation.owner == Who.AGENT:
        assert active.get().agent_id == conversation.agent_id
    else:
        assert not active.exists()
    lines = Message.objects.filter(conversation=conversation, author="system")
    assert lines.count() == conversation.epoch
