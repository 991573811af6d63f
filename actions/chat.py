"""Greetings, thanks, farewell and the like: short replies from the pack."""

from __future__ import annotations

from actions.base import Speaker, Voice
from actions.memory import Memory
from actions.offers import HUMAN, START, topics

_TEXT = {
    "greet": "greet_again",
    "thanks": "thanks",
    "bye": "bye",
    "bot_challenge": "bot_challenge",
    "help": "help",
    "privacy": "privacy",
    "complaint": "complaint",
    "rude": "rude",
    "affirm": "noted",
    "deny": "noted",
    "why": "why",
}


class Welcome(Speaker):
    """The first greeting: what this is, what it can do, how to reach a person."""

    action = "action_welcome"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("chat")
        first = not memory.greeted
        memory.put("greeted", True)
        first = first or memory.intent == "follow"
        voice.chat("welcome" if first else "greet_again", () if memory.in_screening else START)


class Chat(Speaker):
    """A decent short reply to what isn't a question about the guide."""

    action = "action_chat"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("chat")
        key = _TEXT.get(memory.intent, "help")
        if memory.in_screening:
            voice.chat(key)
        elif key in {"complaint", "rude", "privacy"}:
            voice.chat(key, [HUMAN])
        elif key == "help":
            voice.chat(key, [*START, *topics("overview")])
        else:
            voice.chat(key)
