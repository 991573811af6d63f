"""From a structured reply to plain text: numbered options, cut at sentence ends when it is too long."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from wechatpy.replies import TextReply

from bot.bus.messages import Option, Part, Reply
from bot.channels.common.split import size, split
from bot.channels.common.text import clean, printable

MORE = "（未完，回复“继续”看下文）"
"""The last line of a text that isn't the last."""

Style = Callable[[int, Option], str]
"""How an option is written, given its number."""


def plain(text: str) -> str:
    """The text as it will be read: what the app would take for a tag or an entity is made harmless."""
    text = re.sub(r"<(?=[A-Za-z/!?])", "＜", clean(text))
    return re.sub(r"&(?=[A-Za-z#])", "＆", text).strip()


def label(option: Option) -> str:
    """The words on an option, on one line."""
    return re.sub(r"\s+", " ", plain(option.label)).replace("<", "＜").replace(">", "＞")


def numbered(number: int, option: Option) -> str:
    """An option to be typed: its number and its words."""
    return f"{number}. {label(option)}"


def _part(part: Part, first: int, style: Style) -> str:
    lines = [style(number, option) for number, option in enumerate(part.options, first)]
    return "\n".join(line for line in (plain(part.text), *lines) if line)


def whole(reply: Reply, style: Style = numbered) -> str:
    """The reply in one text, however long."""
    blocks, first = [], 1
    for part in reply.parts:
        blocks.append(_part(part, first, style))
        first += len(part.options)
    return "\n\n".join(block for block in blocks if block)


def texts(
    reply: Reply, limit: int, styles: Sequence[Style] = (numbered,), cut: Style = numbered
) -> list[str]:
    """The reply as texts of at most ``limit`` bytes, each but the last ending in `MORE`.

    All in one text, in the first style in which it fits; else cut, in the style ``cut``. An empty list
    means: say nothing.
    """
    for style in styles:
        text = whole(reply, style)
        if size(text) <= limit:
            return [text] if text else []
    *before, last = split(whole(reply, cut), limit - size("\n" + MORE))
    return [*(f"{text}\n{MORE}" for text in before), last]


def smaller(text: str, smallest: int = 60) -> list[str]:
    """The text in two or more pieces; empty when it is too short (in bytes) for that to help."""
    pieces = split(text, size(text) // 2 + 1) if size(text) > smallest else []
    return pieces if len(pieces) > 1 else []


def to_xml(text: str, user: str, account: str, time: int) -> str:
    """The XML of a passive text reply from ``account`` to ``user``; ``time`` in seconds since 1970."""
    content, target, source = map(_cdata, (text, user, account))
    return str(TextReply(content=content, target=target, source=source, time=time).render())


def _cdata(text: str) -> str:
    # wechatpy puts it between <![CDATA[ and ]]> as it is.
    return printable(text).replace("]]>", "]]]]><![CDATA[>")
