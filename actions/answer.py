"""Questions about the guide."""

from __future__ import annotations

from actions import taps
from actions.base import Speaker, Voice
from actions.feedback import invite
from actions.memory import Memory
from actions.offers import HUMAN, originals, projects, topics
from actions.pack import guide
from actions.taps import Option
from bot.guide import directions
from bot.guide.answers import RESEARCH, Answer, answer, direction_match


class AnswerTopic(Speaker):
    """Answers a topic for the project that is being talked about."""

    action = "action_answer"

    def speak(self, voice: Voice, memory: Memory) -> None:
        topic, named = memory.intent, memory.entities.get("project")
        memory.put("topic", topic)
        if named and not memory.in_screening:
            # Within a screening the open question is about the project that is screened.
            memory.put("project", named)
        found = _find(memory, topic, named)
        memory.note("clarified" if found.needs_project else "answered" if found.in_guide else "not_in_guide")
        # What the guide doesn't say ends with whom to ask: no need to answer that once more.
        also = [other for other in memory.also if found.in_guide or other != "contact"]
        # Within a screening the open question follows, and its options are the ones with numbers.
        voice.say(found.text, [] if memory.in_screening or also else _under(memory, topic, found))
        for other in also:
            voice.say(answer(guide(), other, named or memory.project).text)


def _find(memory: Memory, topic: str, named: str | None) -> Answer:
    number = memory.entities.get("direction_number", "")
    if topic == "direction_match" and taps.hear(memory.text) is None:
        if named in (None, RESEARCH) or directions.find(guide(), memory.text):
            return direction_match(guide(), memory.text, memory.direction_prior)
        # Only research has directions to choose from: what is asked of the other project is its aim.
        topic = "directions"
    return answer(guide(), topic, named or memory.project, int(number) if number.isdigit() else None)


def _under(memory: Memory, topic: str, found: Answer) -> list[Option]:
    if found.needs_project:
        return projects(topic)
    related = topics(*found.related)
    if not found.in_guide:
        return [*related[:1], HUMAN]
    return [*related, *originals(*found.clauses), *invite(memory)]
