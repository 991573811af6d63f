"""The check of what actions return is as strict as Rasa's own."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
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
