"""What the model can hear, in words for the office: the guide's topics, and everything else."""

from __future__ import annotations

from bot.guide.model import Guide

_OTHER = {
    "nlu_fallback": "没听懂",
    "out_of_scope": "不在指南范围内",
    "greet": "问好",
    "thanks": "感谢",
    "bye": "告别",
    "bot_challenge": "问是不是机器",
    "help": "问能做什么",
    "privacy": "问留下了哪些信息",
    "complaint": "抱怨",
    "rude": "说难听的话",
    "human": "找人工",
    "screen": "要核对条件",
    "continue": "接着核对",
    "start_over": "从头核对",
    "go_back": "退回上一个问题",
    "cancel": "不核对了",
    "affirm": "答“是”",
    "deny": "答“不是”",
    "unsure": "答“不清楚”",
    "inform": "说自己的情况",
}


def labels(guide: Guide | None) -> dict[str, str]:
    """The name of each intent that words can have."""
    return {**_OTHER, **({topic.id: topic.label for topic in guide.topics} if guide else {})}
