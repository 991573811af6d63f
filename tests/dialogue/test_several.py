"""Which pieces of a message are questions of their own."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue import several
from bot.guide.load import load_guide

GUIDE = load_guide()


def _parse(intent: str, point: str, sure: float = 0.95) -> dict[str, Any]:
    return {
        "intent": {"name": intent, "confidence": 0.99},
        "in_scope": 0.99,
        "intent_ranking": [{"name": intent, "confidence": 0.99}],
        "point_ranking": [{"name": point, "confidence": sure}],
        "direction_ranking": [{"name": "none", "confidence": 1.0}],
        "entities": [],
    }


FUND = _parse("conditions", "fund")
PLACES = _parse("places", "places")
DURATION = _parse("duration", "duration")
AMOUNT = _parse("amount", "amount")
TORN = {
    **_parse("difference", "which", 0.5),
    "point_ranking": [{"name": "which", "confidence": 0.5}, {"name": "duration", "confidence": 0.3}],
}
LOST = _parse("nlu_fallback", "other", 0.3)
DIRECTION = _parse("direction_match", "direction_match")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "whole", "pieces", "asked"),
    [
        ("给多少钱，做几年", AMOUNT, {"给多少钱": AMOUNT, "做几年": DURATION}, ["amount", "duration"]),
        ("做几年 能做几年", DURATION, {"做几年": DURATION, "能做几年": DURATION}, []),
        # Nothing of its own: the piece alone would be taken for the number of projects.
        ("资金要多少才行，有没有个数", FUND, {"资金要多少才行": FUND, "有没有个数": PLACES}, []),
        # By a full stop of its own it is a question whatever it is.
        (
            "资金要多少？给几个名额？",
            FUND,
            {"资金要多少": FUND, "给几个名额": PLACES},
            ["conditions", "places"],
        ),
        # Unless it sounds like something general, and not even surely.
        (
            "资金要多少？我们这点算吗？",
            FUND,
            {"资金要多少": FUND, "我们这点算吗": _parse("decision", "decision", 0.7)},
            [],
        ),
        # Not understood as a whole: even a single piece is answered.
        ("咱这个啥情况，做几年", LOST, {"咱这个啥情况": LOST, "做几年": DURATION}, ["duration"]),
        ("这个做几年，领导让我来问", LOST, {"这个做几年": DURATION}, ["duration"]),
        # Torn as a whole: the question alone decides, if it is among what the whole may ask for.
        ("我们想报建设的，大学想报研究的，做几年", TORN, {"做几年": DURATION}, ["duration"]),
        ("我们想报建设的，大学想报研究的，给多少钱", TORN, {"给多少钱": AMOUNT}, []),
        ("方向一共几个，有没有军民融合的", DIRECTION, {}, ["direction_match", "directions"]),
        ("研究质押融资，难在哪，怎么办", DIRECTION, {}, []),
        ("研究质押融资，难在哪，属于第几个方向", DIRECTION, {}, []),
        ("研究质押融资，能归到这几个方向里吗", DIRECTION, {}, []),
    ],
)
async def test_what_a_message_asks(
    text: str, whole: dict[str, Any], pieces: dict[str, dict[str, Any]], asked: list[str]
) -> None:
    async def listen(piece: str) -> dict[str, Any]:
        return pieces[piece]

    parse = {**whole, "entities": []}
    await several.hear(GUIDE, text, parse, listen)
    also = [each["value"] for each in parse["entities"] if each["entity"] == "also"]
    if len(asked) == 1:
        assert (parse["intent"]["name"], also) == (asked[0], [])
    else:
        assert also == asked
