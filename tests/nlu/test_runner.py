"""The graph run in order says what Rasa's own runner says."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from bot import settings
from bot.dialogue import train
from bot.nlu import runner

TEXTS = ("研究项目怎么申报", "县里能报示范吗？联系电话多少", "今天天气怎么样", "")


@pytest.fixture(scope="module")
def model() -> Path:
    return train.ensure(settings.load())


def test_it_says_the_same_as_rasas_own(model: Path) -> None:
    metadata, ours = runner.load(model)
    for text in TEXTS:
        heard = []
        for run in (ours.run, lambda *given: DaskGraphRunner.run(ours, *given)):
            inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: None}
            (message,) = run(inputs, [metadata.nlu_target])[metadata.nlu_target]
            heard.append(message.as_dict(only_output_properties=True))
        assert heard[0] == heard[1]


def test_what_is_missing_is_said(model: Path) -> None:
    metadata, ours = runner.load(model)
    with pytest.raises(GraphRunError, match="Missing input"):
        ours.run({}, [metadata.nlu_target])
