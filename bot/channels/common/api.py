"""A platform's API through wechatpy's client, made safe.

The client is synchronous, waits for ever by default, fetches a token in each thread, and on a token that
stays bad calls itself until the stack ends. Here it runs in threads with time-outs, is handed a token, and
never retries by itself; tokens and the one repetition after a refused token are our own.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import requests
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels.common import wire
from bot.channels.common.token import Keeper, TokenStore
from bot.errors import LateError, NoAnswerError, PlatformError, UnreachableError

CONNECT_SECONDS, READ_SECONDS = 2.0, 5.0
THREADS = 20
# Statuses of something in front of the API that turned the request away.
_TURNED_AWAY = frozenset({400, 401, 403, 404, 405, 407, 411, 413, 421, 429, 503})

Work = Callable[[Any], Any]
"""Something to do with wechatpy's client; run in a thread. One request, no more."""


class _Handed:
    """wechatpy's session storage: holds nothing but the token that this thread was handed."""

    def __init__(self) -> None:
        self.thread = threading.local()

    def get(self, key: str, default: object = None) -> object:
        return getattr(self.thread, "token", default) if key.endswith("_access_token") else default

    def set(self, key: str, value: object, ttl: object = None) -> None:
        """Nothing of wechatpy's is kept."""


class ApiClient:
    """The API of one account.

    Args:
        make: makes wechatpy's client from keyword arguments ``session``, ``timeout`` and ``auto_retry``.
        api_url: without path, such as ``https://api.weixin.qq.com``.
        fetch: the one request that gets a token.
        stale: error codes that say that a token isn't good any more.
        store: where the processes share the access token.
        connect: seconds for a connection; ``read``: seconds for an answer.
    """

    def __init__(
        self,
        make: Callable[..., BaseWeChatClient],
        api_url: str,
        fetch: Work,
        stale: frozenset[int],
        store: TokenStore,
        *,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        self._fetch_work, self._stale = fetch, stale
        self._keeper = Keeper(store, self._fetch)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="platform")
        self._handed = _Handed()
        # A whole call, even if its answer drips; names that resolve slowly count as well.
        self._longest = connect + read + 1.0
        self._api = make(session=self._handed, timeout=(connect, read), auto_retry=False)
        self._api.API_BASE_URL = f"{api_url.rstrip('/')}/cgi-bin/"
        self._api._http = wire.session(urlsplit(api_url).hostname in {"127.0.0.1", "localhost", "::1"})

    async def close(self) -> None:
        """Stop; a call under way ends by itself within its time-outs."""
        self._threads.shutdown(wait=False)
        self._api._http.close()

    async def ready(self) -> None:
        """Have a token at hand. Raises PlatformError or UnreachableError; and BusError, as all here."""
        await self._keeper.token()

    async def call(self, work: Work, until: float = math.inf) -> dict[str, Any]:
        """Do one API call. A refused token is replaced once, and the call made once more.

        Args:
            until: the moment (`time.monotonic`) after which the request mustn't go out any more.

        Raises:
            LateError: it got too late for it; nothing was done.
            PlatformError: the API answered with an error; nothing was done.
            UnreachableError: the request didn't get there; nothing was done.
            NoAnswerError: the request went out, and it isn't known what came of it.
            BusError: the token can't be had; nothing was done.
        """
        token = await self._keeper.token()
        try:
            return await self._run(work, token.value, until)
        except PlatformError as error:
            if error.code not in self._stale:
                raise
        token = await self._keeper.token(bad=token.version)
        return await self._run(work, token.value, until)

    async def _fetch(self) -> tuple[str, float]:
        answer = await self._run(self._fetch_work, "")
        value, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(seconds, int):
            raise NoAnswerError("no token in the answer")
        return value, float(seconds)

    async def _run(self, work: Work, token: str, until: float = math.inf) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._threads, self._guarded, work, token, until)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._longest)
        except asyncio.TimeoutError:
            future.add_done_callback(_look_away)
            raise NoAnswerError("no answer in time") from None

    def _guarded(self, work: Work, token: str, until: float) -> dict[str, Any]:
        """In a thread: one call, and whatever it raises as one of ours.

        The errors of `requests` quote the address with the token in it, so they aren't passed on.
        """
        if time.monotonic() > until:
            raise LateError("too late for this request")
        self._handed.thread.token = token
        wire.begin()
        try:
            answer = work(self._api)
        except WeChatClientException as error:
            if error.errcode is None:
                raise _by_status(error.response.status_code) from None
            raise PlatformError(int(error.errcode), str(error.errmsg)) from None
        except (requests.RequestException, OSError, ValueError) as error:
            name = type(error).__name__
            raise (NoAnswerError(name) if wire.whole() else UnreachableError(name)) from None
        if not isinstance(answer, dict):
            raise NoAnswerError("the answer isn't JSON")
        return answer


def _by_status(status: int) -> NoAnswerError | UnreachableError:
    if status in _TURNED_AWAY:
        return UnreachableError(f"HTTP {status}")
    return NoAnswerError(f"HTTP {status}")


def _look_away(future: asyncio.Future[dict[str, Any]]) -> None:
    """The answer came after everybody had gone: its error is nobody's."""
    if not future.cancelled():
        future.exception()
