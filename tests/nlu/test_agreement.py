"""Two opinions on one question made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.agreement import agree

TOPICS = {"fund": "conditions", "conditions": "conditions", "amount": "amount", "other": "out_of_scope"}
LIKELY = st.floats(0.0, 1.0)


def best(intents: dict[str, float], inside: float, points: dict[str, float]) -> tuple[str, str]:
    agreed = agree(intents, inside, points, TOPICS)
    return agreed.topics[0][0], agreed.points[0][0]


def test_what_both_say_stays() -> None:
    assert best({"conditions": 0.9}, 0.99, {"fund": 0.9}) == ("conditions", "fund")


def test_the_surer_one_wins() -> None:
    assert best({"conditions": 0.5, "amount": 0.4}, 0.99, {"amount": 0.95, "fund": 0.02})[0] == "amount"
    assert best({"amount": 0.99}, 0.99, {"fund": 0.4, "amount": 0.3})[0] == "amount"


def test_another_matter_needs_both() -> None:
    assert best({"conditions": 0.9}, 0.98, {"other": 0.5, "fund": 0.4})[0] == "conditions"
    assert best({"conditions": 0.5}, 0.1, {"other": 0.9, "fund": 0.05})[0] == "out_of_scope"


def test_a_question_that_was_refused_is_taken_up_where_a_point_is_plain() -> None:
    assert best({"conditions": 0.4, "amount": 0.3}, 0.3, {"fund": 0.97})[1] == "fund"


@given(st.dictionaries(st.sampled_from(["conditions", "amount"]), LIKELY), LIKELY, st.data())
def test_likelihoods_stay_likelihoods(intents: dict[str, float], inside: float, data: st.DataObject) -> None:
    points = data.draw(st.dictionaries(st.sampled_from(sorted(TOPICS)), LIKELY))
    agreed = agree(intents, inside, points, TOPICS)
    for ranked in agreed:
        sure = [each for _, each in ranked]
        assert sure == sorted(sure, reverse=True)
        assert sum(sure) == pytest.approx(1.0)
        assert all(0.0 <= each <= 1.0 for each in sure)
