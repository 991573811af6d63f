"""Runs the custom actions in this process, in place of an action server reached by HTTP.

Rasa talks to its action server through an `EndpointConfig`; this one answers by itself.
"""

from __future__ import annotations

import contextvars
from functools import cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

import actions
from bot.dialogue import validator

_resolve = Event.resolve_by_type

failure: contextvars.ContextVar[Exception | None] = contextvars.ContextVar("failure", default=None)
"""What an action of this turn raised. Rasa logs such an error and goes on without a word."""


class InProcess(EndpointConfig):
    """An action endpoint whose requests are function calls."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(actions)
        RemoteAction._validate_action_result = validator.validate
        # Rasa looks through all classes of events for each one that it reads: a tenth of a turn.
        Event.resolve_by_type = staticmethod(cache(_resolve))

    @property
    def names(self) -> set[str]:
        """The names of the registered actions."""
        return set(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that the call's ``json`` names; returns its events and responses."""
        try:
            return await self._executor.run(kwargs["json"])
        except Exception as error:  # an action may raise anything; the turn must hear of it
            failure.set(error)
            raise
