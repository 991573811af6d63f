"""Filters of the console's templates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from desk.handoff import shown as shown_module
from desk.handoff.audit import ACTIONS

register = template.Library()


@register.filter
def shown(text: str, unmasked: bool = False) -> shown_module.Shown:
    """A text of an applicant, masked and cut in two."""
    return shown_module.shown(text, unmasked)


@register.filter
def preview(text: str) -> str:
    """One line of a text, masked."""
    return " ".join(shown_module.shown(text[:120]).head.split())[:60]


@register.filter
def lasting(seconds: float | timedelta | None) -> str:
    """A length of time in words: 45秒, 3分, 2时05分."""
    if seconds is None:
        return "—"
    whole = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    if whole < 60:
        return f"{max(whole, 0)}秒"
    if whole < 3600:
        return f"{whole // 60}分"
    if whole < 86_400:
        return f"{whole // 3600}时{whole % 3600 // 60:02}分"
    return f"{whole // 86_400}天"


@register.filter
def since(moment: datetime | None) -> str:
    """How long ago."""
    return lasting(timezone.now() - moment) if moment else "—"


@register.filter
def stamp(moment: datetime | None) -> str:
    """Today the time, this year day and time, else the date."""
    if moment is None:
        return ""
    here, now = timezone.localtime(moment), timezone.localtime()
    if here.date() == now.date():
        return f"{here:%H:%M}"
    return f"{here.month}月{here.day}日 {here:%H:%M}" if here.year == now.year else f"{here:%Y-%m-%d}"


@register.filter
def day_and_time(moment: datetime) -> str:
    """Day and time; for long tables, where Django's own filter takes long."""
    here = timezone.localtime(moment)
    return f"{here.month}月{here.day}日 {here:%H:%M}"


@register.filter
def action_name(action: str) -> str:
    """An action of the audit log in Chinese."""
    return ACTIONS.get(action, action)


@register.filter
def get(mapping: dict[str, object], key: str) -> object:
    """What a mapping has under a key; empty when nothing."""
    return mapping.get(key, "")
