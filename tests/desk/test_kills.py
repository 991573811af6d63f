"""A desk process killed in the middle of its work leaves no half of anything. The long form is a command:
``python -m bench.helpdesk kill-desk``, ``kill-consumer`` and ``kill-sender``."""

from __future__ import annotations

import pytest

from tests.desk import kill_sender, kills
from tests.desk.place import Place

pytestmark = pytest.mark.usefixtures("desk")
TIMES = 2


def test_a_killed_consumer_loses_and_doubles_nothing(database: Place, redis_url: str) -> None:
    assert kills.consumer(database, redis_url, TIMES) == (TIMES * kills.EACH, 0, 0)


def test_a_killed_desk_leaves_no_half_tickets_and_every_bubble_goes_out_once(
    database: Place, redis_url: str
) -> None:
    found = kills.desk(database, redis_url, TIMES)
    assert found.total > 0
    assert (found.lost, found.doubled) == (0, 0)


def test_a_killed_sender_sends_everything_once_or_says_that_nobody_knows(
    database: Place, redis_url: str
) -> None:
    found = kill_sender.kill(database, redis_url, TIMES)
    assert found.unknown > 0
    assert (found.needless, found.lost, found.doubled, found.disordered) == (0, 0, 0, 0)
