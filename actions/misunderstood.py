"""Not understood, or not about the guide: first the nearest topics, a second time in a row a person."""

from __future__ import annotations

from actions.base import Speaker, Voice
from actions.memory import Memory
from actions.offers import HUMAN, START, topics
from actions.pack import guide

_OFFERED = 3


class Misunderstood(Speaker):
    """Offers the nearest topics and a person; the second time in a row, the person first."""

    action = "action_misunderstood"
    understood = False

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("not_understood")
        memory.put("misses", memory.misses + 1)
        again = memory.misses > 1
        if memory.in_screening:
            # The open question follows with its own options; a second list would confuse the numbers.
            voice.chat("not_understood_again" if again else "hint_intro")
            return
        nearest = topics(*self._nearest(memory))
        if again:
            voice.chat("not_understood_again", [HUMAN, *nearest[:1]])
        else:
            voice.chat("not_understood", [*nearest, HUMAN])

    @staticmethod
    def _nearest(memory: Memory) -> list[str]:
        known = {topic.id for topic in guide().topics}
        near = [name for name in memory.ranking if name in known][:_OFFERED]
        return near or ["overview", "conditions"]


class OffTopic(Speaker):
    """Says politely what the assistant is for; again and again, a person is offered too."""

    action = "action_off_topic"
    understood = False

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("off_topic")
        memory.put("misses", memory.misses + 1)
        voice.chat("out_of_scope", [] if memory.in_screening else [*START, *topics("overview"), HUMAN])
