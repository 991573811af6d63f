"""The grammar of tap ids."""

from __future__ import annotations

import json

import pytest

from actions.taps import Heard, Option, buttons, corrections, hear, parsed, score

KNOWN = {
    "human": Heard("human", {}),
    "cancel": Heard("cancel", {}),
    "ask:research": Heard("screen", {"project": "research"}),
    "ask:research:team:yes": Heard("answer", {"tap": "ask:research:team:yes"}),
    "ask:research:team": Heard("answer", {"tap": "ask:research:team"}),
    "topic:duration": Heard("duration", {}),
    "topic:duration:research": Heard("duration", {"project": "research"}),
    "helped:3": Heard("helped", {"asked": "3"}),
    "unsolved:12": Heard("unsolved", {"asked": "12"}),
    "resume": Heard("continue", {"tap": "resume"}),
    "resume:research:team=no": Heard("continue", {"tap": "resume:research:team=no", "project": "research"}),
    "topic:direction_detail:7": Heard("direction_detail", {"direction_number": "7"}),
}


@pytest.mark.parametrize(("tap", "heard"), KNOWN.items())
def test_every_form_of_tap_is_heard(tap: str, heard: Heard) -> None:
    assert hear(tap) == heard


@pytest.mark.parametrize("tap", ["", "ask", "ask:a:b:c:d", "topic", "人工", "restart", "helped", "helped:x"])
def test_other_ids_are_not_ours(tap: str) -> None:
    assert hear(tap) is None


@pytest.mark.parametrize("tap", KNOWN)
def test_rasas_own_channels_hear_the_same(tap: str) -> None:
    """A button's payload, as Rasa parses it, is what our channels hear from the tap."""
    from rasa.core.channels.channel import UserMessage
    from rasa.nlu.classifiers.regex_message_handler import YAMLStoryReader
    from rasa.shared.core.trackers import DialogueStateTracker  # noqa: F401 - Rasa's imports are circular
    from rasa.shared.nlu.training_data.message import Message

    payload = buttons([Option(tap, "x")])[0]["payload"]
    message = YAMLStoryReader.unpack_regex_message(Message({"text": payload}))
    ours = parsed(KNOWN[tap], "x")
    assert message.get("intent")["name"] == ours["intent"]["name"]
    assert {e["entity"]: e["value"] for e in message.get("entities") or []} == KNOWN[tap].entities
    assert UserMessage(payload).text == payload
    assert json.dumps(ours)


def test_a_button_must_carry_a_tap_id() -> None:
    with pytest.raises(ValueError, match="not a tap id"):
        buttons([Option("nonsense", "x")])


def test_what_staff_corrected_is_read_from_the_tap() -> None:
    assert corrections("resume") == []
    assert corrections("resume:research:team=no,units=two") == [("team", "no"), ("units", "two")]


def test_a_score_names_its_ticket() -> None:
    assert score("score:12:5") == ("12", 5)
    assert [score(tap) for tap in ("score:12:6", "score:12:0", "score:x:3", "score:12", "human")] == [
        None
    ] * 5
