"""From answers to the next question or a verdict. Pure functions; everything is recomputed each time.

The verdict is certain as soon as no open question can change it. A question is asked only if two of its
answers can still lead to different verdicts. Answers that the guide no longer knows count as not given.
"""

from __future__ import annotations

from enum import Enum

from bot.guide.model import Answers, Fact, Project
from bot.guide.plan import Level, Plan, plan_of


class Verdict(Enum):
    """The outcome of a screening, worst first."""

    FAILED = "不符合"
    UNCLEAR = "待确认"
    MET = "初步符合"


_VERDICTS = {Level.FAILED: Verdict.FAILED, Level.UNCLEAR: Verdict.UNCLEAR, Level.MET: Verdict.MET}


class _Now:
    """Where a screening stands.

    Attributes:
        views: of each group of conditions, what its answers leave possible.
        level: the best level still possible for all groups together. An answer matters where it may bring
            its group to a worse one: within a group, a worse level is always worse than the group's best.
    """

    __slots__ = ("level", "views")

    def __init__(self, plan: Plan, answers: Answers) -> None:
        self.views = [group.at(answers) for group in plan.groups]
        self.level = max((view.best for view in self.views), default=Level.MET)
        if self.level == Level.ABSENT:
            self.level = Level.MET


def _open(plan: Plan, now: _Now, answers: Answers) -> Fact | None:
    """The open question, or None."""
    level = now.level
    if level == Level.FAILED:
        return None
    if any(view.heaviest > level for view in now.views):
        for fact, home in plan.homes:
            if now.views[home].weights.get(fact.id, level) > level:
                return fact
    for group in plan.preferences:
        if not group.at(answers).weights:
            continue
        asked = group.asked(group.partial(answers), Level.MET)
        if asked is not None:
            return next(fact for fact in group.facts if fact.id == asked)
    return None


def next_fact(project: Project, answers: Answers) -> Fact | None:
    """The fact to ask for next: the first that can still change the verdict, in the guide's order.

    What only a preference depends on comes last, and only where nothing failed. None: nothing to ask.
    """
    plan = plan_of(project)
    return _open(plan, _Now(plan, answers), answers)


def verdict(project: Project, answers: Answers) -> Verdict | None:
    """The verdict, or None while a question is still open."""
    plan = plan_of(project)
    now = _Now(plan, answers)
    return None if _open(plan, now, answers) is not None else _VERDICTS[now.level]


def clean(project: Project, answers: Answers) -> dict[str, str]:
    """The answers without those that don't apply, or that the guide doesn't know (any more).

    An answer stays as long as it may still apply: ``lead`` is kept while ``units`` is open.
    """
    plan = plan_of(project)
    kept: dict[str, str] = {}
    for group in (*plan.groups, *plan.preferences):
        partial = group.partial(answers)
        impossible = group.view(partial).impossible
        for id, answer in zip(group.ids, partial, strict=True):
            if answer is not None and id not in impossible:
                kept[id] = answer
    return {id: kept[id] for id in answers if id in kept}


def put(project: Project, answers: Answers, fact_id: str, choice_id: str) -> dict[str, str]:
    """The answers with one more or one changed, without those that no longer apply.

    Raises:
        KeyError: the project has no such fact, or the fact no such choice.
    """
    project.fact(fact_id).choice(choice_id)
    return clean(project, {**answers, fact_id: choice_id})


def take_back(project: Project, answers: Answers) -> dict[str, str]:
    """The answers without the last one before the open question, in the order in which they are asked.

    What was stated ahead of its question stays: whoever goes back means the question just answered.
    """
    kept = clean(project, answers)
    order = plan_of(project).order
    unanswered = next_fact(project, kept)
    before = order if unanswered is None else order[: order.index(unanswered)]
    if unanswered is None:
        # What decided comes first: the rest may have been stated ahead.
        before = tuple(sorted(before, key=lambda fact: _decides(project, kept, fact.id)))
    for fact in reversed(before):
        if fact.id in kept:
            del kept[fact.id]
            return clean(project, kept)
    return kept


def _decides(project: Project, answers: Answers, fact_id: str) -> bool:
    """Whether the verdict is another one, or open, without an answer."""
    rest = {id: answer for id, answer in answers.items() if id != fact_id}
    return verdict(project, rest) is not verdict(project, answers)


def progress(project: Project, answers: Answers) -> tuple[int, int]:
    """The number of the open question, and at most how many questions there will have been at the end.

    Both are the number of answers when nothing is open.
    """
    plan = plan_of(project)
    now = _Now(plan, answers)
    given = len(clean(project, answers))
    if _open(plan, now, answers) is None:
        return given, given
    more = sum(group.longest(group.partial(answers), now.level) for group in plan.groups)
    more += sum(group.longest(group.partial(answers), Level.MET) for group in plan.preferences)
    return given + 1, given + more
