"""What keeps the desk in step: events seen, where each stream stands, and what open pages must hear."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from desk.handoff.models.conversation import Conversation


class SeenEvent(models.Model):
    """An event that was written. Its id is unique, so that none is written twice."""

    id = models.CharField(primary_key=True, max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="seen_at")]

    def __str__(self) -> str:
        return self.id


class Cursor(models.Model):
    """How far a stream has been read; for people to look at, the group in Redis does the counting."""

    stream = models.CharField(primary_key=True, max_length=32)
    entry = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.stream} {self.entry}"


class BadEvent(models.Model):
    """A stream entry that can't be used, kept whole for a programmer."""

    stream = models.CharField(max_length=32)
    entry = models.CharField(max_length=40)
    raw = models.TextField()
    problem = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["stream", "entry"], name="bad_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.entry}"


class Change(models.Model):
    """Something that open pages should look at. Its id is the id of a server-sent event."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="change_at")]

    def __str__(self) -> str:
        return f"{self.what} {self.conversation_id}"


class Correction(models.Model):
    """An answer of the screening that staff corrected; told to the worker after the hand-back."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="corrections")
    project = models.CharField(max_length=32)
    fact = models.CharField(max_length=32)
    choice = models.CharField(max_length=32)
    told = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["conversation"], name="correction_untold", condition=models.Q(told=False))
        ]

    def __str__(self) -> str:
        return f"{self.fact}={self.choice}"
