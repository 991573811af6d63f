"""What other rooms want to hear of as events are written: they add themselves when Django starts.

So the hand-off imports none of them. Each is called inside the batch's transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk.handoff.models import Conversation

Hook = Callable[[Conversation, datetime], None]

followed: list[Hook] = []
unfollowed: list[Hook] = []
erasure_wanted: list[Hook] = []
"""The applicant asked for everything to be erased, and confirmed it."""


def call(hooks: list[Hook], conversation: Conversation, at: datetime) -> None:
    """Call all of a kind."""
    for hook in hooks:
        hook(conversation, at)
