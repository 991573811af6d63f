"""From what was fetched of WeChat customer service to the bus's vocabulary.

The kinds of message and event are those of the platform's page on receiving messages and events.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from bot.bus.messages import Inbound, Kind
from bot.channels.common import fields as read
from bot.channels.kf.errcodes import FAILURES
from bot.channels.room import Away, Bounced, Overheard

CUSTOMER, SYSTEM, SERVICER = 3, 4, 5
TAKEN, MOVED, OVER, AGAIN = 1, 2, 3, 4

_KINDS: dict[str, Kind] = {"voice": "voice", "image": "image", "location": "location", "link": "link"}


class _Text(msgspec.Struct):
    content: str = ""
    menu_id: str = ""


class _Event(msgspec.Struct):
    event_type: str = ""
    external_userid: str = ""
    welcome_code: str = ""
    fail_msgid: str = ""
    fail_type: int = 0
    change_type: int = 0
    new_servicer_userid: str = ""


class _Item(msgspec.Struct):
    msgid: str
    msgtype: str
    origin: int
    send_time: int = 0
    external_userid: str = ""
    servicer_userid: str = ""
    text: _Text | None = None
    event: _Event | None = None


def parse(raw: dict[str, Any], open_kfid: str) -> Inbound | Bounced | Away | Overheard | None:
    """One item; None when it is nothing to us. Raises ``msgspec.ValidationError`` when it makes no sense."""
    item = msgspec.convert(raw, type=_Item)
    if item.event is not None:
        return _event(item, item.event, open_kfid)
    if not read.ID.fullmatch(item.external_userid):
        raise msgspec.ValidationError("external_userid is missing or malformed")
    if item.origin == SERVICER:
        text = read.typed(item.text.content) if item.text else f"［{item.msgtype}］"
        key = _key(item, item.external_userid, open_kfid)
        return Overheard(item.external_userid, key, item.servicer_userid, text, item.send_time)
    return _message(item, open_kfid) if item.origin == CUSTOMER else None


def _message(item: _Item, open_kfid: str) -> Inbound | None:
    if item.text is None:
        return _inbound(item, item.external_userid, open_kfid, _KINDS.get(item.msgtype, "media"))
    if read.TAP.fullmatch(item.text.menu_id):
        return _inbound(item, item.external_userid, open_kfid, "tap", tap=item.text.menu_id)
    text = read.typed(item.text.content)
    return _inbound(item, item.external_userid, open_kfid, "text", text=text) if text else None


def _event(item: _Item, event: _Event, open_kfid: str) -> Inbound | Bounced | Away | None:
    user = event.external_userid
    if not read.ID.fullmatch(user):
        return None
    if event.event_type == "enter_session" and event.welcome_code:
        return _inbound(item, user, open_kfid, "follow", ticket=event.welcome_code)
    if event.event_type == "msg_send_fail":
        reason = FAILURES.get(event.fail_type, f"没有送达，原因代码 {event.fail_type}。")
        return Bounced(user, event.fail_msgid, reason)
    if event.event_type == "session_status_change":
        over = event.change_type == OVER
        return Away(user, "" if over else event.new_servicer_userid or "servicer")
    return None


def _key(item: _Item, user: str, open_kfid: str) -> str:
    # Of any length and with any characters in it: a digest keeps the key short and unambiguous.
    digest = hashlib.sha256(item.msgid.encode()).hexdigest()[:20]
    return f"kf|{open_kfid}|{user}|{item.send_time}|{digest}"


def _inbound(
    item: _Item, user: str, open_kfid: str, kind: Kind, text: str = "", tap: str = "", ticket: str = ""
) -> Inbound:
    return Inbound(
        key=_key(item, user, open_kfid),
        channel="kf",
        account=open_kfid,
        user=user,
        kind=kind,
        text=text,
        tap=tap,
        created_at=item.send_time,
        passive=False,
        ticket=ticket,
    )
