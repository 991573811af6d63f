"""Checks of one project: that its questions can be asked and answered, and its conditions decided."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.guide.builder import Builder
from bot.guide.expression import UNKNOWN, evaluate, facts_of
from bot.guide.model import Condition, Fact, Project
from bot.guide.plan import LIMIT, applying, closed, combinations, join, needed
from bot.guide.reading import normal

LONGEST_LABEL = 22
"""Characters of an option in one line on a phone."""


def check_project(project: Project, build: Builder) -> None:
    """Check a project as far as it could be read."""
    facts = [fact for fact in project.facts if fact.id]
    if len({fact.id for fact in facts}) < len(project.facts) or not all(fact.choices for fact in facts):
        # Noted already; without sound facts nothing can be said about the conditions.
        return
    for fact in facts:
        path = f"{project.id}/事实/{fact.id}"
        for at, sentence in (*_choices(fact), *_words(fact)):
            build.problems.add(build.choices[path][at], build.places[path].what + sentence)
    if _small(project, build):
        for condition in project.conditions:
            item = build.places[f"{project.id}/条件/{condition.id}"]
            for key, sentence in (*_kind(condition), *_decidable(project, condition)):
                item.complain(key, item.what + sentence)
            _failed_for(project, condition, build)
    if project.id not in build.incomplete:
        _used(project, build)


def _choices(fact: Fact) -> Iterator[tuple[int, str]]:
    """What is wrong with single choices, by their place in the list."""
    ids = [choice.id for choice in fact.choices]
    if len(ids) < 2:
        yield 0, "只有一个选项，问了也没有分别，请补上别的选项。"
    for at, choice in enumerate(fact.choices):
        if choice.id and choice.id in ids[:at]:
            yield at, f"的选项“{choice.id}”重复了，请改名或删掉一个。"
        if len(choice.label) > LONGEST_LABEL:
            yield at, f"的选项“{choice.label}”超过 {LONGEST_LABEL} 个字，手机上一行放不下，请缩短。"


def _words(fact: Fact) -> Iterator[tuple[int, str]]:
    """No word could mean two choices."""
    means: dict[str, str] = {}
    for at, choice in enumerate(fact.choices):
        for words in (choice.label, *choice.synonyms):
            other = means.setdefault(normal(words), choice.id)
            if other != choice.id:
                yield at, f"里“{words}”既指“{other}”又指“{choice.id}”，请只留一处。"


def _small(project: Project, build: Builder) -> bool:
    """Whether all groups of conditions can be worked out."""
    small = True
    for group in join(project, project.conditions):
        size = combinations(needed(project, group))
        if size > LIMIT:
            small = False
            item = build.places[f"{project.id}/条件/{group[0].id}"]
            wrong = f"{item.what}和它牵连的条件一共有 {size} 种答法，太多了"
            item.complain("requires", f"{wrong}，请减少它们共用的事实。")
    return small


def _used(project: Project, build: Builder) -> None:
    """Every fact serves a condition, and there is a case in which it is asked."""
    serving = {fact.id for fact in needed(project, project.conditions)}
    for fact in project.facts:
        item = build.places[f"{project.id}/事实/{fact.id}"]
        if fact.id not in serving:
            sentence = f"{item.what}没有用在任何条件里，问了也不起作用，请删掉它或补上条件。"
            build.problems.add(item.place, sentence)
        elif fact.when is not None and not any(fact.id in given for given in _cases(project, [fact])):
            item.complain("when", f"{item.what}的 when 怎么答都不成立，永远不会问，请检查。")


def _kind(condition: Condition) -> Iterator[tuple[str, str]]:
    for key, text in (("failed", condition.failed), ("failed_for", condition.failed_for)):
        if text and condition.kind != "hard":
            yield key, f"不是 hard，不会判为不满足，请删掉“{key}”。"


def _failed_for(project: Project, condition: Condition, build: Builder) -> None:
    path = f"{project.id}/条件/{condition.id}"
    ids = facts_of(condition.requires)
    allowed = [choice.id for fact in project.facts if fact.id in ids for choice in fact.choices]
    for place, choice in build.special[path]:
        if choice not in allowed:
            wrong = f"{build.places[path].what}的“failed_for”用到了不存在的选项“{choice}”"
            build.problems.add(place, f"{wrong}，请改成已有的：{'、'.join(allowed)}。")


def _decidable(project: Project, condition: Condition) -> Iterator[tuple[str, str]]:
    """It can be met, it can fail, and it is settled once all facts are known."""
    outcomes: set[bool | None] = set()
    facts = needed(project, [condition])
    for given in _cases(project, facts):
        applies = True if condition.when is None else evaluate(condition.when, given)
        held = evaluate(condition.requires, given)
        if applies is False:
            continue
        if applies is None or held is None:
            case = "，".join(f"{f.name}：{f.choice(given[f.id]).label}" for f in facts if f.id in given)
            yield "requires", f"在“{case}”时判断不出来，要用的事实这时不会问，请检查 requires 和 when。"
            return
        outcomes.add(held)
    if not outcomes:
        yield "when", "的 when 怎么答都不成立，永远用不到，请检查。"
    elif True not in outcomes:
        yield "requires", "怎么答都不会满足，请检查 requires。"
    elif False not in outcomes:
        yield "requires", "怎么答都会满足，不起作用，请检查 requires。"


def _cases(project: Project, facts: list[Fact]) -> Iterator[dict[str, str]]:
    """All ways to answer facts and what they depend on, with everything known."""
    every = closed(project, {fact.id for fact in facts})
    choices = [[each.id for each in fact.choices if each.id != UNKNOWN] for fact in every]
    for full in itertools.product(*choices):
        yield applying(every, full)
