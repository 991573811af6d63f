"""The language model for all tests here: the one that the assistant runs with."""

from __future__ import annotations

import pytest

from bot import settings
from bot.dialogue import train
from tests.nlu import measure

# Before Rasa is imported, by this or by a test.
train.quiet_environment()


@pytest.fixture(scope="session")
def ears() -> measure.Ears:
    """The trained model; trained now if it isn't there."""
    return measure.Ears(train.ensure(settings.load()))
