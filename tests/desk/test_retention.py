"""How long what is kept: each class goes in its time, counts stay, and nothing younger is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from desk.faqlog.models import Turn
from desk.handoff.models import AuditEntry, Conversation, Message
from desk.office import retention
from desk.office.models import Erasure
from tests.desk.make import KEY, event, user, written

pytestmark = pytest.mark.usefixtures("desk")


def _aged(days: int, key: str) -> Conversation:
    """A conversation with one turn, all of it so many days old."""
    conversation = written(
        event("message_in", key, key=f"m-{days}", kind="text", text=f"{days}天前的话"),
        event("turn", key, key=f"m-{days}", outcome="answered", topic="duration", intent="duration"),
    )
    at = timezone.now() - timedelta(days=days)
    Message.objects.filter(conversation=conversation).update(at=at)
    Turn.objects.filter(conversation=conversation).update(at=at)
    Conversation.objects.filter(pk=conversation.pk).update(last_at=at)
    return conversation


def test_words_go_in_their_time_and_counts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEEP_MESSAGES", "100")
    monkeypatch.setenv("DESK_KEEP_LOG", "200")
    fresh, older, oldest = (_aged(days, f"{KEY}-{days}") for days in (99, 101, 201))
    retention.enforce()
    assert set(Message.objects.values_list("conversation", flat=True)) == {fresh.pk}
    texts = dict(Turn.objects.values_list("conversation", "text"))
    assert texts == {fresh.pk: "99天前的话", older.pk: "101天前的话", oldest.pk: ""}
    assert Turn.objects.filter(outcome="answered", topic="duration").count() == 3
    assert list(Erasure.objects.values_list("conversation", flat=True)) == [oldest.pk], "the id goes too"
    retention.enforce()
    assert Erasure.objects.count() == 1


def test_the_audit_log_lets_go_of_what_is_old_and_of_nothing_else() -> None:
    who = user()
    now = timezone.now()
    for days in (0, 179, 181, 1094, 1096):
        AuditEntry.objects.create(actor=who, actor_name="n", action="view", at=now - timedelta(days=days))
    assert retention.enforce()["audit"] == 1
    assert AuditEntry.objects.count() == 4
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM handoff_auditentry")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE handoff_auditentry SET reason = 'x'")
    old = AuditEntry.objects.earliest("at")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE handoff_auditentry SET reason = 'x' WHERE id = %s", [old.pk])
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE handoff_auditentry")
    assert AuditEntry.objects.count() == 4


def test_no_setting_shortens_the_audit_log_below_the_triggers_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEEP_AUDIT", "7")
    assert next(rule.days for rule in retention.rules() if rule.setting == "DESK_KEEP_AUDIT") == 180
