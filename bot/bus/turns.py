"""What came of a turn and how long it took, counted where its reply is stored.

Key ``mailbox:{N}:turns`` of shard N is a hash: a count for each result, ``ms`` in all, and ``le:B`` with
how many took at most B seconds and more than the bound before it.
"""

from __future__ import annotations

import bisect

import msgspec

BOUNDS = ("0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "+Inf")
_SECONDS = [float(bound) for bound in BOUNDS]


class Turn(msgspec.Struct, frozen=True):
    """How a turn ended: ``ok``, ``failed``, ``hung`` or ``poisoned``, after so many seconds."""

    result: str = "ok"
    seconds: float = 0.0

    @property
    def milliseconds(self) -> int:
        """The time as it is counted."""
        return round(self.seconds * 1000)

    @property
    def field(self) -> str:
        """The field that counts turns of its length."""
        return f"le:{BOUNDS[bisect.bisect_left(_SECONDS, self.seconds)]}"
