"""What the screening says: everything that must be in it, and nothing too long."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guide import screening, wording
from bot.guide.explain import State, explain
from bot.guide.load import load_guide
from bot.guide.model import Contact, Project
from bot.guide.screening import Verdict

GUIDE = load_guide()
DEMONSTRATION = GUIDE.project("demonstration")
RESEARCH = GUIDE.project("research")
PROJECTS = pytest.mark.parametrize("project", GUIDE.projects, ids=lambda project: project.id)
WORDS = [verdict.value for verdict in Verdict]
BYTES = 1800
"""What WeChat takes in one reply."""

Answers = dict[str, str]


def ends(project: Project) -> Iterator[Answers]:
    """The answers at every end that the questions lead to; of the twelve directions only one."""
    stack: list[Answers] = [{}]
    while stack:
        answers = stack.pop()
        fact = screening.next_fact(project, answers)
        if fact is None:
            yield answers
            continue
        choices = [choice.id for choice in fact.choices if choice.id not in {f"d{n}" for n in range(2, 13)}]
        stack += [screening.put(project, answers, fact.id, choice) for choice in choices]


def _sound(project: Project, answers: Answers, text: str) -> None:
    """What holds of every verdict."""
    found = explain(project, answers)
    assert found.verdict is not None
    first, *rest = text.split("\n")
    assert first == found.verdict.value
    assert not any(word in line for line in rest for word in WORDS)
    assert len(text) <= 590, (len(text), answers)
    assert len(text.encode()) <= BYTES, (len(text.encode()), answers)
    wanted = State.FAILED if found.verdict is Verdict.FAILED else State.UNCLEAR
    for each in found.of(wanted):
        if each.condition.kind != "preference":
            assert f"（{each.clause}）" in text
            assert each.why.removesuffix("。") in text or each.condition.name in text
    assert f"执行期：{project.duration}" in text
    assert all(each in text for each in project.deliverables)
    assert "主管部门审核决定" in text
    if found.changes:
        assert "要让结论变好" in text


@PROJECTS
def test_every_end_of_the_questions_gets_a_sound_verdict(project: Project) -> None:
    lengths = []
    for answers in ends(project):
        text = wording.verdict(GUIDE, project, answers)
        _sound(project, answers, text)
        lengths.append(len(text))
    lengths.sort()
    assert lengths[len(lengths) // 2] < 500, "a typical verdict"


@PROJECTS
def test_verdicts_after_changed_answers_are_sound_too(project: Project) -> None:
    """All facts answered, as after many changes: the longest verdicts come from here."""
    facts = [[choice.id for choice in fact.choices] for fact in project.facts]
    ids = [fact.id for fact in project.facts]
    corners = [[choices[0], choices[-1]] for choices in facts]
    for at, full in enumerate(itertools.product(*corners)):
        if at % 7 == 0:
            answers = screening.clean(project, dict(zip(ids, full, strict=True)))
            _sound(project, answers, wording.verdict(GUIDE, project, answers))


@PROJECTS
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_full_answers_get_a_sound_verdict(project: Project, data: st.DataObject) -> None:
    full = {fact.id: data.draw(st.sampled_from(fact.choices)).id for fact in project.facts}
    answers = screening.clean(project, full)
    _sound(project, answers, wording.verdict(GUIDE, project, answers))


def test_all_that_can_fail_at_once_still_fits() -> None:
    bad = {fact.id: "no" for fact in DEMONSTRATION.facts}
    bad |= {"applicant": "enterprise", "pilot": "yes", "pilot_funded": "yes", "bad_credit": "yes"}
    _sound(DEMONSTRATION, bad, wording.verdict(GUIDE, DEMONSTRATION, bad))
    unknown = {fact.id: "unknown" for fact in DEMONSTRATION.facts} | {"applicant": "city"}
    _sound(DEMONSTRATION, unknown, wording.verdict(GUIDE, DEMONSTRATION, unknown))


def test_demonstration_names_division_and_phone() -> None:
    text = wording.verdict(GUIDE, DEMONSTRATION, {"applicant": "other"})
    assert "知识产权保护运用处" in text
    assert "0931-8533556" in text
    assert "执行期：1年（一（三））" in text


def test_research_says_that_the_guide_names_nobody() -> None:
    text = wording.verdict(GUIDE, RESEARCH, {"team": "no"})
    assert "指南没有写这类项目的主管处室和电话" in text
    assert "0931" not in text
    assert "3万字以上" in text
    assert "5千字以内" in text


def test_a_contact_that_the_office_fills_in_is_named() -> None:
    filled = msgspec.structs.replace(RESEARCH, contact=Contact("某处", "0931-1234567", "答复"))
    text = wording.verdict(GUIDE, filled, {"team": "no"})
    assert "某处" in text
    assert "0931-1234567" in text
    assert "指南没有写" not in text


def test_an_enterprise_is_told_of_both_other_ways() -> None:
    text = wording.verdict(GUIDE, DEMONSTRATION, {"applicant": "enterprise"})
    assert "实施单位" in text
    assert "一（二）③" in text
    assert "战略与政策研究" in text
    assert "或“国家级或省级园区管委会”" in text


def test_what_would_change_the_verdict_is_computed() -> None:
    pilot = {"applicant": "city", "pilot": "yes", "pilot_funded": "yes"}
    text = wording.verdict(GUIDE, DEMONSTRATION, pilot)
    assert "要让结论变好，至少要：国家试点为“不是”，或试点资助为“没有得到过”。" in text
    text = wording.verdict(GUIDE, DEMONSTRATION, pilot | {"agenda": "no", "fund": "no"})
    assert "至少要：列入议事日程为“列入了”，知识产权工作资金为“有”；国家试点为“不是”，或试点资助为" in text
    text = wording.verdict(GUIDE, RESEARCH, {"units": "two", "lead": "no", "lead_legal": "no"})
    assert "申报单位数为“1家”，或确定牵头单位为“确定了”，牵头单位的法人资格为“是”。" in text
    text = wording.verdict(GUIDE, RESEARCH, {"units": "more"})
    assert "至少要：申报单位数为“1家”或“2家”。" in text


def test_a_former_title_is_mentioned_only_where_there_is_one() -> None:
    good = {fact.id: "yes" for fact in DEMONSTRATION.facts}
    good |= {"applicant": "park", "pilot": "no", "bad_credit": "no"}
    del good["pilot_funded"]
    assert "优先" in wording.verdict(GUIDE, DEMONSTRATION, good)
    assert "优先" not in wording.verdict(GUIDE, DEMONSTRATION, good | {"former_pilot": "no"})


def test_an_open_screening_has_no_verdict_to_word() -> None:
    with pytest.raises(ValueError, match="open"):
        wording.verdict(GUIDE, RESEARCH, {})


@PROJECTS
def test_questions_and_hints_are_complete_and_never_give_a_verdict(project: Project) -> None:
    answers: Answers = {}
    while (fact := screening.next_fact(project, answers)) is not None:
        number, most = screening.progress(project, answers)
        progress, question, about = wording.question(project, answers, fact).split("\n")
        assert progress == f"第 {number} 问（最多 {most} 问）"
        assert question == fact.question
        assert question.endswith("？")
        assert about == fact.about
        hint = wording.hint(fact)
        assert fact.hint in hint
        assert fact.clause in hint
        assert not any(word in text for text in (question, about, hint) for word in WORDS)
        answers = screening.put(project, answers, fact.id, "no" if fact.id == "pilot" else fact.choices[0].id)
