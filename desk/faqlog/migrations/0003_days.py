"""The day and hour of what happened, and the words of each turn made findable."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import migrations, models

from desk.faqlog.grams import grams
from desk.hours import CHINA


def fill(apps: Any, editor: Any) -> None:
    """Derive what `Turn.derive` derives, for turns that were written before."""
    turns = apps.get_model("faqlog", "Turn")
    for turn in turns.objects.only("at", "text").iterator():
        here = turn.at.astimezone(CHINA)
        turns.objects.filter(pk=turn.pk).update(
            day=here.date(), slot=here.weekday() * 24 + here.hour, grams=grams(turn.text)
        )


_DAY = models.DateField(default=date(2000, 1, 1), editable=False)
_INDEX = ["day", "channel", "project", "topic", "outcome", "score"]


class Migration(migrations.Migration):
    """Days."""

    dependencies = [("faqlog", "0002_office")]
    operations = [
        migrations.RemoveIndex("visit", "visit_started"),
        migrations.RemoveIndex("screening", "screening_started"),
        # Django makes an index for a foreign key by itself.
        migrations.RemoveIndex("turn", "turn_screening"),
        migrations.RemoveIndex("turn", "turn_visit"),
        migrations.RemoveField("group", "merged"),
        migrations.AddField("turn", "day", _DAY, preserve_default=False),
        migrations.AddField(
            "turn",
            "slot",
            models.PositiveSmallIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField("visit", "day", models.DateField(default=date(2000, 1, 1)), preserve_default=False),
        migrations.AddField(
            "screening", "day", models.DateField(default=date(2000, 1, 1)), preserve_default=False
        ),
        migrations.AddField("group", "meaning", models.CharField(default="", max_length=16), preserve_default=False),
        migrations.AddField("group", "nearest", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("turn", models.Index(fields=["slot", "-at", "-id"], name="turn_slot")),
        migrations.AddIndex("turn", models.Index(fields=_INDEX, name="turn_day")),
        migrations.AddIndex("visit", models.Index(fields=["day", "channel", "conversation"], name="visit_day")),
        migrations.AddIndex(
            "screening",
            models.Index(
                fields=["day", "channel", "project", "verdict", "failed", "open_fact"], name="screening_day"
            ),
        ),
    ]
