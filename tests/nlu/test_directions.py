"""The direction finder with the meaning of the words added, and the component that ranks by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import storage
from bot.nlu.encoder import encode
from bot.nlu.normaliser import NORMAL
from bot.nlu.ranker import Ranker
from bot.nlu.ranking import fit, sample
from bot.nlu.text import normalise
from bot.nlu.topics import (
    ABOUT_DIRECTIONS,
    DIRECTION_RANKING,
    NONE,
    OTHERS,
    DirectionRanker,
    Topic,
    grams,
    read,
    shown,
    wrapped,
)
from tests.guide.test_directions import HELD_OUT, LEARNED, measure
from tests.nlu import questions

GUIDE = questions.ROOT / "data" / "guide" / "directions.yml"
QUESTIONS = sample([q.text for q in questions.training() if q.intent not in ABOUT_DIRECTIONS], OTHERS)


def learn(topics: Path) -> Ranker:
    return fit(shown(read(topics, GUIDE), QUESTIONS), grams, encode)


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return learn(LEARNED)


@pytest.fixture(scope="module")
def component(ranker: Ranker, tmp_path_factory: pytest.TempPathFactory) -> DirectionRanker:
    """The component as it comes back from a stored model."""
    stored, resource = LocalModelStorage(tmp_path_factory.mktemp("model")), Resource("ranker")
    storage.write(stored, resource, *ranker.pack())
    config = DirectionRanker.get_default_config()
    return DirectionRanker.load(config, stored, resource, None)


def by(ranker: Ranker) -> Callable[[str], Mapping[int, float]]:
    def prior(text: str) -> Mapping[int, float]:
        normal = normalise(text)
        ranked = ranker.rank(grams(normal), encode([normal]))[:4]
        return {int(name): sure for name, sure in ranked if name != NONE and sure >= 0.01}

    return prior


def message(text: str) -> Message:
    made = Message({TEXT: text, NORMAL: normalise(text)})
    made.add_features(Features(encode([normalise(text)]), FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    return made


def test_unseen_topics(ranker: Ranker, capsys: pytest.CaptureFixture[str]) -> None:
    figures = measure(HELD_OUT, by(ranker))
    with capsys.disabled():
        print(f"\n{HELD_OUT.name}, words and meaning: {figures}")
    assert figures.first >= 0.95 * figures.topics
    assert figures.second >= 0.98 * figures.topics
    assert figures.accepted <= 0.05 * figures.others


def test_what_is_learned_from_one_set_holds_for_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``plain.yml``: the hardest topics, mostly without a word of the trade, and doubles in other fields."""
    (tmp_path / "topics.yml").write_bytes((LEARNED / "topics.yml").read_bytes())
    figures = measure(LEARNED / "plain.yml", by(learn(tmp_path)))
    with capsys.disabled():
        print(f"\nplain.yml, learned from topics.yml: {figures}")
    assert figures.first >= 0.60 * figures.topics
    assert figures.accepted <= 0.06 * figures.others


def test_the_ranking_stands_in_the_parse(component: DirectionRanker) -> None:
    heard = component.process([message("我们想研究专利质押融资的风险，属于哪个方向")])[0]
    ranking = heard.as_dict(only_output_properties=True)[DIRECTION_RANKING]
    assert ranking[0]["name"] == "2"
    assert len(ranking) <= 4
    sure = [each["confidence"] for each in ranking]
    assert sure == sorted(sure, reverse=True)
    assert 0.01 <= sure[-1] <= sum(sure) <= 1.001


def test_a_stored_ranker_is_the_same(component: DirectionRanker, ranker: Ranker) -> None:
    text = normalise("直播间里的冒牌特产")
    heard = component.process([message(text)])[0]
    ranked = ranker.rank(grams(text), encode([text]))
    assert [each["name"] for each in heard.get(DIRECTION_RANKING)] == [
        n for n, sure in ranked[:4] if sure >= 0.01
    ]


def test_a_message_without_text_is_left_alone(component: DirectionRanker) -> None:
    assert component.process([Message({})])[0].get(DIRECTION_RANKING) is None


@pytest.mark.parametrize("text", ["您好", "没有", "我们是高校", "什么时候截止", "🙂", "abc", "今天天气不错"])
def test_what_is_no_topic_fits_none(ranker: Ranker, text: str) -> None:
    assert sum(by(ranker)(text).values()) < 0.5


def test_confidences_sum_to_one_and_name_every_class(ranker: Ranker) -> None:
    ranked = ranker.rank(grams("专利"), encode(["专利"]))
    assert {name for name, _ in ranked} == {NONE, *map(str, range(1, 13))}
    assert sum(sure for _, sure in ranked) == pytest.approx(1.0, abs=1e-4)


def test_a_question_around_a_topic_changes_nothing_of_it() -> None:
    shown = wrapped([Topic("甲", "1"), Topic("乙", "2"), Topic("丙", NONE)])
    assert [topic.direction for topic in shown] == ["1", "2", NONE, "1", NONE]
    assert "甲" in shown[3].text
    assert shown[3].text != "甲"
