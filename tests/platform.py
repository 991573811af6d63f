"""WeChat's API on loopback, for tests: the sandbox's own, and a proxy in front of it that makes trouble."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import httpx
import msgspec

from bot.sandbox import pieces
from bot.sandbox.app import create_app
from bot.sandbox.state import User, World
from bot.settings import Settings
from tests.conftest import free_port
from tests.sandbox.fakes import serve

SEND, FETCH = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"


class Api:
    """WeChat's API as a test sees it: who got what, and trouble to order."""

    def __init__(self, settings: Settings, world: World, url: str) -> None:
        self.settings = settings
        self.world = world
        self.url = url

    def user(self, name: str = "u1", wrote: bool = True) -> User:
        """A user who follows the account, and wrote just now."""
        user = self.world.users[name]
        user.following = True
        if wrote:
            user.quota.wrote(self.world.clock())
        return user

    def writer(self, openid: str) -> User:
        """One more user, or the same again, who follows the account and wrote and tapped just now."""
        users, now = self.world.users, self.world.clock()
        if openid not in users:
            users[openid] = User(len(users) + 1, self.world.kind)
            users[openid].openid, users[openid].following = openid, True
        users[openid].quota.wrote(now)
        users[openid].quota.acted(now)
        return users[openid]

    def trouble(self, errcode: int = 0, delay: float = 0.0, times: int = 1, path: str = SEND) -> None:
        """Order trouble: the next calls are slow, or fail."""
        body = {"errcode": errcode, "delay": delay, "times": times, "path": path}
        httpx.post(f"{self.url}/sandbox/api/platform/trouble", json=body, trust_env=False).raise_for_status()

    def expire(self) -> None:
        """Let all access tokens run out."""
        httpx.post(f"{self.url}/sandbox/api/platform/expire", trust_env=False).raise_for_status()

    def got(self, name: str = "u1") -> list[str]:
        """The texts that were pushed to a user."""
        messages = [message for message in list(self.world.users[name].messages) if message.via == "api"]
        return [pieces.plain(message.pieces) for message in messages]

    def calls(self, path: str) -> int:
        """How many calls to a path were answered."""
        return sum(record.title == path.removeprefix("/cgi-bin/") for record in list(self.world.records))

    def behind(self, url: str) -> Settings:
        """The settings with the API at another address."""
        return with_api(self.settings, url)


def with_api(settings: Settings, url: str, **wechat: str) -> Settings:
    """Settings with another address of the API, and other values of the account."""
    changed = msgspec.structs.replace(settings.wechat, api_url=url, **wechat)
    return msgspec.structs.replace(settings, wechat=changed)


@contextmanager
def platform(settings: Settings, port: int = 0) -> Iterator[Api]:
    """WeChat's API for this account, in a thread of its own."""
    app = create_app(settings)
    with serve(app, port) as url:
        yield Api(with_api(settings, url), app.state.world, url)


class Proxy:
    """A TCP proxy in front of the API. ``mode``: ``pass``, ``reset`` (as soon as a client connects) or
    ``swallow`` (a request reaches the API, and its answer is cut off)."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self.mode = "pass"
        self.connections = 0

    async def serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client's."""
        self.connections += 1
        mode = self.mode
        if mode == "reset":
            # No lingering: the kernel sends a reset instead of an orderly end.
            end = writer.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            assert self._target.hostname is not None
            there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
            back.write(await reader.readuntil(b"\r\n\r\n"))
            back.write(await reader.read(1 << 16))
            answer = await there.read(-1)
            back.close()
            if mode == "pass":
                writer.write(answer)
        writer.close()


@asynccontextmanager
async def proxy(target: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy and its address."""
    made = Proxy(target)
    port = free_port()
    server = await asyncio.start_server(made.serve_one, "127.0.0.1", port)
    try:
        yield made, f"http://127.0.0.1:{port}"
    finally:
        server.close()
        await server.wait_closed()
