"""The inbox: questions that weren't answered well, grouped by meaning; and what the office made of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.faqlog.models.turn import Turn
from desk.handoff.models import Conversation, Message


class Why(models.TextChoices):
    """Why a question is in the inbox."""

    NOT_UNDERSTOOD = "not_understood", "没听懂"
    LOW = "low", "把握不大"
    UNSOLVED = "unsolved", "申请人说没解决"
    CORRECTED = "corrected", "工作人员说答错了"


class Fate(models.TextChoices):
    """What was done with it."""

    OPEN = "open", "待处理"
    ADOPTED = "adopted", "归入主题"
    OFF_TOPIC = "off_topic", "与申报无关"
    NEW_TOPIC = "new_topic", "列为新主题"
    DISMISSED = "dismissed", "不处理"


class Group(models.Model):
    """Questions that mean the same.

    Attributes:
        exemplar: the question that stands for all.
        centre: what they mean together, and of how many (``weight``); see `desk.faqlog.grouping`.
        meaning: names the way of measuring that ``centre`` belongs to.
        nearest: the topics that come nearest, best first, parted by commas.
    """

    exemplar = models.ForeignKey("Question", null=True, on_delete=models.SET_NULL, related_name="+")
    centre = models.BinaryField()
    weight = models.PositiveIntegerField(default=0)
    meaning = models.CharField(max_length=16)
    nearest = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"第 {self.pk} 组"


class Question(models.Model):
    """One turn that waits for the office.

    Attributes:
        vector: what it means, 512 half-precision numbers; empty until it was grouped.
        digest: the same for the same words.
    """

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="question")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="questions")
    why = models.CharField("原因", max_length=16, choices=Why.choices)
    fate = models.CharField("处理", max_length=12, choices=Fate.choices, default=Fate.OPEN)
    group = models.ForeignKey(
        Group, null=True, on_delete=models.SET_NULL, related_name="questions", db_index=False
    )
    vector = models.BinaryField(default=b"")
    digest = models.CharField(max_length=32)
    note = models.CharField("理由", max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # All that the list of groups counts, group after group.
            models.Index(fields=["group", "fate", "conversation", "why"], name="question_people"),
            models.Index(fields=["digest"], name="question_digest"),
            models.Index(fields=["id"], name="question_new", condition=models.Q(group=None, fate="open")),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.pk}"


class Kind(models.TextChoices):
    """What an example is for."""

    TRAIN = "train", "训练"
    HELD_OUT = "heldout", "检验"


class Example(models.Model):
    """A way of asking that belongs to a topic, adopted from the log.

    ``text`` is masked. It counts once a second person has approved it (``approved_by``). ``topic`` is an
    intent: a topic of the guide, ``out_of_scope``, or the id of a `NewTopic`. The turn and conversation it
    came from are kept so that erasing a person finds it.
    """

    text = models.CharField("说法", max_length=300)
    topic = models.CharField("主题", max_length=48)
    kind = models.CharField("用途", max_length=8, choices=Kind.choices, default=Kind.TRAIN)
    turn = models.ForeignKey(Turn, null=True, on_delete=models.SET_NULL, related_name="examples")
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="examples"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="采纳人",
    )
    at = models.DateTimeField("采纳时间", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="批准人",
    )
    approved_at = models.DateTimeField("批准时间", null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One way of asking belongs to one topic, and is never both taught and tested.
            models.UniqueConstraint(fields=["text"], name="example_text"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["topic", "kind"], name="example_topic")]

    def __str__(self) -> str:
        return self.text


class NewTopic(models.Model):
    """A topic that the guide pack doesn't have yet, proposed from a group."""

    id = models.SlugField("编号", max_length=48, primary_key=True)
    label = models.CharField("名称", max_length=24)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    made = models.BooleanField("已建立", default=False)

    def __str__(self) -> str:
        return self.label


class DraftAnswer(models.Model):
    """An answer that somebody drafted from a staff reply, for the editor of answers to take up."""

    topic = models.CharField("主题", max_length=48)
    text = models.TextField("草稿")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    used = models.BooleanField("已采用", default=False)

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"
