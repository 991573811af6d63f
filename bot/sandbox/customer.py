"""Customer-service messages: what the account pushes to a user, and the typing status."""

from __future__ import annotations

from typing import Any

from bot.sandbox import pieces
from bot.sandbox.codes import refusal, result
from bot.sandbox.pieces import Piece, Tap, Words
from bot.sandbox.replies import TEXT_LIMIT
from bot.sandbox.state import User, World

_TYPING_LASTS = 15.0


def _receiver(world: World, body: dict[str, Any]) -> User:
    user = world.by_openid(str(body.get("touser", "")))
    if user is None:
        raise refusal(40003)
    if not user.following:
        raise refusal(43004)
    return user


def send(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """``/cgi-bin/message/custom/send``. Raises PlatformError."""
    user = _receiver(world, body)
    kind = body.get("msgtype")
    content = body.get(kind) if kind in ("text", "msgmenu") else None
    if kind not in ("text", "msgmenu"):
        raise refusal(40008)
    if not isinstance(content, dict):
        raise refusal(47001)
    shown = _text(content) if kind == "text" else _menu(content)
    code = user.quota.spend(world.clock())
    if code:
        raise refusal(code)
    world.show(user, "account", kind, shown, "api")
    return result(0)


def typing(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """``/cgi-bin/message/custom/typing``: shown for 15 s. Raises PlatformError."""
    user, now = _receiver(world, body), world.clock()
    command = body.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise refusal(45072)
    if not user.quota.may_type(now):
        raise refusal(45080)
    if command == "Typing" and now < user.typing_until:
        raise refusal(45081)
    user.typing_until = now + _TYPING_LASTS if command == "Typing" else 0.0
    world.changed(user)
    return result(0)


def _text(content: dict[str, Any]) -> tuple[Piece, ...]:
    text = content.get("content")
    if not isinstance(text, str) or not text.strip():
        raise refusal(44004)
    if len(text.encode()) > TEXT_LIMIT:
        raise refusal(45002)
    return pieces.read(text)


def _menu(content: dict[str, Any]) -> tuple[Piece, ...]:
    """A menu message: words, items to tap, words."""
    head, tail, items = (content.get(name) or "" for name in ("head_content", "tail_content", "list"))
    if not isinstance(items, list) or not items:
        raise refusal(44004)
    found: list[Piece] = [Words(f"{head}\n")] if head else []
    size = len(f"{head}{tail}".encode())
    for item in items:
        if not isinstance(item, dict) or not item.get("id") or not item.get("content"):
            raise refusal(47001)
        label = str(item["content"])
        size += len(label.encode())
        found += [Tap(str(item["id"]), label, label), Words("\n")]
    if size > TEXT_LIMIT:
        raise refusal(45002)
    return (*found, Words(str(tail))) if tail else tuple(found[:-1])
