"""Rasa component: entities by rule."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import entities


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleExtractor(EntityExtractorMixin, GraphComponent):
    """Adds ``project`` and ``direction_number``, at their offsets in the user's own text."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RuleExtractor:
        """Nothing is trained, so there is nothing to load."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what the rules find to what other extractors found."""
        for message in messages:
            found = [self._entity(each) for each in entities.find(message.get(TEXT) or "")]
            known = message.get(ENTITIES, [])
            message.set(ENTITIES, [*known, *self.add_extractor_name(found)], add_to_output=True)
        return messages

    @staticmethod
    def _entity(found: entities.Entity) -> dict[str, Any]:
        return {
            "entity": found.name,
            "value": found.value,
            "start": found.start,
            "end": found.end,
            "confidence_entity": 1.0,
        }
