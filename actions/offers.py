"""Options that several actions offer."""

from __future__ import annotations

from actions.pack import guide, original
from actions.taps import Option
from bot.guide import source
from bot.guide.model import Fact, Project

_ORIGINALS = 2
"""So many clauses are offered under an answer; a list of them all would be longer than the answer."""

HUMAN = Option("human", "找人工")
STAY = Option("cancel", "不等了，回到自动助手")
START = (Option("ask:demonstration", "测一测：示范项目"), Option("ask:research", "测一测：研究项目"))


def thoughts(number: int) -> list[Option]:
    """What one may think of the n-th answer, as options."""
    return [Option(f"helped:{number}", "有帮助"), Option(f"unsolved:{number}", "没解决")]


def topics(*ids: str) -> list[Option]:
    """Topics as options, by their labels."""
    return [Option(f"topic:{id}", guide().topic(id).label) for id in ids]


def originals(*clauses: str) -> list[Option]:
    """The official text of clauses, as options; none where the office has loaded none."""
    known = [clause for clause in dict.fromkeys(clauses) if source.find(original(), clause)]
    return [Option(f"source:{clause}", f"原文：{clause}") for clause in known[:_ORIGINALS]]


def choices(project: Project, fact: Fact) -> list[Option]:
    """The answers to a question, as options."""
    return [Option(f"ask:{project.id}:{fact.id}:{choice.id}", choice.label) for choice in fact.choices]


def again(project: Project, fact: Fact) -> Option:
    """Puts a question again, to change its answer."""
    return Option(f"ask:{project.id}:{fact.id}", f"改：{fact.name}")


def projects(topic: str) -> list[Option]:
    """A topic for either project, as options."""
    return [Option(f"topic:{topic}:{project.id}", project.short) for project in guide().projects]


def other(project: Project) -> Option:
    """The screening of the other project."""
    return next(option for option in START if option.tap != f"ask:{project.id}")
