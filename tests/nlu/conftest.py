"""One trained language model for all tests here; training takes most of their time."""

from __future__ import annotations

import os
import warnings

import pytest

from bot.dialogue.train import quiet_environment
from tests.nlu import measure

# Before Rasa is imported, by this or by a test.
quiet_environment()


@pytest.fixture(scope="session")
def ears(tmp_path_factory: pytest.TempPathFactory) -> measure.Ears:
    """The candidate, trained on all of data/nlu with the configuration at the root."""
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    with warnings.catch_warnings():
        # Rasa warns of intents that an NLU-only training has no domain for.
        warnings.simplefilter("ignore")
        return measure.Ears(measure.train(measure.CANDIDATE, tmp_path_factory.mktemp("nlu")))
