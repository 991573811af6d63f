"""From a structured reply to WeChat customer service's messages: texts, and one menu for the options.

A text may have 2,048 bytes of UTF-8. A menu has up to 10 items, its head 1,024 bytes, an item's words and id
128 bytes each. Only 5 messages may follow one of the customer's, so a reply takes as few as it can.
"""

from __future__ import annotations

import secrets
from typing import Any

from bot.bus.messages import Option, Reply
from bot.channels.common.render import MORE, label, plain, texts
from bot.channels.common.split import size

LIMIT = 2_048
HEAD_LIMIT, ITEM_LIMIT, MOST_ITEMS = 1_024, 128, 10
CHOOSE = "请选择："


def _item(option: Option) -> dict[str, Any]:
    return {"type": "click", "click": {"id": option.tap, "content": label(option)}}


def _fits(options: tuple[Option, ...]) -> bool:
    every = [text for option in options for text in (option.tap, label(option))]
    return 1 <= len(options) <= MOST_ITEMS and all(1 <= size(text) <= ITEM_LIMIT for text in every)


def contents(reply: Reply) -> list[dict[str, Any]]:
    """The messages that say it, without who gets them."""
    if not _fits(reply.options):
        return _texts(reply)
    head = "\n\n".join(text for part in reply.parts if (text := plain(part.text)))
    before: list[dict[str, Any]] = []
    if size(head) > HEAD_LIMIT:
        before, head = _texts(Reply(tuple(type(part)(part.text) for part in reply.parts))), CHOOSE
    menu = {"head_content": head or CHOOSE, "list": [_item(option) for option in reply.options]}
    return [*before, {"msgtype": "msgmenu", "msgmenu": menu}]


def _texts(reply: Reply) -> list[dict[str, Any]]:
    # All are pushed, so none asks the user to call for the next.
    found = [text.removesuffix("\n" + MORE) for text in texts(reply, LIMIT)]
    return [text_message(text) for text in found]


def text_message(text: str) -> dict[str, Any]:
    """A text without who gets it."""
    return {"msgtype": "text", "text": {"content": text}}


def receipt() -> str:
    """A msgid nobody else makes: 32 characters, as many as fit."""
    return secrets.token_hex(16)
