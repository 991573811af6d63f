"""The access token: fetched once for everyone, and replaced once when the platform refuses it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

import msgspec

from bot.errors import NoAnswerError, PlatformError, UnreachableError

WAIT_SECONDS = 10.0
"""How long to wait for another process's fetch: longer than its lock lasts."""
REFRESH_GUARD = 60.0
"""After a replaced token: refused again so soon, the token isn't what is wrong."""
REFUSED_GUARD = 30.0
UNREACHABLE_GUARD = 2.0
_INVALID = 40001


class TokenStore(Protocol):
    """Where all processes share the token; `bot.bus.tokens.Tokens` says what each method does."""

    async def claim(self, bad: int) -> tuple[Literal["token", "fetch", "wait", "refused"], str, int]:
        """The token, the right to fetch it, or why neither."""

    async def store(self, fence: int, value: str, seconds: float, guard: float, code: int) -> int:
        """Keep a fetched token; its version, or 0 when the fetch was overtaken."""

    async def fail(self, fence: int, code: int, message: str, guard: float) -> None:
        """Tell the others that the fetch failed."""


class Token(msgspec.Struct, frozen=True):
    """An access token. A later one has a higher version."""

    value: str
    version: int


class Keeper:
    """Gives out the token.

    Args:
        fetch: gets a token and the seconds it lasts; raises `ChannelError`.
    """

    def __init__(self, store: TokenStore, fetch: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        self._store = store
        self._fetch = fetch

    async def token(self, bad: int = 0) -> Token:
        """The token that is good now.

        Args:
            bad: version of the token that the platform has just refused.

        Raises:
            PlatformError: the platform gives no token, or a new one was refused as well.
            UnreachableError: it can't be asked. Nothing else was sent.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT_SECONDS
        while loop.time() < until:
            found, text, number = await self._store.claim(bad)
            if found == "token":
                return Token(text, number)
            if found == "refused" and number == 0:
                raise UnreachableError(text)
            if found == "refused":
                raise PlatformError(number, text)
            if found == "fetch":
                token = await self._fetched(number, bad)
                if token is not None:
                    return token
            await asyncio.sleep(0.05)
        raise UnreachableError("no access token in time")

    async def _fetched(self, fence: int, bad: int) -> Token | None:
        """Fetch, and share what came of it; None when it took so long that another was begun."""
        try:
            value, seconds = await self._fetch()
        except PlatformError as error:
            await self._store.fail(fence, error.code, error.message, REFUSED_GUARD)
            raise
        except (UnreachableError, NoAnswerError) as error:
            # Asking for a token twice does no harm, so no answer is no worse than no connection.
            await self._store.fail(fence, 0, str(error), UNREACHABLE_GUARD)
            raise UnreachableError(str(error)) from None
        guard = REFRESH_GUARD if bad else 0.0
        version = await self._store.store(fence, value, seconds, guard, _INVALID)
        return Token(value, version) if version else None
