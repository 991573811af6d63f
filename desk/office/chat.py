"""A preview: a chat with a guide that isn't published, by taps or by a topic's words. Nothing is kept."""

from __future__ import annotations

from typing import NamedTuple

from bot.guide import answers as said
from bot.guide import placeholders, screening, wording
from bot.guide.model import Guide
from desk.office import chatnames


class Bubble(NamedTuple):
    """What one side says, with options as (tap, label)."""

    mine: bool
    text: str
    options: tuple[tuple[str, str], ...] = ()


def opening(guide: Guide) -> list[Bubble]:
    """The beginning of a chat."""
    return [Bubble(False, said.chat(guide, "welcome"), _starts(guide))]


def _starts(guide: Guide) -> tuple[tuple[str, str], ...]:
    return tuple((f"ask:{project.id}", f"测一测：{project.short}") for project in guide.projects)


def reply(guide: Guide, tap: str, answers: dict[str, str]) -> tuple[list[Bubble], dict[str, str]]:
    """What the assistant says to a tap, and the screening's answers afterwards.

    Args:
        answers: of the screening that is going on, fact to choice.

    Raises:
        KeyError: the guide knows no such topic, project, fact or choice.
    """
    match tap.split(":"):
        case ["topic", topic]:
            return [_answer(guide, topic, None)], answers
        case ["topic", topic, project]:
            return [_answer(guide, topic, project)], answers
        case ["ask", project]:
            return [_next(guide, project, {})], {}
        case ["ask", project, fact, choice]:
            answers = screening.put(guide.project(project), answers, fact, choice)
            return [_next(guide, project, answers)], answers
        case ["chat", key]:
            return [Bubble(False, said.chat(guide, key))], answers
    raise KeyError(tap)


def label(guide: Guide, tap: str) -> str:
    """The words on what was tapped. Raises KeyError."""
    match tap.split(":"):
        case ["topic", topic, *_]:
            return guide.topic(topic).label
        case ["ask", project]:
            return f"测一测：{guide.project(project).short}"
        case ["ask", project, fact, choice]:
            return guide.project(project).fact(fact).choice(choice).label
        case ["chat", key]:
            return f"（{chatnames.NAMES.get(key, key)}）"
    raise KeyError(tap)


def _answer(guide: Guide, topic: str, project: str | None) -> Bubble:
    found = said.answer(guide, topic, project)
    if found.needs_project:
        options = tuple((f"topic:{topic}:{each.id}", each.short) for each in guide.projects)
    else:
        options = tuple((f"topic:{id}", guide.topic(id).label) for id in found.related)
    return Bubble(False, found.text, options)


def _next(guide: Guide, project_id: str, answers: dict[str, str]) -> Bubble:
    project = guide.project(project_id)
    fact = screening.next_fact(project, answers)
    if fact is None:
        return Bubble(False, wording.verdict(guide, project, answers), _starts(guide))
    options = tuple((f"ask:{project.id}:{fact.id}:{choice.id}", choice.label) for choice in fact.choices)
    return Bubble(False, wording.question(project, answers, fact), options)


def first_tap(guide: Guide, kind: str, target: str) -> str:
    """The tap that shows what a draft changes; empty where none does."""
    if kind == "answer":
        return f"topic:{target}"
    if kind == "chat":
        return f"chat:{target}"
    if kind == "contact":
        return f"topic:contact:{target}"
    if kind == "blank":
        return next((f"topic:{topic.id}" for topic in guide.topics if topic.blank == target), "")
    if kind == "file":
        return next((f"ask:{each.id}" for each in guide.projects if each.id in target), "")
    return ""


def shown(guide: Guide, text: str) -> str:
    """A text with its placeholders filled, or as it is where one can't be."""
    try:
        return placeholders.fill(guide, text)
    except KeyError:
        return text
