"""Whole conversations in YAML, through the real model, actions and store.

A turn is what the applicant does (``say``, ``tap`` or ``event``) and what must then be so: ``has`` and
``not`` (words of the reply), ``offers`` (tap ids among its options), ``asks`` (the fact that is asked).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dialogue.conftest import Applicant

FILES = sorted((Path(__file__).parent / "dialogues").glob("*.yml"))
DIALOGUES = [
    pytest.param(dialogue, id=f"{file.stem}: {dialogue['name']}")
    for file in FILES
    for dialogue in yaml.safe_load(file.read_text(encoding="utf-8"))["dialogues"]
]
VERDICTS = ("不符合", "待确认", "初步符合")


@pytest.mark.parametrize("dialogue", DIALOGUES)
async def test_dialogue(dialogue: dict[str, Any], applicant: Callable[[], Applicant]) -> None:
    who = applicant()
    for number, turn in enumerate(dialogue["turns"], 1):
        await _act(who, turn)
        problems = _problems(who, turn)
        assert not problems, (
            f"turn {number}, {turn}:\n{problems}\n--- reply ---\n{who.reply.text}\n{who.taps}"
        )


async def _act(who: Applicant, turn: dict[str, Any]) -> None:
    if "say" in turn:
        await who.say(str(turn["say"]))
    elif "tap" in turn:
        await who.tap(turn["tap"])
    else:
        await who.event(turn["event"], turn.get("text", ""))


def _problems(who: Applicant, turn: dict[str, Any]) -> list[str]:
    text = who.reply.text
    found = [f"lacks {words!r}" for words in turn.get("has", []) if words not in text]
    found += [f"has {words!r}" for words in turn.get("not", []) if words in text]
    found += [f"doesn't offer {tap}" for tap in turn.get("offers", []) if tap not in who.taps]
    asked = turn.get("asks")
    if asked and not any(f":{asked}:" in tap for tap in who.taps):
        found.append(f"doesn't ask {asked}")
    given = [word for word in VERDICTS if word in text]
    if turn.get("verdict"):
        if given != [turn["verdict"]] or not text.splitlines():
            found.append(f"verdict {given}, not {turn['verdict']}")
    elif given:
        found.append(f"verdict words {given} in a reply that gives no verdict")
    return found
