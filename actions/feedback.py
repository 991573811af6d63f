"""Whether an answer helped: asked now and then, and what is said to it."""

from __future__ import annotations

from actions.base import Speaker, Voice
from actions.memory import Memory
from actions.offers import HUMAN, thoughts, topics
from actions.pack import guide
from actions.taps import Option

_EVERY, _FIRST = 5, 3
"""Asked under the 3rd answer, the 8th, the 13th and so on: who asks after each answer gets no answers."""


def invite(memory: Memory) -> list[Option]:
    """Count an answer of the guide; what to offer under it. Nothing within a screening."""
    if memory.in_screening or memory.also:
        return []
    number = memory.answered + 1
    memory.put("answered", number)
    return thoughts(number) if number % _EVERY == _FIRST else []


class Feedback(Speaker):
    """Thanks for 有帮助; after 没解决 asks what was meant, and offers other topics and a person."""

    action = "action_feedback"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("chat")
        if memory.intent == "helped":
            voice.chat("feedback_helped")
        elif memory.in_screening:
            # The open question follows with its own options.
            voice.chat("feedback_unsolved")
        else:
            known = {topic.id: topic for topic in guide().topics}
            related = known[memory.topic].related if memory.topic in known else ()
            voice.chat("feedback_unsolved", [*topics(*related), HUMAN])
