"""What every API of the stand-in does: trouble on order, tokens checked, every call logged."""

from __future__ import annotations

import asyncio
import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import PlatformError
from bot.sandbox.codes import refusal, result
from bot.sandbox.state import Record, User, World


class Trouble(msgspec.Struct, forbid_unknown_fields=True):
    """Trouble ordered by a test: the next ``times`` calls to ``path`` (all paths when empty) wait
    ``delay`` seconds and, if ``errcode`` isn't 0, fail with it."""

    errcode: int = 0
    delay: float = 0.0
    times: int = 1
    path: str = ""


Handler = Callable[[Request, dict[str, Any]], Awaitable[dict[str, Any]]]


class Calls(ABC):
    """The API of one account. ``prefix``: where its paths start, before ``/cgi-bin``."""

    prefix = ""

    def __init__(self, world: World) -> None:
        self._world = world
        self.trouble = Trouble(times=0)

    @abstractmethod
    def routes(self) -> list[Route]:
        """All endpoints."""

    @abstractmethod
    def expire(self) -> None:
        """Let all access tokens run out."""

    @abstractmethod
    def guard(self, request: Request) -> None:
        """Refuse a call without a good token. Raises PlatformError."""

    def route(self, path: str, handler: Handler, method: str = "POST", guarded: bool = True) -> Route:
        """An endpoint under ``/cgi-bin``."""
        path = f"/cgi-bin/{path}"

        async def endpoint(request: Request) -> Response:
            raw = (await request.body())[: 1 << 20]
            try:
                await self._make_trouble(path)
                if guarded:
                    self.guard(request)
                answer = await handler(request, _decode(raw) if request.method == "POST" else {})
            except PlatformError as error:
                answer = result(error.code, error.message)
            self._log(path, raw, answer)
            return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")

        return Route(self.prefix + path, endpoint, methods=[method])

    async def _make_trouble(self, path: str) -> None:
        trouble = self.trouble
        if trouble.times <= 0 or trouble.path not in ("", path):
            return
        trouble.times -= 1
        await asyncio.sleep(trouble.delay)
        if trouble.errcode:
            raise refusal(trouble.errcode)

    def _about(self, body: dict[str, Any]) -> User | None:
        return self._world.by_openid(str(body.get("touser") or body.get("external_userid") or ""))

    def _log(self, path: str, raw: bytes, answer: dict[str, Any]) -> None:
        """Keep the call for developers. No token or secret is shown."""
        body: Any = None
        with contextlib.suppress(ValueError):
            body = json.loads(raw) if raw else None
        shown, user = raw.decode("utf-8", "replace"), None
        if isinstance(body, dict):
            masked = {name: "***" if name == "secret" else value for name, value in body.items()}
            shown = json.dumps(masked, ensure_ascii=False)
            user = self._about(body)
        shown_answer = {name: "***" if name == "access_token" else value for name, value in answer.items()}
        code = answer.get("errcode", 0)
        record = Record(
            id=self._world.next_id(),
            user=user.id if user else "",
            at=self._world.clock(),
            direction="api",
            title=path.removeprefix("/cgi-bin/"),
            delivery=0,
            sealed="",
            opened=f"{shown}\n\n{json.dumps(shown_answer, ensure_ascii=False)}".strip(),
            status=200,
            note="成功" if code == 0 else f"错误码 {code}",
        )
        self._world.record(record, user)


def _decode(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise refusal(47001) from error
    if not isinstance(body, dict):
        raise refusal(47001)
    return body
