"""What the trained Rasa components have in common: arrays and names in the model, written and read back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from typing_extensions import Self

from bot.nlu import storage
from bot.nlu.storage import Arrays


class Stored(GraphComponent):
    """A component that is made untrained, and trained or restored after that."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """The trained component. Raises ModelError if it isn't in the model."""
        component = cls(config, model_storage, resource)
        component._restore(*storage.read(model_storage, resource))
        return component

    @abstractmethod
    def _restore(self, arrays: Arrays, names: Mapping[str, Any]) -> None:
        """Take up what `_store` stored."""

    def _store(self, arrays: Arrays, names: Mapping[str, Any]) -> Resource:
        """Write what was learned; returns where it is."""
        storage.write(self._storage, self._resource, arrays, names)
        return self._resource
