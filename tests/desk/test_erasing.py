"""An applicant erased: nothing of them is found in any store, and what reports count stays."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from bot.bus import rest, traces
from bot.bus.connection import Client as Redis
from bot.bus.ledger import Ledger
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Item, Outbox
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.faqlog.models import Example, Turn
from desk.handoff.models import Conversation, Message, Ticket
from desk.office import people, training
from desk.office.models import Erasure, ModelChoice, Training
from tests.desk.make import event, publish, user, written
from tests.desk.officers import client

pytestmark = pytest.mark.usefixtures("desk")

WHO, NEXT = "o-applicant7", "o-applicant77"
KEY, OTHER = f"wechat:gh_1:{WHO}", f"wechat:gh_1:{NEXT}"
MESSAGES = 1_000


def _say(who: str, number: int) -> str:
    return f"{who}的第{number}句话{number * 7919}"


def _events(key: str, count: int) -> list[Any]:
    user_id = key.rpartition(":")[2]
    found = []
    for number in range(count):
        name = f"wechat|gh_1|{user_id}|{number}|x"
        text = _say(user_id, number)
        found.append(event("message_in", key, key=name, kind="text", text=text))
        if number % 5 == 0:
            told = {"outcome": "answered", "topic": "duration", "intent": "duration", "confidence": 0.9}
            found.append(event("turn", key, key=name, **told))
            found.append(event("message_out", key, key=name, text=f"答：{text}", author="bot"))
    return found


def _put(key: str) -> None:
    bus.call(lambda redis: _fill(redis, key), 20)


async def _fill(redis: Redis, key: str) -> None:
    """Every kind of thing that Redis holds of somebody, by the rooms that write them."""
    channel, account, who = key.split(":")
    mailbox, outbox, ledger = Mailbox(redis), Outbox(redis), Ledger(redis)
    for number in range(3):
        name = f"wechat|{account}|{who}|{number}|x"
        said = Inbound(
            key=name, channel=channel, account=account, user=who, kind="text", text=_say(who, number)
        )
        await mailbox.put(said)
        await ledger.heard(key, "text", time.time(), name)
        await rest.visit(redis, key, name, False)
        await outbox.queue(
            Item(id=f"{who[-2:]}-{number}", conversation=key, reply=Reply((Part(_say(who, 9)),)))
        )
    await rest.keep(redis, key, ["下文"])
    await mailbox.owe(said, always=True)
    await outbox.take_passive(key, f"wechat|{account}|{who}|2|x", 1)
    lease = await mailbox.take(1.0)
    assert lease is not None
    await mailbox.close()
    await redis.set(f"dialogue:{{3}}:snapshot:{key}", json.dumps({"slots": {"a": _say(who, 1)}}))
    await redis.rpush(f"dialogue:{{3}}:log:{key}", json.dumps({"text": _say(who, 2)}))


async def _traces(redis: Any, mark: str) -> list[str]:
    """Where a word still stands in Redis: every key, every value of every type, read as DUMP shows it."""
    found = []
    async for key in redis.scan_iter():
        kind = (await redis.type(key)).decode()
        if kind == "stream":
            value: Any = await redis.xrange(key)
        else:
            value = {
                "hash": redis.hgetall,
                "set": redis.smembers,
                "string": redis.get,
                "list": lambda name: redis.lrange(name, 0, -1),
                "zset": lambda name: redis.zrange(name, 0, -1),
            }[kind](key)
            value = await value
        text = (
            repr((key, value)).encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
        )
        if mark in text.replace(NEXT, ""):
            found.append(key.decode())
    return found


def _sql(mark: str) -> list[str]:
    """Where a word still stands in SQL: every column of every table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's name
            if any(mark in str(value).replace(NEXT, "") for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


def _everything() -> Conversation:
    conversation = written(*_events(KEY, MESSAGES))
    written(*_events(OTHER, 3))
    written(event("handoff", KEY, owner="queue", epoch=1, reason="asked", told=True))
    publish(*_events(KEY, 40), *_events(OTHER, 3))
    for key in (KEY, OTHER):
        _put(key)
    boss = user("boss", Role.ADMIN)
    first = Turn.objects.filter(conversation=conversation).order_by("id")[0]
    Example.objects.create(text=first.text, topic="duration", by=boss, approved_by=boss, turn=first)
    Example.objects.create(text="别人的问法", topic="duration", by=boss, approved_by=boss)
    ModelChoice.objects.create(model="m", examples=training.approved(), why="w", by_name="n")
    Training.objects.create(
        examples=training.approved(), by_name="n", result={"changed": [{"text": first.text, "topic": "x"}]}
    )
    training.write_reviewed(training.approved())
    return conversation


def test_a_thousand_messages_leave_no_trace() -> None:
    from django.conf import settings

    conversation = _everything()
    assert _sql(WHO)
    assert len(bus.call(lambda redis: _traces(redis, WHO), 20)) > 15
    before = Turn.objects.filter(outcome="answered").count()
    theirs = Message.objects.filter(conversation__key=OTHER).count()
    people.ask(conversation, "申请人本人要求", "申请人")
    assert people.carry_out() == 1
    assert people.carry_out() == 0, "the second pass waits"
    written(event("message_in", KEY, key=f"wechat|gh_1|{WHO}|late|x", kind="text", text=_say(WHO, 1)))
    Erasure.objects.update(due_at=timezone.now())
    assert people.carry_out() == 1
    assert Erasure.objects.get().done_at is not None
    assert _sql(WHO) == []
    assert bus.call(lambda redis: _traces(redis, WHO), 20) == []
    assert WHO.encode() not in (settings.BOT.reviewed / training.FILE).read_bytes()
    # What reports count, and what others have, is as before.
    assert Turn.objects.filter(outcome="answered", topic="duration").count() == before
    assert Ticket.objects.filter(conversation=conversation.pk).count() == 1
    assert Message.objects.filter(conversation__key=OTHER).count() == theirs
    assert set(Example.objects.values_list("text", flat=True)) == {"别人的问法"}
    assert bus.call(lambda redis: redis.exists(f"dialogue:{{3}}:snapshot:{OTHER}"))
    assert bus.call(lambda redis: Outbox(redis).waiting(OTHER))
    assert people.carry_out() == 0


def test_whoever_writes_again_is_somebody_new() -> None:
    conversation = written(*_events(KEY, 2))
    people.ask(conversation, "w", "n")
    for _ in range(2):
        Erasure.objects.update(due_at=timezone.now())
        people.carry_out()
    again = written(*_events(KEY, 1))
    assert again.pk != conversation.pk
    assert again.messages.count() == 2


def test_the_applicant_asks_by_words_and_the_one_who_leaves_is_erased_in_time() -> None:
    from desk.office import retention

    conversation = written(event("turn", KEY, key="k", outcome="erase"))
    assert Erasure.objects.get(conversation=conversation.pk).why == people.BY_APPLICANT
    leaver = written(event("unfollow", OTHER))
    request = Erasure.objects.get(conversation=leaver.pk)
    assert timedelta(days=29) < request.due_at - timezone.now() < timedelta(days=31)
    assert retention.rules()[3].days == 30
    written(event("follow", OTHER))
    assert not Erasure.objects.filter(conversation=leaver.pk).exists(), "back in time"
    written(event("unfollow", KEY))
    assert Erasure.objects.get(conversation=conversation.pk).why == people.BY_APPLICANT, "not put off"


def test_an_export_has_everything_and_nothing_of_others() -> None:
    conversation = written(*_events(KEY, 5), event("handoff", KEY, owner="queue", epoch=1, told=True))
    written(*_events(OTHER, 3))
    publish(*_events(KEY, 2), *_events(OTHER, 2))
    for key in (KEY, OTHER):
        _put(key)
    boss = client("boss2", Role.ADMIN)
    path = f"/office/privacy/{conversation.pk}/export/"
    assert boss.post(path, {}).status_code == 422, "a reason is asked for"
    response = boss.post(path, {"reason": "本人要求"})
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert set(archive.namelist()) == {"database.json", "redis.json"}
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert all(_say(WHO, number) in text for number in range(5))
    assert NEXT not in text
    assert {"message", "turn", "ticket"} <= set(json.loads(archive.read("database.json")))


def test_staff_erase_with_a_reason_and_the_number_typed_again() -> None:
    conversation = written(*_events(KEY, 1))
    boss: Client = client("boss3", Role.LEAD)
    path = f"/office/privacy/{conversation.pk}/erase/"
    assert boss.post(path, {"reason": "要求"}).status_code == 422
    assert boss.post(path, {"reason": "要求", "again": "7"}).status_code == 422
    assert not Erasure.objects.exists()
    assert boss.post(path, {"reason": "要求", "again": str(conversation.pk)}).status_code == 302
    assert Erasure.objects.get().by_name == "姓名boss3"


def test_a_longer_id_that_begins_alike_is_somebody_else() -> None:
    person = traces.Person(KEY)
    assert person.named(f"ledger:{{3}}:{KEY}".encode())
    assert person.named(f"kept:{{{KEY}}}:rest".encode())
    assert person.named(b"mailbox:{3}:message:wechat|gh_1|" + WHO.encode() + b"|1|2")
    assert not person.named(f"ledger:{{3}}:{OTHER}".encode())
    assert not person.named(f"kept:{{{OTHER}}}:rest".encode())
    assert not person.named(f"ledger:{{3}}:{KEY}-2 x".encode())
