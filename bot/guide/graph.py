"""The screening as a Mermaid flow chart, walked with `screening.next_fact` and so true to it.

States from which the same questions follow in the same way are drawn once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.guide import screening
from bot.guide.model import Answers, Project
from bot.guide.plan import plan_of
from bot.guide.screening import Verdict


class Node(NamedTuple):
    """A question with what each choice leads to, or a verdict.

    Attributes:
        fact: the fact to ask for; empty for a verdict.
        verdict: the verdict; None for a question.
        next: choice id and the number of the node that it leads to.
    """

    fact: str
    verdict: Verdict | None
    next: tuple[tuple[str, int], ...]


def walk(project: Project) -> list[Node]:
    """All nodes, each once. The last is where the screening starts; a node leads to earlier ones only."""
    nodes: dict[Node, int] = {}
    seen: dict[tuple[object, ...], int] = {}

    def visit(answers: Answers) -> int:
        key = _standing(project, answers)
        if key not in seen:
            fact = screening.next_fact(project, answers)
            if fact is None:
                node = Node("", screening.verdict(project, answers), ())
            else:
                leads = (
                    (choice.id, visit(screening.put(project, answers, fact.id, choice.id)))
                    for choice in fact.choices
                )
                node = Node(fact.id, None, tuple(leads))
            seen[key] = nodes.setdefault(node, len(nodes))
        return seen[key]

    visit({})
    return list(nodes)


def _standing(project: Project, answers: Answers) -> tuple[object, ...]:
    """What the rest of a screening depends on: groups that are settled count by their level alone."""
    plan = plan_of(project)
    views = [
        (group, partial, group.view(partial)) for group in plan.groups if (partial := group.partial(answers))
    ]
    settled = [view.best for _, _, view in views if view.best == view.worst]
    still = [partial if view.best != view.worst else None for _, partial, view in views]
    preferences = [group.partial(answers) for group in plan.preferences]
    return (max(settled, default=None), *still, *preferences)


def mermaid(project: Project) -> str:
    """The flow chart's source."""
    nodes = walk(project)
    lines = ["flowchart TD", f'    start(["{project.short}"]) --> n{len(nodes) - 1}']
    for number in reversed(range(len(nodes))):
        lines += _drawn(project, nodes, number)
    return "\n".join(lines) + "\n"


def _drawn(project: Project, nodes: list[Node], number: int) -> Iterator[str]:
    node = nodes[number]
    if node.verdict is not None:
        yield f'    n{number}(["{node.verdict.value}"])'
        return
    fact = project.fact(node.fact)
    yield f'    n{number}{{"{fact.name}<br>{fact.clause}"}}'
    by_target: dict[int, list[str]] = {}
    for choice, target in node.next:
        by_target.setdefault(target, []).append(fact.choice(choice).label)
    for target, labels in by_target.items():
        if len(by_target) == 1:
            words = "怎么答都一样"
        elif len(labels) > 4:
            words = f"{labels[0]}等 {len(labels)} 项"
        else:
            words = " / ".join(labels)
        yield f'    n{number} -->|"{words}"| n{target}'
