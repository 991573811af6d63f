"""Brings Redis in line with SQL: after each change, and over and over, so that a loss heals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import structlog
from django.db.models import F
from django.utils import timezone

from bot.bus import owner
from bot.bus.connection import Client
from bot.bus.owner import Owner
from bot.errors import BusError
from desk.bus import bus
from desk.handoff import ownership
from desk.handoff.models import Conversation, Reason, Who

_log = structlog.get_logger()
_BATCH = 500


def truth(conversation: Conversation) -> Owner:
    """The owner as Redis should have it."""
    who = cast(owner.Who, str(conversation.owner))
    return Owner(who, conversation.epoch, str(conversation.agent_id or ""))


def push(pk: int) -> bool:
    """Tell Redis who owns this conversation; False when Redis is away: then `push_changed` does it."""
    conversation = Conversation.objects.get(pk=pk)
    try:
        _put([conversation])
    except BusError as error:
        _log.warning("owner not told", problem=str(error))
        return False
    return True


def push_changed() -> int:
    """Tell Redis of every change that it isn't known to have; returns how many. Raises `BusError`."""
    changed = list(Conversation.objects.filter(pushed__lt=F("epoch")).order_by("id")[:_BATCH])
    _put(changed)
    return len(changed)


def _put(conversations: list[Conversation]) -> None:
    async def heal(redis: Client) -> list[Owner]:
        return [await owner.heal(redis, each.key, truth(each)) for each in conversations]

    if not conversations:
        return
    for conversation, stands in zip(conversations, bus.call(heal, 10.0), strict=True):
        if stands == truth(conversation):
            rows = Conversation.objects.filter(pk=conversation.pk, epoch=conversation.epoch)
            rows.update(pushed=conversation.epoch)
        else:
            _overtake(conversation, stands)


def _overtake(conversation: Conversation, stands: Owner) -> None:
    """Redis is ahead of SQL, and what it tells is on its way as an event, or was lost.

    A member of staff who has the conversation keeps it: their epoch is put above the one in Redis.
    """
    if conversation.owner == Who.AGENT:
        rows = Conversation.objects.filter(pk=conversation.pk, epoch=conversation.epoch, owner=Who.AGENT)
        rows.update(epoch=stands.epoch + 1)
    else:
        _log.info("redis is ahead", conversation=conversation.pk, epoch=stands.epoch)


def compare_all() -> int:
    """Compare both sides; heal what differs, returns how many did. Raises `BusError`."""
    healed = 0
    human = Conversation.objects.exclude(owner=Who.BOT).order_by("id")
    last = 0
    while batch := list(human.filter(pk__gt=last)[:_BATCH]):
        healed += _compare(batch)
        last = batch[-1].pk
    return healed + _orphans()


def _compare(batch: list[Conversation]) -> int:
    async def look(redis: Client) -> list[Owner]:
        return [await owner.get(redis, each.key) for each in batch]

    found = bus.call(look, 10.0)
    wrong = [
        each for each, now in zip(batch, found, strict=True) if now != truth(each) and now.epoch <= each.epoch
    ]
    _put(wrong)
    return len(wrong)


def _orphans() -> int:
    """What Redis gives to humans and SQL doesn't."""

    async def look(redis: Client) -> dict[str, Owner]:
        return {key: found async for key, found in owner.known(redis)}

    found = bus.call(look, 20.0)
    rows = Conversation.objects.filter(key__in=list(found)[:10_000], owner=Who.BOT)
    wrong = [each for each in rows if found[each.key].epoch <= each.epoch]
    _put(wrong)
    for each in rows:
        if found[each.key].epoch > each.epoch and found[each.key].owner == "queue":
            _lost_event(each, found[each.key])
    return len(wrong)


def _lost_event(conversation: Conversation, stands: Owner) -> None:
    """Redis has had somebody in the queue for a minute, and no event told of it: so it was lost."""
    marker = f"{conversation.pk}:{stands.epoch}"
    now = timezone.now()
    first = _suspects.setdefault(marker, now)
    if now - first > timedelta(seconds=60):
        _suspects.pop(marker, None)
        ownership.request(conversation.pk, Reason.ASKED, now, stands.epoch)


_suspects: dict[str, datetime] = {}
