"""WeChat's API as the account's programs call it, with its error codes; every call is logged.

``GET /cgi-bin/token`` · ``POST /cgi-bin/stable_token`` · ``POST /cgi-bin/message/custom/send`` (text,
msgmenu) · ``POST /cgi-bin/message/custom/typing`` · ``POST /cgi-bin/menu/create`` ·
``GET /cgi-bin/menu/get`` · ``GET /cgi-bin/menu/delete``.

A subscription account stands for one that isn't verified: it may neither push messages nor have a
menu (48001).
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import PlatformError
from bot.sandbox import customer, menus
from bot.sandbox.codes import refusal, result
from bot.sandbox.state import Record, World
from bot.sandbox.tokens import Tokens
from bot.settings import WeChat


class Trouble(msgspec.Struct, forbid_unknown_fields=True):
    """Trouble ordered by a test: the next ``times`` calls to ``path`` (all paths when empty) wait
    ``delay`` seconds and, if ``errcode`` isn't 0, fail with it."""

    errcode: int = 0
    delay: float = 0.0
    times: int = 1
    path: str = ""


Handler = Callable[[Request, dict[str, Any]], Awaitable[dict[str, Any]]]


class Platform:
    """The API of one account."""

    def __init__(self, world: World, account: WeChat) -> None:
        self._world = world
        self._account = account
        self.tokens = Tokens(world.clock)
        self.trouble = Trouble(times=0)

    def routes(self) -> list[Route]:
        """All endpoints under ``/cgi-bin``."""
        return [
            self._route("/cgi-bin/token", self._token, ["GET"]),
            self._route("/cgi-bin/stable_token", self._stable_token, ["POST"]),
            self._route("/cgi-bin/message/custom/send", self._send, ["POST"], guarded=True),
            self._route("/cgi-bin/message/custom/typing", self._typing, ["POST"], guarded=True),
            self._route("/cgi-bin/menu/create", self._menu_create, ["POST"], guarded=True),
            self._route("/cgi-bin/menu/get", self._menu_get, ["GET"], guarded=True),
            self._route("/cgi-bin/menu/delete", self._menu_delete, ["GET"], guarded=True),
        ]

    def _route(self, path: str, handler: Handler, methods: list[str], guarded: bool = False) -> Route:
        async def endpoint(request: Request) -> Response:
            raw = (await request.body())[: 1 << 20]
            try:
                await self._make_trouble(path)
                if guarded:
                    self._guard(request)
                answer = await handler(request, _decode(raw) if request.method == "POST" else {})
            except PlatformError as error:
                answer = result(error.code)
            self._log(path, raw, answer)
            return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")

        return Route(path, endpoint, methods=methods)

    async def _make_trouble(self, path: str) -> None:
        trouble = self.trouble
        if trouble.times <= 0 or trouble.path not in ("", path):
            return
        trouble.times -= 1
        await asyncio.sleep(trouble.delay)
        if trouble.errcode:
            raise refusal(trouble.errcode)

    def _guard(self, request: Request) -> None:
        code = self.tokens.check(request.query_params.get("access_token", ""))
        if code:
            raise refusal(code)
        if self._account.account != "service":
            raise refusal(48001)

    def _log(self, path: str, raw: bytes, answer: dict[str, Any]) -> None:
        """Keep the call for developers. No token or secret is shown."""
        body: Any = None
        with contextlib.suppress(ValueError):
            body = json.loads(raw) if raw else None
        shown, user = raw.decode("utf-8", "replace"), None
        if isinstance(body, dict):
            masked = {name: "***" if name == "secret" else value for name, value in body.items()}
            shown = json.dumps(masked, ensure_ascii=False)
            user = self._world.by_openid(str(body.get("touser", "")))
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

    def _credentials(self, app_id: object, secret: object, grant: object) -> None:
        if grant != "client_credential":
            raise refusal(40002)
        if app_id != self._account.app_id:
            raise refusal(40013)
        if not hmac.compare_digest(str(secret).encode(), self._account.app_secret.encode()):
            raise refusal(40001)

    async def _token(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        query = request.query_params
        self._credentials(query.get("appid"), query.get("secret"), query.get("grant_type"))
        token, seconds = self.tokens.plain()
        return {"access_token": token, "expires_in": seconds}

    async def _stable_token(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        self._credentials(body.get("appid"), body.get("secret"), body.get("grant_type"))
        token, seconds = self.tokens.stable(body.get("force_refresh") is True)
        return {"access_token": token, "expires_in": seconds}

    async def _send(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        return customer.send(self._world, body)

    async def _typing(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        return customer.typing(self._world, body)

    async def _menu_create(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        code = menus.error_code(body.get("button"))
        if code:
            raise refusal(code)
        self._world.set_menu(body["button"])
        return result(0)

    async def _menu_get(self, _: Request, __: dict[str, Any]) -> dict[str, Any]:
        if not self._world.menu:
            raise refusal(46003)
        return {"menu": {"button": self._world.menu}}

    async def _menu_delete(self, _: Request, __: dict[str, Any]) -> dict[str, Any]:
        self._world.set_menu([])
        return result(0)


def _decode(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise refusal(47001) from error
    if not isinstance(body, dict):
        raise refusal(47001)
    return body
