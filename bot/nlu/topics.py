"""Rasa component: which research directions a message's topic is close to in meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import text
from bot.nlu.files import load
from bot.nlu.ranking import Ranking, of_intents, sample
from bot.settings import ROOT

DIRECTION_RANKING = "direction_ranking"

NONE = "none"
"""The class of topics that fit no direction: a class like any other, learned from topics of other fields and
from ordinary questions to the assistant.
"""

ABOUT_DIRECTIONS = {"direction_match", "directions", "direction_detail"}
OTHERS = 300
"""About so many ordinary questions are learned as fitting no direction."""

_FRAME = re.compile(
    "我们|咱们|我|想|研究|课题|题目|选题|方向|哪个|哪一个|哪一条|哪条|第几个|属于|归到|归|对应|适合|申报|报|项目"
    "|关于|方面|请问|打算|准备|问题|怎么样|怎么|怎样|如何|知识产权|甘肃|我省|全省|吗|呢|的|[^\\w]"
)
"""What surrounds a topic, and what topics of every direction say."""

_WRAPPINGS = (
    "我们想研究{},属于哪个方向",
    "{},报哪个方向合适",
    "我的题目是{},选哪个",
    "题目叫《{}》,能归到哪一条",
    "{}对应第几个方向",
    "我想做{}方面的课题",
)
_WRAP_EVERY = 2
"""Every so many-th topic is also learned as a question; all that fit none are."""

_LONGEST = 2


class Topic(NamedTuple):
    """A topic and its direction: ``"1"`` to ``"12"``, or `NONE`."""

    text: str
    direction: str


def read(topics: Path, guide: Path) -> list[Topic]:
    """The topics of a folder, and the examples of the guide's directions.

    Args:
        topics: a folder of ``.yml`` with ``direction_topics``, lists by direction or ``none``.
        guide: the guide's ``directions.yml``.
    """
    return [*collected(topics), *_of_guide(guide)]


def collected(folder: Path) -> Iterator[Topic]:
    """The topics of a folder."""
    for path in sorted(folder.glob("*.yml")):
        for direction, texts in load(path)["direction_topics"].items():
            yield from (Topic(each, str(direction)) for each in texts)


def _of_guide(path: Path) -> Iterator[Topic]:
    for each in load(path)["guide"]["directions"]:
        for words in (each["name"], each["about"], *each["examples"]):
            yield Topic(words, str(each["number"]))


def wrapped(topics: Sequence[Topic]) -> list[Topic]:
    """The topics, and many of them again as people ask about them."""
    questions = [
        Topic(_WRAPPINGS[place % len(_WRAPPINGS)].format(topic.text), topic.direction)
        for place, topic in enumerate(topics)
        if topic.direction == NONE or place % _WRAP_EVERY == 0
    ]
    return [*topics, *questions]


def grams(normal: str) -> list[str]:
    """The short runs of characters of a normalised text, without what surrounds the topic."""
    return text.grams(_FRAME.sub("", normal), 1, _LONGEST)


def shown(topics: Sequence[Topic], others: Sequence[str]) -> list[tuple[str, str]]:
    """What is learned: topics, and other texts that fit no direction."""
    return [*wrapped(topics), *((each, NONE) for each in others)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DirectionRanker(Ranking):
    """Writes ``direction_ranking``: ``name`` is 1 to 12 or none."""

    PROPERTY = DIRECTION_RANKING
    grams = staticmethod(grams)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the topics are, from the project's folder on; see `read`."""
        return {"topics": "data/nlu/directions", "guide": "data/guide/directions.yml"}

    def _examples(self, data: TrainingData) -> list[tuple[str, str]]:
        """The topics; some of the questions about other things show what fits none."""
        others = {each.get(INTENT) for each in data.intent_examples} - ABOUT_DIRECTIONS
        topics = read(ROOT / self._config["topics"], ROOT / self._config["guide"])
        return shown(topics, sample(of_intents(data, others), OTHERS))
