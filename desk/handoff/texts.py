"""What applicants are told about a hand-off. ``data/guide/chat.yml`` wins over the words here."""

from __future__ import annotations

from typing import Any

from bot.guide.model import Guide
from desk.editions import current

DEFAULTS = {
    "handoff_queued": "已转人工，您前面还有{ahead}位。人工服务时间：{hours}。想回到自动助手，发“取消人工”。",
    "handoff_closed": (
        "现在不在人工服务时间（{hours}），没有工作人员在线。您可以先把问题写在这里，想要回电就留下电话。"
        "我们会在{opening}起按顺序答复您。现在由自动助手继续为您服务。"
    ),
    "handoff_timeout": (
        "工作人员还在忙，没能接上，抱歉让您久等。您的话已经留下，我们会在人工服务时间（{hours}）答复您。"
        "现在由自动助手继续为您服务。"
    ),
    "handoff_back": "人工服务到这里，下面由自动助手答复您。还需要人工，发“人工”就行。",
    "handoff_resume": "前面您答过的都留着，我们接着来。",
    "handoff_score": "这次人工服务您满意吗？请回复 1 到 5，5 是最满意。",
}
"""Keys of ``chat.yml`` that the desk asks for, and the words used as long as they aren't there."""


def guide() -> Guide:
    """The guide in use, read again when it changed. Raises `GuideError`."""
    return current.guide()


def say(key: str, **values: Any) -> str:
    """The text under ``key`` with its placeholders filled."""
    return (guide().chat.get(key) or DEFAULTS[key]).format(**values)
