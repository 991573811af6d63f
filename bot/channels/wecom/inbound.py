"""From WeCom's XML to the bus's vocabulary.

The kinds of message and event are those of the platform's pages on receiving messages and events.
wechatpy has no event for a tap on a card (``template_card_event``), so its fields are read here.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from bot.bus.messages import Inbound, Kind
from bot.channels.common import fields as read
from bot.channels.common.envelope import fields
from bot.channels.common.fields import Fields
from bot.channels.common.text import printable
from bot.channels.wecom import cards
from bot.errors import EnvelopeError

DAY_SECONDS, BEIJING_SECONDS = 86_400, 8 * 3_600

_KINDS: dict[str, Kind] = {"voice": "voice", "image": "image", "location": "location", "link": "link"}
_EVENTS: dict[str, Kind] = {"subscribe": "follow", "unsubscribe": "unfollow", "enter_agent": "follow"}


class _What(NamedTuple):
    """What a message says, and what names it beside its sender and second."""

    name: str
    kind: Kind
    text: str = ""
    tap: str = ""
    passive: bool = True
    ticket: str = ""


def _message(found: Fields, kind: str) -> _What | None:
    name = read.matching(read.NUMBER, found, "MsgId")
    if kind != "text":
        return _What(name, _KINDS.get(kind, "media"))
    if "Content" not in found:
        raise EnvelopeError("Content is missing")
    content = read.typed(read.text(found, "Content"))
    return _What(name, "text", content) if content else None


def _event(found: Fields) -> _What | None:
    event = read.kind(found, "Event")
    key = read.text(found, "EventKey")
    task, code = read.text(found, "TaskId"), read.text(found, "ResponseCode")
    # Of any length and with any characters in it: a digest keeps the key short and unambiguous.
    name = hashlib.sha256("\0".join((event, key, task, code)).encode()).hexdigest()[:20]
    if event == "template_card_event":
        tap, label = cards.tapped(key)
        # A card's event can only be answered by a change of the card, so the reply is sent.
        return _What(name, "tap", tap=tap, passive=False, ticket=cards.ticket(code, label)) if tap else None
    if event == "click":
        return _What(name, "tap", tap=read.matching(read.TAP, found, "EventKey")) if key else None
    if event in _EVENTS:
        return _What(name, _EVENTS[event], passive=event != "enter_agent")
    return None


def parse(xml: str, agent_id: int) -> Inbound | None:
    """The message in a decrypted callback, or None when there is nothing to answer.

    Opening the app (``enter_agent``) is greeted like a follow, but once a day. A view, a location report,
    events nobody knows, and whatever is for another app are None, and so is an empty text.

    Raises:
        EnvelopeError: a field is missing, doubled, nested, or not what WeCom sends.
    """
    found = fields(printable(xml))
    account = read.matching(read.ID, found, "ToUserName")
    user = read.matching(read.ID, found, "FromUserName")
    seconds = read.matching(read.SECONDS, found, "CreateTime")
    kind = read.kind(found, "MsgType")
    what = _event(found) if kind == "event" else _message(found, kind)
    if what is None or read.text(found, "AgentID") != str(agent_id):
        return None
    moment = f"{seconds}|{what.name}"
    if kind == "event" and what.kind == "follow" and not what.passive:
        moment = f"day{(int(seconds) + BEIJING_SECONDS) // DAY_SECONDS}|entered"
    return Inbound(
        key=f"wecom|{account}|{user}|{moment}",
        channel="wecom",
        account=account,
        user=user,
        kind=what.kind,
        text=what.text,
        tap=what.tap,
        created_at=int(seconds),
        passive=what.passive,
        ticket=what.ticket,
    )
