"""Access tokens shared by all processes: one fetch at a time, and none too soon after the last.

Key ``token:{<name>}:state`` is a hash: ``value``, ``version`` (one more with each token), ``until`` (ms,
Redis's clock), ``lock`` (until when a fetch may take), ``fence`` (which fetch may report: the latest),
``guard`` (until when no other fetch is made) with ``code`` and ``message``, ``fetches`` (how many so far).
"""

from __future__ import annotations

from typing import Literal

from bot.bus.connection import Client, bus_errors
from bot.bus.script import Script

MARGIN_SECONDS = 200
"""A token is replaced this long before its end; the platform has a new one 5 min before."""
LOCK_SECONDS = 8
LONGEST_GUARD = 300

Found = Literal["token", "fetch", "wait", "refused"]

_claim, _store = Script("token_claim"), Script("token_store")


class Tokens:
    """The token of one account. Every method raises `BusError`.

    Args:
        name: of the account, such as ``wechat:<app id>``.
        lock: seconds after which another process may fetch, should the one that fetches be lost.
    """

    def __init__(self, redis: Client, name: str, lock: float = LOCK_SECONDS) -> None:
        self._redis = redis
        self._prefix = f"token:{{{name}}}:"
        self._lock = int(lock * 1000)

    async def claim(self, bad: int) -> tuple[Found, str, int]:
        """The token, or the right to fetch it.

        Args:
            bad: version of the token that the platform refused; 0 when none was.

        Returns:
            ``("token", value, version)``: later than ``bad``, with time left;
            ``("fetch", "", fence)``: the caller fetches and says `store` or `fail`;
            ``("wait", "", 0)``: somebody else is fetching;
            ``("refused", message, code)``: the last fetch failed or didn't help, and that was just now.
        """
        args = (bad, MARGIN_SECONDS * 1000, self._lock, LONGEST_GUARD * 1000)
        with bus_errors():
            found, text, number = await _claim(self._redis, self._prefix, *args)
        return found.decode(), text.decode(), int(number)

    async def store(self, fence: int, value: str, seconds: float, guard: float, code: int) -> int:
        """Keep a fetched token for ``seconds``; for ``guard`` seconds no other replaces it, and who
        reports it as bad gets ``code``. Returns its version, or 0 when another fetch was begun since."""
        args = (fence, value, int(seconds * 1000), int(guard * 1000), code, "")
        with bus_errors():
            return int(await _store(self._redis, self._prefix, *args))

    async def fail(self, fence: int, code: int, message: str, guard: float) -> None:
        """The fetch failed: whoever needs a token in the next ``guard`` seconds gets this error."""
        with bus_errors():
            await _store(self._redis, self._prefix, fence, "", 0, int(guard * 1000), code, message)

    async def fetches(self) -> int:
        """How many fetches there were so far."""
        with bus_errors():
            return int(await self._redis.hget(f"{self._prefix}state", "fetches") or 0)
