"""From a structured reply to WeCom's messages: texts, and cards for options that fit on one.

WeCom cuts a text over 2,048 bytes of UTF-8 without a word, so none here is longer.
"""

from __future__ import annotations

from typing import Any

from bot.bus.messages import Part, Reply
from bot.channels.common.render import MORE, plain, texts
from bot.channels.wecom import cards

LIMIT = 2_048
"""Bytes of UTF-8 in one text."""


def carded(reply: Reply) -> bool:
    """Whether cards carry the reply's options: all of them, as numbers go through the whole reply."""
    parts = [part for part in reply.parts if part.options]
    return bool(parts) and all(cards.fits(part) for part in parts)


def render(reply: Reply) -> list[str]:
    """The reply as texts of at most 2,048 bytes; options are numbers to type."""
    return texts(reply, LIMIT)


def carries(reply: Reply) -> bool:
    """Whether a passive answer says it all: one text, and no card."""
    return not carded(reply) and len(render(reply)) <= 1


def messages(reply: Reply) -> list[dict[str, Any]]:
    """The reply as messages to push: ``{"text": …}`` or ``{"card": …}``."""
    if not carded(reply):
        return _texts(reply)
    found: list[dict[str, Any]] = []
    waiting: list[Part] = []
    for part in reply.parts:
        if not part.options or len(plain(part.text)) > cards.LONGEST_TEXT:
            waiting.append(Part(part.text))
        if part.options:
            found += [*_texts(Reply(tuple(waiting))), {"card": cards.card(part)}]
            waiting = []
    return [*found, *_texts(Reply(tuple(waiting)))]


def _texts(reply: Reply) -> list[dict[str, Any]]:
    # All are pushed, so none asks the user to call for the next.
    return [{"text": text.removesuffix("\n" + MORE)} for text in render(reply)]
