"""Rasa's check of what an action returns, with the schema compiled once.

Stock Rasa hands the schema to ``jsonschema.validate`` at each call, which checks the schema itself
every time: three quarters of a form turn. The check here is the same one, on the same schema. An event
names its kind, so it is held against that kind first; only what doesn't fit it meets all the kinds.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def _compile(schema: dict[str, Any]) -> Validator:
    return validator_for(schema, default=Draft202012Validator)(schema)


@cache
def _compiled() -> Validator:
    return _compile(RemoteAction.action_response_format_spec())


@cache
def _split() -> tuple[Validator, dict[str, Validator]]:
    """The schema without the kinds of events, and the schema of an event of each kind."""
    schema = RemoteAction.action_response_format_spec()
    properties = schema["properties"]
    common = dict(properties["events"]["items"])
    kinds: dict[str, Validator] = {}
    for kind in common.pop("oneOf"):
        name = kind["properties"]["event"]["const"]
        kinds[name] = _compile({**common, "allOf": [kind]})
    loose = {**schema, "properties": {**properties, "events": {"type": "array"}}}
    return _compile(loose), kinds


def _fits(result: Any) -> bool:
    """Whether the result surely fits. A kind is in one place of the schema, so no two can fit at once."""
    rest, kinds = _split()
    if not rest.is_valid(result):
        return False
    for event in result.get("events", []):
        name = event.get("event") if isinstance(event, dict) else None
        kind = kinds.get(name) if isinstance(name, str) else None
        if kind is None or not kind.is_valid(event):
            return False
    return True


def validate(_self: RemoteAction, result: dict[str, Any]) -> bool:
    """In place of ``RemoteAction._validate_action_result``.

    Raises:
        jsonschema.ValidationError: the action's result doesn't fit Rasa's schema.
    """
    if not _fits(result):
        _compiled().validate(result)
    return True
