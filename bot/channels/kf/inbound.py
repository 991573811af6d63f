"""WeChat customer service's callback: only a signal that something can be fetched.

wechatpy's event for it lacks ``OpenKfId``, so its fields are read here.
"""

from __future__ import annotations

import re

from bot.channels.common import fields as read
from bot.channels.common.envelope import fields
from bot.channels.common.text import printable
from bot.channels.room import Signal

_TOKEN = re.compile(r"[\x21-\x7e]{0,128}")


def parse(xml: str, open_kfid: str) -> Signal | None:
    """The signal in a decrypted callback; None for other events, and for other accounts.

    Raises:
        EnvelopeError: a field is missing, doubled, nested, or not what WeCom sends.
    """
    found = fields(printable(xml))
    if read.kind(found, "MsgType") != "event" or read.kind(found, "Event") != "kf_msg_or_event":
        return None
    account = read.matching(read.ID, found, "OpenKfId")
    token = read.matching(_TOKEN, found, "Token")
    return Signal("kf", account, token) if account == open_kfid else None
