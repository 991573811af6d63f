"""The JSON API of the page, which tests use too. All paths start with ``/sandbox/api``, of WeCom with
``/sandbox/api/wecom`` and of WeChat customer service with ``/sandbox/api/kf``.

Read:

* ``GET /state``: everything for the page: ``cursor``, ``account``, ``gateway`` (its address),
  ``plain_mode``, ``trouble``, ``menu``, ``users`` (each with ``messages``).
* ``GET /stream``: server-sent events ``message``, ``user``, ``record``, ``menu``, ``trouble``,
  ``reload``; starts behind the id in ``Last-Event-ID`` or ``?after=``.
* ``GET /users`` · ``GET /users/{id}/messages?after=0`` · ``GET /records?user=&after=0``.
  A message is ``{id, user, side, kind, pieces, at, via}``, ``side`` being user, account or system; a
  piece is ``{type: words, text}``, ``{type: tap, menu_id, content, label, number}`` or
  ``{type: link, href, label}``. A record is a `bot.sandbox.state.Record`.

Act as a user (202; with ``?wait=1`` 200 and the outcome, after all deliveries):

* ``POST /users/{id}/text {"content"}`` · ``tap {"menu_id", "content"}`` · ``voice {"recognition"}``
  (null: none) · ``image {}`` · ``location {"latitude", "longitude", "label"}`` ·
  ``link {"title", "description", "url"}`` · ``event {"event", "key"}`` with subscribe, unsubscribe,
  SCAN, CLICK or VIEW.
* Outcome: ``{result, deliveries, seconds, reason, kind, text, pieces}``, ``result`` being reply, silent
  or fault.
* 409 ``{"error"}`` when the user doesn't follow the account; 404 for an unknown user; 400 for a bad body.

Arrange:

* ``POST /users``: one more user · ``POST /reset``: afresh, with new openids.
* ``POST /check``: WeChat's check of the gateway's address; ``{"ok", "reason"}``.
* ``POST /platform/trouble {"errcode", "delay", "times", "path"}``: the next API calls fail or are slow.
* ``POST /platform/expire``: all access tokens run out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.errors import PlatformError
from bot.sandbox.actions import Phone
from bot.sandbox.calls import Calls, Trouble
from bot.sandbox.delivery import Courier, Outcome
from bot.sandbox.state import User, World

_BODY_LIMIT = 64 * 1024
T = TypeVar("T")


class _Text(msgspec.Struct, forbid_unknown_fields=True):
    content: str


class _More(msgspec.Struct, forbid_unknown_fields=True):
    content: str = ""


class _Tap(msgspec.Struct, forbid_unknown_fields=True):
    menu_id: str
    content: str


class _Voice(msgspec.Struct, forbid_unknown_fields=True):
    recognition: str | None = None


class _Location(msgspec.Struct, forbid_unknown_fields=True):
    latitude: str = "36.061100"
    longitude: str = "103.834300"
    label: str = "当前位置"


class _Link(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    url: str
    description: str = ""


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    event: Literal["subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW"]
    key: str = ""


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _body(request: Request, kind: type[T]) -> T:
    """The request's JSON as ``kind``. Raises HTTPException 400 or 413."""
    raw = await request.body()
    if len(raw) > _BODY_LIMIT:
        raise HTTPException(413, "内容太长")
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.DecodeError as error:
        raise HTTPException(400, f"请求的内容不对：{error}") from error


class Api:
    """The endpoints."""

    def __init__(
        self, world: World, courier: Courier, phone: Phone, platform: Calls, base: str = "/sandbox/api"
    ) -> None:
        self._base = base
        self._world = world
        self._courier = courier
        self._phone = phone
        self._platform = platform

    def routes(self) -> list[Route]:
        """All endpoints under ``/sandbox/api``."""
        reads = {
            "/state": self._state,
            "/stream": self._stream,
            "/users": self._users,
            "/users/{id}/messages": self._messages,
            "/records": self._records,
        }
        writes = {
            "/users": self._add_user,
            "/users/{id}/{deed}": self._act,
            "/reset": self._reset,
            "/check": self._check,
            "/platform/trouble": self._trouble,
            "/platform/expire": self._expire,
        }
        return [
            Route(self._base + path, endpoint, methods=[method])
            for method, endpoints in (("GET", reads), ("POST", writes))
            for path, endpoint in endpoints.items()
        ]

    def _user(self, request: Request) -> User:
        user = self._world.users.get(request.path_params["id"])
        if user is None:
            raise HTTPException(404, "没有这位用户")
        return user

    def _view(self, user: User) -> dict[str, object]:
        return user.view(self._world.clock())

    async def _state(self, _: Request) -> Response:
        world = self._world
        users = [{**self._view(user), "messages": list(user.messages)} for user in world.users.values()]
        return _json(
            {
                "cursor": world.hub.cursor,
                "account": world.account,
                "channel": world.kind.channel,
                "gateway": self._courier.options.gateway_url,
                "plain_mode": self._courier.options.plain_mode,
                "trouble": world.trouble,
                "menu": world.menu,
                "users": users,
            }
        )

    async def _stream(self, request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return StreamingResponse(self._world.hub.stream(after), media_type="text/event-stream")

    async def _users(self, _: Request) -> Response:
        return _json([self._view(user) for user in self._world.users.values()])

    async def _messages(self, request: Request) -> Response:
        after = _number(request, "after")
        return _json([message for message in self._user(request).messages if message.id > after])

    async def _records(self, request: Request) -> Response:
        after, user = _number(request, "after"), request.query_params.get("user", "")
        found = [item for item in self._world.records if item.id > after and user in ("", item.user)]
        return _json(found)

    async def _add_user(self, _: Request) -> Response:
        try:
            return _json(self._view(self._world.add_user()), 201)
        except OverflowError as error:
            raise HTTPException(409, str(error)) from error

    async def _act(self, request: Request) -> Response:
        user = self._user(request)
        deed = request.path_params["deed"]
        do, more = self._deeds().get(deed), self._phone.extras().get(deed)
        if do is None and more is None:
            raise HTTPException(404, "没有这个动作")
        try:
            if more is not None:
                task = more(user, (await _body(request, _More)).content)
            elif do is not None:
                task = await do(user, request)
        except PlatformError as error:
            raise HTTPException(409, "先关注或进入，才能发消息") from error
        if request.query_params.get("wait") != "1":
            return _json({"started": True}, 202)
        # Shielded: a caller who goes away doesn't stop WeChat from delivering.
        return _json(await asyncio.shield(task))

    def _deeds(self) -> dict[str, Callable[[User, Request], Awaitable[asyncio.Task[Outcome]]]]:
        return {
            "text": self._do_text,
            "tap": self._do_tap,
            "voice": self._do_voice,
            "image": self._do_image,
            "location": self._do_location,
            "link": self._do_link,
            "event": self._do_event,
        }

    async def _do_text(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        return self._phone.text(user, (await _body(request, _Text)).content)

    async def _do_tap(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        body = await _body(request, _Tap)
        return self._phone.tap(user, body.menu_id, body.content)

    async def _do_voice(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        return self._phone.voice(user, (await _body(request, _Voice)).recognition)

    async def _do_image(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        return self._phone.image(user, str(request.base_url).rstrip("/"))

    async def _do_location(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        body = await _body(request, _Location)
        return self._phone.location(user, body.latitude, body.longitude, body.label)

    async def _do_link(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        body = await _body(request, _Link)
        return self._phone.link(user, body.title, body.description, body.url)

    async def _do_event(self, user: User, request: Request) -> asyncio.Task[Outcome]:
        body = await _body(request, _Event)
        return self._phone.event(user, body.event, body.key)

    async def _reset(self, _: Request) -> Response:
        self._world.reset()
        return _json({"ok": True})

    async def _check(self, _: Request) -> Response:
        reason = await self._courier.check_url()
        return _json({"ok": not reason, "reason": reason})

    async def _trouble(self, request: Request) -> Response:
        self._platform.trouble = await _body(request, Trouble)
        return _json({"ok": True})

    async def _expire(self, _: Request) -> Response:
        self._platform.expire()
        return _json({"ok": True})


def _number(request: Request, name: str) -> int:
    raw = request.query_params.get(name, "0")
    if not raw.isdecimal():
        raise HTTPException(400, f"{name} 应为整数")
    return int(raw)
