"""What reports count from: finished days in small, and filters that somebody saved."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class RolledDay(models.Model):
    """A day whose `Cell`s are whole. A day without one is counted from its turns."""

    day = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return self.day.isoformat()


class RolledMonth(models.Model):
    """A month, by its first day, whose `MonthCell`s are whole: all its days were rolled then."""

    month = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Counted(models.Model):
    """How many turns of one kind there were, from ``day`` on."""

    day = models.DateField()
    channel = models.CharField(max_length=16)
    project = models.CharField(max_length=32, blank=True)
    topic = models.CharField(max_length=48, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    turns = models.PositiveIntegerField()
    helped = models.PositiveIntegerField(default=0)
    unsolved = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day"], name="%(class)s_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.outcome}"


class Cell(Counted):
    """Of one day."""


class MonthCell(Counted):
    """Of one month; ``day`` is its first."""


class HourCell(models.Model):
    """How many turns of one hour of a day, in China's time, there were."""

    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=16)
    project = models.CharField(max_length=32, blank=True)
    turns = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day"], name="hourcell_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.hour}"


class SavedView(models.Model):
    """A filter of the log under a name. ``query`` is the address's query string."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=24)
    query = models.CharField(max_length=600)
    shared = models.BooleanField("所有人可见", default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name")
        ]

    def __str__(self) -> str:
        return self.name
