"""Fixtures of the sandbox's tests. They need no Redis: the sandbox has none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot import settings as settings_module
from bot.sandbox.app import create_app
from bot.sandbox.protocol import Envelope
from bot.settings import Settings
from tests.sandbox.fakes import FakeGateway, serve


@pytest.fixture
def account_settings(tmp_path: Path) -> Settings:
    """Settings of a fresh installation: a verified service account in safe mode."""
    return settings_module.load({"VAR_DIR": str(tmp_path / "var")}, root=tmp_path)


@pytest.fixture
def envelope(account_settings: Settings) -> Envelope:
    """WeChat's side of the account's safe mode."""
    account = account_settings.wechat
    return Envelope(account.app_id, account.token, account.aes_key)


@pytest.fixture
def gateway(account_settings: Settings) -> Iterator[FakeGateway]:
    """A gateway on loopback that answers as the test tells it."""
    fake = FakeGateway(account_settings)
    with serve(fake.app()) as address:
        fake.url = f"{address}/wechat"
        yield fake


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Sandbox:
    """The sandbox behind its JSON API, with one user at hand."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self.http = client
        self.clock = clock
        self.token = ""

    async def act(self, deed: str, body: dict[str, Any], user: str = "u1") -> dict[str, Any]:
        """Do something as a user and wait for what comes of it."""
        answer = await self.http.post(f"/sandbox/api/users/{user}/{deed}?wait=1", json=body)
        assert answer.status_code == 200, answer.text
        outcome: dict[str, Any] = answer.json()
        return outcome

    async def follow(self, user: str = "u1") -> dict[str, Any]:
        """Follow the account."""
        return await self.act("event", {"event": "subscribe"}, user)

    async def say(self, text: str, user: str = "u1") -> dict[str, Any]:
        """Type something."""
        return await self.act("text", {"content": text}, user)

    async def messages(self, user: str = "u1") -> list[dict[str, Any]]:
        """What the user sees."""
        found: list[dict[str, Any]] = (await self.http.get(f"/sandbox/api/users/{user}/messages")).json()
        return found

    async def shown(self, user: str = "u1") -> list[tuple[str, str]]:
        """Side and words of what the user sees."""
        return [
            (message["side"], "".join(piece.get("text") or piece["label"] for piece in message["pieces"]))
            for message in await self.messages(user)
        ]

    async def openid(self, user: str = "u1") -> str:
        """WeChat's id of a user."""
        users = (await self.http.get("/sandbox/api/users")).json()
        return str(next(view["openid"] for view in users if view["id"] == user))

    async def api(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call WeChat's API with the token at hand; a GET when there is no body."""
        params = {"access_token": self.token}
        if body is None:
            answer = await self.http.get(path, params=params)
        else:
            answer = await self.http.post(path, params=params, json=body)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found


MakeSandbox = Callable[..., Any]


@pytest.fixture
def make_sandbox(account_settings: Settings, gateway: FakeGateway) -> MakeSandbox:
    """Makes a sandbox in front of the fake gateway; options are those of ``create_app``."""

    @asynccontextmanager
    async def make(settings: Settings = account_settings, **options: Any) -> AsyncIterator[Sandbox]:
        clock = Clock()
        chosen = {"gateway_url": gateway.url, "limit": 5.0, "pause": 0.02, "clock": clock, **options}
        app = create_app(settings, **chosen)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
        ):
            yield Sandbox(client, clock)

    return make


@pytest_asyncio.fixture
async def sandbox(make_sandbox: MakeSandbox) -> AsyncIterator[Sandbox]:
    """A sandbox whose first user follows the account and was greeted."""
    async with make_sandbox() as made:
        await made.follow()
        yield made
