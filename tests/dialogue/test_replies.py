"""Questions and the facts that the replies must and mustn't carry, through the real model and dialogue.

``replies.yml`` says how to read and extend the lists ``replies*.yml``. Each entry is one conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dialogue.conftest import Applicant

GROUPS: dict[str, list[dict[str, Any]]] = {
    group: entries
    for path in sorted(Path(__file__).parent.glob("replies*.yml"))
    for group, entries in yaml.safe_load(path.read_text(encoding="utf-8"))["replies"].items()
}
ENTRIES = [
    pytest.param(entry, id=f"{group}: {'，'.join(entry.get('before', []))} > {entry['ask']}")
    for group, entries in GROUPS.items()
    for entry in entries
]
PHONE = "0931-8533556"
_NUMBERS = re.compile(r"\d{3,4}-\d{7,8}|1[3-9]\d{9}|(?<!\d)\d{7,8}(?!\d)")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?\s*(?:万元|元|万块|块钱|亿)|[一二三四五六七八九十百]+万元")
_DATE = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]|20\d\d\s*年\s*\d{1,2}\s*月|\d{1,2}月底")
VERDICTS = ("不符合", "待确认", "初步符合")


def problems(entry: dict[str, Any], text: str) -> list[str]:
    """What is wrong with a reply: facts that lack, facts that mustn't be there, anything invented."""
    found = [f"lacks {words!r}" for words in entry.get("has", []) if words not in text]
    found += [f"has {words!r}" for words in entry.get("not", []) if words in text]
    found += [f"another phone: {number}" for number in _NUMBERS.findall(text) if number != PHONE]
    found += [f"an amount or a date: {match}" for form in (_AMOUNT, _DATE) for match in form.findall(text)]
    return found + [f"a verdict: {word}" for word in VERDICTS if word in text]


def test_there_are_enough_and_each_expects_something() -> None:
    entries = [entry for group in GROUPS.values() for entry in group]
    assert len(entries) >= 200
    keys = {"before", "ask", "has", "not"}
    assert all(set(entry) <= keys and entry.get("has") for entry in entries)
    asked = [(*entry.get("before", []), entry["ask"]) for entry in entries]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(
    "text",
    ["请打 0931-8533557", "资助50万元", "6月30日前交", "2026年3月截止", "您这是不符合", "打13912345678"],
)
def test_what_is_invented_is_noticed(text: str) -> None:
    assert problems({}, text)


@pytest.mark.parametrize("entry", ENTRIES)
async def test_reply(entry: dict[str, Any], applicant: Callable[[], Applicant]) -> None:
    who = applicant()
    for words in entry.get("before", []):
        await who.say(words)
    reply = await who.say(entry["ask"])
    wrong = problems(entry, reply.text)
    assert not wrong, f"{entry}:\n{wrong}\n--- reply ---\n{reply.text}"


async def test_whom_to_ask_is_said_once(applicant: Callable[[], Applicant]) -> None:
    """What the guide doesn't say ends with the contact: asked for as well, it isn't repeated."""
    reply = await applicant().say("材料交到哪，电话多少")
    assert "材料交到哪里，指南没有写" in reply.text
    assert reply.text.count(PHONE) == 1
