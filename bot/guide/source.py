"""The official text, cut into clauses by their numbers. It is the operator's data and no part of the project.

The printed guide numbers its parts 一、 then （一） then ① or 1. — so a clause's name is what those give
together: 一（二）①, 二（二）2. A clause's text is what stands under its own number alone; a part's text
is its heading and whatever stands before its first clause.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.errors import GuideError
from bot.guide.editions import SOURCE

Clauses = Mapping[str, str]
"""Clause to its text."""

_PART = re.compile(r"([一二三四五六七八九十]+)[、.．]\s*(.*)")
_SECTION = re.compile(r"[（(]([一二三四五六七八九十]+)[）)]\s*(.*)")
_CIRCLED = re.compile(r"([①-⑳])\s*(.*)")
_NUMBERED = re.compile(r"([0-9０-９]{1,2})[.．、]\s*(.*)")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_MOST = 4_000
"""Characters of one clause; more means that the text isn't of the expected form."""


def cut(lines: Iterable[str]) -> dict[str, str]:
    """The clauses of a text.

    Raises:
        GuideError: no clause was found in it, or one is too long to be a clause.
    """
    found: dict[str, str] = {}
    part = section = here = ""
    for line in lines:
        text = line.replace("\u3000", " ").strip()
        if match := _PART.match(text):
            part, section = match[1], ""
            here = part
        elif part and (match := _SECTION.match(text)):
            section = f"{part}（{match[1]}）"
            here = section
        elif section and (match := _CIRCLED.match(text) or _NUMBERED.match(text)):
            here = section + match[1].translate(_WIDE)
        elif here and text:
            found[here] = _joined(found[here], text)
            continue
        else:
            continue
        found[here] = _joined(found[here], text) if here in found else text
    _check(found)
    return found


def _joined(before: str, text: str) -> str:
    """A line that goes on where the page was too narrow, or stands apart, after a heading or a sentence."""
    heading = not re.search("[，。；、：]", before)
    return f"{before}\n{text}" if heading or before[-1] in "。！？：；)）" else before + text


def _check(found: Clauses) -> None:
    if len(found) < 3 or not any("（" in clause for clause in found):
        raise GuideError(["没有找到“一、”“（一）”“①”或“1.”这样的条款编号，请检查文件是不是申报指南正文。"])
    for clause, text in found.items():
        if len(text) > _MOST:
            raise GuideError([f"条款 {clause} 有 {len(text)} 个字，太长了，可能是编号没有识别出来。"])


def find(clauses: Clauses, clause: str) -> str | None:
    """The text of a clause: its own, or that of all its numbered parts; None when it isn't there.

    ``一（二）`` is the heading and every clause below it.
    """
    below = [text for name, text in clauses.items() if name == clause or _under(name, clause)]
    return "\n".join(below) if below else None


def _under(name: str, clause: str) -> bool:
    """Whether ``name`` is a clause below ``clause``: 一 has 一（二） below it, and that has 一（二）①."""
    if not name.startswith(clause) or name == clause:
        return False
    return clause.endswith("）") or name[len(clause)] == "（"


def dump(clauses: Clauses) -> str:
    """As the text of an edition's file."""
    return json.dumps(dict(clauses), ensure_ascii=False, indent=1)


def load(folder: Path) -> dict[str, str]:
    """The official text of an edition; empty when it has none. Raises GuideError when it can't be read."""
    path = folder / SOURCE
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(clause): str(text) for clause, text in found.items()}
    except (ValueError, AttributeError) as error:
        raise GuideError([f"{SOURCE}:1 读不懂，请重新载入官方原文。"]) from error
