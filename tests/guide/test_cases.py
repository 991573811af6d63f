"""The cases that an official can read, in ``cases.yml``: answered question by question, as in a talk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.guide import screening, wording
from bot.guide.load import load_guide
from bot.guide.model import Project

GUIDE = load_guide()
GOOD = {"pilot": "no", "bad_credit": "no", "units": "one", "direction": "d1", "applicant": "city"}
WORDS = {True: "yes", False: "no"}
"""YAML 1.1 reads a bare yes or no as a truth value."""


def _cases() -> list[dict[str, Any]]:
    text = (Path(__file__).parent / "cases.yml").read_text(encoding="utf-8")
    cases: list[dict[str, Any]] = yaml.safe_load(text)["cases"]
    return cases


CASES = _cases()


def answers_of(project: Project, case: dict[str, Any]) -> dict[str, str]:
    """What the applicant answers to the questions asked, and whatever the case says besides."""
    said = {fact: WORDS.get(choice, choice) for fact, choice in case["answers"].items()}
    good = {fact.id: GOOD.get(fact.id, "yes") for fact in project.facts} if case.get("good") else {}
    if "former_pilot" in good:
        good["former_pilot"] = "no"
    answers: dict[str, str] = {}
    while (fact := screening.next_fact(project, answers)) is not None:
        choice = said.get(fact.id) or good.get(fact.id)
        if choice is None:
            # The case names only what matters; one that fails needn't come up in the order of asking.
            break
        answers = screening.put(project, answers, fact.id, choice)
    return {**answers, **said}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    project = GUIDE.project(case["project"])
    answers = answers_of(project, case)
    for fact, choice in answers.items():
        project.fact(fact).choice(choice)
    verdict = screening.verdict(project, answers)
    assert verdict is not None, "a question is still open"
    assert verdict.value == case["verdict"]
    text = wording.verdict(GUIDE, project, answers)
    for words in case["reason"]:
        assert words in text, text


def test_there_are_enough_cases_and_each_is_its_own() -> None:
    assert len(CASES) >= 25
    assert len({case["name"] for case in CASES}) == len(CASES)
    for project in GUIDE.projects:
        for verdict in screening.Verdict:
            named = [c for c in CASES if c["project"] == project.id and c["verdict"] == verdict.value]
            assert len(named) >= 2, (project.id, verdict)
