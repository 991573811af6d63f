"""Proof that the screening says what the guide says, for every combination of answers.

The rules stand here a second time, as plain functions written from the printed guide and not from the
YAML. Their results over all combinations fill an array with one axis for each fact, the oracle for all else.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest

from bot.guide import screening
from bot.guide.load import load_guide
from bot.guide.model import Fact, Project
from bot.guide.screening import Verdict

GUIDE = load_guide()
DEMONSTRATION = GUIDE.project("demonstration")
RESEARCH = GUIDE.project("research")
PROJECTS = pytest.mark.parametrize("project", GUIDE.projects, ids=lambda project: project.id)

Answers = dict[str, str]
Levels = npt.NDArray[np.int8]

FAILED, UNCLEAR, MET = 2, 1, 0
VERDICTS = {FAILED: Verdict.FAILED, UNCLEAR: Verdict.UNCLEAR, MET: Verdict.MET}
PREFERENCES = {"former_pilot"}


def demonstration_rules(a: Answers) -> int:
    """Guide 一（二）①-④."""
    excluded = a["pilot"] == "yes" and a["pilot_funded"] == "yes"
    sound = ("agenda", "fund", "support", "implementer")
    if a["applicant"] in ("enterprise", "other") or excluded or a["bad_credit"] == "yes":
        return FAILED
    if any(a[id] == "no" for id in sound):
        return FAILED
    surely_no_pilot = a["pilot"] == "no" or a["pilot_funded"] == "no"
    judged = ("industry", "holdings", "management")
    known = a["applicant"] != "unknown"
    if (
        known
        and surely_no_pilot
        and a["bad_credit"] == "no"
        and all(a[id] == "yes" for id in (*sound, *judged))
    ):
        return MET
    return UNCLEAR


def research_rules(a: Answers) -> int:
    """Guide 二（二）1-3, and the directions of 二（一）."""
    if a["team"] == "no" or a["units"] == "more" or a["bad_credit"] == "yes":
        return FAILED
    if a["units"] == "two" and (a["lead"] == "no" or a["lead_legal"] == "no"):
        return FAILED
    wanted = ["foundation", "expertise", "team"]
    wanted += ["lead", "lead_legal"] if a["units"] == "two" else ["own_legal"]
    chosen = a["direction"] in {f"d{number}" for number in range(1, 13)}
    if (
        all(a[id] == "yes" for id in wanted)
        and a["bad_credit"] == "no"
        and chosen
        and a["units"] != "unknown"
    ):
        return MET
    return UNCLEAR


def asked_if(fact: str, a: Answers) -> bool:
    """Whether a question applies, given the answers; by the guide, for both projects."""
    if fact == "pilot_funded":
        return a.get("pilot") in ("yes", "unknown")
    if fact in ("lead", "lead_legal"):
        return a.get("units") == "two"
    return fact != "own_legal" or a.get("units") == "one"


FACTS = {
    "demonstration": [
        "applicant",
        "pilot",
        "pilot_funded",
        "agenda",
        "fund",
        "support",
        "industry",
        "holdings",
        "management",
        "implementer",
        "bad_credit",
        "former_pilot",
    ],
    "research": [
        "foundation",
        "expertise",
        "team",
        "units",
        "lead",
        "lead_legal",
        "own_legal",
        "bad_credit",
        "direction",
    ],
}
CHOICES = {
    "applicant": ["city", "county", "park", "enterprise", "other", "unknown"],
    "units": ["one", "two", "more", "unknown"],
    "bad_credit": ["no", "yes", "unknown"],
    "direction": [f"d{number}" for number in range(1, 13)] + ["none", "unknown"],
}
RULES: dict[str, Callable[[Answers], int]] = {
    "demonstration": demonstration_rules,
    "research": research_rules,
}
COMBINATIONS = {"demonstration": 6 * 3**11, "research": 4 * 3**7 * 14}
APPLICABLE = {"demonstration": 6 * (3 + 3 + 1) * 3**9, "research": 3**3 * (3 + 3 * 3 + 1 + 1) * 3 * 14}


def choices_of(fact: str) -> list[str]:
    return CHOICES.get(fact, ["yes", "no", "unknown"])


class Oracle:
    """All verdicts by the plain rules: one axis for each fact, in the order of `FACTS`."""

    def __init__(self, project: str) -> None:
        self.facts = FACTS[project]
        self.choices = [choices_of(fact) for fact in self.facts]
        rules = RULES[project]
        levels = (
            rules(dict(zip(self.facts, full, strict=True))) for full in itertools.product(*self.choices)
        )
        shape = [len(choices) for choices in self.choices]
        self.levels = np.fromiter(levels, dtype=np.int8, count=int(np.prod(shape))).reshape(shape)

    def still(self, answers: Answers) -> Levels:
        """The verdicts still possible, with an axis of length 1 for each answered fact."""
        index: list[slice] = []
        for fact, choices in zip(self.facts, self.choices, strict=True):
            at = choices.index(answers[fact]) if fact in answers else None
            index.append(slice(None) if at is None else slice(at, at + 1))
        return self.levels[tuple(index)]

    def matters(self, still: Levels, fact: str) -> bool:
        """Whether two answers to this fact can lead to different verdicts, all others being equal."""
        axis = self.facts.index(fact)
        return bool((still.max(axis=axis) != still.min(axis=axis)).any())

    def next(self, answers: Answers) -> str | None:
        """The question to ask, from the rules alone."""
        still = self.still(answers)
        open_facts = [fact for fact in self.facts if fact not in answers and asked_if(fact, answers)]
        for fact in open_facts:
            if self.matters(still, fact):
                return fact
        assert still.min() == still.max(), "nothing to ask, yet the verdict is open"
        left = [fact for fact in open_facts if fact in PREFERENCES]
        return left[0] if left and still.min() != FAILED else None


@pytest.fixture(scope="module")
def oracles() -> dict[str, Oracle]:
    return {project.id: Oracle(project.id) for project in GUIDE.projects}


@PROJECTS
def test_facts_and_choices_are_those_of_the_contract(project: Project) -> None:
    assert [fact.id for fact in project.facts] == FACTS[project.id]
    for fact in project.facts:
        assert [choice.id for choice in fact.choices] == choices_of(fact.id), fact.id


def test_every_combination_gives_the_verdict_of_the_rules(
    oracles: dict[str, Oracle], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every combination, also of answers that don't apply: those have to be without effect."""
    differences: list[tuple[str, Answers]] = []
    report = []
    for project in GUIDE.projects:
        oracle = oracles[project.id]
        begun = time.perf_counter()
        counted = applicable = 0
        for full, level in zip(itertools.product(*oracle.choices), oracle.levels.flat, strict=True):
            answers = dict(zip(oracle.facts, full, strict=True))
            if screening.verdict(project, answers) is not VERDICTS[int(level)]:
                differences.append((project.id, answers))
            counted += 1
        first = {fact: choices[0] for fact, choices in zip(oracle.facts, oracle.choices, strict=True)}
        applicable = sum(1 for _ in _applicable(oracle, first))
        seconds = time.perf_counter() - begun
        assert counted == COMBINATIONS[project.id]
        assert applicable == APPLICABLE[project.id]
        report.append(
            f"{project.id}: {counted:,} combinations ({applicable:,} of facts that apply), {seconds:.1f} s"
        )
    with capsys.disabled():
        print("\n" + "\n".join(report) + f"\n{len(differences)} differences")
    assert differences == []


def _applicable(oracle: Oracle, first: Answers) -> Iterator[int]:
    """One item for each combination in which facts that don't apply have their first choice."""
    gated = [fact for fact in oracle.facts if not asked_if(fact, {})]
    gates = [fact for fact in oracle.facts if fact in ("pilot", "units")]
    others = [fact for fact in oracle.facts if fact not in gated and fact not in gates]
    size = int(np.prod([len(choices_of(fact)) for fact in others]))
    for full in itertools.product(*(choices_of(fact) for fact in (*gates, *gated))):
        answers = dict(zip((*gates, *gated), full, strict=True))
        if all(asked_if(fact, answers) or answers[fact] == first[fact] for fact in gated):
            yield from range(size)


def _walk(project: Project, answers: Answers) -> Iterator[tuple[Answers, Fact | None]]:
    """Every state that the questions can lead to from here, with its open question."""
    fact = screening.next_fact(project, answers)
    yield answers, fact
    if fact is not None:
        for choice in fact.choices:
            yield from _walk(project, screening.put(project, answers, fact.id, choice.id))


@PROJECTS
def test_every_walk_asks_only_what_matters_and_ends_with_the_verdict(
    project: Project, oracles: dict[str, Oracle]
) -> None:
    """All states that the questions lead to, against the oracle.

    The ends cover every combination exactly once, so there is no dead end, and what the screening says
    at an end is the verdict of every combination that leads there: whatever wasn't asked can't change it.
    """
    oracle = oracles[project.id]
    states = ends = covered = longest = 0
    for answers, fact in _walk(project, {}):
        states += 1
        assert (fact.id if fact else None) == oracle.next(answers), answers
        if fact is not None:
            assert screening.verdict(project, answers) is None
            continue
        ends += 1
        longest = max(longest, len(answers))
        still = oracle.still(answers)
        assert still.min() == still.max()
        assert screening.verdict(project, answers) is VERDICTS[int(still.min())], answers
        # What wasn't asked because it doesn't apply is free, like what wasn't asked because it can't matter.
        covered += still.size
    assert covered == COMBINATIONS[project.id]
    assert longest == {"demonstration": 12, "research": 8}[project.id]
    assert states > ends > 100


def _some(project: Project, seed: int, count: int) -> Iterator[tuple[Answers, random.Random]]:
    """Answers to any facts in any order, as an applicant's free words may give them."""
    chance = random.Random(seed)
    for _ in range(count):
        share = chance.random()
        chosen = [fact for fact in project.facts if chance.random() < share]
        chance.shuffle(chosen)
        answers: Answers = {}
        for fact in chosen:
            # The good answer more often than not: else nearly everything fails at once.
            good = "yes" if fact.id not in CHOICES else CHOICES[fact.id][0]
            choice = good if chance.random() < 0.7 else chance.choice(choices_of(fact.id))
            answers = screening.put(project, answers, fact.id, choice)
        yield answers, chance


@PROJECTS
def test_any_order_of_answers_agrees_with_the_oracle_and_ends(
    project: Project, oracles: dict[str, Oracle]
) -> None:
    oracle = oracles[project.id]
    for answers, chance in _some(project, 7, 400):
        state = dict(answers)
        total = None
        while True:
            fact = screening.next_fact(project, state)
            assert (fact.id if fact else None) == oracle.next(state), state
            if fact is None:
                break
            assert fact.id not in state
            number, most = screening.progress(project, state)
            assert number == len(screening.clean(project, state)) + 1 <= most
            assert total is None or most <= total, "the promised number of questions grew"
            total = most
            state = screening.put(project, state, fact.id, chance.choice(fact.choices).id)
        assert total is None or len(state) <= total
        assert screening.verdict(project, state) is VERDICTS[int(oracle.still(state).min())]


@PROJECTS
def test_the_promised_number_of_questions_is_reached_but_not_passed(project: Project) -> None:
    """At the start it is exactly the longest walk."""
    assert screening.progress(project, {}) == (1, {"demonstration": 12, "research": 8}[project.id])
    ends = [len(answers) for answers, fact in _walk(project, {}) if fact is None]
    assert max(ends) == screening.progress(project, {})[1]


def test_progress_when_nothing_is_open() -> None:
    assert screening.progress(DEMONSTRATION, {"applicant": "enterprise"}) == (1, 1)


def test_a_certain_failure_ends_the_screening_at_once() -> None:
    assert screening.next_fact(DEMONSTRATION, {"applicant": "enterprise"}) is None
    assert screening.verdict(DEMONSTRATION, {"applicant": "enterprise"}) is Verdict.FAILED


def test_a_judged_question_is_not_asked_once_something_is_unclear() -> None:
    answers = {"applicant": "city", "pilot": "no", "agenda": "unknown", "fund": "yes", "support": "yes"}
    fact = screening.next_fact(DEMONSTRATION, answers)
    assert fact is not None
    assert fact.id == "implementer"


def test_the_preference_is_asked_last_and_not_after_a_failure() -> None:
    answers = dict.fromkeys(FACTS["demonstration"], "yes") | {"applicant": "city", "pilot": "no"}
    del answers["former_pilot"], answers["pilot_funded"]
    good = answers | {"bad_credit": "no"}
    fact = screening.next_fact(DEMONSTRATION, good)
    assert fact is not None
    assert fact.id == "former_pilot"
    assert screening.verdict(DEMONSTRATION, good) is None
    assert screening.next_fact(DEMONSTRATION, good | {"bad_credit": "yes"}) is None
    for choice in choices_of("former_pilot"):
        assert screening.verdict(DEMONSTRATION, good | {"former_pilot": choice}) is Verdict.MET


def test_put_drops_what_no_longer_applies_and_keeps_the_rest() -> None:
    answers = {"team": "yes", "units": "two", "lead": "yes", "lead_legal": "unknown", "bad_credit": "no"}
    assert screening.put(RESEARCH, answers, "units", "one") == {
        "team": "yes",
        "units": "one",
        "bad_credit": "no",
    }
    kept = screening.put(RESEARCH, answers, "team", "unknown")
    assert kept == answers | {"team": "unknown"}
    assert answers["team"] == "yes", "the given answers aren't touched"


def test_put_keeps_an_answer_that_may_still_apply() -> None:
    early = screening.put(RESEARCH, {}, "lead", "no")
    assert early == {"lead": "no"}
    assert screening.put(RESEARCH, early, "units", "two") == {"lead": "no", "units": "two"}
    assert screening.put(RESEARCH, early, "units", "one") == {"units": "one"}
    assert screening.put(RESEARCH, {"units": "one"}, "lead", "no") == {"units": "one"}


@pytest.mark.parametrize(("fact", "choice"), [("nonsense", "yes"), ("team", "perhaps"), ("", "")])
def test_put_refuses_what_the_guide_does_not_know(fact: str, choice: str) -> None:
    with pytest.raises(KeyError):
        screening.put(RESEARCH, {}, fact, choice)


def test_answers_of_an_older_guide_count_as_not_given() -> None:
    old = {"team": "perhaps", "gone": "yes", "foundation": "yes"}
    fact = screening.next_fact(RESEARCH, old)
    assert fact is not None
    assert fact.id == "expertise"
    assert screening.put(RESEARCH, old, "expertise", "yes") == {"foundation": "yes", "expertise": "yes"}


def test_take_back_goes_through_the_questions_in_reverse() -> None:
    answers: Answers = {}
    asked = []
    while (fact := screening.next_fact(RESEARCH, answers)) is not None:
        asked.append(fact.id)
        answers = screening.put(
            RESEARCH, answers, fact.id, "two" if fact.id == "units" else fact.choices[0].id
        )
    assert asked == [fact for fact in FACTS["research"] if fact != "own_legal"]
    for expected in reversed(asked):
        before = answers
        answers = screening.take_back(RESEARCH, answers)
        assert set(before) - set(answers) == {expected}
        fact = screening.next_fact(RESEARCH, answers)
        assert fact is not None
        assert fact.id == expected
    assert screening.take_back(RESEARCH, {}) == {}


def test_take_back_leaves_what_was_stated_ahead_of_its_question() -> None:
    answers = {"foundation": "yes", "bad_credit": "no"}
    assert screening.take_back(RESEARCH, answers) == {"bad_credit": "no"}
    assert screening.take_back(RESEARCH, {"bad_credit": "no"}) == {"bad_credit": "no"}


@PROJECTS
def test_changing_an_earlier_answer_is_the_same_as_having_given_it(project: Project) -> None:
    for answers, chance in _some(project, 11, 200):
        fact = chance.choice(project.facts)
        choice = chance.choice(fact.choices).id
        changed = screening.put(project, answers, fact.id, choice)
        assert screening.verdict(project, changed) is screening.verdict(project, {**answers, fact.id: choice})
        assert screening.clean(project, changed) == changed
