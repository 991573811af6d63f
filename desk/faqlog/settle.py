"""What the office makes of questions. Each function changes rows and says how many; callers write audits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bot.privacy import mask
from desk.accounts.models import User
from desk.faqlog import names
from desk.faqlog.models import DraftAnswer, Example, Fate, Group, Kind, NewTopic, Question
from desk.handoff.models import Message

LONGEST = 120
"""Characters of an example; nobody learns a way of asking from a letter."""


def chosen(questions: Iterable[int], groups: Iterable[int]) -> QuerySet[Question]:
    """The open questions that were marked, or those of the marked groups where none was."""
    found = Question.objects.filter(fate=Fate.OPEN)
    marked = list(questions)
    return found.filter(pk__in=marked) if marked else found.filter(group__in=list(groups))


def example_text(text: str) -> str:
    """A question as an example: one line, masked, without the spaces around it."""
    return re.sub(r"\s+", " ", mask(text)).strip()[:LONGEST]


def _fate(rows: Sequence[Question], user: User, fate: Fate, note: str = "") -> int:
    """Settle questions, and every open one in the same words."""
    same = Question.objects.filter(fate=Fate.OPEN, digest__in={row.digest for row in rows})
    done: int = same.update(fate=fate, note=note[:300], settled_at=timezone.now(), settled_by=user)
    return done


def _add(rows: Sequence[Question], topic: str, kind: str, user: User) -> int:
    """One example for each way of asking; one that is there already stays as it is."""
    texts = {row.digest: (example_text(row.turn.text), row) for row in rows}
    made = 0
    for text, row in texts.values():
        if text:
            _, new = Example.objects.get_or_create(
                text=text,
                defaults={
                    "topic": topic,
                    "kind": kind,
                    "by": user,
                    "turn_id": row.turn_id,
                    "conversation_id": row.conversation_id,
                },
            )
            made += new
    return made


@transaction.atomic
def adopt(found: QuerySet[Question], topic: str, kind: str, user: User) -> tuple[int, int]:
    """They belong to a topic; returns how many examples that made, and how many questions it settled.

    Raises:
        ValueError: there is no such topic or kind.
    """
    if topic not in names.topics() or kind not in Kind.values:
        raise ValueError("没有这个主题")
    rows = list(found.select_related("turn"))
    return _add(rows, topic, kind, user), _fate(rows, user, Fate.ADOPTED, names.topics()[topic])


@transaction.atomic
def off_topic(found: QuerySet[Question], user: User) -> tuple[int, int]:
    """They have nothing to do with the guide: taught as such."""
    rows = list(found.select_related("turn"))
    return _add(rows, names.OFF_TOPIC, Kind.TRAIN, user), _fate(rows, user, Fate.OFF_TOPIC)


@transaction.atomic
def new_topic(found: QuerySet[Question], label: str, user: User) -> tuple[int, int]:
    """They ask something that has no topic yet.

    Raises:
        ValueError: the name is empty, or a topic has it.
    """
    label = " ".join(label.split())[:24]
    if not label or label in names.topics().values():
        raise ValueError("请给新主题起一个没有用过的名称")
    id = f"new_{hashlib.sha256(label.encode()).hexdigest()[:8]}"
    NewTopic.objects.get_or_create(pk=id, defaults={"label": label, "by": user})
    rows = list(found.select_related("turn"))
    return _add(rows, id, Kind.TRAIN, user), _fate(rows, user, Fate.NEW_TOPIC, label)


@transaction.atomic
def dismiss(found: QuerySet[Question], reason: str, user: User) -> tuple[int, int]:
    """Nothing is done with them. Raises ValueError without a reason."""
    if len(reason.strip()) < 2:
        raise ValueError("请写明理由")
    return 0, _fate(list(found), user, Fate.DISMISSED, reason.strip())


def _open_again(rows: QuerySet[Question]) -> int:
    """Open questions again, and all that were settled with them for having the same words."""
    same = Question.objects.filter(digest__in=list(rows.values_list("digest", flat=True))).exclude(
        fate=Fate.OPEN
    )
    done: int = same.update(fate=Fate.OPEN, note="", settled_at=None, settled_by=None)
    return done


@transaction.atomic
def reopen(questions: Iterable[int]) -> int:
    """Take back what was settled; examples that nobody has approved yet go with it."""
    rows = Question.objects.filter(pk__in=list(questions)).exclude(fate=Fate.OPEN)
    Example.objects.filter(turn__in=rows.values("turn"), approved_by=None).delete()
    return _open_again(rows)


@transaction.atomic
def merge(groups: Iterable[int]) -> int:
    """Make one group of several: the one with the most questions takes the others in; returns how many."""
    found = list(Group.objects.filter(pk__in=list(groups)).order_by("-weight", "pk"))
    if len(found) < 2:
        raise ValueError("请至少选两组")
    first, *others = found
    same = [group for group in found if len(group.centre) == len(first.centre)]
    weight = sum(max(group.weight, 1) for group in same)
    centres = np.array([np.frombuffer(bytes(group.centre), np.float32) for group in same])
    centre = np.average(centres, axis=0, weights=[max(group.weight, 1) for group in same])
    Question.objects.filter(group__in=others).update(group=first)
    first.centre, first.weight = centre.astype(np.float32).tobytes(), weight
    first.save()
    Group.objects.filter(pk__in=[group.pk for group in others]).delete()
    return len(others)


def draft(message: Message, topic: str, text: str, user: User) -> DraftAnswer:
    """Keep a staff reply, as somebody reworded it, as the draft of an answer. Raises ValueError."""
    if topic not in names.topics() or not text.strip():
        raise ValueError("请选主题，并写上答复")
    return DraftAnswer.objects.create(topic=topic, text=mask(text.strip())[:4_000], message=message, by=user)


@transaction.atomic
def approve(examples: Iterable[int], user: User) -> int:
    """Approve what colleagues adopted; one's own is left, since it takes two."""
    waiting = Example.objects.filter(pk__in=list(examples), approved_by=None).exclude(by=user)
    done: int = waiting.update(approved_by=user, approved_at=timezone.now())
    return done


@transaction.atomic
def withdraw(examples: Iterable[int]) -> int:
    """Take examples back, whether approved or not; their questions are open again."""
    rows = Example.objects.filter(pk__in=list(examples))
    _open_again(Question.objects.filter(turn__in=rows.values("turn")))
    return rows.delete()[0]
