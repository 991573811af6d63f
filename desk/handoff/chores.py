"""What the consumer does beside the events, each at its own pace."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from bot.bus import duty as duty_board
from bot.bus.duty import Duty
from desk.bus import bus
from desk.faqlog import rollup
from desk.faqlog.grouping import gather
from desk.handoff import duty, reconcile, resuming, sending
from desk.handoff.models import Change, SeenEvent, State

CHANGES_KEPT = timedelta(days=1)
SEEN_KEPT = timedelta(days=14)
"""Longer than any event stays in its stream."""
_PIECE = 2_000


def tidy() -> None:
    """Forget changes that no open page will ask for any more, and ids of events long gone."""
    now = timezone.now()
    old = Change.objects.filter(at__lt=now - CHANGES_KEPT).values_list("pk", flat=True)[:_PIECE]
    Change.objects.filter(pk__in=list(old)).delete()
    gone = SeenEvent.objects.filter(at__lt=now - SEEN_KEPT).values_list("pk", flat=True)[:_PIECE]
    SeenEvent.objects.filter(pk__in=list(gone)).delete()


def clear_sessions() -> None:
    """Forget sessions that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def put_up() -> None:
    """Put up for gateway and worker whether people are there, and how many wait."""
    now, times = timezone.now(), duty.calendar()
    notice = Duty(
        open=times.open_at(now),
        hours=times.wording(),
        opening=duty.opening(now),
        waiting=duty.waiting_count().get(State.WAITING, 0),
        order=duty.order(),
    )
    bus.call(lambda redis: duty_board.put(redis, notice))


class Chores:
    """The chores and when each is due next; by a clock that never goes back.

    Args:
        more: other rooms' chores, each with its pause in seconds.
    """

    def __init__(self, more: Sequence[tuple[float, Callable[[], object]]] = ()) -> None:
        self._all: list[tuple[float, Callable[[], object]]] = [
            (1.0, reconcile.push_changed),
            (2.0, sending.push_pending),
            (1.0, resuming.tell_all),
            (5.0, duty.give_up),
            (1.0, put_up),
            (30.0, reconcile.compare_all),
            (10.0, gather.kick),
            (60.0, rollup.roll_finished),
            (60.0, tidy),
            (3600.0, clear_sessions),
            *more,
        ]
        self._due = [0.0] * len(self._all)

    def all_due(self) -> None:
        """Do everything at the next chance: Redis may have forgotten."""
        self._due = [0.0] * len(self._all)

    def soon(self, wanted: Callable[[], object]) -> None:
        """Do one at the next chance. Raises ValueError for what is none of the chores."""
        self._due[[chore for _, chore in self._all].index(wanted)] = 0.0

    def do(self) -> None:
        """Do what is due. Raises `BusError`, or what SQL raises."""
        for number, (pause, chore) in enumerate(self._all):
            if time.monotonic() >= self._due[number]:
                # Set first: a chore that fails must not be tried without a pause.
                self._due[number] = time.monotonic() + pause
                chore()
