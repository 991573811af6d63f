"""The Rasa model as a library: one message in, one reply out."""

from __future__ import annotations

from pathlib import Path

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator

from actions.offers import HUMAN
from actions.pack import guide
from bot.bus.connection import Client
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.dialogue import account, inprocess, rules
from bot.dialogue.processor import Collector, Processor
from bot.dialogue.store import EXPIRE_DAYS, Conversations
from bot.errors import ModelError, TurnError
from bot.guide.answers import chat

_MAX_TEXT = 500
"""Characters; longer messages are stories that no question needs, and language work is linear in them."""


class Runtime:
    """A loaded model with its conversations. Not for two turns of one conversation at a time."""

    def __init__(self, model: Path, redis: Client, expire_days: int = EXPIRE_DAYS) -> None:
        # Given a missing path, Rasa loads the newest other model in the folder without a word.
        if not model.is_file():
            raise ModelError(f"没有这个模型文件：{model.name}")
        guide()
        self._model = model.name.removesuffix(".tar.gz")
        self._endpoint = inprocess.InProcess()
        self._store = Conversations(None, redis, expire_days)
        self._processor = Processor(
            model_path=model,
            tracker_store=self._store,
            lock_store=InMemoryLockStore(),
            generator=TemplatedNaturalLanguageGenerator({}),
            action_endpoint=self._endpoint,
        )
        self._store.domain = self._processor.domain
        missing = set(self._processor.domain.user_actions) - self._endpoint.names
        if missing:
            raise ModelError(f"模型要用的动作不存在：{'、'.join(sorted(missing))}")

    async def turn(self, inbound: Inbound, lease: str = "") -> Reply:
        """Take one turn. The same message again gives the stored reply and leaves no second trace.

        Args:
            lease: token of the mailbox's lease under which it is taken; empty for none.

        Raises:
            TurnError: an action failed, or nothing was said. The conversation is as before.
            LostError: another worker has taken the conversation up. This turn leaves no trace.
        """
        canned = _without_model(inbound)
        if canned is not None:
            return canned
        id = inbound.conversation
        stored = await self._store.begin(id, inbound.key, lease)
        if stored is not None:
            return stored
        try:
            reply = await self._run(inbound)
            told = account.of_turn(inbound, reply, self._store.tracker(id), guide().version, self._model)
            await self._store.commit(id, inbound.key, reply, told)
        finally:
            self._store.abandon(id)
        return reply

    async def fail(self, inbound: Inbound, reason: str, lease: str = "") -> Reply:
        """Say that a turn failed, and offer a person; the conversation stays as it was.

        ``reason``: ``failed``, or ``poisoned`` for a message that staff should look at. Raises `LostError`
        as `turn` does.
        """
        id = inbound.conversation
        self._store.abandon(id)
        stored = await self._store.begin(id, inbound.key, lease)
        if stored is not None:
            return stored
        reply = Reply((Part(chat(guide(), "failed"), (Option("human", HUMAN.label),)),))
        await self._store.commit(id, inbound.key, reply, account.of_failure(inbound, reply, reason))
        return reply

    async def _run(self, inbound: Inbound) -> Reply:
        collector = Collector()
        tap = inbound.tap or ("follow" if inbound.kind in {"follow", "scan"} else "")
        message = UserMessage(
            text=rules.harmless(inbound.text)[:_MAX_TEXT] or tap,
            output_channel=collector,
            sender_id=inbound.conversation,
            input_channel=inbound.channel,
            message_id=inbound.key,
            metadata={"tap": tap},
        )
        inprocess.failure.set(None)
        await self._processor.handle_message(message)
        if (error := inprocess.failure.get()) is not None:
            raise TurnError(f"an action failed: {error!r}") from error
        if not collector.parts:
            raise TurnError("the turn gave no reply")
        return Reply(tuple(collector.parts))


def _without_model(inbound: Inbound) -> Reply | None:
    """The reply to a message that has no words, or None."""
    if inbound.kind == "unfollow":
        return Reply()
    if inbound.kind == "voice" and not inbound.text.strip():
        return Reply((Part(chat(guide(), "voice_empty")),))
    if inbound.kind in {"image", "media", "location", "link"}:
        return Reply((Part(chat(guide(), "media")),))
    if inbound.kind in {"text", "voice"} and not inbound.text.strip():
        return Reply((Part(chat(guide(), "empty")),))
    return None
