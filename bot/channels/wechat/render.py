"""From a structured reply to WeChat's passive text messages.

WeChat shows a fault notice for a text over about 2,048 bytes of UTF-8, so none here is over 1,800.
Inside a text it knows one tag, ``<a>``; a ``bizmsgmenu`` link sends ``msgmenucontent`` as if the
user had typed it, with ``msgmenuid`` beside it. Both are from the platform's published pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from wechatpy.replies import TextReply

from bot.bus.messages import Option, Part, Reply
from bot.channels.wechat.split import size, split
from bot.channels.wechat.text import clean, printable

LIMIT = 1_800
"""Bytes of UTF-8 in one text."""
MORE = "（未完，回复“继续”看下文）"
"""The last line of a text that isn't the last."""

_Style = Callable[[int, Option], str]


def plain(text: str) -> str:
    """The text as it will be read: what WeChat would take for a tag or an entity is made harmless."""
    text = re.sub(r"<(?=[A-Za-z/!?])", "＜", clean(text))
    return re.sub(r"&(?=[A-Za-z#])", "＆", text).strip()


def label(option: Option) -> str:
    """The words on an option, on one line."""
    return re.sub(r"\s+", " ", plain(option.label)).replace("<", "＜").replace(">", "＞")


def _link(option: Option, content: str) -> str:
    href = f"weixin://bizmsgmenu?msgmenucontent={_quoted(content)}&msgmenuid={_quoted(option.tap, ':')}"
    return f'<a href="{href}">{label(option)}</a>'


def _quoted(text: str, safe: str = "") -> str:
    return quote(text, safe=safe, errors="replace")


def _with_label(number: int, option: Option) -> str:
    return f"{number}. {_link(option, label(option))}"


def _with_number(number: int, option: Option) -> str:
    return f"{number}. {_link(option, str(number))}"


def _without_link(number: int, option: Option) -> str:
    return f"{number}. {label(option)}"


def _part(part: Part, first: int, style: _Style) -> str:
    lines = [style(number, option) for number, option in enumerate(part.options, first)]
    return "\n".join(line for line in (plain(part.text), *lines) if line)


def _whole(reply: Reply, style: _Style) -> str:
    blocks, first = [], 1
    for part in reply.parts:
        blocks.append(_part(part, first, style))
        first += len(part.options)
    return "\n\n".join(block for block in blocks if block)


def _numbered_if_short(number: int, option: Option) -> str:
    """For text that is cut anyway: a link too long to share a message goes without."""
    line = _with_number(number, option)
    return line if size(line) <= LIMIT // 3 else _without_link(number, option)


def render(reply: Reply) -> list[str]:
    """The reply as texts of at most 1,800 bytes, each but the last ending in `MORE`.

    All in one text if it fits: else with links that say the number instead of the label, else
    with numbers to type and no links. Only when even that is too long is it cut, at sentence ends.
    An empty list means: say nothing.
    """
    for style in (_with_label, _with_number, _without_link):
        whole = _whole(reply, style)
        if size(whole) <= LIMIT:
            return [whole] if whole else []
    *before, last = split(_whole(reply, _numbered_if_short), LIMIT - size("\n" + MORE))
    return [*(f"{text}\n{MORE}" for text in before), last]


def to_xml(text: str, user: str, account: str, time: int) -> str:
    """The XML of a passive text reply from ``account`` to ``user``; ``time`` in seconds since 1970."""
    content, target, source = map(_cdata, (text, user, account))
    return str(TextReply(content=content, target=target, source=source, time=time).render())


def _cdata(text: str) -> str:
    # wechatpy puts it between <![CDATA[ and ]]> as it is.
    return printable(text).replace("]]>", "]]]]><![CDATA[>")
