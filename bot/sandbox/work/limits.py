"""How often something may happen: so many in so many seconds, counted in a sliding window."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable

Windows = tuple[tuple[int, float], ...]
MEMBER: Windows = ((30, 60.0), (1_000, 3_600.0))
ROBOT: Windows = ((20, 60.0),)


class Limits:
    """Counts by name. ``windows``: (how many, in how many seconds)."""

    def __init__(self, windows: Windows, clock: Callable[[], float]) -> None:
        self._windows = windows
        self._clock = clock
        self._past: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=max(n for n, _ in windows)))

    def take(self, name: str) -> bool:
        """Whether it may happen once more; then it counts."""
        now, past = self._clock(), self._past[name]
        for most, seconds in self._windows:
            if len(past) >= most and past[-most] > now - seconds:
                return False
        past.append(now)
        return True
