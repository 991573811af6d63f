"""A turn of the bot: what was asked, how it was understood, what came of it; and what it is part of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from desk.faqlog.grams import grams
from desk.handoff.models import Conversation
from desk.hours import CHINA

HELPED, UNSOLVED = 1, 0
"""``Turn.score``: what the applicant tapped under the answer."""


class Visit(models.Model):
    """Turns of one applicant without a long silence between them: what people call a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="visits")
    channel = models.CharField("渠道", max_length=16)
    day = models.DateField()
    started_at = models.DateTimeField("开始")
    last_at = models.DateTimeField("最后")
    turns = models.PositiveIntegerField("轮数", default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["day", "channel", "conversation"], name="visit_day"),
            models.Index(fields=["conversation", "-id"], name="visit_conversation"),
            # All that a list of applicants counts, in the order of applicants.
            models.Index(fields=["conversation", "channel", "day", "last_at", "turns"], name="visit_people"),
        ]

    def __str__(self) -> str:
        return f"会话 {self.pk}"


class Screening(models.Model):
    """One walk through a project's conditions.

    Attributes:
        verdict: 不符合, 待确认 or 初步符合; empty while a question is open.
        failed: the first condition that surely fails, by its id in the guide.
        open_fact: the question that is open, by its id; where people leave, if they don't come back.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="screenings")
    channel = models.CharField(max_length=16)
    project = models.CharField(max_length=32)
    day = models.DateField()
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    verdict = models.CharField(max_length=16, blank=True)
    failed = models.CharField(max_length=48, blank=True)
    open_fact = models.CharField(max_length=48, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # All that a report counts, kind after kind.
            models.Index(
                fields=["project", "verdict", "failed", "open_fact", "day", "channel"],
                name="screening_kind",
            ),
            models.Index(fields=["conversation", "project", "-id"], name="screening_conversation"),
        ]

    def __str__(self) -> str:
        return f"核对 {self.pk}"


class Turn(models.Model):
    """One turn. ``text`` is masked; the bubbles of the conversation have what was typed.

    Attributes:
        day, slot: the day, and weekday (Monday 0) * 24 + hour, in China's time.
        grams: what `desk.faqlog.search` looks in.
        score: 1 helped, 0 didn't solve it, None nothing was tapped.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.SET_NULL, related_name="log")
    screening = models.ForeignKey(Screening, null=True, on_delete=models.SET_NULL, related_name="log")
    event = models.CharField(max_length=200, unique=True)
    key = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    day = models.DateField(editable=False)
    slot = models.PositiveSmallIntegerField(editable=False)
    channel = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    grams = models.TextField(blank=True, editable=False)
    answer = models.TextField(blank=True)
    intent = models.CharField(max_length=48, blank=True)
    confidence = models.FloatField(null=True)
    topic = models.CharField(max_length=48, blank=True)
    project = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    ms = models.FloatField(null=True)
    model = models.CharField(max_length=80, blank=True)
    guide = models.CharField(max_length=80, blank=True)
    score = models.SmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["conversation", "-id"], name="turn_conversation"),
            models.Index(fields=["key"], name="turn_key"),
            # The log in its order, with all that a filter asks: turns that don't fit are never read. An index
            # that finds only those of one topic or outcome would be taken in its stead, and be slower.
            models.Index(
                fields=[
                    "-at",
                    "-id",
                    "channel",
                    "project",
                    "topic",
                    "outcome",
                    "verdict",
                    "score",
                    "confidence",
                    "slot",
                    "model",
                    "guide",
                ],
                name="turn_listed",
            ),
            models.Index(
                fields=["score", "-at", "-id"], name="turn_score", condition=models.Q(score__isnull=False)
            ),
            models.Index(fields=["day", "channel", "project", "topic", "outcome", "score"], name="turn_day"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"

    def derive(self) -> Turn:
        """Fill in what follows from the rest; `save` does it, whoever creates many at once has to."""
        here = self.at.astimezone(CHINA)
        self.day, self.slot = here.date(), here.weekday() * 24 + here.hour
        self.grams = grams(self.text)
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, and make it findable."""
        self.derive()
        super().save(*args, **kwargs)
