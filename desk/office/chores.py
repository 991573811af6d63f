"""What the consumer does for the office, each with its pause in seconds."""

from __future__ import annotations

from collections.abc import Callable

from desk.editions import current
from desk.office import people, retention, training

CHORES: list[tuple[float, Callable[[], object]]] = [
    (10.0, current.tell_again),
    (10.0, people.carry_out),
    (15.0, training.tell_again),
    (86_400.0, retention.enforce),
]
