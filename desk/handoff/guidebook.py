"""The guide for staff: how the screening stands, and a search over what the guide says."""

from __future__ import annotations

from typing import Any, NamedTuple

from bot.guide import answers as guide_answers
from bot.guide import directions, screening
from bot.guide.explain import State, explain
from bot.guide.model import Fact, Guide, Project
from desk.handoff.models import Conversation
from desk.handoff.texts import guide

_MARKS = {
    State.MET: ("met", "满足"),
    State.FAILED: ("failed", "不满足"),
    State.UNCLEAR: ("unclear", "说不准"),
    State.NOT_ASKED: ("open", "未问"),
}
_MOST = 12


class Answered(NamedTuple):
    """A question that was answered."""

    fact: Fact
    label: str


class Standing(NamedTuple):
    """How a screening stands. ``verdict`` is empty while a question is open."""

    project: Project
    answered: list[Answered]
    findings: list[dict[str, str]]
    verdict: str
    number: int
    most: int
    open: Fact | None

    @property
    def tally(self) -> list[tuple[str, int]]:
        """How many conditions are met, failed, unclear and not asked; those of which there are any."""
        states = [each["state"] for each in self.findings]
        return [(name, states.count(name)) for _, name in _MARKS.values() if name in states]


def standing(conversation: Conversation) -> Standing | None:
    """How the screening of a conversation stands; None when there is none."""
    project = _project(guide(), conversation.project)
    if project is None or not conversation.answers:
        return None
    given = screening.clean(project, conversation.answers)
    found = explain(project, given)
    number, most = screening.progress(project, given)
    findings = [
        {
            "name": each.condition.name,
            "clause": each.clause,
            "mark": _MARKS[each.state][0],
            "state": _MARKS[each.state][1],
            "why": each.why,
        }
        for each in found.findings
    ]
    facts = [(project.fact(id), choice) for id, choice in given.items()]
    answered = [Answered(fact, fact.choice(choice).label) for fact, choice in facts]
    verdict = found.verdict.value if found.verdict else ""
    return Standing(project, answered, findings, verdict, number, most, screening.next_fact(project, given))


def _project(book: Guide, id: str) -> Project | None:
    return next((project for project in book.projects if project.id == id), None)


def check(project_id: str, fact_id: str, choice_id: str) -> str:
    """What a correction means, in words. Raises KeyError when the guide knows no such answer."""
    fact = guide().project(project_id).fact(fact_id)
    return f"{fact.name}：{fact.choice(choice_id).label}"


def search(query: str) -> list[dict[str, Any]]:
    """What the guide says about some words: title, text and clause, best first."""
    words = [word for word in query.lower().split() if word]
    if not words:
        return []
    book = guide()
    entries = [*_topics(book), *_conditions(book), *_directions(book, query)]
    scored = [(_score(entry, words), number, entry) for number, entry in enumerate(entries)]
    scored.sort(key=lambda each: (-each[0], each[1]))
    return [entry for score, _, entry in scored if score > 0][:_MOST]


def _score(entry: dict[str, Any], words: list[str]) -> float:
    title, text = entry["title"].lower(), entry["text"].lower()
    score = float(entry.get("rank", 0))
    for word in words:
        pairs = [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
        score += 4.0 * (word in title) + 2.0 * (word in text)
        score += sum(0.6 * (pair in title) + 0.2 * (pair in text) for pair in pairs) / len(pairs)
    return score if score >= 0.5 else 0.0


def _topics(book: Guide) -> list[dict[str, Any]]:
    entries = []
    for topic in book.topics:
        projects = [each.project for each in topic.answers] or [None]
        for project in projects:
            answer = guide_answers.answer(book, topic.id, project)
            name = f"（{book.project(project).short}）" if project else ""
            entries.append({"title": f"{topic.label}{name}", "text": answer.text, "clause": ""})
    return entries


def _conditions(book: Guide) -> list[dict[str, Any]]:
    return [
        {
            "title": f"条件：{each.name}（{project.short}）",
            "text": each.change or each.unclear,
            "clause": each.clause,
        }
        for project in book.projects
        for each in project.conditions
    ]


def _directions(book: Guide, query: str) -> list[dict[str, Any]]:
    found = directions.find(book, query)[:3]
    return [
        {
            "title": f"研究方向 {each.direction.number}：{each.direction.name}",
            "text": each.direction.about,
            "clause": each.direction.clause,
            "rank": 3 - place,
        }
        for place, each in enumerate(found)
    ]


def put(conversation: Conversation, fact: str, choice: str) -> dict[str, str]:
    """The answers of a screening with one changed. Raises KeyError."""
    project = guide().project(conversation.project)
    return screening.put(project, conversation.answers, fact, choice)
