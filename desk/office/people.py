"""What is known of one applicant: exported on request, and erased on request, everywhere.

What reports count stays, as rows that say nothing about anybody: the conversation under a made-up key, its
turns with topic and outcome but without words, its tickets with times but without texts.
"""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import zipfile
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from bot.bus import traces
from desk.bus import bus
from desk.faqlog.models import Example, Turn
from desk.handoff import tickets
from desk.handoff.models import BadEvent, Conversation, Message, Outcome, SeenEvent, Who
from desk.office.models import Erasure

_log = structlog.get_logger()
_SECONDS = 120.0
AGAIN_AFTER = timedelta(minutes=2)
"""The second pass: a turn that was in hand at the first is long over."""

BY_APPLICANT = "申请人本人要求"

KEPT = {"faqlog.Turn", "faqlog.Visit", "faqlog.Screening", "handoff.Ticket"}
"""What stays of a conversation, without words. Every other row that belongs to one is deleted."""


def ask(conversation: Conversation, why: str, by: object, due: Any = None) -> Erasure:
    """Note that a conversation is to be erased; an erasure that is open already is brought forward."""
    due = due or timezone.now()
    before = Erasure.objects.filter(conversation=conversation.pk, done_at=None).first()
    if before is not None:
        if due < before.due_at:
            Erasure.objects.filter(pk=before.pk).update(due_at=due, why=why[:300], by_name=str(by)[:64])
        return before
    return Erasure.objects.create(
        conversation=conversation.pk, why=why[:300], by_name=str(by)[:64], due_at=due
    )


def wanted(conversation: Conversation, at: datetime) -> None:
    """The applicant asked for it, and confirmed."""
    ask(conversation, BY_APPLICANT, "申请人")


def carry_out() -> int:
    """A chore: erase what is due; returns how many passes were made. Raises `BusError`: then later again."""
    now = timezone.now()
    done = 0
    for request in Erasure.objects.filter(done_at=None, due_at__lte=now).order_by("due_at")[:20]:
        conversation = Conversation.objects.filter(pk=request.conversation).first()
        if conversation is not None:
            _pass(conversation, request)
        last = request.passes + 1 >= 2 or conversation is None
        if last and conversation is not None:
            _forget_key(conversation)
        Erasure.objects.filter(pk=request.pk).update(
            passes=F("passes") + 1,
            found=request.found,
            done_at=now if last else None,
            due_at=request.due_at if last else now + AGAIN_AFTER,
        )
        done += 1
    return done


def _pass(conversation: Conversation, request: Erasure) -> None:
    key = conversation.key
    found = bus.call(lambda redis: traces.erase(redis, key), _SECONDS)
    with transaction.atomic():
        tickets.close(conversation.pk, Outcome.HANDED_BACK)
        rows = erase_rows(conversation)
    for name, count in {**found, "rows": rows}.items():
        request.found[name] = request.found.get(name, 0) + count
    _log.info("erased", erasure=request.pk, passes=request.passes + 1)


def erase_rows(conversation: Conversation) -> int:
    """Remove a conversation's words and names from SQL, within a transaction; returns how many rows."""
    pk, key = conversation.pk, conversation.key
    marks = traces.Person(key).marks[1].decode()
    count = _examples(conversation)
    for related in Conversation._meta.related_objects:
        model: Any = related.related_model
        label = f"{model._meta.app_label}.{model.__name__}"
        if label not in KEPT and label != "faqlog.Example":
            rows = model._default_manager.filter(**{related.field.name: pk})
            count += rows.count()
            _delete(rows)
    count += (
        Turn.objects.filter(conversation=pk)
        .exclude(text="", answer="", key="")
        .update(
            text="",
            grams="",
            answer="",
            key="",
            event=Concat(Value("erased-"), F("id"), output_field=models.CharField()),
        )
    )
    count += SeenEvent.objects.filter(pk__contains=marks).delete()[0]
    count += BadEvent.objects.filter(raw__contains=key).delete()[0]
    Conversation.objects.filter(pk=pk).update(
        last_text="", answers={}, unread=0, owner=Who.BOT, agent=None, epoch=0, pushed=0
    )
    return count


def _delete(rows: Any) -> None:
    if rows.model is Message:
        rows.update(retry_of=None)
    rows.delete()


def _examples(conversation: Conversation) -> int:
    """Examples that came from this applicant: taken out now, and out of the model when it is trained next."""
    texts = Turn.objects.filter(conversation=conversation).exclude(text="").values_list("text", flat=True)
    mine = Example.objects.filter(
        models.Q(conversation=conversation) | models.Q(text__in=list(texts[:20_000]))
    )
    from desk.office import training

    gone = list(mine.values_list("text", flat=True))
    count = mine.delete()[0]
    training.forget(gone)
    return count


def _forget_key(conversation: Conversation) -> None:
    """The applicant's id was in the key. Whoever writes again is somebody new."""
    Conversation.objects.filter(pk=conversation.pk).update(
        key=f"erased:{secrets.token_hex(12)}", followed=False
    )
    if connection.vendor == "sqlite":
        with contextlib.suppress(Exception), connection.cursor() as cursor:  # readers may hold it back: later
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def export(conversation: Conversation) -> bytes:
    """Everything known of one applicant as a ZIP of JSON files. Raises `BusError`."""
    rows: dict[str, list[dict[str, Any]]] = {"conversation": [_row(conversation)]}
    for related in Conversation._meta.related_objects:
        model: Any = related.related_model
        found = model._default_manager.filter(**{related.field.name: conversation.pk})
        rows[model.__name__.lower()] = [_row(each) for each in found]
    held = bus.call(lambda redis: traces.collect(redis, conversation.key), _SECONDS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("database.json", json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        archive.writestr("redis.json", json.dumps(held, ensure_ascii=False, indent=1, default=str))
    return packed.getvalue()


def _row(each: models.Model) -> dict[str, Any]:
    return {
        field.attname: getattr(each, field.attname)
        for field in each._meta.concrete_fields
        if not isinstance(field, models.BinaryField)
    }
