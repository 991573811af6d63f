"""The check of what actions return is as strict as Rasa's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction

from bot.dialogue import validator

GOOD: list[dict[str, Any]] = [
    {"events": [], "responses": []},
    {
        "events": [{"event": "slot", "name": "x", "value": {"a": 1}, "timestamp": None}],
        "responses": [{"text": "好"}],
    },
]
BAD: list[Any] = [
    {"events": "none", "responses": []},
    {"events": [{"event": "no such event"}], "responses": []},
    {"events": [{"event": "slot", "value": 1}], "responses": []},
    {"events": [], "responses": ["text"]},
    {"events": [{}], "responses": []},
]

stock = RemoteAction._validate_action_result
action = RemoteAction("action_x", None)


@pytest.mark.parametrize("result", GOOD)
def test_a_sound_result_passes(result: dict[str, Any]) -> None:
    assert validator.validate(action, result)
    assert stock(action, result)


@pytest.mark.parametrize("result", BAD)
def test_a_malformed_result_is_still_refused(result: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(action, result)
    with pytest.raises(jsonschema.ValidationError):
        stock(action, result)


KINDS = sorted(validator._split()[1])
FIELDS = {
    "name": st.sampled_from(["x", None, 1]),
    "value": st.sampled_from([None, "v", {"a": 1}]),
    "timestamp": st.sampled_from([None, 1.5, "now"]),
    "metadata": st.sampled_from([None, {}, "m"]),
    "text": st.sampled_from(["t", None, 2]),
    "entities": st.sampled_from([[], [{"entity": "e", "value": 1}], [{"entity": "e"}], "none"]),
    "parse_data": st.sampled_from([{}, {"intent": {"name": "i", "confidence": 1}}, {"intent": "i"}, None]),
}
EVENTS = st.fixed_dictionaries(
    {}, optional={"event": st.sampled_from([*KINDS, "another", 1, None, []]), **FIELDS}
)


def accepts(check: Callable[..., bool], result: Any) -> bool:
    try:
        return check(action, result)
    except jsonschema.ValidationError:
        return False


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(EVENTS, st.just("text")), max_size=2))
def test_it_accepts_what_stock_accepts_and_nothing_else(found: list[Any]) -> None:
    result = {"events": found, "responses": []}
    assert accepts(validator.validate, result) is accepts(stock, result)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_is_known(kind: str) -> None:
    event = {"event": kind, "name": "x", "value": 1, "entities": []}
    assert accepts(validator.validate, {"events": [event]}) is accepts(stock, {"events": [event]}) is True
