"""Writes a batch of stream entries to SQL in one transaction, each event once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from bot.bus.events import Event, decode
from desk.handoff.intake.kinds import apply
from desk.handoff.models import BadEvent, Cursor, SeenEvent

_log = structlog.get_logger()

AWAY = (OperationalError, InterfaceError)
"""What means that SQL is away or busy: nothing is wrong with the event, try again."""


class Entry(NamedTuple):
    """An entry of a stream: the stream's key, the entry's id and its fields."""

    stream: str
    id: str
    fields: dict[bytes, bytes]


def write(entries: Sequence[Entry]) -> None:
    """Write them all; afterwards they may be acknowledged.

    An event that can't be written is put aside whole, so that it doesn't stand in the way for ever.

    Raises:
        OperationalError, InterfaceError: SQL is away or busy; nothing of the batch was written that
            another call wouldn't skip.
    """
    try:
        _together(entries)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one event does mustn't stop the others
        _log.warning("batch taken apart", problem=type(error).__name__)
        for entry in entries:
            _alone(entry)


def _together(entries: Sequence[Entry]) -> None:
    events = [decode(entry.fields) for entry in entries]
    with transaction.atomic():
        seen = set(SeenEvent.objects.filter(pk__in=[e.id for e in events]).values_list("pk", flat=True))
        for event in events:
            if event.id not in seen:
                seen.add(event.id)
                SeenEvent.objects.create(pk=event.id)
                apply(event)
        for stream, id in {entry.stream: entry.id for entry in entries}.items():
            Cursor.objects.update_or_create(pk=stream, defaults={"entry": id})


def _alone(entry: Entry) -> None:
    try:
        _together([entry])
    except AWAY:
        raise
    except (msgspec.MsgspecError, DatabaseError, KeyError, TypeError, ValueError) as error:
        _put_aside(entry, error)
    except Exception as error:  # noqa: BLE001 - the same: it is put aside with what is known of it
        _log.error("event failed", entry=entry.id, stream=entry.stream, problem=type(error).__name__)
        _put_aside(entry, error)


def _put_aside(entry: Entry, error: Exception) -> None:
    raw = entry.fields.get(b"e", b"").decode("utf-8", "replace").replace("\0", "�")
    BadEvent.objects.get_or_create(
        stream=entry.stream,
        entry=entry.id,
        defaults={"raw": raw, "problem": f"{type(error).__name__}: {error}"[:300].replace("\0", "�")},
    )
    _log.error("event put aside", stream=entry.stream, entry=entry.id, problem=type(error).__name__)


__all__ = ["AWAY", "Entry", "Event", "write"]
