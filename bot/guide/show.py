"""The encoded guide, clause by clause in the printed guide's order, for an official to compare the two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.guide.model import All as Every
from bot.guide.model import Condition, Expression, Fact, Guide, Is, Not, Project

_KINDS = {
    "hard": "必要条件，明确不满足就不能报",
    "judged": "要由主管部门评判，答“没有”也只算说不准",
    "advice": "提醒，没定只算说不准",
    "preference": "只影响优先，不影响结论",
}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_CHINESE = "一二三四五六七八九十"


def show(guide: Guide) -> str:
    """All that is encoded of the guide's text, and what it doesn't say."""
    lines = [guide.title, f"（版本 {guide.version}）"]
    for project in guide.projects:
        lines += ["", f"■ {project.name}（简称：{project.short}）"]
        entries = sorted(_entries(project), key=lambda entry: order(entry[0]))
        last = ""
        for clause, text in entries:
            if clause != last:
                lines += ["", f"【{clause}】"]
                last = clause
            lines += [f"  {line}" for line in text.splitlines()]
        if not (project.contact.division or project.contact.phone):
            lines += ["", "  主管处室和电话：指南没有写"]
    lines += ["", "■ 指南没有写的"]
    for blank in guide.blanks:
        said = f"{blank.text}（来源：{blank.source}）" if blank.text else "（空着）"
        lines.append(f"  {blank.name}：{said}")
    return "\n".join(lines) + "\n"


def order(clause: str) -> tuple[int, ...]:
    """Where a clause stands in the printed guide; anything else comes last."""
    match = re.fullmatch(r"([一二三四五六七八九十])(?:（([一二三四五六七八九十])）([①-⑩]|\d+)?)?", clause)
    if match is None:
        return (99,)
    part, section, number = match.groups()
    found = [_CHINESE.index(part) + 1]
    if section:
        found.append(_CHINESE.index(section) + 1)
    if number:
        found.append(_CIRCLED.index(number) + 1 if number in _CIRCLED else int(number))
    return tuple(found)


def _entries(project: Project) -> Iterator[tuple[str, str]]:
    """Clause and text of everything that is encoded with a clause."""
    for direction in project.directions:
        yield direction.clause, f"方向 {direction.number} {direction.name}：{direction.about}"
    for fact in project.facts:
        yield fact.clause, _question(fact)
    for condition in project.conditions:
        yield condition.clause, _condition(project, condition)
    yield project.tasks_clause, "任务：\n" + "\n".join(f"· {task}" for task in project.tasks)
    yield project.duration_clause, f"执行期：{project.duration}"
    yield project.deliverables_clause, f"成果：{'；'.join(project.deliverables)}"
    contact = project.contact
    if contact.division or contact.phone:
        yield (
            contact.clause,
            f"主管处室：{contact.division or '（空着）'}，电话：{contact.phone or '（空着）'}",
        )


def _question(fact: Fact) -> str:
    labels = " / ".join(_few([choice.label for choice in fact.choices]))
    return f"问 {fact.question}（{labels}）\n· {fact.about}\n· 怎么弄清：{fact.hint}"


def _few(labels: list[str]) -> list[str]:
    return labels if len(labels) <= 6 else [labels[0], "…", *labels[-3:]]


def _condition(project: Project, condition: Condition) -> str:
    lines = [f"条件 {condition.name}（{_KINDS[condition.kind]}）"]
    if condition.when is not None:
        lines.append(f"· 什么时候算：{plain(project, condition.when)}")
    lines.append(f"· 怎样算满足：{plain(project, condition.requires)}")
    if condition.failed:
        lines.append(f"· 不满足时说：{condition.failed}")
    lines += [f"· 答“{_label(project, choice)}”时说：{text}" for choice, text in condition.failed_for.items()]
    return "\n".join(lines)


def _label(project: Project, id: str) -> str:
    return next((c.label for fact in project.facts for c in fact.choices if c.id == id), id)


def plain(project: Project, expression: Expression) -> str:
    """A condition's expression in words."""
    if isinstance(expression, Is):
        fact = project.fact(expression.fact)
        labels = "、".join(f"“{fact.choice(choice).label}”" for choice in expression.choices)
        return f"{fact.name}答{labels}" + ("之一" if len(expression.choices) > 1 else "")
    if isinstance(expression, Not):
        return f"不是（{plain(project, expression.part)}）"
    joint = "，并且" if isinstance(expression, Every) else "，或者"
    return joint.join(plain(project, part) for part in expression.parts)
