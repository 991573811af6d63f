"""From WeChat's XML to the bus's vocabulary.

The kinds of message and event are those of the platform's pages on receiving messages and events.
The key that names a message is account + sender + CreateTime + MsgId, or for an event + Event,
EventKey and Ticket: MsgIds alone have collided across users, and events have none.
"""

from __future__ import annotations

import hashlib
import re

from bot.bus.messages import Inbound, Kind
from bot.channels.wechat.envelope import fields
from bot.channels.wechat.text import clean, printable
from bot.errors import EnvelopeError

TEXT_LIMIT = 2_000
"""Characters; longer text is cut. WeChat's own limit on what one can type is lower."""

_ID = re.compile(r"[A-Za-z0-9_@.\-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_TYPE = re.compile(r"[a-z_]{1,32}")
_TAP = re.compile(r"[A-Za-z0-9_:.\-]{1,128}")

_KINDS: dict[str, Kind] = {"voice": "voice", "image": "image", "location": "location", "link": "link"}
_EVENTS: dict[str, Kind] = {"subscribe": "follow", "unsubscribe": "unfollow", "scan": "scan", "click": "tap"}


def _text(found: dict[str, object], name: str) -> str:
    """A field's text, "" when it is empty or absent. Raises when it is doubled or nested."""
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EnvelopeError(f"{name} is not a text")
    return value


def _matching(pattern: re.Pattern[str], found: dict[str, object], name: str) -> str:
    value = _text(found, name)
    if not pattern.fullmatch(value):
        raise EnvelopeError(f"{name} is missing or malformed")
    return value


def _typed(found: dict[str, object], name: str) -> str:
    return clean(_text(found, name)).strip()[:TEXT_LIMIT]


def _what(found: dict[str, object], kind: str) -> tuple[Kind, str, str] | None:
    """Kind, text and tap of a message; None when there is nothing in it."""
    if kind != "text":
        # Types that came after this was written were still meant for somebody: media, then.
        return _KINDS.get(kind, "media"), _typed(found, "Recognition") if kind == "voice" else "", ""
    if "Content" not in found:
        raise EnvelopeError("Content is missing")
    content = _typed(found, "Content")
    # A tap on a link in a menu of ours arrives as a text that the applicant didn't type.
    if _text(found, "bizmsgmenuid"):
        return "tap", "", _matching(_TAP, found, "bizmsgmenuid")
    return ("text", content, "") if content else None


def _event(found: dict[str, object]) -> tuple[str, tuple[Kind, str, str] | None]:
    """What of an event goes into the key; and its kind, text and tap, None to ignore it."""
    name = _text(found, "Event").lower()
    if not _TYPE.fullmatch(name):
        raise EnvelopeError("Event is missing or malformed")
    parts = (name, _text(found, "EventKey"), _text(found, "Ticket"))
    # Of any length and with any characters in it: a digest keeps the key short and unambiguous.
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
    kind = _EVENTS.get(name)
    if kind is None or (kind == "tap" and not parts[1]):
        return digest, None
    return digest, (kind, "", _matching(_TAP, found, "EventKey") if kind == "tap" else "")


def parse(xml: str) -> Inbound | None:
    """The message in a decrypted callback, or None when there is nothing to answer.

    Kinds: a tap on a menu link or menu button is ``tap``; an unsubscribe is ``unfollow``; a VIEW, a
    location report, the end of a template job and events nobody knows are None, and so is an empty text.

    Raises:
        EnvelopeError: a field is missing, doubled, nested, or not what WeChat sends.
    """
    # Some keyboards and input methods put control characters into a text, which XML can't hold.
    found = fields(printable(xml))
    account = _matching(_ID, found, "ToUserName")
    user = _matching(_ID, found, "FromUserName")
    seconds = _matching(_SECONDS, found, "CreateTime")
    type_ = _text(found, "MsgType").lower()
    if not _TYPE.fullmatch(type_):
        raise EnvelopeError("MsgType is missing or malformed")
    if type_ == "event":
        name, what = _event(found)
    else:
        name, what = _matching(_NUMBER, found, "MsgId"), _what(found, type_)
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
