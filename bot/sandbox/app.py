"""The stand-in as a web application: chat page, its JSON API, and WeChat's API for our programs.

``/`` the page · ``/static/`` its files · ``/sandbox/api/`` see `bot.sandbox.api` ·
``/cgi-bin/`` see `bot.sandbox.platform` · ``/healthz``.

For loopback only: it holds no secret of real people, but it lets anyone who reaches it act as any user.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.actions import Phone
from bot.sandbox.api import Api
from bot.sandbox.delivery import Courier, Options
from bot.sandbox.hub import Hub
from bot.sandbox.platform import Platform
from bot.sandbox.protocol import Envelope
from bot.sandbox.state import World
from bot.sandbox.work.place import Work
from bot.settings import Settings

STATIC = Path(__file__).parent / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Guard:
    """Security headers on all answers, and no other site's page may reach the API.

    A page on another site could post to a loopback address (refused by ``Origin``), or point a name of
    its own at it (refused by ``Host``, while we listen on loopback).
    """

    def __init__(self, app: ASGIApp, loopback: bool) -> None:
        self._app = app
        self._loopback = loopback

    def _refuses(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._loopback and urlsplit(f"//{host}").hostname not in _LOOPBACK:
            return True
        return origin is not None and urlsplit(origin).netloc != host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        app: ASGIApp = PlainTextResponse("拒绝访问", 403) if self._refuses(scope) else self._app
        await app(scope, receive, with_headers)


async def _page(_: Request) -> Response:
    return FileResponse(STATIC / "index.html")


async def _healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code)


def create_app(
    settings: Settings,
    *,
    gateway_url: str | None = None,
    limit: float = 5.0,
    pause: float = 1.0,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """The application; its `World` is at ``app.state.world``, WeCom's part at ``app.state.work``.

    Args:
        gateway_url: the account's server; by default ``/wechat`` at the gateway's port on loopback.
        limit: seconds until WeChat gives a delivery up.
        pause: seconds until a delivery that failed at once is tried again.
        clock: seconds since 1970, for the platform's time windows.
    """
    account = settings.wechat
    world = World(clock)
    url = gateway_url or f"http://127.0.0.1:{settings.gateway_port}/wechat"
    envelope = Envelope(account.app_id, account.token, account.aes_key)
    courier = Courier(world, envelope, Options(url, limit, pause, account.plain_mode))
    phone = Phone(world, courier)
    platform = Platform(world, account)

    work = _work(settings, url, clock, limit, pause)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if work is not None:
            await work.close()
        await phone.close()
        await courier.close()

    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/healthz", _healthz),
            Mount("/static", StaticFiles(directory=STATIC)),
            *platform.routes(),
            # Before the Official Account's, whose paths with a user's id would match these too.
            *(work.routes() if work is not None else []),
            *Api(world, courier, phone, platform).routes(),
        ],
        middleware=[Middleware(Guard, loopback=settings.host in _LOOPBACK)],
        exception_handlers={HTTPException: _error},
        lifespan=lifespan,
    )
    app.state.world, app.state.work = world, work
    return app


def _work(
    settings: Settings, url: str, clock: Callable[[], float], limit: float, pause: float
) -> Work | None:
    """WeCom's part, at the same gateway."""
    if settings.wecom is None or settings.kf is None:
        return None
    parts = urlsplit(url)
    gateway = f"{parts.scheme}://{parts.netloc}"
    return Work(settings, settings.wecom, settings.kf, gateway, clock, limit, pause)


def streams(app: Starlette) -> list[Hub]:
    """The streams of all channels' pages: a server can't stop while one is open."""
    work: Work | None = app.state.work
    return [app.state.world.hub, *(desk.world.hub for desk in (work.desks.values() if work else ()))]
