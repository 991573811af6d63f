"""What a change would do: to all combinations of answers, to past screenings, and to the answers' words."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from bot.guide import compare, screening
from bot.guide.model import Guide, Project
from desk.faqlog.models import Screening

_SHOWN = 50


class Row(NamedTuple):
    """Combinations whose verdict changes. ``example`` are questions and answers in words."""

    before: str
    after: str
    number: int
    example: list[str]


class Effect(NamedTuple):
    """What changes for one project: ``past`` screenings by the two verdicts, ``cases`` some of them."""

    project: str
    total: int
    rows: list[Row]
    notes: tuple[str, ...]
    seen: int
    past: list[tuple[str, str, int]]
    cases: list[dict[str, Any]]
    problem: str = ""


def effects(old: Guide, new: Guide) -> list[Effect]:
    """For each project whose conditions or questions differ."""
    found = []
    for project in new.projects:
        before = next((each for each in old.projects if each.id == project.id), None)
        if before is not None and (before.facts, before.conditions) != (project.facts, project.conditions):
            found.append(_effect(before, project))
    return found


def _effect(old: Project, new: Project) -> Effect:
    problem = ""
    result = compare.Comparison(0, (), ())
    try:
        result = compare.compare(old, new)
    except ValueError as error:
        problem = str(error)
    rows = [
        Row(each.before.value, each.after.value, each.number, _in_words(new, each.example))
        for each in result.changed
    ]
    seen, past, cases = _past(old, new)
    return Effect(new.short, result.total, rows, result.notes, seen, past, cases, problem)


def _in_words(project: Project, answers: dict[str, str]) -> list[str]:
    given = screening.clean(project, answers)
    facts = {fact.id: fact for fact in project.facts}
    return [f"{facts[id].name}：{facts[id].choice(choice).label}" for id, choice in given.items()]


def _past(old: Project, new: Project) -> tuple[int, list[tuple[str, str, int]], list[dict[str, Any]]]:
    """Past screenings of this project under both versions; the same answers are worked out once."""
    known: dict[str, tuple[str, str]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    changed: dict[int, tuple[str, str]] = {}
    seen = 0
    rows = Screening.objects.filter(project=old.id).order_by("-id")
    # As the text that the database has: there are many screenings, and few ways to answer.
    for pk, text in rows.values_list("pk", Cast("answers", TextField())).iterator():
        if text not in known:
            answers = json.loads(text)
            known[text] = (_verdict(old, answers), _verdict(new, answers))
        seen += 1
        before, after = known[text]
        if before != after:
            counts[before, after] += 1
            if len(changed) < _SHOWN:
                changed[pk] = before, after
    cases = [
        {"at": row.last_at, "conversation": row.conversation_id, "before": before, "after": after}
        for row in rows.filter(pk__in=changed)
        for before, after in [changed[row.pk]]
    ]
    return seen, [(*pair, count) for pair, count in counts.most_common()], cases


def _verdict(project: Project, answers: dict[str, str]) -> str:
    found = screening.verdict(project, answers)
    return found.value if found else "还在核对"


class Line(NamedTuple):
    """A line of a comparison: ``same``, ``gone`` or ``new``; ``skip`` for lines left out."""

    what: str
    text: str


def lines(before: str, after: str, around: int = 2) -> list[Line]:
    """Two texts line by line, with only a few lines around what differs."""
    found: list[Line] = []
    for group in difflib.SequenceMatcher(
        None, before.splitlines(), after.splitlines(), autojunk=False
    ).get_grouped_opcodes(around):
        if found:
            found.append(Line("skip", "…"))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found += [Line("same", text) for text in before.splitlines()[a:b]]
                continue
            found += [Line("gone", text) for text in before.splitlines()[a:b]]
            found += [Line("new", text) for text in after.splitlines()[c:d]]
    return found
