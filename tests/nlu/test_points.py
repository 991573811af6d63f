"""Which point a question asks for: on questions that training has never seen, and the data behind it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.guide.load import load_guide
from bot.nlu import points
from bot.nlu.points import OTHER, POINT_RANKING, PointRanker
from bot.nlu.scope import OUT_OF_SCOPE
from bot.nlu.text import normalise
from tests.nlu import questions
from tests.nlu.measure import Ears
from tests.nlu.test_apart import near

GUIDE = load_guide()
HERE = Path(__file__).parent
LEARNED = list(points.read(questions.ROOT / "data" / "nlu" / "points"))


def _loaded(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))["asked"]


ASKED = [(text, {asks}) for asks, texts in _loaded("asked.yml").items() for text in texts]
MANNERS = [(text, {asks}) for asks, texts in _loaded("manners.yml").items() for text in texts]
APPLICANTS = [(each["ask"], set(each["wants"])) for each in _loaded("applicants.yml")]


def right(ears: Ears, asked: list[tuple[str, set[str]]]) -> float:
    """The share of questions whose best point is one of those wanted."""
    heard = ears.parse([text for text, _ in asked])
    best = [parse[POINT_RANKING][0]["name"] for parse in heard]
    return sum(name in wants for name, (_, wants) in zip(best, asked, strict=True)) / len(asked)


@pytest.mark.parametrize(
    ("name", "asked", "least", "floor"),
    [
        # Written to be hard: half of them without the plainest word for the thing.
        ("asked.yml", ASKED, 250, 0.70),
        # By office people, by first-timers and in formal letters, rare points as often as common ones.
        ("manners.yml", MANNERS, 200, 0.90),
        # As applicants ask.
        ("applicants.yml", APPLICANTS, 250, 0.93),
    ],
    ids=["asked", "manners", "applicants"],
)
def test_what_is_asked_for_is_ranked_first(
    ears: Ears,
    capsys: pytest.CaptureFixture[str],
    name: str,
    asked: list[tuple[str, set[str]]],
    least: int,
    floor: float,
) -> None:
    share = right(ears, asked)
    with capsys.disabled():
        print(f"\n{name}: {share:.3f} of {len(asked)}")
    assert len(asked) >= least
    assert share >= floor


def test_every_point_and_topic_can_be_asked_for() -> None:
    counts = Counter((each.topic, each.asks) for each in LEARNED)
    known = {(point.topic, point.id) for point in GUIDE.points} | {(t.id, t.id) for t in GUIDE.topics}
    assert set(counts) == known | {(OUT_OF_SCOPE, OTHER)}
    assert min(counts.values()) >= 20, counts.most_common()[-5:]


def test_no_question_asks_for_two_things() -> None:
    asks: dict[str, set[str]] = {}
    for each in LEARNED:
        asks.setdefault(normalise(each.text), set()).add(each.asks)
    assert {text: names for text, names in asks.items() if len(names) > 1} == {}


def test_what_is_asked_in_tests_is_apart_from_training() -> None:
    held = [each.text for each in questions.held_out() + questions.blind()]
    asked = [*held, *(text for text, _ in ASKED + APPLICANTS + MANNERS)]
    assert near(asked, [each.text for each in LEARNED]) == []


def test_a_command_stays_a_command(ears: Ears) -> None:
    (parse,) = ears.parse(["我要转人工"])
    assert parse[INTENT]["name"] == "human"
    assert {"name", "confidence"} == set(parse[POINT_RANKING][0])


def test_a_message_without_text_is_left_alone() -> None:
    component = PointRanker.create(PointRanker.get_default_config(), None, None, None)
    assert component.process([Message({})])[0].get(POINT_RANKING) is None
