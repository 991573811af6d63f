"""A person is asked for."""

from __future__ import annotations

from actions.base import Speaker, Voice
from actions.memory import Memory


class Human(Speaker):
    """Notes the wish, and gives the number of the division that the guide names."""

    action = "action_human"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("handover")
        voice.chat("human_requested")
