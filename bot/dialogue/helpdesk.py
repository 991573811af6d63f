"""The worker's side of a hand-off: who waits, what they are told, and what goes back to the bot.

While a person is due or there, no message reaches Rasa; what is decided here is decided by rule.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from actions import taps
from actions.helpdesk import Standing
from actions.offers import STAY
from actions.pack import guide
from bot.bus.duty import Duty, ahead
from bot.bus.events import Event
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.bus.owner import Owner
from bot.dialogue import account, rules
from bot.dialogue.snapshot import HelpDesk
from bot.dialogue.step import Step
from bot.guide.answers import chat

WORD_SECONDS = 300.0
"""Who waits and writes is told the place in the queue at most so often, unless they ask."""

SCORES = ("很不满意", "不满意", "一般", "满意", "很满意")
_SCORE = re.compile(r"([1-5])分?|(" + "|".join(SCORES) + ")")
_RECENT = 1800.0
"""Seconds after which what was said before is no reason any more."""


def standing(duty: Duty | None, conversation: str) -> Standing | None:
    """How the help desk stands for an applicant; None when nobody knows."""
    if duty is None:
        return None
    waits = conversation in duty.order
    count = duty.order.index(conversation) if waits else duty.waiting
    return Standing(duty.open, ahead(count), duty.hours, duty.opening)


def say(key: str, live: Mapping[str, str] | None = None, *options: Option) -> Reply:
    """One of the pack's chat texts as a reply."""
    return Reply((Part(chat(guide(), key, live), options),))


def stay() -> Option:
    """To wait no longer."""
    return Option(STAY.tap, STAY.label)


def silent(inbound: Inbound) -> Step:
    """The desk is told the message, and nothing is said."""
    return Step(told=tuple(account.of_message(inbound, Reply())))


def gives_up(inbound: Inbound, offered: tuple[Option, ...]) -> bool:
    """Whether somebody who waits doesn't want to any more, by words, by tap or by the option's number."""
    tap = inbound.tap or rules.chosen(inbound.text, offered)
    return tap == STAY.tap or (not inbound.tap and rules.gives_up(inbound.text))


def waits(inbound: Inbound, has: Owner, desk: HelpDesk, known: Standing | None) -> Step:
    """A message of somebody who waits: the desk is told it; now and then they are told their place."""
    asks = inbound.tap == "human" or rules.wants_human(inbound.text)
    quiet = not asks and time.time() - desk.word_at < WORD_SECONDS
    if quiet or (known is not None and not known.open):
        return silent(inbound)  # after closing time the desk itself says what becomes of it
    desk.word_at = time.time()
    if known is None:
        reply = say("human_requested", None, stay())
    else:
        reply = say("handoff_place", known.live, stay())
    reply = Reply(reply.parts, has.epoch)
    return Step(reply, tuple(account.of_message(inbound, reply)))


def back(inbound: Inbound, has: Owner, more: Reply) -> Step:
    """Who waited waits no longer: the bot goes on, with the open question if there is one."""
    to = Owner("bot", has.epoch + 1)
    reply = Reply((*say("handoff_cancelled").parts, *more.parts), to.epoch)
    told = [*account.of_message(inbound, reply), changed(inbound, to, "cancelled")]
    return Step(reply, tuple(told), to)


def changed(inbound: Inbound, to: Owner, reason: str) -> Event:
    """The event of a change of owner that this message brought about, and that the applicant was told of."""
    data: dict[str, Any] = {"owner": to.owner, "epoch": to.epoch, "reason": reason}
    return account.event(inbound, "handoff", {**data, "by": "applicant", "told": True})


def reason(inbound: Inbound, intent: str, outcome: str, age: float) -> str:
    """Why a person is asked for: by the message, and by what came of the one before it.

    Args:
        age: seconds since the message before.
    """
    if age < _RECENT:
        if intent in {"rude", "complaint"}:
            return "anger"
        if outcome in {"not_understood", "not_in_guide"}:
            return outcome
    return "accepted" if inbound.tap else "asked"


def scored(inbound: Inbound, desk: HelpDesk) -> Step | None:
    """A score of the last stretch with a person, tapped or, right after it was asked for, typed."""
    found = taps.score(inbound.tap) if inbound.tap else None
    if not inbound.tap and desk.ticket and (match := _SCORE.fullmatch(inbound.text.strip())):
        number = int(match.group(1)) if match.group(1) else SCORES.index(match.group(2)) + 1
        found = desk.ticket, number
    desk.ticket = ""
    if found is None:
        return None
    reply = say("handoff_scored")
    event = account.event(inbound, "feedback", {"ticket": int(found[0]), "score": found[1]})
    return Step(reply, (*account.of_message(inbound, reply), event))


def noted(reply: Reply, outcome: str, opening: str, in_screening: bool) -> Reply:
    """The reply to the first message after the applicant was asked to leave one: first that it is noted.

    What the bot didn't understand was meant for staff: then nothing else is said but the open question.
    """
    first = say("handoff_noted", {"opening": opening}).parts
    if outcome not in {"not_understood", "off_topic"}:
        return Reply((*first, *reply.parts))
    return Reply((*first, *(reply.parts[-1:] if in_screening else ())))
