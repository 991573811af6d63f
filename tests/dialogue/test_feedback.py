"""What an applicant thinks of an answer is told to the desk."""

from __future__ import annotations

from collections.abc import Callable

from bot.bus import events
from bot.bus.connection import Client
from tests.dialogue.conftest import Applicant


async def _told(redis: Client) -> list[events.Event]:
    found = []
    for stream in events.streams():
        found += [events.decode(fields) for _, fields in await redis.xrange(stream)]
    return [event for event in found if event.kind == "feedback"]


async def test_a_tap_and_the_options_words_are_feedback(
    applicant: Callable[[], Applicant], redis: Client
) -> None:
    who = applicant()
    for question in ("研究课题执行多久", "研究项目要交什么成果", "研究方向有哪些"):
        await who.say(question)
    assert await _told(redis) == []
    await who.say("没解决")
    await who.tap("helped:3")
    assert [(event.data["tap"], event.data["score"]) for event in await _told(redis)] == [
        ("unsolved:3", 0),
        ("helped:3", 1),
    ]
