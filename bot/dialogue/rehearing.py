"""What a message asks in spite of how it was heard: by the ranking of points, a research topic, who asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue import context, speech
from bot.guide import points
from bot.guide.model import Guide

NOT_HEARD = {"nlu_fallback", "out_of_scope"}
"""The intents of what was understood as nothing that the assistant answers."""

_NEAR = 0.02
"""From this likelihood of being in scope on, what was heard as nothing may be about the guide."""
_NEARER = 0.1
"""The same for a topic of research."""
_HALF = 0.4
"""The same for one in a question that was heard as another matter."""
_UNSURE = 0.6
"""An intent less sure than this gives way to a topic that plainly fits a research direction."""
_FITS = 0.7
"""From here on a topic plainly fits a direction."""
_MAY_FIT = 0.5
"""The same where a direction is asked for in so many words."""
_VAGUE = 0.35
"""A short question that is heard less surely than this is about what was asked before it."""
_OF_DIRECTIONS = {"directions", "direction_detail", "direction_match"}
_ANOTHER_TOPIC = re.compile("(?:那|要是|换成|如果是)(?:研究|做|写)?.{2,12}呢[?？]?")
"""那商业秘密呢, after a direction."""
_PLAIN = 0.8
"""From here on a point is asked for beyond doubt."""
_LIKELY = 0.6
"""From this likelihood on, a question of the kind "may we" is about the guide."""


def intent(
    guide: Guide, text: str, parse: Mapping[str, Any], screening: bool = False, last: str | None = None
) -> str | None:
    """The topic that a message asks for in spite of what was heard; None to leave it.

    Args:
        parse: what Rasa's graph says of the text.
        screening: whether a screening's question is open. Then only what was heard as a question can be
            another question: anything else may be an answer.
        last: the topic answered just before.
    """
    heard, sure = parse["intent"]["name"], parse["intent"]["confidence"]
    inside = parse.get("in_scope", 1.0)
    known = {topic.id for topic in guide.topics}
    if gone_on := _gone_on(heard, text, last, screening):
        return gone_on
    if heard == "direction_match" and sure < _UNSURE and not _fits_direction(parse):
        heard = "nlu_fallback"
    if heard == "screen" and sure < _UNSURE and (asked := _plainly(guide, parse)) and not screening:
        return asked
    if heard not in known | NOT_HEARD | {"inform"} or (screening and heard not in known):
        return None
    if heard == "inform" and speech.asks(text) and inside >= _NEAR:
        asked = points.topic(guide, parse.get("point_ranking") or [])
        if asked in known:
            return asked
    if screening or heard in _OF_DIRECTIONS:
        return None
    wanted = speech.asks_direction(text)
    open_to = wanted or heard in NOT_HEARD or sure < _UNSURE
    # 包装上用地理标志的那个标，得填啥表 names what a direction is about, and asks for something else.
    near = _HALF if heard == "out_of_scope" and speech.asks(text) and not wanted else _NEARER
    follows = heard in NOT_HEARD and last in _OF_DIRECTIONS and _ANOTHER_TOPIC.fullmatch(text.strip())
    fits = open_to and inside >= near and _fits_direction(parse, _MAY_FIT if wanted else _FITS)
    if follows or fits:
        return "direction_match"
    if heard not in known and inside >= _LIKELY and speech.asks_who(guide, text):
        return "who_can_apply"
    vague = heard not in known or sure < _VAGUE
    about = inside >= _NEARER or _may_be(parse, last)
    return last if vague and about and context.elliptic(text) else None


def _gone_on(heard: str, text: str, last: str | None, screening: bool) -> str | None:
    """The topic that a message is still about, though it sounds like a question of its own."""
    if heard == "direction_detail" and _of_a_clause(text):  # 第二条呢, of four conditions
        return last if last not in {None, *_OF_DIRECTIONS} else "conditions" if screening else None
    # 必须是企业吗, after what the implementing unit must be.
    goes_on = heard == "who_can_apply" and last == "implementer" and not speech.applies(text)
    return last if goes_on else None


def _of_a_clause(text: str) -> bool:
    return "条" in text and "方向" not in text


def _plainly(guide: Guide, parse: Mapping[str, Any]) -> str | None:
    """The topic of the point that is asked for beyond doubt: 我们是公司，想报研究项目，企业让报么."""
    ranking = parse.get("point_ranking") or []
    if not ranking or ranking[0]["confidence"] < _PLAIN:
        return None
    asked = points.topic(guide, ranking)
    return asked if asked != ranking[0]["name"] else None  # not where a topic is asked as a whole


def _may_be(parse: Mapping[str, Any], topic: str | None) -> bool:
    """Whether a topic is among what was most likely meant: 几点下班, after the division's phone number."""
    ranking = parse.get("intent_ranking") or []
    return any(each["name"] == topic and each["confidence"] >= _VAGUE for each in ranking)


def may_be_inside(guide: Guide, parse: Mapping[str, Any]) -> bool:
    """Whether a message isn't of another matter for sure: 我是个人想注册商标 is no story for us."""
    if parse["intent"]["name"] not in NOT_HEARD:
        return True
    near: bool = parse.get("in_scope", 1.0) >= _NEAR
    return near and points.topic(guide, parse.get("point_ranking") or []) != points.OTHER


def _fits_direction(parse: Mapping[str, Any], least: float = _FITS) -> bool:
    ranking = parse.get("direction_ranking") or []
    projects = {each["value"] for each in parse.get("entities", ()) if each["entity"] == "project"}
    # The demonstration project has no directions to choose from.
    if not ranking or ranking[0]["name"] == "none" or projects == {"demonstration"}:
        return False
    return bool(ranking[0]["confidence"] >= least)
