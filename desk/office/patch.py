"""Puts a change into the files of the guide, with comments and order of the YAML as they were."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.guide.editions import HOURS

Values = Mapping[str, str]
Files = dict[str, str]


class MissingError(Exception):
    """The thing to change isn't in the files (any more)."""


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _words(text: str) -> Any:
    """A text as YAML shows it best: empty as nothing, several lines as a block."""
    plain = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    return LiteralScalarString(plain) if "\n" in plain else plain or None


def _change(files: Files, hint: str, find: Callable[[Any], Any], edit: Callable[[Any], None]) -> Files:
    """The files with the first thing that ``find`` finds edited; only files with ``hint`` are looked at.

    Raises:
        MissingError: it is nowhere.
    """
    for name, text in files.items():
        if "/" in name or hint not in text:
            continue
        yaml = _yaml()
        tree = yaml.load(text)
        found = find((tree or {}).get("guide") or {})
        if found is not None:
            edit(found)
            out = io.StringIO()
            yaml.dump(tree, out)
            return {**files, name: out.getvalue()}
    raise MissingError


def _named(items: Any, id: str) -> Any:
    return next((item for item in items or () if str(item.get("id")) == id), None)


def answer(files: Files, target: str, values: Values) -> Files:
    """The wording and the clauses of an answer; ``target`` is ``<topic>`` or ``<topic>:<project>``."""
    topic, _, project = target.partition(":")

    def find(guide: Any) -> Any:
        found = _named(guide.get("topics"), topic)
        answers = (found or {}).get("answers") or ()
        return next((each for each in answers if str(each.get("project") or "") == project), None)

    def edit(item: Any) -> None:
        item["text"] = _words(values["text"])
        clauses = list(_parts(values["clauses"]))
        if clauses != [str(each) for each in item["clauses"]]:
            item["clauses"][:] = clauses

    return _change(files, f"id: {topic}", find, edit)


def blank(files: Files, target: str, values: Values) -> Files:
    """What the guide doesn't say: the office's words, and where they come from."""
    return _change(
        files, f"id: {target}", lambda guide: _named(guide.get("blanks"), target), _setting(values)
    )


def contact(files: Files, target: str, values: Values) -> Files:
    """Division and phone of a project."""

    def find(guide: Any) -> Any:
        return (_named(guide.get("projects"), target) or {}).get("contact")

    return _change(files, f"id: {target}", find, _setting(values))


def chat(files: Files, target: str, values: Values) -> Files:
    """One of the texts that are no fact of the guide."""

    def find(guide: Any) -> Any:
        texts = guide.get("chat") or {}
        return texts if target in texts else None

    return _change(files, f"{target}:", find, _setting({target: values["text"]}))


def _setting(values: Values) -> Callable[[Any], None]:
    def edit(item: Any) -> None:
        for name, text in values.items():
            item[name] = _words(text)

    return edit


def _parts(text: str) -> Iterator[str]:
    for part in text.replace("，", "、").replace(",", "、").replace("\n", "、").split("、"):
        if part.strip():
            yield part.strip()


def hours(files: Files, target: str, values: Values) -> Files:
    """Working hours, holidays, days worked instead. Raises ValueError, in Chinese, for what can't be read."""
    yaml = _yaml()
    tree = yaml.load(files[HOURS])
    desk = tree["desk"]
    for name, found in (
        ("weekdays", [_number(each) for each in _parts(values["weekdays"])]),
        ("spans", [DoubleQuotedScalarString(each) for each in _parts(values["spans"])]),
        ("workdays", [_day(each) for each in _parts(values["workdays"])]),
    ):
        desk[name] = _flow(found)
    desk["wait_minutes"] = _number(values["wait_minutes"])
    lines = [line for line in values["holidays"].splitlines() if line.strip()]
    desk["holidays"][:] = [_holiday(line) for line in lines]
    out = io.StringIO()
    yaml.dump(tree, out)
    return {**files, HOURS: out.getvalue()}


def _flow(items: list[Any]) -> CommentedSeq:
    found = CommentedSeq(items)
    found.fa.set_flow_style()
    return found


def _holiday(line: str) -> CommentedMap:
    words = line.split()
    if len(words) != 3:
        raise ValueError(f"节假日“{line.strip()}”应写成：名称 开始日期 结束日期，用空格隔开。")
    found = CommentedMap({"name": words[0], "from": _day(words[1]), "to": _day(words[2])})
    if found["from"] > found["to"]:
        raise ValueError(f"节假日“{line.strip()}”的开始日期晚于结束日期。")
    found.fa.set_flow_style()
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"日期“{text}”应写成 2026-10-01 这样。") from None


def _number(text: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit():
        raise ValueError(f"“{text}”应是一个数。")
    return int(text)


def whole(files: Files, target: str, values: Values) -> Files:
    """A whole file, as it was typed."""
    text = values["text"].replace("\r\n", "\n")
    return {**files, target: text if text.endswith("\n") else text + "\n"}
