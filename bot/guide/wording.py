"""What the screening says: its questions, and the verdict with reasons, clauses and whom to call.

A verdict has to fit one WeChat reply, so it is worded at full length first and then more and more briefly
until it fits. What decides the verdict, its clauses and the number to call stay in every length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.guide import placeholders, screening
from bot.guide.explain import Change, Explanation, Finding, State, explain
from bot.guide.model import Answers, Fact, Guide, Project
from bot.guide.screening import Verdict

TYPICAL = 490
"""Characters that a verdict should stay within, and"""
LONGEST = 585
"""within which it must stay: WeChat allows 1,800 bytes a reply, three for a Chinese character."""

_LISTED = 4
"""Choices beyond this many aren't listed: “12项之一”."""


class _Length(NamedTuple):
    """How much to say: of each reason its sentence, of each what to do, what else is met, what to prepare."""

    why: bool
    advice: bool
    met: bool
    prepare: bool


_LENGTHS = (
    _Length(why=True, advice=True, met=True, prepare=True),
    _Length(why=True, advice=False, met=True, prepare=True),
    _Length(why=False, advice=False, met=True, prepare=True),
    _Length(why=False, advice=False, met=False, prepare=True),
    _Length(why=False, advice=False, met=False, prepare=False),
)


def question(project: Project, answers: Answers, fact: Fact) -> str:
    """The open question: how far along one is, the question, and what it is about. Without its options."""
    number, most = screening.progress(project, answers)
    return f"第 {number} 问（最多 {most} 问）\n{fact.question}\n{fact.about}"


def hint(fact: Fact) -> str:
    """How to find out, and where the guide asks for it."""
    return f"{fact.hint}（依据：{fact.clause}）"


def why(fact: Fact) -> str:
    """Why a question is asked: the guide asks for it."""
    return f"指南有这一条要求，所以要问（依据：{fact.clause}）。为什么这样要求，指南没有写。"


def verdict(guide: Guide, project: Project, answers: Answers) -> str:
    """The verdict in one reply: its word first, then why, what would change it, and what comes next.

    Raises:
        ValueError: a question is still open.
    """
    found = explain(project, answers)
    texts = [_verdict(project, found, length) for length in _LENGTHS]
    short = [text for text in texts if len(text) <= TYPICAL] or [
        text for text in texts if len(text) <= LONGEST
    ]
    return short[0] if short else texts[-1]


def _verdict(project: Project, found: Explanation, length: _Length) -> str:
    lines = [*_head(project, found), *_reasons(found, length), *_change(project, found)]
    if length.met:
        lines += _met(found)
    lines += _preference(found)
    if length.prepare:
        when = "情况变了再报，可以先备好" if found.verdict is Verdict.FAILED else "可以先备好"
        lines.append(f"{when}这些（指南没有列材料清单）：{'；'.join(project.prepare)}。")
    lines += _next(project)
    return "\n".join(lines)


def _head(project: Project, found: Explanation) -> Iterable[str]:
    if found.verdict is None:
        raise ValueError(f"{project.id}: a question is still open")
    yield found.verdict.value
    yield {
        Verdict.FAILED: f"按您的回答，现在不能申报{project.short}：",
        Verdict.UNCLEAR: f"按您的回答，{project.short}没有一条是一定不满足的，但下面这些还说不准：",
        Verdict.MET: f"按您的回答，{project.short}所问的条件都满足。",
    }[found.verdict]


def _reasons(found: Explanation, length: _Length) -> Iterable[str]:
    """What failed, then what is unclear."""
    for state in (State.FAILED, State.UNCLEAR):
        findings = [each for each in found.of(state) if each.condition.kind != "preference"]
        if state is State.UNCLEAR and found.verdict is Verdict.FAILED:
            if findings:
                yield f"另外还说不准：{_by_clause(findings)}。"
        elif findings and not length.why:
            yield f"{_by_clause(findings)}。"
        else:
            yield from (_reason(each, length) for each in findings)


def _reason(finding: Finding, length: _Length) -> str:
    advice = finding.condition.change if length.advice else ""
    return f"• {finding.why.removesuffix('。')}（{finding.clause}）。{advice}"


def _by_clause(findings: Sequence[Finding]) -> str:
    """Names of conditions with their clauses, each clause once."""
    names: dict[str, list[str]] = {}
    for each in findings:
        names.setdefault(each.clause, []).append(each.condition.name)
    return "；".join(f"{'、'.join(each)}（{clause}）" for clause, each in names.items())


def _change(project: Project, found: Explanation) -> Iterable[str]:
    """What would better the verdict: something for each cause, from the least sets of answers."""
    alone: list[Change] = [ways[0] for ways in found.causes if len(ways) == 1]
    parts = [_way(project, [{id: choice for each in alone for id, choice in each.items()}])] if alone else []
    parts += ["，或".join(_ways(project, ways)) for ways in found.causes if len(ways) > 1]
    if parts:
        yield f"要让结论变好，至少要：{'；'.join(parts)}。"


def _ways(project: Project, changes: Sequence[Change]) -> list[str]:
    """The ways to remove one cause; those that change the same facts as one."""
    by_facts: dict[tuple[str, ...], list[Change]] = {}
    for each in changes:
        by_facts.setdefault(tuple(each), []).append(each)
    return [_way(project, each) for each in by_facts.values()]


def _way(project: Project, changes: Sequence[Change]) -> str:
    """What the facts would have to be. The same answer for several facts is said once."""
    wanted: dict[str, list[str]] = {}
    for id in changes[0]:
        fact = project.fact(id)
        labels = [fact.choice(choice).label for choice in dict.fromkeys(each[id] for each in changes)]
        many = len(labels) > _LISTED
        words = f"{len(labels)}项之一" if many else "或".join(f"“{label}”" for label in labels)
        wanted.setdefault(words, []).append(fact.name)
    return "，".join(f"{'、'.join(names)}为{words}" for words, names in wanted.items())


def _met(found: Explanation) -> Iterable[str]:
    met = [each for each in found.of(State.MET) if each.condition.kind != "preference"]
    if met:
        yield f"已满足：{_by_clause(met)}。"
    left = [each for each in found.of(State.NOT_ASKED) if each.condition.kind != "preference"]
    if left:
        yield f"还有 {len(left)} 条没有问到，问了也不改变这个结论。"


def _preference(found: Explanation) -> Iterable[str]:
    for each in found.findings:
        preferred = each.condition.kind == "preference" and each.state is State.MET
        if preferred and found.verdict is not Verdict.FAILED:
            yield f"{each.why.removesuffix('。')}（{each.clause}）。"


def _next(project: Project) -> Iterable[str]:
    """Duration, deliverables, whom to call, and who decides."""
    yield f"执行期：{project.duration}（{project.duration_clause}）。"
    yield f"要交的成果：{'，'.join(project.deliverables)}（{project.deliverables_clause}）。"
    contact = project.contact
    if contact.division or contact.phone:
        yield f"咨询：{placeholders.contact(contact)}。"
    else:
        yield "咨询：指南没有写这类项目的主管处室和电话，可以回复“人工”。"
    yield "最后由主管部门审核决定，本助手说了不算。"
