"""A person is asked for."""

from __future__ import annotations

from actions.base import Speaker, Voice
from actions.helpdesk import standing
from actions.memory import Memory
from actions.offers import STAY


class Human(Speaker):
    """Tells the place in the queue, or when staff will answer a message that is left.

    Where nobody knows how the help desk stands, the wish is noted, and the number of the division given that
    the guide names.
    """

    action = "action_human"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("handover")
        known = standing.get()
        if known is None:
            voice.chat("human_requested")
        elif known.open:
            voice.chat("handoff_queued", [STAY], known.live)
        else:
            voice.chat("handoff_closed", live=known.live)
