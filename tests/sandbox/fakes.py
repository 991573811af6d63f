"""The other side for the sandbox's tests: a tiny gateway on loopback, made with wechatpy.

wechatpy reads and writes the protocol independently of ``bot.sandbox.protocol``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

from bot.sandbox.app import streams
from bot.settings import Settings
from tests.conftest import free_port


class Received(msgspec.Struct, frozen=True):
    """One delivery: query parameters, decrypted XML, wechatpy's message, when (monotonic)."""

    params: dict[str, str]
    xml: str
    message: Any
    at: float


Answer = Callable[[Received], Awaitable[Response]]


class FakeGateway:
    """Records what is delivered and answers as told: set ``answer``."""

    def __init__(self, settings: Settings) -> None:
        account = settings.wechat
        self._crypto = WeChatCrypto(account.token, account.aes_key, account.app_id)
        self.received: list[Received] = []
        self.answer: Answer = self.say("好的")
        self.url = ""

    def app(self) -> Starlette:
        """The gateway as a web application."""
        return Starlette(routes=[Route("/wechat", self._post, methods=["POST"]), Route("/wechat", _echo)])

    async def _post(self, request: Request) -> Response:
        params = dict(request.query_params)
        body = (await request.body()).decode()
        if params.get("encrypt_type") == "aes":
            body = self._crypto.decrypt_message(
                body, params["msg_signature"], params["timestamp"], params["nonce"]
            )
        received = Received(params, body, parse_message(body), time.monotonic())
        self.received.append(received)
        return await self.answer(received)

    def sealed(self, xml: str) -> Response:
        """An answer encrypted by wechatpy."""
        return PlainTextResponse(self._crypto.encrypt_message(xml, "nonce"), media_type="application/xml")

    def say(self, text: str) -> Answer:
        """An answer that is a text."""

        async def answer(received: Received) -> Response:
            return self.sealed(create_reply(text, message=received.message).render())

        return answer

    def body(self, body: bytes, status: int = 200) -> Answer:
        """An answer that is these bytes."""

        async def answer(_: Received) -> Response:
            return Response(body, status)

        return answer

    def in_turn(self, *answers: Answer) -> Answer:
        """One answer a delivery; the last goes on."""

        async def answer(received: Received) -> Response:
            return await answers[min(len(self.received), len(answers)) - 1](received)

        return answer

    def after(self, seconds: float, then: Answer) -> Answer:
        """The same answer, late."""

        async def answer(received: Received) -> Response:
            await asyncio.sleep(seconds)
            return await then(received)

        return answer


async def _echo(request: Request) -> Response:
    return PlainTextResponse(request.query_params["echostr"])


@contextmanager
def serve(app: Starlette, port: int = 0) -> Iterator[str]:
    """Serve an application on loopback in a thread; gives its address."""
    port = port or free_port()
    # Setting up logging anew closes every handler. TensorFlow's holds pytest's own capture of standard error,
    # and closes it for all later tests where a test's `capsys` is in its place.
    config = uvicorn.Config(
        app, "127.0.0.1", port, log_config=None, log_level="error", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server didn't start"
        assert time.monotonic() < deadline, "the server didn't start in time"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        if hasattr(app.state, "world"):
            for hub in streams(app):
                hub.close()
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server didn't stop"


async def frames(stream: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    """The events of a server-sent stream of lines; comments are left out."""
    frame: dict[str, str] = {}
    async for line in stream:
        if line == "" and "event" in frame:
            yield frame
            frame = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            frame[name] = value
