"""The XML of what a user does: messages and events, field by field as WeChat writes them."""

from __future__ import annotations

import re
import secrets

import msgspec

# What XML 1.0 can't hold; a phone's keyboard can't type it either.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Head(msgspec.Struct, frozen=True):
    """What every message starts with: account id, the user's openid, seconds since 1970."""

    account: str
    openid: str
    created_at: int


def _element(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    clean = _ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{clean}]]></{name}>"


def _xml(head: Head, kind: str, **values: str | int) -> str:
    every: dict[str, str | int] = {
        "ToUserName": head.account,
        "FromUserName": head.openid,
        "CreateTime": head.created_at,
        "MsgType": kind,
        **values,
    }
    return "<xml>" + "".join(_element(name, value) for name, value in every.items()) + "</xml>"


def _media_id() -> str:
    return secrets.token_urlsafe(48)


def text(head: Head, msg_id: int, content: str) -> str:
    """A typed message."""
    return _xml(head, "text", Content=content, MsgId=msg_id)


def tap(head: Head, msg_id: int, menu_id: str, content: str) -> str:
    """A tap on a ``weixin://bizmsgmenu`` link or on an item of a menu message."""
    return _xml(head, "text", Content=content, MsgId=msg_id, bizmsgmenuid=menu_id)


def voice(head: Head, msg_id: int, recognition: str | None) -> str:
    """A voice message; without recognised words the element is left out, as it mostly is now."""
    words = {} if recognition is None else {"Recognition": recognition}
    return _xml(head, "voice", MediaId=_media_id(), Format="amr", MsgId=msg_id, **words)


def image(head: Head, msg_id: int, url: str) -> str:
    """A picture."""
    return _xml(head, "image", PicUrl=url, MsgId=msg_id, MediaId=_media_id())


def location(head: Head, msg_id: int, latitude: str, longitude: str, label: str) -> str:
    """A place; the coordinates are decimal degrees as text."""
    place: dict[str, str | int] = {"Location_X": latitude, "Location_Y": longitude, "Scale": 15}
    return _xml(head, "location", MsgId=msg_id, Label=label, **place)


def link(head: Head, msg_id: int, title: str, description: str, url: str) -> str:
    """A shared page."""
    return _xml(head, "link", Title=title, Description=description, Url=url, MsgId=msg_id)


def event(head: Head, name: str, key: str = "") -> str:
    """An event: subscribe, unsubscribe, SCAN, CLICK or VIEW. Events have no MsgId.

    ``key`` is the scene of a scanned code, the key of a menu item or the address of a menu link.
    """
    values: dict[str, str | int] = {"Event": name, "EventKey": key}
    if name == "SCAN" or (name == "subscribe" and key):
        values["Ticket"] = "gQ" + secrets.token_urlsafe(60)
    if name == "subscribe" and key:
        values["EventKey"] = f"qrscene_{key}"
    if name == "VIEW":
        values["MenuId"] = 430000001
    return _xml(head, "event", **values)
