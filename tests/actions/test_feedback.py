"""When an applicant is asked whether an answer helped."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.feedback import invite
from actions.memory import Memory


def _memory(answered: int, **more: Any) -> Memory:
    slots = {"answered": answered, **more.pop("slots", {})}
    latest = {"intent": {"name": "duration"}, "text": "多久", **more}
    return Memory(Tracker("u", slots, latest, [], False, None, slots.get("loop", {}), None))


def test_the_third_answer_and_then_every_fifth_is_asked_about() -> None:
    asked = [number for number in range(1, 31) if invite(_memory(number - 1))]
    assert asked == [3, 8, 13, 18, 23, 28]
    assert [option.tap for option in invite(_memory(2))] == ["helped:3", "unsolved:3"]


def test_never_within_a_screening_nor_where_two_questions_were_answered() -> None:
    inside = _memory(2, slots={"loop": {"name": "screening_form"}, "requested_slot": "answer"})
    twice = _memory(2, entities=[{"entity": "also", "value": id} for id in ("deadline", "amount")])
    for memory in (inside, twice):
        assert invite(memory) == []
        assert memory.events() == []
