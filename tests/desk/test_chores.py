"""What the consumer does beside the events: nothing that was promised is forgotten, nothing is said twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bot.bus import duty as duty_board
from bot.bus import owner
from bot.bus.outbox import Outbox
from bot.errors import BusError, NotYoursError
from desk.bus import bus
from desk.consume import Consumer
from desk.handoff import chores, closing, duty, ownership, reconcile, resuming, sending
from desk.handoff.models import Change, Conversation, Message, SeenEvent
from tests.desk.make import KEY, asked, event, in_mailbox, publish, user, written

pytestmark = pytest.mark.usefixtures("desk")


def _claimed() -> tuple[Conversation, Any]:
    conversation, agent = asked(), user()
    assert ownership.claim(conversation.pk, agent, conversation.epoch).done
    conversation.refresh_from_db()
    return conversation, agent


def test_a_bubble_that_redis_missed_goes_out_later_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    conversation, agent = _claimed()

    def away(*_: Any, **__: Any) -> None:
        raise BusError("away")

    with monkeypatch.context() as patch:
        patch.setattr(bus, "call", away)
        rows = sending.from_staff(conversation.pk, agent, conversation.epoch, "您好")
    assert [row.state for row in Message.objects.filter(pk=rows[0].pk)] == ["pending"]
    assert sending.push_pending(older_than=0) == 1
    assert sending.push_pending(older_than=0) == 0
    # A process that died before it wrote "queued" down: said again, it is the same item.
    Message.objects.filter(pk=rows[0].pk).update(state="pending")
    assert sending.push_pending(older_than=0) == 1
    waiting = bus.call(lambda redis: Outbox(redis).waiting(KEY))
    assert [each.item.id for each in waiting] == [rows[0].outbox]


def test_a_colleague_who_took_over_isnt_talked_over() -> None:
    conversation, agent = _claimed()
    lead = user("lead")
    assert ownership.force(conversation.pk, lead, conversation.epoch, "有事").done
    with pytest.raises(NotYoursError):
        sending.from_staff(conversation.pk, agent, conversation.epoch, "还在吗")
    assert not Message.objects.filter(author="staff").exists()


def test_corrections_reach_the_worker_with_the_hand_back_once_redis_knows_of_it() -> None:
    written(event("turn", key="k", outcome="screening", project="research", answers={"foundation": "yes"}))
    conversation, agent = _claimed()
    for fact, choice in (("foundation", "no"), ("team", "yes"), ("foundation", "unknown")):
        resuming.correct(conversation, "research", fact, choice)
    assert resuming.tell_all() == 0, "not while a human has it"
    with transaction.atomic():
        result, ticket = ownership.hand_back(conversation.pk, agent, conversation.epoch)
        assert result.done
        closing.say(conversation.pk, ticket)
    assert resuming.tell_all() == 0, "the worker would find staff in Redis, and say nothing"
    reconcile.push_changed()
    assert resuming.tell_all() == 1
    assert resuming.tell_all() == 0
    (told,) = in_mailbox()
    assert (told.kind, told.tap) == ("desk", "resume:research:team=yes,foundation=unknown")


def test_who_gave_up_waiting_is_put_the_open_question_again() -> None:
    conversation = asked()
    late = timezone.now() + timedelta(hours=5)
    assert duty.give_up(late) == 1
    assert reconcile.push_changed() == 1
    assert resuming.tell_all() == 1
    assert [(each.conversation, each.tap) for each in in_mailbox()] == [(conversation.key, "resume")]


def test_the_notice_for_gateway_and_worker() -> None:
    asked()
    chores.put_up()
    notice = bus.call(duty_board.get)
    assert notice is not None
    assert (notice.open, notice.waiting, notice.order) == (True, 1, (KEY,))
    closed = msgspec.structs.replace(settings.CALENDAR, weekdays=frozenset())  # type: ignore[misc]
    settings.CALENDAR = closed
    chores.put_up()
    notice = bus.call(duty_board.get)
    assert notice is not None
    assert notice.open is False


def test_the_notice_counts_what_was_read_just_now() -> None:
    consumer = Consumer()
    consumer.step()  # of an earlier consumer nothing is left
    for what, waiting in (
        (event("handoff", KEY, owner="queue", epoch=1, reason="asked", by="applicant"), 1),
        (event("handoff", KEY, owner="bot", epoch=2, reason="cancelled", by="applicant"), 0),
        (event("handoff", "wechat:gh_1:o-2", owner="queue", epoch=1, reason="asked", by="applicant"), 1),
    ):
        publish(what)
        consumer.step()
        notice = bus.call(duty_board.get)
        assert notice is not None
        assert notice.waiting == waiting


def test_a_member_of_staff_keeps_what_redis_thinks_is_later() -> None:
    conversation, _ = _claimed()
    bus.call(lambda redis: owner.heal(redis, KEY, owner.Owner("queue", 40)))
    reconcile.push_changed()
    reconcile.push_changed()
    found = bus.call(lambda redis: owner.get(redis, KEY))
    conversation.refresh_from_db()
    assert (found.owner, found.epoch) == ("agent", 41)
    assert conversation.pushed == conversation.epoch == 41


def test_a_request_whose_event_was_lost_opens_its_ticket_after_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conversation = written(event("message_in", text="人工"))
    bus.call(lambda redis: owner.set(redis, KEY, 0, "queue"))
    reconcile.compare_all()
    conversation.refresh_from_db()
    assert conversation.owner == "bot", "its event may be on the way"
    for marker in reconcile._suspects:
        reconcile._suspects[marker] -= timedelta(seconds=61)
    reconcile.compare_all()
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.epoch) == ("queue", 1)


def test_old_changes_and_ids_are_tidied_away() -> None:
    written(event("message_in", text="你好"))
    old = timezone.now() - timedelta(days=30)
    Change.objects.update(at=old)
    SeenEvent.objects.update(at=old)
    written(event("message_in", text="在吗"))
    chores.tidy()
    assert (Change.objects.count(), SeenEvent.objects.count()) == (1, 1)
