"""Access tokens, as ``/cgi-bin/token`` and ``/cgi-bin/stable_token`` give them out."""

from __future__ import annotations

import secrets
from collections.abc import Callable

LIFE_SECONDS = 7200
OVERLAP_SECONDS = 300
INVALID, EXPIRED, MISSING = 40001, 42001, 41001


class Tokens:
    """The tokens of one account. Of each kind one is the latest; the kinds don't disturb each other.

    A new plain token kills the one before. A stable token stays the same until 5 min before its end;
    then a new one comes and the old one runs out by itself. With ``force`` the old one dies at once.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._plain = ""
        self._stable = ""
        self.issued = 0

    def _new(self) -> str:
        token = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
        self._ends[token] = self._clock() + LIFE_SECONDS
        self.issued += 1
        return token

    def plain(self) -> tuple[str, int]:
        """A new token and the seconds it lasts; the one before is invalid from now on."""
        self._ends.pop(self._plain, None)
        self._plain = self._new()
        return self._plain, LIFE_SECONDS

    def stable(self, force: bool) -> tuple[str, int]:
        """The stable token and the seconds it still lasts."""
        left = self._ends.get(self._stable, 0.0) - self._clock()
        if force or left < OVERLAP_SECONDS:
            if force:
                self._ends.pop(self._stable, None)
            self._stable, left = self._new(), float(LIFE_SECONDS)
        return self._stable, int(left)

    def check(self, token: str) -> int:
        """0 for a token that is good now, otherwise WeChat's error code."""
        if not token:
            return MISSING
        if token not in self._ends:
            return INVALID
        return 0 if self._clock() < self._ends[token] else EXPIRED

    def expire(self) -> None:
        """Let all tokens run out now."""
        self._ends = {token: self._clock() - 1 for token in self._ends}
