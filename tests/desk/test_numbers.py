"""The supervisor's numbers are those that plain arithmetic over the tickets gives, to the microsecond."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest
from django.utils import timezone

from desk.accounts.permissions import Role
from desk.handoff import numbers
from desk.handoff.models import Conversation, Reason, State, Ticket
from desk.hours import CHINA
from tests.desk.make import user

pytestmark = pytest.mark.usefixtures("desk")


def _tickets(count: int) -> list[Ticket]:
    chance = random.Random(5)
    agents = [user(f"agent{number}", Role.AGENT) for number in range(3)]
    now = timezone.now()

    def later(moment: datetime) -> datetime | None:
        whole = chance.random() < 0.3  # SQLite keeps a moment without a fraction in another form
        step = timedelta(
            seconds=chance.randrange(9_000), microseconds=0 if whole else chance.randrange(10**6)
        )
        return moment + step if chance.random() < 0.7 else None

    made = []
    for number in range(count):
        opened = now - timedelta(microseconds=chance.randrange(6 * 86_400 * 10**6))
        opened = opened.replace(microsecond=0) if number % 4 == 0 else opened
        claimed = later(opened)
        made.append(
            Ticket(
                conversation=Conversation.objects.create(key=f"wechat:g:n-{number}", channel="wechat"),
                state=State.CLOSED,
                reason=chance.choice(Reason.values),
                opened_at=opened,
                claimed_at=claimed,
                replied_at=later(opened),
                closed_at=later(claimed) if claimed else None,
                agent=chance.choice([None, *agents]),
                timed_out=chance.random() < 0.4,
                transfers=chance.randrange(3),
                score=chance.choice([None, 1, 2, 4, 5]),
            )
        )
    return Ticket.objects.bulk_create(made)


def _middle(spans: list[timedelta | None]) -> Any:
    known = [span / timedelta(seconds=1) for span in spans if span is not None]
    return pytest.approx(median(known), abs=1e-6) if known else None


def _mean(scores: list[int]) -> Any:
    return pytest.approx(sum(scores) / len(scores), abs=0.051) if scores else None


def _plain(group: numbers.Group, rows: list[Ticket]) -> numbers.Group:
    scores = [row.score for row in rows if row.score]
    return numbers.Group(
        group.name,
        group.value,
        len(rows),
        sum(row.claimed_at is not None for row in rows),
        sum(row.state == State.CLOSED for row in rows),
        sum(row.timed_out for row in rows),
        sum(row.transfers for row in rows),
        _middle([row.first_reply for row in rows]),
        _middle([row.waited for row in rows]),
        _middle([row.handled for row in rows]),
        _mean(scores),
    )


def test_every_group_is_what_its_tickets_add_up_to() -> None:
    rows = _tickets(160)
    stretch = numbers.span("7", "", "", timezone.now().astimezone(CHINA).date())
    report = numbers.report(stretch)
    of: dict[str, Callable[[Ticket], str]] = {
        "days": lambda row: row.opened_at.astimezone(CHINA).date().isoformat(),
        "hours": lambda row: str(row.opened_at.astimezone(CHINA).hour),
        "agents": lambda row: str(row.agent_id),
        "reasons": lambda row: row.reason,
    }
    assert report["all"] == _plain(report["all"], rows)
    for name, key in of.items():
        for group in report[name]:
            assert group == _plain(group, [row for row in rows if key(row) == group.value]), (name, group)
        opened = [group.opened for group in report[name]]
        assert sum(opened) == sum(key(row) != "None" for row in rows)
    assert [count for _, count in report["scores"]] == [
        sum(row.score == score for row in rows) for score in range(1, 6)
    ]
    busiest = max(report["hours"], key=lambda group: group.opened)
    count, newest = numbers.chosen(stretch, {"hour": busiest.value}, 500)
    assert count == len(newest) == busiest.opened


def test_the_last_fraction_of_a_second_belongs_to_it() -> None:
    opened = timezone.now().replace(microsecond=999_700) - timedelta(hours=1)
    Ticket.objects.create(
        conversation=Conversation.objects.create(key="wechat:g:n", channel="wechat"),
        reason=Reason.ASKED,
        opened_at=opened,
        claimed_at=opened + timedelta(microseconds=500),
    )
    report = numbers.report(numbers.span("7", "", "", timezone.now().astimezone(CHINA).date()))
    assert report["all"].wait == pytest.approx(0.0005)


def test_a_stretch_without_tickets_has_only_noughts() -> None:
    report = numbers.report(numbers.span("30", "", "", timezone.now().astimezone(CHINA).date()))
    assert report["all"][2:] == (0, 0, 0, 0, 0, None, None, None, None)
    assert (len(report["days"]), report["agents"], report["reasons"]) == (30, [], [])
