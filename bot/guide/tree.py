"""YAML nodes with their lines, and a collector of mistakes. Values stay as written: ``yes`` is a word.

PyYAML's composer gives nodes with their place and their words; its constructor would turn YAML 1.1's
``yes`` and ``no`` into booleans, so it isn't used.
"""

from __future__ import annotations

import difflib
from typing import NamedTuple

import yaml

from bot.errors import GuideError

VERDICT_WORDS = ("不符合", "待确认", "初步符合")
"""They stand in the verdict alone; `bot.guide.screening` writes them."""

_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"


class Place(NamedTuple):
    """A line of a file, counted from 1."""

    file: str
    line: int


class Problems:
    """All mistakes found so far."""

    def __init__(self) -> None:
        self._found: dict[tuple[Place, str], None] = {}

    def add(self, place: Place, sentence: str) -> None:
        """Note a mistake: one sentence in Chinese that says what is wrong and what to write."""
        self._found[place, sentence] = None

    def stop(self) -> None:
        """Raise GuideError with everything noted, in the files' order; nothing noted: do nothing."""
        if self._found:
            raise GuideError([f"{file}:{line} {text}" for (file, line), text in sorted(self._found)])


def place_of(node: yaml.Node, file: str) -> Place:
    """Where a node starts."""
    return Place(file, node.start_mark.line + 1)


def word(node: yaml.Node) -> str | None:
    """A scalar's words as written, None for anything else. ``Yes`` and ``NO`` are yes and no."""
    if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL:
        return None
    text = str(node.value).strip()
    return text.lower() if node.tag == _BOOL else text


class Item:
    """One mapping of the pack. Each reader takes a field by its key; `done` reports the keys left over.

    Args:
        what: how sentences call this item, e.g. 事实“pilot”.
    """

    def __init__(self, node: yaml.Node, file: str, what: str, problems: Problems) -> None:
        self.file = file
        self.what = what
        self.problems = problems
        self.place = place_of(node, file)
        self._nodes: dict[str, tuple[Place, yaml.Node]] = {}
        self._known: list[str] = []
        self.broken = not isinstance(node, yaml.MappingNode)
        if not isinstance(node, yaml.MappingNode):
            problems.add(self.place, f"{what}应该是“名称: 内容”的形式，请检查缩进和冒号。")
            return
        for key_node, value in node.value:
            key, place = word(key_node) or "", place_of(key_node, file)
            if key in self._nodes:
                problems.add(place, f"{what}里“{key}”写了两次，请只留一处。")
            self._nodes[key] = (place, value)

    def complain(self, key: str, sentence: str) -> None:
        """Note a mistake at the line of a field, or of the item where the field isn't there."""
        self.problems.add(self.where(key), sentence)

    def where(self, key: str) -> Place:
        """The line of a field's key; the item's own where there is no such field."""
        return self._nodes[key][0] if key in self._nodes else self.place

    def node(self, key: str, required: bool = False) -> yaml.Node | None:
        """A field's node; None where it isn't there or is left empty."""
        self._known.append(key)
        node = self._nodes[key][1] if key in self._nodes else None
        if node is not None and not (isinstance(node, yaml.ScalarNode) and node.tag == _NULL):
            return node
        if required and not self.broken:
            self.broken = True
            left = "空着" if node is not None else "没有写"
            hint = "指南条款号，例如 一（二）①" if key.endswith("clause") else "这一项"
            self.complain(key, f"{self.what}{left}“{key}”，请补上{hint}。")
        return None

    def text(self, key: str, required: bool = True, shown: bool = True, braces: bool = False) -> str:
        """A field of words; empty where it isn't there.

        Args:
            shown: applicants read it, so the three words of a verdict may not stand in it.
            braces: it may name facts of the guide in braces.
        """
        node = self.node(key, required)
        if node is None:
            return ""
        found = word(node)
        if found is None or not found:
            if found is None or required:
                self.broken = True
                self.complain(key, f"{self.what}的“{key}”应该是一句文字，请改成一行字。")
            return ""
        if shown:
            self._readable(self.where(key), found, braces)
        return found

    def _readable(self, place: Place, text: str, braces: bool) -> None:
        for each in VERDICT_WORDS:
            if each in text:
                sentence = f"{self.what}的文字里有“{each}”，这个词只能由结论说出，请换个说法。"
                self.problems.add(place, sentence)
        if not braces and ("{" in text or "}" in text):
            self.problems.add(place, f"{self.what}的文字里有花括号，这里不能引用别处，请直接写出内容。")

    def nodes(self, key: str, required: bool = True) -> list[yaml.Node]:
        """The nodes of a list field; empty where it isn't there."""
        node = self.node(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or (required and not node.value):
            self.broken = True
            self.complain(key, f"{self.what}的“{key}”应该是一个列表，请每条写一行，以“- ”开头。")
            return []
        return list(node.value)

    def texts(self, key: str, required: bool = True, shown: bool = True) -> tuple[str, ...]:
        """A list of words."""
        found: list[str] = []
        for node in self.nodes(key, required):
            text = word(node)
            if not text:
                self.broken = True
                sentence = f"{self.what}的“{key}”里有一条不是文字，请改成一行字。"
                self.problems.add(place_of(node, self.file), sentence)
                continue
            if shown:
                self._readable(place_of(node, self.file), text, False)
            found.append(text)
        return tuple(found)

    def items(self, key: str, what: str, required: bool = True) -> list[Item]:
        """A list of mappings, each called by its id, number or place in the list."""
        return [self._item(node, f"{what}第 {n} 条") for n, node in enumerate(self.nodes(key, required), 1)]

    def item(self, key: str, what: str) -> Item | None:
        """A single mapping; None where it isn't there."""
        node = self.node(key)
        if node is None:
            return None
        item = self._item(node, what)
        item.place = self.where(key)
        return item

    def _item(self, node: yaml.Node, what: str) -> Item:
        return Item(node, self.file, what, self.problems)

    def pairs(self, key: str) -> list[tuple[Place, str, str]]:
        """A mapping of words to words."""
        item = self.item(key, f"{self.what}的“{key}”")
        return [(item.where(name), name, item.text(name)) for name in item.names()] if item else []

    def names(self) -> list[str]:
        """The keys as written."""
        return list(self._nodes)

    def done(self) -> None:
        """Report the keys that nobody asked for."""
        for key, (place, _) in self._nodes.items():
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, 1)
                hint = f"请改成“{near[0]}”" if near else f"请删掉，或改成 {'、'.join(self._known)} 之一"
                self.problems.add(place, f"{self.what}里不认识“{key}”，{hint}。")
