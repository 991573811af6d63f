"""What one message comes to."""

from __future__ import annotations

import msgspec

from bot.bus.events import Event
from bot.bus.messages import Reply
from bot.bus.owner import Owner


class Step(msgspec.Struct, frozen=True):
    """The reply to a message, what the desk is told, and who owns the conversation afterwards.

    ``to`` is None when the owner stays.
    """

    reply: Reply = Reply()
    told: tuple[Event, ...] = ()
    to: Owner | None = None
