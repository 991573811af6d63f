"""Events become rows, each once, and change owners as they should."""

from __future__ import annotations

import msgspec
import pytest

from bot.bus import owner
from bot.bus.passage import TAKEN
from desk.bus import bus
from desk.faqlog.models import Turn
from desk.handoff import duty, ownership, reconcile
from desk.handoff.intake.write import Entry, write
from desk.handoff.models import (
    Author,
    BadEvent,
    Conversation,
    Message,
    Outcome,
    Reason,
    SeenEvent,
    State,
    Ticket,
    Who,
)
from tests.desk.make import KEY, asked, event, user, written

pytestmark = pytest.mark.usefixtures("desk")


def test_an_event_is_written_once_however_often_it_comes() -> None:
    once = event("message_in", key="m1", kind="text", text="你好")
    for _ in range(3):
        written(once, once)
    assert Message.objects.count() == 1
    assert SeenEvent.objects.count() == 1


def test_a_bad_event_is_put_aside_and_the_rest_written() -> None:
    good = Entry("events:{1}", "2-0", {b"e": msgspec.json.encode(event("message_in", text="在吗"))})
    broken = Entry("events:{1}", "1-0", {b"e": b"{no json"})
    senseless = Entry("events:{1}", "3-0", {b"e": msgspec.json.encode(event("handoff", owner="king"))})
    write([broken, good, senseless])
    assert list(Message.objects.values_list("text", flat=True)) == ["在吗"]
    assert set(BadEvent.objects.values_list("entry", flat=True)) == {"1-0", "3-0"}


def test_a_tap_shows_the_words_that_were_tapped() -> None:
    written(
        event(
            "message_out", key="m1", author="bot", text="是哪一类？", options=[["ask:research", "课题研究"]]
        ),
        event("message_in", key="m2", kind="tap", tap="ask:research"),
    )
    assert Message.objects.get(author=Author.APPLICANT).text == "课题研究"


def test_a_turn_is_logged_masked_with_question_and_answer_in_any_order() -> None:
    asks = event("message_in", key="m1", kind="text", text="我的电话13812345678，能报吗")
    turn = event("turn", key="m1", intent="who_can_apply", confidence=0.9, outcome="answered", ms=8.5)
    answer = event("message_out", key="m1", author="bot", text="能。")
    written(asks, turn, answer)
    row = Turn.objects.get()
    assert (row.text, row.answer) == ("我的电话138****5678，能报吗", "能。")


def test_a_request_waits_and_a_second_opens_nothing_new() -> None:
    asked()
    conversation = asked()
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.reason) == (State.WAITING, Reason.ASKED)
    assert (conversation.owner, conversation.epoch) == (Who.QUEUE, 1)


def test_a_turn_that_ends_in_a_handover_queues_and_tells_redis() -> None:
    conversation = written(event("turn", key="m", outcome="handover", reason="not_understood"))
    assert conversation.owner == Who.QUEUE
    reconcile.push_changed()
    assert bus.call(lambda redis: owner.get(redis, KEY)).owner == "queue"
    assert Message.objects.filter(author=Author.BOT, text__contains="您前面没有人在等").exists()


def test_a_wish_that_the_worker_queued_is_one_ticket_and_no_second_word() -> None:
    conversation = written(
        event("turn", key="m", outcome="handover", handoff="queue", reason="anger"),
        event("handoff", owner="queue", epoch=1, reason="anger", by="applicant", told=True),
    )
    assert (conversation.owner, conversation.epoch, conversation.pushed) == (Who.QUEUE, 1, 1)
    assert Ticket.objects.get().reason == Reason.ANGER
    assert not Message.objects.filter(author=Author.BOT).exists()


@pytest.mark.parametrize("turn", [{"outcome": "handover", "handoff": "left"}, {"outcome": "poisoned"}])
def test_what_staff_owe_later_is_a_ticket_while_the_bot_goes_on(turn: dict[str, str]) -> None:
    for key in ("m1", "m2"):
        conversation = written(event("turn", key=key, **turn))
    assert (conversation.owner, conversation.epoch) == (Who.BOT, 0)
    ticket = Ticket.objects.get()
    assert ticket.state == State.LEFT
    assert ticket.reason == (Reason.POISONED if turn["outcome"] == "poisoned" else Reason.ASKED)
    assert not Message.objects.filter(author=Author.BOT).exists()


def test_a_score_goes_to_its_ticket_and_the_last_counts() -> None:
    conversation = asked()
    ticket = Ticket.objects.get()
    for score in (2, 4):
        written(event("feedback", key=f"s{score}", ticket=ticket.pk, score=score))
    ticket.refresh_from_db()
    assert ticket.score == 4
    written(event("feedback", key="s", ticket=ticket.pk, score=9))
    written(event("feedback", "wechat:gh:other", key="s", ticket=ticket.pk, score=1))
    ticket.refresh_from_db()
    assert ticket.score == 4
    assert conversation.owner == Who.QUEUE


def test_a_reply_that_stayed_behind_is_shown_so() -> None:
    conversation = written(event("message_out", key="m1", author="bot", text="能报。"))
    written(event("delivery", id="late/m1", state="failed", reason=TAKEN))
    message = Message.objects.get(conversation=conversation, author=Author.BOT)
    assert (message.state, message.reason) == ("failed", TAKEN)


def test_the_applicant_cancels_but_not_what_is_being_served() -> None:
    conversation = asked()
    conversation = written(event("handoff", owner="bot", epoch=2, reason="cancelled", by="applicant"))
    assert conversation.owner == Who.BOT
    assert Ticket.objects.get().outcome == Outcome.CANCELLED
    conversation = asked()
    assert ownership.claim(conversation.pk, user(), conversation.epoch).done
    conversation = written(event("handoff", owner="bot", epoch=9, reason="cancelled", by="applicant"))
    assert conversation.owner == Who.AGENT


def test_a_late_story_of_the_queue_takes_nothing_from_staff() -> None:
    written(event("message_in", text="你好"))
    conversation = Conversation.objects.get()
    assert ownership.claim(conversation.pk, user(), 0).done
    written(event("handoff", owner="queue", epoch=1, reason="asked"))
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.epoch) == (Who.AGENT, 1)
    assert Ticket.objects.count() == 1


def test_nobody_comes_so_the_bot_goes_on_and_the_message_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    conversation = asked()
    monkeypatch.setattr(settings, "CALENDAR", msgspec.structs.replace(duty.calendar(), wait_minutes=0))
    assert duty.give_up() == 1
    conversation.refresh_from_db()
    assert conversation.owner == Who.BOT
    assert Ticket.objects.get().state == State.LEFT
    assert Message.objects.filter(author=Author.BOT, text__contains="没能接上").count() == 1
    assert ownership.claim(conversation.pk, user(), conversation.epoch).done
    assert Ticket.objects.get().state == State.ACTIVE


def test_outside_the_hours_a_message_is_taken_and_nobody_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    closed = msgspec.structs.replace(duty.calendar(), weekdays=frozenset())
    monkeypatch.setattr(settings, "CALENDAR", closed)
    conversation = written(event("handoff", owner="queue", epoch=1, reason="asked"))
    assert conversation.owner == Who.BOT
    assert Ticket.objects.get().state == State.LEFT
    assert "没有工作人员在线" in Message.objects.get(author=Author.BOT).text


def test_delivery_is_shown_on_its_bubble() -> None:
    conversation = written(event("message_in", text="你好"))
    message = Message.objects.create(
        conversation=conversation, author=Author.STAFF, text="您好", outbox="x1", state="queued"
    )
    written(event("delivery", id="x1", state="failed", reason="超过48小时"))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "超过48小时")


def test_redis_lost_everything_and_is_told_again() -> None:
    conversation = asked()
    assert ownership.claim(conversation.pk, user(), conversation.epoch).done
    assert reconcile.push_changed() == 1
    bus.call(lambda redis: redis.flushdb())
    assert reconcile.push_changed() == 0
    assert reconcile.compare_all() == 1
    found = bus.call(lambda redis: owner.get(redis, KEY))
    assert (found.owner, found.epoch) == ("agent", 2)
    assert reconcile.compare_all() == 0


def test_redis_still_gives_the_bots_conversation_to_staff() -> None:
    conversation = written(event("message_in", text="你好"))
    bus.call(lambda redis: owner.heal(redis, KEY, owner.Owner("agent", 3, "9")))
    Conversation.objects.filter(pk=conversation.pk).update(epoch=4, pushed=4)
    assert reconcile.compare_all() == 1
    assert bus.call(lambda redis: owner.get(redis, KEY)) == owner.Owner("bot", 4)
