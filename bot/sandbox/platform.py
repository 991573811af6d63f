"""WeChat's API as the account's programs call it, with its error codes; every call is logged.

``GET /cgi-bin/token`` · ``POST /cgi-bin/stable_token`` · ``POST /cgi-bin/message/custom/send`` (text,
msgmenu) · ``POST /cgi-bin/message/custom/typing`` · ``POST /cgi-bin/menu/create`` ·
``GET /cgi-bin/menu/get`` · ``GET /cgi-bin/menu/delete``.

A subscription account stands for one that isn't verified: it may neither push messages nor have a
menu (48001).
"""

from __future__ import annotations

import hmac
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.sandbox import customer, menus
from bot.sandbox.calls import Calls
from bot.sandbox.codes import refusal, result
from bot.sandbox.state import World
from bot.sandbox.tokens import Tokens
from bot.settings import WeChat


class Platform(Calls):
    """The API of one account."""

    def __init__(self, world: World, account: WeChat) -> None:
        super().__init__(world)
        self._account = account
        self.tokens = Tokens(world.clock)

    def routes(self) -> list[Route]:
        """All endpoints under ``/cgi-bin``."""
        return [
            self.route("token", self._token, "GET", guarded=False),
            self.route("stable_token", self._stable_token, guarded=False),
            self.route("message/custom/send", self._send),
            self.route("message/custom/typing", self._typing),
            self.route("menu/create", self._menu_create),
            self.route("menu/get", self._menu_get, "GET"),
            self.route("menu/delete", self._menu_delete, "GET"),
        ]

    def expire(self) -> None:
        """Let all access tokens run out."""
        self.tokens.expire()

    def guard(self, request: Request) -> None:
        """Refuse a bad token, and an account without rights."""
        code = self.tokens.check(request.query_params.get("access_token", ""))
        if code:
            raise refusal(code)
        if self._account.account != "service":
            raise refusal(48001)

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
