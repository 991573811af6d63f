"""A topic told where a direction was asked narrows the options to those that fit."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.memory import Memory
from actions.narrowing import fitting, options
from actions.offers import choices
from actions.pack import guide

RESEARCH = guide().project("research")
DIRECTION = RESEARCH.fact("direction")


def memory(text: str, ranking: dict[str, float] | None, intent: str = "nlu_fallback") -> Memory:
    heard: dict[str, Any] = {"text": text, "intent": {"name": intent}}
    if ranking is not None:
        heard["direction_ranking"] = [{"name": name, "confidence": sure} for name, sure in ranking.items()]
    tracker = Tracker("someone", {}, heard, [], False, None, {}, "")
    return Memory(tracker)


def taps(memory: Memory) -> list[str]:
    return [option.tap.rpartition(":")[2] for option in options(memory, guide(), RESEARCH, DIRECTION)]


def test_the_best_two_are_offered_best_first_and_both_ways_out() -> None:
    told = memory("地理标志在网上被人冒用", {"9": 0.2, "7": 0.75, "none": 0.05})
    assert taps(told) == ["d7", "d9", "none", "unknown"]


def test_labels_are_those_of_the_question() -> None:
    told = memory("地理标志在网上被人冒用", {"7": 0.95})
    assert set(options(told, guide(), RESEARCH, DIRECTION)) <= set(choices(RESEARCH, DIRECTION))


@pytest.mark.parametrize(
    "told",
    [
        memory("今天天气不错", {"none": 0.97}),
        memory("方向7", {"7": 0.9}),
        memory("不清楚", {"7": 0.9}),
        memory("地理标志在网上被人冒用", None, "answer"),
    ],
    ids=["no topic", "a number", "don't know", "a tap"],
)
def test_else_all_are_offered(told: Memory) -> None:
    assert taps(told) == [choice.id for choice in DIRECTION.choices]


def test_other_questions_are_not_narrowed() -> None:
    told = memory("地理标志在网上被人冒用", {"7": 0.95})
    assert fitting(told, guide(), RESEARCH.fact("foundation")) == ()
    assert fitting(told, guide(), DIRECTION)[0] == "d7"


def test_what_goes_to_none_is_no_prior() -> None:
    assert memory("甲", {"none": 0.9, "3": 0.05}).direction_prior == {3: 0.05}
    assert memory("甲", None).direction_prior is None
