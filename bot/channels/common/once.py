"""A token for one command: fetched once, shared with nobody. It disturbs no other: the platforms give out the
same token, or leave the old one valid."""

from __future__ import annotations

from typing import Literal

from bot.channels.common.token import TokenStore


class Once:
    """A token store in this process's memory."""

    def __init__(self, name: str = "") -> None:
        self._found: tuple[Literal["token", "fetch", "refused"], str, int] = ("fetch", "", 1)

    async def claim(self, bad: int) -> tuple[Literal["token", "fetch", "wait", "refused"], str, int]:
        """The token, or the right to fetch it."""
        return (
            ("fetch", "", 1) if bad and self._found[0] == "token" and bad >= self._found[2] else self._found
        )

    async def store(self, fence: int, value: str, seconds: float, guard: float, code: int) -> int:
        """Keep a fetched token."""
        self._found = ("token", value, (self._found[2] if self._found[0] == "token" else 0) + 1)
        return self._found[2]

    async def fail(self, fence: int, code: int, message: str, guard: float) -> None:
        """The next claim fetches again."""


def once(name: str) -> TokenStore:
    """A store, as a room asks for one by name."""
    return Once(name)
