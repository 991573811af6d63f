"""A new model against the one in use: figures, topics, every question heard differently, and the floors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.nlu.evaluate import OUT_OF_SCOPE, Figures, Heard, figures, right
from bot.nlu.examples import Question

FLOORS = {"right": 0.96, "right_inside": 0.95, "macro_f1": 0.94, "auroc": 0.97}
CEILINGS = {"false_accept": 0.05, "accepted": 0.05}
"""The project's lines, the same as its tests hold; see `Figures`. What the live model misses isn't asked."""

TOPIC_FLOOR = 0.85
"""So many of a topic's held-out questions must be right, or as many as with the live model if that's less."""

NAMES = {
    "right": "答对的",
    "right_inside": "指南范围内答对的",
    "macro_f1": "各主题平均（F1）",
    "auroc": "范围内外分得开（AUROC）",
    "false_accept": "范围外误当范围内",
    "accepted": "范围外被回答的",
}


class Topic(NamedTuple):
    """One topic's held-out questions: how many, and how many each model heard right."""

    topic: str
    asked: int
    live: int
    new: int


class Changed(NamedTuple):
    """A question that the two models hear differently."""

    text: str
    topic: str
    live: str
    new: str


class Result(NamedTuple):
    """The comparison. ``problems``: what fell below its floor, in Chinese; none: it may be published."""

    live: Figures
    new: Figures
    topics: list[Topic]
    changed: list[Changed]
    problems: list[str]

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "live": self.live._asdict(),
            "new": self.new._asdict(),
            "topics": [each._asdict() for each in self.topics],
            "changed": [each._asdict() for each in self.changed],
            "problems": self.problems,
        }


def compare(asked: Sequence[Question], live: Sequence[Heard], new: Sequence[Heard]) -> Result:
    """Compare what two models heard of the same held-out questions."""
    before, after = figures(asked, live), figures(asked, new)
    topics = _topics(asked, live, new)
    changed = [
        Changed(question.text, question.intent, one.intent, other.intent)
        for question, one, other in zip(asked, live, new, strict=True)
        if one.intent != other.intent
    ]
    return Result(before, after, topics, changed, [*_overall(before, after), *_by_topic(topics)])


def _topics(asked: Sequence[Question], live: Sequence[Heard], new: Sequence[Heard]) -> list[Topic]:
    counts: dict[str, list[int]] = {}
    for question, one, other in zip(asked, live, new, strict=True):
        count = counts.setdefault(question.intent, [0, 0, 0])
        count[0] += 1
        count[1] += right(question, one.intent)
        count[2] += right(question, other.intent)
    return [Topic(topic, *count) for topic, count in sorted(counts.items())]


def _overall(before: Figures, after: Figures) -> list[str]:
    wrong = []
    for name, floor in FLOORS.items():
        limit, value = min(floor, getattr(before, name)), getattr(after, name)
        if value < limit:
            wrong.append(f"{NAMES[name]}：{value:.1%}，低于下限 {limit:.1%}")
    for name, ceiling in CEILINGS.items():
        limit, value = max(ceiling, getattr(before, name)), getattr(after, name)
        if value > limit:
            wrong.append(f"{NAMES[name]}：{value:.1%}，高于上限 {limit:.1%}")
    return wrong


def _by_topic(topics: Sequence[Topic]) -> list[str]:
    wrong = []
    for each in topics:
        limit = min(TOPIC_FLOOR, each.live / each.asked)
        if each.new / each.asked < limit:
            name = "范围外的话" if each.topic == OUT_OF_SCOPE else f"主题 {each.topic}"
            wrong.append(f"{name}：{each.asked} 句答对 {each.new} 句，低于下限 {limit:.0%}")
    return wrong
