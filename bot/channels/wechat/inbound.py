"""From WeChat's XML to the bus's vocabulary.

The kinds of message and event are those of the platform's pages on receiving messages and events.
The key that names a message is account + sender + CreateTime + MsgId, or for an event + Event,
EventKey and Ticket: MsgIds alone have collided across users, and events have none.
"""

from __future__ import annotations

import hashlib

from bot.bus.messages import Inbound, Kind
from bot.channels.common import fields as read
from bot.channels.common.envelope import fields
from bot.channels.common.fields import Fields
from bot.channels.common.text import printable
from bot.errors import EnvelopeError

_KINDS: dict[str, Kind] = {"voice": "voice", "image": "image", "location": "location", "link": "link"}
_EVENTS: dict[str, Kind] = {"subscribe": "follow", "unsubscribe": "unfollow", "scan": "scan", "click": "tap"}


def _what(found: Fields, kind: str) -> tuple[Kind, str, str] | None:
    """Kind, text and tap of a message; None when there is nothing in it."""
    if kind != "text":
        # Types that came after this was written were still meant for somebody: media, then.
        said = read.typed(read.text(found, "Recognition")) if kind == "voice" else ""
        return _KINDS.get(kind, "media"), said, ""
    if "Content" not in found:
        raise EnvelopeError("Content is missing")
    content = read.typed(read.text(found, "Content"))
    # A tap on a link in a menu of ours arrives as a text that the applicant didn't type.
    if read.text(found, "bizmsgmenuid"):
        return "tap", "", read.matching(read.TAP, found, "bizmsgmenuid")
    return ("text", content, "") if content else None


def _event(found: Fields) -> tuple[str, tuple[Kind, str, str] | None]:
    """What of an event goes into the key; and its kind, text and tap, None to ignore it."""
    name = read.kind(found, "Event")
    parts = (name, read.text(found, "EventKey"), read.text(found, "Ticket"))
    # Of any length and with any characters in it: a digest keeps the key short and unambiguous.
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
    kind = _EVENTS.get(name)
    if kind is None or (kind == "tap" and not parts[1]):
        return digest, None
    return digest, (kind, "", read.matching(read.TAP, found, "EventKey") if kind == "tap" else "")


def parse(xml: str) -> Inbound | None:
    """The message in a decrypted callback, or None when there is nothing to answer.

    Kinds: a tap on a menu link or menu button is ``tap``; an unsubscribe is ``unfollow``; a VIEW, a
    location report, the end of a template job and events nobody knows are None, and so is an empty text.

    Raises:
        EnvelopeError: a field is missing, doubled, nested, or not what WeChat sends.
    """
    # Some keyboards and input methods put control characters into a text, which XML can't hold.
    found = fields(printable(xml))
    account = read.matching(read.ID, found, "ToUserName")
    user = read.matching(read.ID, found, "FromUserName")
    seconds = read.matching(read.SECONDS, found, "CreateTime")
    type_ = read.kind(found, "MsgType")
    if type_ == "event":
        name, what = _event(found)
    else:
        name, what = read.matching(read.NUMBER, found, "MsgId"), _what(found, type_)
    if what is None:
        return None
    kind, text, tap = what
    return Inbound(
        key=f"wechat|{account}|{user}|{seconds}|{name}",
        channel="wechat",
        account=account,
        user=user,
        kind=kind,
        text=text,
        tap=tap,
        created_at=int(seconds),
    )
