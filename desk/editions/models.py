"""Editions, and the publications that made one of them current. Both are only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Edition(models.Model):
    """The files of the guide as they were published, whole.

    Attributes:
        version: a hash of the files; see `bot.guide.editions.digest`.
        guide: the version by which turns name the guide in it.
        base: the version of the checkout's files when it was made.
        files: name to text.
    """

    version = models.CharField(primary_key=True, max_length=16)
    guide = models.CharField(max_length=16)
    base = models.CharField(max_length=16)
    files = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.version


class Kind(models.TextChoices):
    """What a publication was."""

    CHANGE = "change", "发布修改"
    BACK = "back", "退回旧版本"
    BASE = "base", "恢复程序自带的指南"


class Publication(models.Model):
    """An edition became current. The last one counts."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.edition_id}"
