"""The API of WeChat customer service, under ``/qyapi/cgi-bin/kf``.

``POST sync_msg`` · ``send_msg`` and ``send_msg_on_event`` (text, msgmenu) · ``service_state/get`` and
``/trans`` · ``GET account/list``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.sandbox import pieces
from bot.sandbox.calls import Calls
from bot.sandbox.codes import refusal, result
from bot.sandbox.pieces import Piece, Tap, Words
from bot.sandbox.replies import TEXT_LIMIT
from bot.sandbox.state import User, World
from bot.sandbox.work.app_calls import PREFIX
from bot.sandbox.work.gate import Gate
from bot.sandbox.work.service import Service


class KfCalls(Calls):
    """The account's API. ``announce`` is called with a customer when something was put into the log."""

    prefix = PREFIX

    def __init__(self, world: World, service: Service, gate: Gate) -> None:
        super().__init__(world)
        self._service, self._gate = service, gate
        self.announce: Callable[[User], None] = _nobody

    def routes(self) -> list[Route]:
        """All endpoints."""
        return [
            self.route("kf/sync_msg", self._sync),
            self.route("kf/send_msg", self._send),
            self.route("kf/send_msg_on_event", self._send_on_event),
            self.route("kf/service_state/get", self._state),
            self.route("kf/service_state/trans", self._change),
            self.route("kf/account/list", self._accounts, "GET"),
        ]

    def expire(self) -> None:
        """Let the account's token run out."""
        self._gate.tokens["kf"].expire()

    def guard(self, request: Request) -> None:
        """Only with the token of customer service."""
        self._gate.check("kf", request)

    def _account(self, body: dict[str, Any]) -> None:
        if body.get("open_kfid") != self._service.open_kfid:
            raise refusal(95000)

    def _customer(self, body: dict[str, Any], name: str) -> User:
        self._account(body)
        user = self._world.by_openid(str(body.get(name, "")))
        if user is None:
            raise refusal(40003)
        return user

    async def _sync(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        self._account(body)
        cursor, token = str(body.get("cursor") or ""), str(body.get("token") or "")
        return {**result(0), **self._service.page(cursor, token, int(body.get("limit") or 1_000))}

    async def _send(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        user, msgid = self._customer(body, "touser"), str(body.get("msgid", ""))
        kind, shown = _content(body)
        if self._service.spend(user.openid, msgid):
            self._world.show(user, "account", kind, shown, "api")
        else:
            self.announce(user)
        return {**result(0), "msgid": msgid}

    async def _send_on_event(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        kind, shown = _content(body)
        openid = self._service.use(str(body.get("code", "")), str(body.get("msgid", "")))
        user = self._world.by_openid(openid)
        if user is not None:
            self._world.show(user, "account", kind, shown, "api")
        return {**result(0), "msgid": body["msgid"]}

    async def _state(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        user = self._customer(body, "external_userid")
        return {**result(0), "service_state": self._service.state(user.openid)}

    async def _change(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        user, state = self._customer(body, "external_userid"), body.get("service_state")
        if not isinstance(state, int) or not 0 <= state <= 4:
            raise refusal(40058)
        self._service.change(user.openid, state, str(body.get("servicer_userid", "")))
        notices = {2: "已转到接待池，等待接待人员", 3: "已转给接待人员", 4: "会话已结束"}
        if state in notices:
            self._world.show(user, "system", "event", notices[state], "wechat")
        return result(0)

    async def _accounts(self, _: Request, __: dict[str, Any]) -> dict[str, Any]:
        about = {"open_kfid": self._service.open_kfid, "name": "申报指南问答", "manage_privilege": True}
        return {**result(0), "account_list": [about]}


def _nobody(_: User) -> None:
    pass


def _content(body: dict[str, Any]) -> tuple[str, tuple[Piece, ...]]:
    kind = str(body.get("msgtype"))
    content = body.get(kind)
    if kind not in ("text", "msgmenu") or not isinstance(content, dict):
        raise refusal(40008)
    return kind, _text(content) if kind == "text" else _menu(content)


def _text(content: dict[str, Any]) -> tuple[Piece, ...]:
    text = content.get("content")
    if not isinstance(text, str) or not text.strip():
        raise refusal(44004)
    if len(text.encode()) > TEXT_LIMIT:
        raise refusal(40058, ", content exceeds")
    return pieces.read(text)


def _menu(content: dict[str, Any]) -> tuple[Piece, ...]:
    head, items = str(content.get("head_content") or ""), content.get("list")
    if not isinstance(items, list) or not 1 <= len(items) <= 10 or len(head.encode()) > 1_024:
        raise refusal(40058)
    found: list[Piece] = [Words(f"{head}\n")] if head else []
    for item in items:
        click = item.get("click") if isinstance(item, dict) and item.get("type") == "click" else None
        if not isinstance(click, dict):
            raise refusal(40058)
        id, words = str(click.get("id", "")), str(click.get("content", ""))
        if not all(1 <= len(text.encode()) <= 128 for text in (id, words)):
            raise refusal(40058)
        found += [Tap(id, words, words), Words("\n")]
    return tuple(found[:-1])
