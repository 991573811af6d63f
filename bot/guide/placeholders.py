"""What a text may name in braces: facts of a project, like ``{research.duration}``, and ``{basis}``.

So a number, a phone or a clause stands in one place of the pack only. Braces have no other use in the texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from bot.guide.model import Contact, Guide, Project

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

BASIS = "basis"
"""Stands for the clauses of the answer that it is in."""

PROJECTS = ("demonstration", "research")

NO_CONTACT = "主管处室和电话指南没有写"

_CLAUSE = re.compile(r"[一二]（")


def basis(clauses: Iterable[str]) -> str:
    """Where an answer comes from, e.g. （依据：一（二）①）; empty without clauses."""
    named = "、".join(clause for clause in clauses if clause)
    return f"（依据：{named}）" if named else ""


def contact(contact: Contact) -> str:
    """Division and phone, or that the guide names none."""
    phone = f"电话{contact.phone}" if contact.phone else ""
    return "，".join(part for part in (contact.division, phone) if part) or NO_CONTACT


def _contact_basis(contact: Contact) -> str:
    """The clause that a contact stands in, or the source that the office gave for it; empty for none."""
    if not contact.clause or _CLAUSE.match(contact.clause):
        return basis([contact.clause])
    return f"（来源：{contact.clause}）"


def _directions(project: Project) -> str:
    return "\n".join(f"{direction.number}. {direction.name}" for direction in project.directions)


NAMES: dict[str, Callable[[Project], str]] = {
    "name": lambda project: project.name,
    "short": lambda project: project.short,
    "duration": lambda project: project.duration,
    "duration.basis": lambda project: basis([project.duration_clause]),
    "deliverables": lambda project: "，".join(project.deliverables),
    "contact": lambda project: contact(project.contact),
    "contact.division": lambda project: project.contact.division,
    "contact.phone": lambda project: project.contact.phone,
    "contact.basis": lambda project: _contact_basis(project.contact),
    "directions": _directions,
    "directions.count": lambda project: str(len(project.directions)),
}
"""What follows the project's id and a dot."""

LIVE = ("ahead", "hours", "opening")
"""What only the help desk knows, at the moment: how many wait before, its hours, when it opens next."""

LIVE_KEYS = "handoff_"
"""What the keys of the chat texts begin with that may name it."""

MAY_BE_EMPTY = frozenset({"contact.basis"})


def unknown(text: str) -> list[str]:
    """The placeholders that nothing can fill, in order, as written; a lone brace counts as one."""
    wrong = [f"{{{name}}}" for name in PLACEHOLDER.findall(text) if not _known(name)]
    return wrong + re.findall("[{}]", PLACEHOLDER.sub("", text))


def _known(name: str) -> bool:
    project_id, _, rest = name.partition(".")
    return name == BASIS or (project_id in PROJECTS and rest in NAMES)


def value(guide: Guide, name: str, clauses: Iterable[str] = ()) -> str | None:
    """What a placeholder stands for: empty where the guide leaves it blank, None for no such thing."""
    if name == BASIS:
        return basis(clauses)
    project_id, _, rest = name.partition(".")
    found = [project for project in guide.projects if project.id == project_id]
    return NAMES[rest](found[0]) if found and rest in NAMES else None


def fill(guide: Guide, text: str, clauses: Iterable[str] = (), live: Mapping[str, str] | None = None) -> str:
    """The text with its placeholders filled in.

    Args:
        clauses: what ``{basis}`` names.
        live: what the names in `LIVE` stand for at the moment.

    Raises:
        KeyError: a placeholder that the loader would refuse.
    """
    named, known = tuple(clauses), live or {}

    def one(match: re.Match[str]) -> str:
        found = known.get(match.group(1)) or value(guide, match.group(1), named)
        if found is None:
            raise KeyError(match.group(1))
        return found

    return PLACEHOLDER.sub(one, text)
