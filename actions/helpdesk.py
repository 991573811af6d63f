"""How the help desk stands, as the worker knows it; the actions only put it into words."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple


class Standing(NamedTuple):
    """Whether it is within working hours; in words how many wait before, the hours and the next opening."""

    open: bool
    ahead: str
    hours: str
    opening: str

    @property
    def live(self) -> dict[str, str]:
        """What texts may name in braces."""
        return {"ahead": self.ahead, "hours": self.hours, "opening": self.opening}


standing: ContextVar[Standing | None] = ContextVar("standing", default=None)
"""None when nobody knows: then nobody says that people are there, or when."""
