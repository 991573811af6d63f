"""What the office works on: drafts, training runs, and requests about personal data."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.editions.models import Publication


class State(models.TextChoices):
    """How far a draft has come."""

    DRAFT = "draft", "草稿"
    WAITING = "waiting", "待审核"
    APPROVED = "approved", "已通过，待发布"
    RETURNED = "returned", "已退回"
    PUBLISHED = "published", "已发布"
    DROPPED = "dropped", "已撤销"


class Draft(models.Model):
    """One change to one thing. Never deleted, so every version is kept with who, when and why.

    Attributes:
        kind, target: what is changed; see `desk.office.items`.
        before, after: field to text; ``before`` is what was there when the draft was begun.
    """

    kind = models.CharField(max_length=12)
    target = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField("修改理由", max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_name = models.CharField(max_length=64, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    note = models.CharField("审核意见", max_length=300, blank=True)
    publication = models.ForeignKey(Publication, null=True, on_delete=models.PROTECT, related_name="drafts")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-id"], name="draft_state"),
            models.Index(fields=["kind", "target", "-id"], name="draft_target"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"


class Stage(models.TextChoices):
    """How far a training run has come."""

    RUNNING = "running", "正在进行"
    PASSED = "passed", "可以发布"
    BELOW = "below", "低于下限，不能发布"
    FAILED = "failed", "没有完成"
    PUBLISHED = "published", "已发布"


class Training(models.Model):
    """One run: validate, train, evaluate against the live model.

    Attributes:
        examples: the approved examples that went in: [[text, topic, "train" or "heldout"]].
        model, live: the new model and the one it was compared with, by name.
        lines: progress, one line each. result: see `bot.nlu.comparison.Result`.
    """

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RUNNING)
    examples = models.JSONField(default=list)
    model = models.CharField(max_length=80, blank=True)
    live = models.CharField(max_length=80, blank=True)
    lines = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.stage} {self.pk}"


class ModelChoice(models.Model):
    """A model became the one in use. The last one counts. ``examples`` are those that it was trained with."""

    model = models.CharField(max_length=80)
    examples = models.JSONField(default=list)
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.model


class Erasure(models.Model):
    """A request to erase what is known of one applicant. It says itself nothing about the person.

    Attributes:
        conversation: the row's number; its key is gone once the erasure is done.
        why: asked by the applicant, not followed any more, or asked by staff with a reason.
        passes: how often it was carried out; twice, since a turn may have been in hand at first.
    """

    conversation = models.BigIntegerField()
    why = models.CharField(max_length=300)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    passes = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="erasure_due", condition=models.Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
