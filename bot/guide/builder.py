"""What the builders of the guide's parts share: ids that stand once, clauses, where things were written."""

from __future__ import annotations

from bot.guide.forms import ID, check_clause
from bot.guide.tree import Item, Place, Problems

Places = dict[str, Item]
"""Where each thing was written, e.g. demonstration/条件/pilot, 话题/duration/0, 闲话/thanks."""


class Builder:
    """Builds parts of the guide from items.

    Attributes:
        places: filled as things are built.
        incomplete: ids of projects from which something is missing after a mistake already noted.
        choices: the lines of a fact's choices, by the fact's place.
        special: the lines and choices under a condition's ``failed_for``, by the condition's place.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.places: Places = {}
        self.incomplete: set[str] = set()
        self.choices: dict[str, list[Place]] = {}
        self.special: dict[str, list[tuple[Place, str]]] = {}

    def name(self, item: Item, kind: str, path: str = "") -> str:
        """An item's id, which may stand only once in its list. Later sentences call the item by it."""
        id = item.text("id", shown=False)
        if id:
            item.what = f"{kind}“{id}”"
            self.once(item, f"{path}{kind}/{id}")
            self.form(item, id)
        return id

    @staticmethod
    def form(item: Item, id: str) -> None:
        """Complain about an id that can't stand in a tap."""
        if not ID.fullmatch(id):
            item.broken = True
            rule = "只能用小写字母、数字和下划线，并以字母开头"
            item.complain("id", f"{item.what}的 id {rule}，请改名。")

    def once(self, item: Item, key: str) -> None:
        """Remember where something was written; complain where there is one already."""
        before = self.places.setdefault(key, item).place
        if self.places[key] is not item:
            where = f"{before.file} 第 {before.line} 行已经有一个"
            item.problems.add(item.place, f"{item.what}重复了，{where}，请改名或删掉一个。")

    @staticmethod
    def clause(item: Item, key: str = "clause", required: bool = True) -> str:
        """A clause in the guide's form."""
        clause = item.text(key, required)
        if clause:
            check_clause(item, item.where(key), key, clause)
        return clause
