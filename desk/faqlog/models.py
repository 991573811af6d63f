"""A turn of the bot: what was asked, how it was understood, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from desk.handoff.models import Conversation


class Turn(models.Model):
    """One turn. ``text`` is masked; the bubbles of the conversation have what was typed."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    event = models.CharField(max_length=200, unique=True)
    key = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    channel = models.CharField(max_length=16)
    text = models.TextField(blank=True)
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
            models.Index(fields=["-at", "-id"], name="turn_at"),
            models.Index(fields=["outcome", "-at"], name="turn_outcome"),
            models.Index(fields=["topic", "-at"], name="turn_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"
