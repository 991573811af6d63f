"""A WeCom group robot: 20 messages a minute, a markdown message at most 4,096 bytes.

It needs neither token nor a trusted IP, so it can tell of trouble with these.
"""

from __future__ import annotations

import httpx

from bot.channels.common.split import size, split
from bot.errors import NoAnswerError, PlatformError, UnreachableError

LIMIT = 4_096
SECONDS = 5.0
TOO_MANY = 45009
_SEPARATOR = "\n\n"


class Robot:
    """One robot. ``key``: of its address."""

    def __init__(self, api_url: str, key: str) -> None:
        self._url = f"{api_url.rstrip('/')}/cgi-bin/webhook/send"
        self._key = key
        # Reading the certificates takes longer than a message: once is enough.
        self._certificates = httpx.create_ssl_context()

    def _client(self) -> httpx.AsyncClient:
        local = self._url.startswith("http://127.")
        return httpx.AsyncClient(trust_env=not local, timeout=SECONDS, verify=self._certificates)

    async def send(self, markdown: str) -> None:
        """Say something of at most 4,096 bytes.

        Raises:
            PlatformError: refused, 45009 when there were too many.
            UnreachableError, NoAnswerError: it can't be known to have been said.
        """
        body = {"msgtype": "markdown", "markdown": {"content": markdown}}
        try:
            async with self._client() as http:
                answer = (await http.post(self._url, params={"key": self._key}, json=body)).json()
        except httpx.ConnectError as error:
            raise UnreachableError(type(error).__name__) from None
        except (httpx.HTTPError, ValueError) as error:
            # Without the address: the key is in it.
            raise NoAnswerError(type(error).__name__) from None
        if answer.get("errcode"):
            raise PlatformError(int(answer["errcode"]), str(answer.get("errmsg", "")))


def merged(texts: list[str]) -> tuple[str, int]:
    """As many of the texts as one message holds, and how many that are; a longer one is cut."""
    found, count = "", 0
    for text in texts:
        more = f"{found}{_SEPARATOR}{text}" if found else split(text, LIMIT)[0]
        if size(more) > LIMIT:
            break
        found, count = more, count + 1
    return found, count
