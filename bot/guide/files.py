"""One file of the pack as YAML nodes. What can't be read as YAML is reported in words for a clerk."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.guide.tree import Item, Place, Problems


def read_file(path: Path, problems: Problems) -> Item | None:
    """The mapping under ``guide:`` of one file; None after a mistake that leaves nothing to read."""
    text = _text(path, problems)
    node = None if text is None else _compose(text, path.name, problems)
    if node is None:
        return None
    top = Item(node, path.name, "文件", problems)
    inner = top.item("guide", "guide")
    top.done()
    if inner is None and not top.broken and not top.names():
        problems.add(top.place, "文件最上层请写“guide:”，其余内容缩进写在它下面。")
    return inner


def _text(path: Path, problems: Problems) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.add(Place(path.name, line), "文件不是 UTF-8 编码，请用 UTF-8 另存一次。")
        return None


def _compose(text: str, file: str, problems: Problems) -> yaml.Node | None:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                # An alias can make a mapping contain itself, and a clerk can't see where a text comes from.
                line = event.start_mark.line + 1 if event.start_mark else 1
                problems.add(Place(file, line), "这里用了 YAML 的引用（*），请把内容直接写出来。")
                return None
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = _line(error, text)
        problems.add(Place(file, line), f"YAML 格式读不懂，{_advice(text, line)}。")
        return None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        problems.add(Place(file, line), "这里有不能显示的字符，请删掉重新输入。")
        return None
    if node is None:
        problems.add(Place(file, 1), "文件是空的，请写上内容或删掉这个文件。")
    return node


def _line(error: yaml.MarkedYAMLError, text: str) -> int:
    """Where it went wrong; where something never closes, the line where it opens."""
    mark = error.problem_mark
    if mark is None or (error.context_mark is not None and mark.index >= len(text.rstrip())):
        mark = error.context_mark
    return 1 if mark is None else mark.line + 1


def _advice(text: str, line: int) -> str:
    lines = text.splitlines()
    if line <= len(lines) and "\t" in lines[line - 1]:
        return "这一行用了制表符，请改成空格"
    return "请检查这一行和上一行的缩进、冒号后的空格、引号和括号"
