"""From a structured reply to WeChat's passive text messages.

WeChat shows a fault notice for a text over about 2,048 bytes of UTF-8, so none here is over 1,800.
Inside a text it knows one tag, ``<a>``; a ``bizmsgmenu`` link sends ``msgmenucontent`` as if the
user had typed it, with ``msgmenuid`` beside it. Both are from the platform's published pages.
"""

from __future__ import annotations

from urllib.parse import quote

from bot.bus.messages import Option, Reply
from bot.channels.common.render import label, numbered, texts
from bot.channels.common.split import size

LIMIT = 1_800
"""Bytes of UTF-8 in one text."""


def _link(option: Option, content: str) -> str:
    href = f"weixin://bizmsgmenu?msgmenucontent={_quoted(content)}&msgmenuid={_quoted(option.tap, ':')}"
    return f'<a href="{href}">{label(option)}</a>'


def _quoted(text: str, safe: str = "") -> str:
    return quote(text, safe=safe, errors="replace")


def _with_label(number: int, option: Option) -> str:
    return f"{number}. {_link(option, label(option))}"


def _with_number(number: int, option: Option) -> str:
    return f"{number}. {_link(option, str(number))}"


def _numbered_if_short(number: int, option: Option) -> str:
    """For text that is cut anyway: a link too long to share a message goes without."""
    line = _with_number(number, option)
    return line if size(line) <= LIMIT // 3 else numbered(number, option)


def render(reply: Reply) -> list[str]:
    """The reply as texts of at most 1,800 bytes, each but the last ending in `MORE`.

    All in one text if it fits: else with links that say the number instead of the label, else
    with numbers to type and no links. Only when even that is too long is it cut, at sentence ends.
    An empty list means: say nothing.
    """
    return texts(reply, LIMIT, (_with_label, _with_number, numbered), _numbered_if_short)
