"""What each message comes to: a turn with the bot, or what a hand-off makes of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import msgspec

from actions.helpdesk import Standing, standing
from actions.offers import HUMAN
from actions.pack import guide
from bot.bus import duty
from bot.bus.events import Event
from bot.bus.messages import Inbound, Option, Reply
from bot.bus.owner import Owner
from bot.dialogue import account, helpdesk
from bot.dialogue.step import Step
from bot.dialogue.store import Conversations


class Steps:
    """Decides what a message comes to, within a turn that is open in the store.

    Args:
        run: has the model take a message, and gives its reply. Raises TurnError.
        model: the model's name, for the log.
    """

    def __init__(self, store: Conversations, run: Callable[[Inbound], Awaitable[Reply]], model: str) -> None:
        self._store = store
        self._run = run
        self._model = model

    def fail(self, inbound: Inbound, reason: str) -> Step:
        """What a message comes to whose turn failed. For ``reason`` see `Runtime.fail`."""
        has = self._store.owner(inbound.conversation)
        if has.owner != "bot" or inbound.kind == "desk":
            return helpdesk.silent(inbound)
        said = helpdesk.say("failed", None, Option(HUMAN.tap, HUMAN.label))
        reply = Reply(said.parts, has.epoch)
        return Step(reply, tuple(account.of_failure(inbound, reply, reason)))

    async def take(self, inbound: Inbound) -> Step:
        """What a message comes to, by who has the conversation.

        Raises:
            TurnError: see `Runtime.turn`.
        """
        has = self._store.owner(inbound.conversation)
        if inbound.kind == "desk":
            return await self._handed_back(inbound, has)
        if has.owner == "agent":
            return helpdesk.silent(inbound)
        scored = helpdesk.scored(inbound, self._store.snapshot(inbound.conversation).desk)
        if scored is not None:
            return scored
        return await (self._wait(inbound, has) if has.owner == "queue" else self._answer(inbound, has))

    async def _wait(self, inbound: Inbound, has: Owner) -> Step:
        id = inbound.conversation
        if helpdesk.gives_up(inbound, self._store.snapshot(id).offered):
            return helpdesk.back(inbound, has, await self._open_question(inbound))
        known = helpdesk.standing(await duty.get(self._store.redis), id)
        return helpdesk.waits(inbound, has, self._store.snapshot(id).desk, known)

    async def _answer(self, inbound: Inbound, has: Owner) -> Step:
        if inbound.kind == "unfollow":
            return Step()
        key = _without_words(inbound)
        if key is not None:
            reply = Reply(helpdesk.say(key).parts, has.epoch)
            return Step(reply, tuple(account.of_message(inbound, reply)))
        return await self._talk(inbound, has)

    async def _talk(self, inbound: Inbound, has: Owner) -> Step:
        """A turn with the bot, which may end in a wish for a person."""
        id = inbound.conversation
        desk, before = self._store.snapshot(id).desk, self._store.snapshot(id).before()
        known = helpdesk.standing(await duty.get(self._store.redis), id)
        token = standing.set(known)
        try:
            reply = await self._run(inbound)
        finally:
            standing.reset(token)
        tracker = self._store.tracker(id)
        outcome = tracker.get_slot("outcome") or ""
        # The slot stays until another turn writes it: only the intent says that it is this turn's.
        if outcome == "handover" and tracker.latest_message.intent.get("name") == "human":
            why = helpdesk.reason(inbound, *before)
            return self._handover(inbound, has, reply, known, why)
        opening, in_screening = desk.opening, bool(tracker.active_loop_name)
        if outcome != "chat":
            desk.opening = ""
        if opening and not inbound.tap and outcome not in {"chat", "screening"}:
            reply = helpdesk.noted(reply, outcome, opening, in_screening)
        reply = Reply(reply.parts, has.epoch)
        return Step(reply, tuple(self._account(inbound, reply)))

    def _handover(self, inbound: Inbound, has: Owner, reply: Reply, known: Standing | None, why: str) -> Step:
        """Put the conversation into the queue within working hours; else the wish is noted at the desk."""
        desk = self._store.snapshot(inbound.conversation).desk
        if known is None or not known.open:
            desk.opening = known.opening if known else ""
            reply = Reply(reply.parts, has.epoch)
            wish = "left" if known else "wish"
            return Step(reply, tuple(self._account(inbound, reply, handoff=wish, reason=why)))
        desk.word_at = time.time()
        to = Owner("queue", has.epoch + 1)
        reply = Reply(reply.parts, to.epoch)
        told = self._account(inbound, reply, handoff="queue", reason=why)
        return Step(reply, (*told, helpdesk.changed(inbound, to, why)), to)

    async def _handed_back(self, inbound: Inbound, has: Owner) -> Step:
        """Staff gave it back: take over what they corrected, and put the open question again."""
        id = inbound.conversation
        in_screening = await self._in_screening(id)
        self._store.snapshot(id).desk.ticket = "" if in_screening else inbound.text
        corrected = inbound.tap != "resume"
        if not corrected and not in_screening:
            return Step()
        reply = await self._run(msgspec.structs.replace(inbound, text=""))
        # A colleague may have taken it again: what was corrected counts, and nothing is said.
        reply = Reply(reply.parts if has.owner == "bot" else (), has.epoch)
        told = self._account(inbound, reply) if corrected else account.of_message(inbound, reply)
        return Step(reply, tuple(told))

    async def _in_screening(self, id: str) -> bool:
        tracker = await self._store.retrieve(id)
        return tracker is not None and bool(tracker.active_loop_name)

    async def _open_question(self, inbound: Inbound) -> Reply:
        if not await self._in_screening(inbound.conversation):
            return Reply()
        return await self._run(msgspec.structs.replace(inbound, tap="resume", text=""))

    def _account(self, inbound: Inbound, reply: Reply, **more: str) -> list[Event]:
        tracker = self._store.tracker(inbound.conversation)
        return account.of_turn(inbound, reply, tracker, guide().version, self._model, **more)


def _without_words(inbound: Inbound) -> str | None:
    """The key of what is said to a message that has no words, or None."""
    if inbound.kind == "voice" and not inbound.text.strip():
        return "voice_empty"
    if inbound.kind in {"image", "media", "location", "link"}:
        return "media"
    if inbound.kind in {"text", "voice"} and not inbound.text.strip():
        return "empty"
    return None
