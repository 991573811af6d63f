"""How long what is kept, by class, enforced daily by the consumer. Settings in days:

``DESK_KEEP_MESSAGES`` (180) the words of conversations; ``DESK_KEEP_LOG`` (730) the words in the log of
questions, whose counts stay; ``DESK_KEEP_AUDIT`` (1095) the audit log, at least 180;
``DESK_KEEP_UNFOLLOWED`` (30) everything of an applicant who doesn't follow the account any more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from desk.environment import number
from desk.faqlog.models import Turn
from desk.handoff.models import AuditEntry, BadEvent, Conversation, Message
from desk.office import people
from desk.office.models import Erasure

_PIECE = 2_000
_PIECES = 50
LEAST_AUDIT = 180
UNFOLLOWED = "取消关注"
NO_LONGER_NEEDED = "保存期满"


class Rule(NamedTuple):
    """A class of data: its name, how many days it is kept, the setting, and what happens then."""

    name: str
    days: int
    setting: str
    then: str


def rules() -> list[Rule]:
    """The rules in force. Raises `SettingsError`."""
    return [
        Rule("会话里的话", number("DESK_KEEP_MESSAGES", 180), "DESK_KEEP_MESSAGES", "删除"),
        Rule("问答记录里的话", number("DESK_KEEP_LOG", 730), "DESK_KEEP_LOG", "删去文字，只留统计数"),
        Rule("审计记录", max(number("DESK_KEEP_AUDIT", 1095), LEAST_AUDIT), "DESK_KEEP_AUDIT", "删除"),
        Rule(
            "取消关注的人", number("DESK_KEEP_UNFOLLOWED", 30), "DESK_KEEP_UNFOLLOWED", "全部删除，只留统计数"
        ),
    ]


def enforce(now: datetime | None = None) -> dict[str, int]:
    """A chore: enforce them all; returns how many rows each touched. What is left over is done tomorrow."""
    now = now or timezone.now()
    messages, log, audit, _ = (timedelta(days=rule.days) for rule in rules())
    return {
        "messages": _pieces(lambda: _messages(now - messages)),
        "bad": BadEvent.objects.filter(at__lt=now - messages).delete()[0],
        "log": _pieces(lambda: _log(now - log)),
        "people": _pieces(lambda: _people(now - max(messages, log))),
        "audit": _audit(now - audit),
    }


def _pieces(step: Callable[[], int]) -> int:
    """Do a step until it finds nothing, in transactions small enough that nobody waits."""
    total = 0
    for _ in range(_PIECES):
        with transaction.atomic():
            count = step()
        total += count
        if count < _PIECE:
            break
    return total


def _first(rows: Any) -> list[Any]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:_PIECE])


def _messages(before: datetime) -> int:
    ids = _first(Message.objects.filter(at__lt=before))
    Message.objects.filter(retry_of__in=ids).update(retry_of=None)
    Message.objects.filter(pk__in=ids).delete()
    Conversation.objects.filter(last_at__lt=before).exclude(last_text="").update(last_text="")
    return len(ids)


def _log(before: datetime) -> int:
    ids = _first(Turn.objects.filter(at__lt=before).exclude(text="", answer="", key=""))
    return Turn.objects.filter(pk__in=ids).update(
        text="",
        grams="",
        answer="",
        key="",
        event=Concat(Value("old-"), F("id"), output_field=models.CharField()),
    )


def _people(before: datetime) -> int:
    """Whoever hasn't been heard of for so long that no words of theirs are left: their id goes too."""
    asked = Erasure.objects.values("conversation")
    rows = Conversation.objects.filter(last_at__lt=before).exclude(key__startswith="erased:")
    found = list(rows.exclude(pk__in=asked).order_by("pk")[:_PIECE])
    for conversation in found:
        people.ask(conversation, NO_LONGER_NEEDED, "系统")
    return len(found)


def _audit(before: datetime) -> int:
    """The database's trigger lets go only of entries older than 180 days (migration ``office.0002``)."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    limit = connection.ops.adapt_datetimefield_value(before)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE at < %s", [limit])  # noqa: S608 - the table's own name
        return int(cursor.rowcount)


def unfollowed(conversation: Conversation, at: datetime) -> None:
    """The applicant doesn't follow the account any more: erase in time."""
    days = rules()[3].days
    people.ask(conversation, UNFOLLOWED, "系统", at + timedelta(days=days))


def followed(conversation: Conversation, at: datetime) -> None:
    """They are back before the time was over: nothing is erased."""
    Erasure.objects.filter(conversation=conversation.pk, why=UNFOLLOWED, passes=0, done_at=None).delete()
