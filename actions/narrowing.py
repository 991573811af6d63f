"""The question for the research direction, answered with a topic: the best two directions are offered."""

from __future__ import annotations

from actions.memory import Memory
from actions.offers import choices
from actions.taps import Option
from bot.guide import directions, reading
from bot.guide.model import Fact, Guide, Project

DIRECTION = "direction"
_OFFERED = 2
_ELSE = ("none", "unknown")


def fitting(memory: Memory, guide: Guide, fact: Fact) -> tuple[str, ...]:
    """The choices, two at most, that the message's topic fits; none where it is an answer or a tap."""
    # Only words are ranked; a tap has no ranking.
    if fact.id != DIRECTION or memory.direction_prior is None or reading.read(fact, memory.text):
        return ()
    found = directions.find(guide, memory.text, memory.direction_prior)
    return tuple(f"d{match.direction.number}" for match in found[:_OFFERED])


def options(memory: Memory, guide: Guide, project: Project, fact: Fact) -> list[Option]:
    """The answers to offer: all of them, or those that fit the topic just told, 'none' and 'don't know'."""
    every = choices(project, fact)
    fits = fitting(memory, guide, fact)
    if not fits:
        return every
    by_id = dict(zip((choice.id for choice in fact.choices), every, strict=True))
    return [by_id[id] for id in (*fits, *_ELSE)]
