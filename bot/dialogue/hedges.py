"""What a message is not, though it sounds like it: small talk hardly heard, a question that asks nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue import speech
from bot.guide.model import Guide

_SMALL_TALK = {"human", "bye", "complaint", "rude", "privacy", "thanks", "bot_challenge", "help", "greet"}
_SURE = 0.5
"""Small talk is taken for it from here on: 人手有三个 sounds a little like a call for a person."""
_WELL_ANSWERED = {"credit", "direction_detail", "direction_match"}
"""以前有个项目逾期过, 我想报方向5: what these topics answer is to the point, told or asked."""
_OF_CONDITIONS = {"who_can_apply", "implementer", "joint", "exclusions", "preference", "conditions"}
_PLAIN = 0.8
"""From here on a point is meant plainly."""
_OF_PEOPLE = re.compile("^(?!.*(?:找|转|叫|接|联系|打电话|说话|沟通|聊)).*(?:负责人|人员|人手|法人|专人)")
"""Speaks of the applicant's people: 那换负责人呢 calls for nobody."""
_SHORT = 12
_TELLS = re.compile(
    "^(?:我们?|咱们?|俺们?)(?:就|都|也|还|已经?|现在|目前|这边|这里)*[是有没不]"
    "|^(?:有(?![关啥没哪什谁效名])|没(?![关])|是(?!否)|不(?!良)|应该|早就|已经?|每年都|都(?!有[啥谁])|算|基本|差不多|就[是选这]|去年|今年|前年|之前|以前|原来|当年|曾|刚|正在|还没|还在)"
    "|^[\\d]{4}年|[了过](?:[吧啊呀]|[一二三四五六七八九十百千万\\d].{0,6})?$|(?:可以|不错|还行|一般|很强|不多|的)[吧啊呀]?$"
    "|^[^，,]{1,8}[了过][，,]"
)
"""How something is told. A topic alone (电话, 成果字数) is a question without any such word."""


def hardly_small_talk(parse: Mapping[str, Any]) -> bool:
    """Whether a message was heard as small talk, but without much reason."""
    heard = parse["intent"]
    if heard["name"] == "human" and _OF_PEOPLE.search(parse.get("text") or ""):
        return True
    return heard["name"] in _SMALL_TALK and heard["confidence"] < _SURE


def tells_only(guide: Guide, text: str, parse: Mapping[str, Any]) -> bool:
    """Whether a message in a screening asks nothing, though it was heard as a topic's question or as another
    matter: 去年刚评过 is no question about the review, and 苹果 an answer like any other.
    """
    heard = parse["intent"]["name"]
    if speech.asks(text) or text.rstrip("?？。").endswith("呢"):
        return False
    if heard == "out_of_scope":
        return len(text) <= _SHORT or bool(_TELLS.search(text))
    topics = {topic.id for topic in guide.topics} - _WELL_ANSWERED
    return heard in topics and bool(_TELLS.search(text)) and not _to_the_point(heard, parse)


def _to_the_point(topic: str, parse: Mapping[str, Any]) -> bool:
    """Whether what is told is plainly about one point of who may apply: 没有管委会，只有个运营公司."""
    ranking = parse.get("point_ranking") or []
    plainly = bool(ranking) and ranking[0]["confidence"] >= _PLAIN and ranking[0]["name"] != topic
    return plainly and topic in _OF_CONDITIONS
