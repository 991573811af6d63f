"""What pages and exports call things, in Chinese."""

from __future__ import annotations

from desk.faqlog.models import NewTopic
from desk.handoff.models.conversation import CHANNELS
from desk.handoff.texts import guide

OUTCOMES = {
    "answered": "已答",
    "not_in_guide": "指南没写",
    "clarified": "请对方说明",
    "not_understood": "没听懂",
    "off_topic": "与申报无关",
    "handover": "转人工",
    "screening": "核对条件",
    "chat": "寒暄",
    "failed": "出错",
    "poisoned": "无法处理",
}
QUESTIONS = ("answered", "not_in_guide", "clarified", "not_understood", "failed", "poisoned")
"""Turns that asked something about the guide."""
ANSWERED = ("answered", "not_in_guide")
UNANSWERED = ("not_understood", "failed", "poisoned")
FEEDBACK = {"helped": "有帮助", "unsolved": "没解决", "any": "有评价"}
VERDICTS = ("初步符合", "待确认", "不符合")
OFF_TOPIC = "out_of_scope"
DAYS = "一二三四五六日"


def topics() -> dict[str, str]:
    """The guide's topics by id, then those that were proposed."""
    known = {topic.id: topic.label for topic in guide().topics}
    proposed = {
        new.id: f"{new.label}（新）" for new in NewTopic.objects.order_by("at") if new.id not in known
    }
    return known | proposed


def projects() -> dict[str, str]:
    """The guide's projects by id."""
    return {project.id: project.short for project in guide().projects}


def channels() -> dict[str, str]:
    """The channels by id."""
    return dict(CHANNELS)


def facts(project: str) -> dict[str, str]:
    """The questions of a project's screening by id, in order."""
    found = next((each for each in guide().projects if each.id == project), None)
    return {fact.id: fact.name for fact in found.facts} if found else {}


def conditions(project: str) -> dict[str, str]:
    """The conditions of a project by id: name and clause."""
    found = next((each for each in guide().projects if each.id == project), None)
    return {each.id: f"{each.name}（{each.clause}）" for each in found.conditions} if found else {}
