"""The API of a self-built app, under ``/qyapi/cgi-bin``, with its limits as WeCom keeps them: silently.

``GET gettoken`` · ``POST message/send`` (text, markdown, template_card) · ``POST
message/update_template_card`` · ``POST menu/create``, ``GET menu/get``, ``GET menu/delete`` ·
``GET agent/get`` · ``POST webhook/send`` (the robot).

A text over 2,048 bytes is cut; what is over 30 a minute or 1,000 an hour to one member is dropped; both
answer ok.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.accounts import WeCom
from bot.sandbox import menus, pieces
from bot.sandbox.calls import Calls
from bot.sandbox.codes import refusal, result
from bot.sandbox.pieces import Piece
from bot.sandbox.replies import cut
from bot.sandbox.state import User, World
from bot.sandbox.work import cards
from bot.sandbox.work.cards import Cards
from bot.sandbox.work.gate import Gate
from bot.sandbox.work.limits import MEMBER, ROBOT, Limits

PREFIX = "/qyapi"
MARKDOWN_LIMIT = 4_096


class AppCalls(Calls):
    """The app's API. ``dropped`` counts what was silently dropped; ``robot`` holds what the robot said."""

    prefix = PREFIX

    def __init__(self, world: World, account: WeCom, gate: Gate, robot_key: str) -> None:
        super().__init__(world)
        self._account, self._gate, self._robot_key = account, gate, robot_key
        self.cards = Cards(world.clock)
        self._members, self._robots = Limits(MEMBER, world.clock), Limits(ROBOT, world.clock)
        self.dropped = 0
        self.robot: list[str] = []

    def routes(self) -> list[Route]:
        """All endpoints."""
        return [
            self.route("gettoken", self._token, "GET", guarded=False),
            self.route("message/send", self._send),
            self.route("message/update_template_card", self._update),
            self.route("menu/create", self._menu_create),
            self.route("menu/get", self._menu_get, "GET"),
            self.route("menu/delete", self._menu_delete, "GET"),
            self.route("agent/get", self._agent, "GET"),
            self.route("webhook/send", self._robot_send, guarded=False),
        ]

    def expire(self) -> None:
        """Let the app's token run out."""
        self._gate.tokens["app"].expire()

    def guard(self, request: Request) -> None:
        """Only with the app's own token."""
        self._gate.check("app", request)

    async def _token(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        query = request.query_params
        token, seconds = self._gate.give(query.get("corpid"), query.get("corpsecret"))
        return {**result(0), "access_token": token, "expires_in": seconds}

    async def _send(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(body.get("agentid"))
        names = [name for name in str(body.get("touser", "")).split("|") if name]
        known = [user for name in names if (user := self._world.by_openid(name)) is not None]
        if not known:
            raise refusal(81013)
        codes = [code for user in known if (code := self._deliver(user, body))]
        missing = "|".join(name for name in names if self._world.by_openid(name) is None)
        return {**result(0), "invaliduser": missing, **({"response_code": codes[0]} if codes else {})}

    def _deliver(self, user: User, body: dict[str, Any]) -> str:
        """Show a message; the code of a card."""
        kind = str(body.get("msgtype"))
        content = body.get(kind)
        if kind not in ("text", "markdown", "template_card") or not isinstance(content, dict):
            raise refusal(40008)
        card = self.cards.read(user.openid, content) if kind == "template_card" else None
        shown = cards.pieces(card) if card else _words(kind, content)
        if not self._members.take(user.openid):
            self.dropped += 1
            return ""
        message = self._world.show(user, "account", kind, shown, "api")
        if card is None:
            return ""
        card.message = message.id
        self.cards.cards[user.openid, card.task_id] = card
        return self.cards.code(card)

    async def _update(self, _: Request, body: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(body.get("agentid"))
        chosen = (body.get("button") or {}).get("replace_name")
        if not chosen:
            raise refusal(40058)
        card = self.cards.use(body.get("response_code"))
        user = self._world.by_openid(card.user)
        if user is not None and card.user in (body.get("userids") or []):
            card.done = True
            self._world.change(user, card.message, cards.pieces(card, str(chosen)))
        return result(0)

    def _check_agent(self, agent_id: object) -> None:
        if str(agent_id) != str(self._account.agent_id):
            raise refusal(40056)

    async def _menu_create(self, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(request.query_params.get("agentid"))
        code = menus.error_code(body.get("button"), below=40)
        if code:
            raise refusal(code)
        self._world.set_menu(body["button"])
        return result(0)

    async def _menu_get(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(request.query_params.get("agentid"))
        if not self._world.menu:
            raise refusal(46003)
        return {**result(0), "button": self._world.menu}

    async def _menu_delete(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(request.query_params.get("agentid"))
        self._world.set_menu([])
        return result(0)

    async def _agent(self, request: Request, _: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(request.query_params.get("agentid"))
        return {**result(0), "agentid": self._account.agent_id, "name": "申报指南问答", "close": 0}

    async def _robot_send(self, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        kind = str(body.get("msgtype"))
        content = body.get(kind)
        if request.query_params.get("key") != self._robot_key:
            raise refusal(93000)
        if kind not in ("text", "markdown") or not isinstance(content, dict):
            raise refusal(40008)
        text = str(content.get("content", ""))
        limit = MARKDOWN_LIMIT if kind == "markdown" else 2_048
        if not 1 <= len(text.encode()) <= limit:
            raise refusal(40058, ", content exceeds")
        if not self._robots.take("robot"):
            raise refusal(45009)
        self.robot.append(text)
        return result(0)


def _words(kind: str, content: dict[str, Any]) -> tuple[Piece, ...]:
    text = content.get("content")
    if not isinstance(text, str) or not text.strip():
        raise refusal(44004)
    return pieces.read(cut(text))
