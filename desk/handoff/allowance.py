"""What WeChat still lets us say to an applicant, in numbers and in words."""

from __future__ import annotations

import time
from typing import NamedTuple

from django.conf import settings

from bot.bus.ledger import Ledger
from bot.errors import BusError
from desk.bus import bus
from desk.handoff.models import Conversation, Message
from desk.handoff.models.message import UNSETTLED

RESERVE = 1
"""Messages kept for the closing words."""
LEDGERED = ("wechat", "kf")


class Left(NamedTuple):
    """What is left once everything that waits is sent.

    Attributes:
        known: false when nobody can say.
        pushes: false for an account that may only answer: a reply waits for the applicant's next message.
    """

    known: bool
    messages: int = 0
    hours: float = 0.0
    pushes: bool = True

    @property
    def words(self) -> str:
        """For the line above the composer."""
        if not self.pushes:
            return "这个公众号不能主动发消息：回复会随对方下一次来信发出"
        if not self.known:
            return "发送额度暂时查不到"
        if self.messages <= 0:
            return "额度已用完：消息会等对方来信时再发出"
        until = f"{self.hours:.0f} 小时内" if self.hours >= 1 else f"{max(self.hours * 60, 1):.0f} 分钟内"
        return f"还可发 {self.messages} 条 · {until}"

    def reserve_needed(self, pieces: int) -> bool:
        """Whether this many messages would use what is kept for the closing words, or more."""
        return self.known and self.pushes and self.messages - pieces < RESERVE


def left(conversation: Conversation) -> Left | None:
    """What may still be sent; None for channels without such a limit."""
    if conversation.channel not in LEDGERED:
        return None
    if conversation.channel == "wechat" and settings.BOT.wechat.account != "service":
        return Left(True, pushes=False)
    try:
        found = bus.call(lambda redis: Ledger(redis).left(conversation.key), 1.0)
    except BusError:
        return Left(False)
    on_the_way = Message.objects.filter(conversation=conversation, state__in=UNSETTLED).count()
    hours = max(found.until - time.time(), 0) / 3600
    return Left(True, max(found.count - on_the_way, 0), hours)
