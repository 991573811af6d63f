"""Conditions as a clerk writes them, turned into expressions.

pilot: {is: yes}
pilot: {is one of: [yes, unknown]}
not: …
all: [… , …]
any: [… , …]
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from bot.guide.model import All, Any, Expression, Is, Not
from bot.guide.tree import Problems, place_of, word

Known = Mapping[str, tuple[str, ...]]
"""Fact id to its choice ids."""

_FORMS = "请写成“事实: {is: 选项}”、“事实: {is one of: [选项, 选项]}”，或用 all、any、not 组合"


class Parser:
    """Reads the expressions of one item.

    Args:
        what: how complaints begin, e.g. 条件“pilot”里.
        known: the facts that may be named.
        later: facts of the project that come only after this one, and so can't be named.
    """

    def __init__(
        self, known: Known, file: str, what: str, problems: Problems, later: frozenset[str] = frozenset()
    ) -> None:
        self._known = known
        self._later = later
        self._file = file
        self._what = what
        self._problems = problems

    def _complain(self, node: yaml.Node, sentence: str) -> None:
        self._problems.add(place_of(node, self._file), f"{self._what}{sentence}")

    def expression(self, node: yaml.Node) -> Expression | None:
        """The expression, or None after a complaint."""
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self._complain(node, f"有一条读不懂，{_FORMS}。")
            return None
        if len(node.value) > 1:
            self._complain(node, "有一处写了几条，请用 all（都要）或 any（任一）把它们列成一串。")
            return None
        key_node, value = node.value[0]
        key = word(key_node) or ""
        if key == "not":
            part = self.expression(value)
            return None if part is None else Not(part)
        if key in ("all", "any"):
            return self._several(key, value)
        return self._is(key, key_node, value)

    def _several(self, key: str, node: yaml.Node) -> Expression | None:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._complain(node, f"“{key}”后面应该是一串条件，请每条写一行，以“- ”开头。")
            return None
        parts = [self.expression(each) for each in node.value]
        sound = tuple(part for part in parts if part is not None)
        if len(sound) < len(parts):
            return None
        return All(sound) if key == "all" else Any(sound)

    def _is(self, fact: str, key_node: yaml.Node, node: yaml.Node) -> Expression | None:
        choices = self._choices(node)
        if fact in self._later:
            self._complain(key_node, f"用到的事实“{fact}”排在后面，请把它移到前面。")
            return None
        if fact not in self._known:
            listed = "、".join(self._known) or "（还没有）"
            self._complain(key_node, f"用到了不存在的事实“{fact}”，请改成已有的：{listed}。")
            return None
        sound = choices is not None
        for place, choice in choices or []:
            if choice not in self._known[fact]:
                listed = "、".join(self._known[fact])
                self._complain(place, f"用到了“{fact}”没有的选项“{choice}”，请改成已有的：{listed}。")
                sound = False
        return Is(fact, tuple(choice for _, choice in choices or [])) if sound else None

    def _choices(self, node: yaml.Node) -> list[tuple[yaml.Node, str]] | None:
        """The choices after ``is`` or ``is one of``, with their nodes."""
        if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
            operator, value = word(node.value[0][0]), node.value[0][1]
            single = operator == "is" and isinstance(value, yaml.ScalarNode)
            several = operator == "is one of" and isinstance(value, yaml.SequenceNode) and bool(value.value)
            nodes = [value] if single else list(value.value) if several else []
            words = [(each, word(each)) for each in nodes]
            sound = [(each, text) for each, text in words if text]
            if sound and len(sound) == len(words):
                return sound
        self._complain(node, f"有一条读不懂，{_FORMS}。")
        return None
