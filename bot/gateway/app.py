"""The gateway's routes, and what stands behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.bus import heartbeat
from bot.bus.connection import Client, connect, disconnect
from bot.bus.tasks import within
from bot.channels.registry import rooms
from bot.errors import BusError
from bot.gateway import metrics
from bot.gateway.callback import Callback
from bot.gateway.rooms import conversation_of
from bot.settings import Settings

_READY_SECONDS = 1.0


def create_app(settings: Settings, redis: Client | None = None) -> Starlette:
    """The gateway. A client that is given stays open; else one is made from the settings."""
    client = redis if redis is not None else connect(settings.redis_url)
    found = rooms(settings)
    conversations = [conversation_of(room, client) for room in found]
    callbacks = [Callback(room, each, client) for room, each in zip(found, conversations, strict=True)]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        for conversation in conversations:
            await conversation.close()
        if redis is None:
            await disconnect(client)

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        waiting = await waiting_for(client)
        return JSONResponse({"ready": not waiting, "waiting_for": waiting}, 503 if waiting else 200)

    async def figures(_: Request) -> Response:
        text = await metrics.page(client, [room.tokens for room in found])
        return Response(text, media_type=metrics.MEDIA_TYPE)

    routes = [
        *[
            Route(room.path, each.verify, methods=["GET"])
            for room, each in zip(found, callbacks, strict=True)
        ],
        *[
            Route(room.path, each.receive, methods=["POST"])
            for room, each in zip(found, callbacks, strict=True)
        ],
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", figures),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    # WeChat doesn't follow a redirect: a wrong path is better seen as one.
    app.router.redirect_slashes = False
    return app


async def waiting_for(redis: Client) -> list[str]:
    """What isn't ready: ``redis``, or ``worker`` when Redis is there and no worker lives."""
    try:
        alive = await within(heartbeat.alive(redis, "worker"), _READY_SECONDS)
    except (BusError, asyncio.TimeoutError):
        return ["redis"]
    return [] if alive else ["worker"]
