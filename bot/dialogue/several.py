"""Several questions in one message: which there are, and the parse that says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.dialogue import context, rehearing, speech
from bot.guide import points
from bot.guide.model import Guide

Parse = dict[str, Any]
Listen = Callable[[str], Awaitable[Parse]]
"""What Rasa's graph says of a text."""

_MAYBE = 0.02
"""What is no question by its form must be heard at least this clearly in the whole message."""
_SURE = 0.5
"""Each of two questions in one message must be heard at least this clearly."""
_LEAST = 0.3
"""And one of its points, or it as a whole, at least this clearly."""
_WHOLLY = 0.9
"""From here on a message as a whole asks for one point."""
_TORN = 0.65
"""Below this a message as a whole may ask for this or for that."""
_PLAIN = 0.8
"""What parts itself by a full stop and sounds general is a question if it is heard at least this clearly."""
_GENERAL = {
    *("who_can_apply", "company", "conditions", "overview", "directions", "places"),
    *("decision", "credit", "newcomer", "research_unit"),
}
"""What pieces sound like that leave out what they are about: 行不行, 有硬杠杠没, 还有戏没."""


async def hear(guide: Guide, text: str, parse: Parse, listen: Listen) -> None:
    """Look for more than one question in a message, and write them into its parse.

    The first is the intent; each is an entity named ``also``, its ranking of points under ``ranking``,
    the project that it names under ``project``.

    Args:
        parse: of the whole message; changed in place where it asks several things, or only a piece of it is
            understood.
    """
    whole, parted = parse["intent"]["name"], bool(context.sentences(text))
    if whole == "direction_match" and not parted:
        # Commas are part of the topic, but for 方向一共几个，有没有军民融合的.
        if any(context.counts_directions(piece) for piece in context.questions(text)):
            _write(parse, [{"value": topic, "ranking": []} for topic in (whole, "directions")])
        return
    # Of a message that isn't understood as a whole, a question in it may be, even a single one.
    lost = whole == "nlu_fallback"
    alone = {piece: await listen(piece) for piece in context.questions(text, beside=lost)}
    found: dict[str, dict[str, Any]] = {}  # by what is asked: a point, or a topic as a whole
    for piece, heard in alone.items():
        topic, ranking = _topic(guide, piece, heard), _ranking(heard)
        depends = _goes_with(parse, ranking, parted)
        if topic is not None and not depends and not _aside(parse, piece, topic):
            asked = points.find(guide, ranking, topic)
            piece_asks = {"value": topic, "ranking": ranking, "project": _project(heard)}
            found.setdefault(asked[0].id if asked else topic, piece_asks)
    known = lost or not context.BREAK.search(text) or whole in {each["value"] for each in found.values()}
    if known and len(found) >= (1 if lost else 2):
        _write(parse, list(found.values()))
    elif len(found) < 2:
        asking = context.asking(text)
        if len(asking) == 1 and asking != [text] and _torn(parse):
            # Heard above already, where the message was cut there too.
            _decide(guide, parse, alone.get(asking[0]) or await listen(asking[0]))


def _torn(parse: Parse) -> bool:
    """Whether a message as a whole may ask for this or for that."""
    ranking = _ranking(parse)
    return bool(ranking) and ranking[0]["confidence"] < _TORN


def _decide(guide: Guide, parse: Parse, heard: Parse) -> None:
    """Of what a story may ask for, take what its one question asks for beyond doubt: 我们公司做软件的，注册在
    新区，老板想报一个，企业可不可以报研究类.
    """
    ranking = _ranking(heard)
    if not ranking or ranking[0]["confidence"] < _WHOLLY:
        return
    name, topic = ranking[0]["name"], points.topic(guide, ranking)
    likely = name in {each["name"] for each in _ranking(parse) if each["confidence"] >= _MAYBE}
    if likely and topic != points.OTHER and not (name == topic and name in _GENERAL):
        _write(parse, [{"value": topic, "ranking": ranking}])


def _topic(guide: Guide, piece: str, heard: Parse) -> str | None:
    """The topic that a piece of a message asks for; None where it isn't sure of one."""
    again = rehearing.intent(guide, piece, heard)
    sure = again is not None or (heard["intent"]["confidence"] >= _SURE and not _spread(heard))
    topic: str = again or heard["intent"]["name"]
    return topic if sure and topic in {each.id for each in guide.topics} else None


def _spread(heard: Parse) -> bool:
    """Whether a topic is likely only because many of its points are, a little: 必须从里面挑吗."""
    ranking = _ranking(heard)
    return bool(ranking) and ranking[0]["confidence"] < _LEAST


def _ranking(parse: Parse) -> points.Ranking:
    """What a text may ask for, best first; empty where nothing ranked it."""
    found: points.Ranking = parse.get("point_ranking") or []
    return found


def _project(parse: Parse) -> str | None:
    """The project that a piece names; a message that names both names none as a whole."""
    named = [each["value"] for each in parse.get("entities", ()) if each["entity"] == "project"]
    return named[0] if named else None


def _aside(parse: Parse, piece: str, topic: str) -> bool:
    """Whether a piece of a message is said by the way, and asks nothing."""
    # 十四五规划回头看，顺便提建议，放几号 names a topic in two pieces, and asks once.
    named = parse["intent"]["name"] == "direction_match" != topic
    likely = {each["name"] for each in parse["intent_ranking"] if each["confidence"] >= _MAYBE}
    # 有点担心，领导催着要答复。 is heard as something, and asks nothing.
    return (named or topic not in likely) and not speech.asks(piece)


def _goes_with(whole: Parse, piece: points.Ranking, parted: bool) -> bool:
    """Whether a piece has no thing of its own to ask for: 专利要多少件才够，有没有个数.

    By itself it sounds like a question for something general, while the whole is plainly about one point.
    """
    ranking = _ranking(whole)
    if not ranking or not piece or ranking[0]["confidence"] < _WHOLLY:
        return False
    if parted and piece[0]["confidence"] >= _PLAIN:
        return False
    return piece[0]["name"] in _GENERAL and piece[0]["name"] != ranking[0]["name"]


def _write(parse: Parse, pieces: list[dict[str, Any]]) -> None:
    """The pieces into the parse: each a topic under ``value``, its points' ``ranking``, its ``project``."""
    parse["intent"] = {"name": pieces[0]["value"], "confidence": 1.0}
    if len(pieces) == 1:
        parse["point_ranking"] = pieces[0]["ranking"]
    else:
        also = [{"entity": "also", **piece, "start": 0, "end": 0} for piece in pieces]
        parse["entities"] = [*parse["entities"], *also]
