"""Cards with buttons (``template_card`` of type ``button_interaction``): which options fit, and their taps.

A button's key comes back with the tap. It carries the tap id and the words on the button, so that the
button can say what was chosen. wechatpy knows no cards, so their forms are here.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import msgspec

from bot.bus.messages import Part
from bot.channels.common import fields as read
from bot.channels.common.render import label, plain

MOST_BUTTONS = 6
LONGEST_LABEL = 10
"""Characters on a button; more is cut by the app."""
LONGEST_TEXT = 112
"""Characters under a card's title."""
LONGEST_KEY = 1024
TITLE = "请选择"

_CODE = re.compile(r"[\x21-\x7e]{1,512}")


class Ticket(msgspec.Struct, frozen=True):
    """What changes a card that was tapped: a code for one use within 72 h, and the words of the choice."""

    code: str
    label: str


def ticket(code: str, chosen: str) -> str:
    """The ticket in one text; empty without a code."""
    return msgspec.json.encode(Ticket(code, chosen)).decode() if _CODE.fullmatch(code) else ""


def decode(text: str) -> Ticket | None:
    """The reverse of `ticket`."""
    return msgspec.json.decode(text, type=Ticket) if text else None


def tapped(key: str) -> tuple[str, str]:
    """Tap id and words in a button's key; both empty when it isn't one of ours."""
    tap, _, words = key.partition("|")
    return (tap, read.typed(words)[:LONGEST_LABEL]) if read.TAP.fullmatch(tap) else ("", "")


def fits(part: Part) -> bool:
    """Whether a card can carry the part's options."""
    labels = [label(option) for option in part.options]
    return 1 <= len(labels) <= MOST_BUTTONS and all(1 <= len(words) <= LONGEST_LABEL for words in labels)


def card(part: Part) -> dict[str, Any]:
    """The card for a part that `fits`. Its text is on it if it is short; longer text goes before it."""
    text = plain(part.text)
    buttons = [
        {"text": label(option), "style": 1, "key": f"{option.tap}|{label(option)}"} for option in part.options
    ]
    under = {"sub_title_text": text} if 0 < len(text) <= LONGEST_TEXT else {}
    return {
        "card_type": "button_interaction",
        "main_title": {"title": TITLE},
        **under,
        "button_list": buttons,
        # Unique in the app for good.
        "task_id": secrets.token_hex(16),
    }
