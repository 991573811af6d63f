"""Builds a project: its facts, its conditions, the division in charge."""

from __future__ import annotations

from typing import get_args

from bot.guide.builder import Builder
from bot.guide.forms import check_clause, check_phone
from bot.guide.model import All, Choice, Condition, Contact, Direction, Expression, Fact, Kind, Project
from bot.guide.parse import Known, Parser
from bot.guide.tree import Item, place_of, word

DIRECTIONS = "directions"
"""Among a fact's choices it stands for one choice for each direction: ``d1``, ``d2`` and so on."""


def build_project(build: Builder, item: Item, id: str, directions: tuple[Direction, ...]) -> Project:
    """One project, as far as it can be read; ``incomplete`` notes it where something is missing.

    Args:
        directions: this project's research directions.
    """
    facts = _facts(build, item, id, directions)
    known = {fact.id: tuple(choice.id for choice in fact.choices) for fact in facts}
    conditions = [_condition(build, each, id, known) for each in item.items("conditions", "条件")]
    project = Project(
        id=id,
        name=item.text("name"),
        short=item.text("short"),
        synonyms=item.texts("synonyms", required=False),
        duration=item.text("duration"),
        duration_clause=build.clause(item, "duration_clause"),
        tasks=item.texts("tasks"),
        tasks_clause=build.clause(item, "tasks_clause"),
        deliverables=item.texts("deliverables"),
        deliverables_clause=build.clause(item, "deliverables_clause"),
        prepare=item.texts("prepare"),
        contact=_contact(build, item),
        facts=facts,
        conditions=tuple(each for each in conditions if each is not None),
        directions=directions,
    )
    item.done()
    if not facts or not conditions or None in conditions:
        build.incomplete.add(id)
    return project


def _contact(build: Builder, item: Item) -> Contact:
    """The division in charge; all may be left blank. ``clause`` may be a source that the office gives."""
    inner = item.item("contact", f"{item.what}的“contact”")
    if inner is None:
        return Contact()
    phone = inner.text("phone", required=False)
    check_phone(inner, "phone", phone)
    division = inner.text("division", required=False)
    clause = inner.text("clause", required=False)
    if clause[:2] in ("一（", "二（"):
        check_clause(inner, inner.where("clause"), "clause", clause)
    if (division or phone) and not clause:
        inner.complain("clause", f"{inner.what}没有写“clause”，请补上指南条款号，或主管部门答复的出处。")
    contact = Contact(division, phone, clause)
    inner.done()
    return contact


def _facts(build: Builder, item: Item, project: str, directions: tuple[Direction, ...]) -> tuple[Fact, ...]:
    """The facts in their order; a fact may depend on earlier ones only."""
    named = [(each, build.name(each, "事实", f"{project}/")) for each in item.items("facts", "事实")]
    known: dict[str, tuple[str, ...]] = {}
    facts = []
    for at, (each, id) in enumerate(named):
        later = frozenset(later for _, later in named[at:]) - known.keys()
        parser = Parser(known, each.file, f"{each.what}的 when 里", build.problems, later)
        fact = _fact(build, each, id, _choices(build, each, f"{project}/事实/{id}", directions), parser)
        known[id] = tuple(choice.id for choice in fact.choices)
        facts.append(fact)
        if each.broken:
            build.incomplete.add(project)
    return tuple(facts)


def _fact(build: Builder, item: Item, id: str, choices: tuple[Choice, ...], parser: Parser) -> Fact:
    fact = Fact(
        id=id,
        name=item.text("name"),
        question=item.text("question"),
        about=item.text("about"),
        hint=item.text("hint"),
        clause=build.clause(item),
        choices=choices,
        when=_expression(item, "when", parser),
        mentions=item.texts("mentions", required=False, shown=False),
    )
    item.done()
    return fact


def _choices(build: Builder, item: Item, path: str, directions: tuple[Direction, ...]) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for node in item.nodes("choices"):
        before = len(choices)
        if word(node) == DIRECTIONS:
            choices += [Choice(f"d{each.number}", each.name) for each in directions]
        else:
            choices.append(_choice(build, Item(node, item.file, f"{item.what}的选项", build.problems)))
        build.choices.setdefault(path, []).extend([place_of(node, item.file)] * (len(choices) - before))
    return tuple(choices)


def _choice(build: Builder, item: Item) -> Choice:
    id = item.text("id", shown=False)
    if id:
        item.what += f"“{id}”"
        build.form(item, id)
    choice = Choice(id, item.text("label"), item.texts("synonyms", required=False, shown=False))
    item.done()
    return choice


def _expression(item: Item, key: str, parser: Parser, required: bool = False) -> Expression | None:
    node = item.node(key, required)
    if node is None:
        return None
    found = parser.expression(node)
    if found is None:
        item.broken = True
    return found


def _condition(build: Builder, item: Item, project: str, known: Known) -> Condition | None:
    """One condition; None after a mistake that leaves nothing to reason about."""
    id = build.name(item, "条件", f"{project}/")
    kind = item.text("kind", shown=False)
    if kind and kind not in get_args(Kind):
        item.broken = True
        allowed = "、".join(get_args(Kind))
        item.complain("kind", f"{item.what}的“kind”不能是“{kind}”，请改成 {allowed} 之一。")
    parser = Parser(known, item.file, f"{item.what}里", build.problems)
    requires = _expression(item, "requires", parser, required=True)
    special = item.pairs("failed_for")
    build.special[f"{project}/条件/{id}"] = [(place, choice) for place, choice, _ in special]
    condition = Condition(
        id=id,
        name=item.text("name"),
        kind=kind,  # type: ignore[arg-type]  # a wrong kind has been noted, and None is returned
        clause=build.clause(item),
        requires=requires or All(()),
        met=item.text("met"),
        unclear=item.text("unclear"),
        failed=item.text("failed", required=kind == "hard"),
        change=item.text("change", required=kind != "preference"),
        when=_expression(item, "when", parser),
        failed_for={choice: text for _, choice, text in special},
    )
    item.done()
    return None if item.broken else condition
