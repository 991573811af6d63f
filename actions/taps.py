"""What a tap id means, and how Rasa hears it.

The grammar (a stable contract, since an option may be tapped days later):

    ask:<project>                    start that screening, or go on with it
    ask:<project>:<fact>:<choice>    answer one question
    ask:<project>:<fact>             put one question again, to change its answer
    topic:<topic>                    ask a topic
    topic:<topic>:<project|number>   the same for one project, or one research direction
    helped:<n>, unsolved:<n>         what the applicant thinks of the n-th answer
    human, cancel                    ask for a person; leave the screening
    source:<clause>                  read a clause of the official text, e.g. source:一（二）①
    erase, erase:yes                 have everything about oneself erased: asked for, and confirmed
    score:<ticket>:<1 to 5>          how a stretch with a person was; the worker takes it, Rasa never hears it
    follow                           no tap: the account was followed, or its code scanned
    resume                           no tap: a person gave the conversation back: put the open question again
    resume:<project>:<fact>=<choice>,…   the same, with the answers that they corrected
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple


class Option(NamedTuple):
    """Something that can be tapped: the tap id and the words on it."""

    tap: str
    label: str


class Heard(NamedTuple):
    """A tap as Rasa hears it: an intent and its entities (name to value)."""

    intent: str
    entities: dict[str, str]


def hear(tap: str) -> Heard | None:
    """The meaning of a tap id, or None when it is none of ours."""
    match tap.split(":"):
        case ["human" | "cancel" | "follow" | "erase"]:
            return Heard(tap, {})
        case ["resume"] | ["resume", _, _]:
            return Heard("continue", _resumed(tap))
        case ["ask", project]:
            return Heard("screen", {"project": project})
        case ["ask", _, _] | ["ask", _, _, _]:
            return Heard("answer", {"tap": tap})
        case ["source", clause]:
            return Heard("source", {"clause": clause})
        case ["erase", "yes"]:
            return Heard("erase", {"sure": "yes"})
        case ["helped" | "unsolved" as thought, number] if number.isdigit():
            return Heard(thought, {"asked": number})
        case ["topic", topic] | ["topic", topic, _]:
            return Heard(topic, _about(tap))
    return None


def _about(tap: str) -> dict[str, str]:
    """What a topic's tap says besides the topic: one research direction, or one project."""
    rest = tap.split(":")[2:]
    return {"direction_number" if each.isdigit() else "project": each for each in rest}


def _resumed(tap: str) -> dict[str, str]:
    project = tap.split(":")[1:2]
    return {"tap": tap, **({"project": project[0]} if project else {})}


def corrections(tap: str) -> list[tuple[str, str]]:
    """The facts and choices that a ``resume`` carries."""
    _, _, found = tap.rpartition(":")
    pairs = [pair.split("=") for pair in found.split(",")]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def score(tap: str) -> tuple[str, int] | None:
    """The ticket and the score of a ``score`` tap, or None when it is none."""
    match tap.split(":"):
        case ["score", ticket, ("1" | "2" | "3" | "4" | "5") as number] if ticket.isdigit():
            return ticket, int(number)
    return None


def parsed(heard: Heard, text: str) -> dict[str, Any]:
    """Rasa's parse data of a tap, so that no language work is done for it."""
    intent = {"name": heard.intent, "confidence": 1.0}
    entities = [
        {"entity": name, "value": value, "start": 0, "end": 0} for name, value in heard.entities.items()
    ]
    return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}


def buttons(options: Iterable[Option]) -> list[dict[str, str]]:
    """Options as Rasa buttons. ``payload`` is for Rasa's own channels, ``tap`` for ours."""
    return [{"title": o.label, "payload": _payload(o.tap), "tap": o.tap} for o in options]


def _payload(tap: str) -> str:
    heard = hear(tap)
    if heard is None:
        raise ValueError(f"not a tap id: {tap!r}")
    return f"/{heard.intent}" + (json.dumps(heard.entities) if heard.entities else "")
