"""The Rasa model as a library: one message in, one reply out."""

from __future__ import annotations

from pathlib import Path

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator

from actions.pack import guide
from bot.bus.connection import Client
from bot.bus.messages import Inbound, Reply
from bot.dialogue import inprocess, rules
from bot.dialogue.processor import Collector, Processor
from bot.dialogue.steps import Steps
from bot.dialogue.store import EXPIRE_DAYS, Conversations
from bot.errors import ModelError, TurnError

_MAX_TEXT = 500
"""Characters; longer messages are stories that no question needs, and language work is linear in them."""
_CHANGES = 5
"""So often the owner may change while one message is worked on."""


class Runtime:
    """A loaded model with its conversations. Not for two turns of one conversation at a time."""

    def __init__(self, model: Path, redis: Client, expire_days: int = EXPIRE_DAYS) -> None:
        # Given a missing path, Rasa loads the newest other model in the folder without a word.
        if not model.is_file():
            raise ModelError(f"没有这个模型文件：{model.name}")
        guide()
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
        self._steps = Steps(self._store, self._run, model.name.removesuffix(".tar.gz"))
        missing = set(self._processor.domain.user_actions) - self._endpoint.names
        if missing:
            raise ModelError(f"模型要用的动作不存在：{'、'.join(sorted(missing))}")

    async def turn(self, inbound: Inbound, lease: str = "") -> Reply:
        """Take one turn. The same message again gives the stored reply and leaves no second trace.

        When a person takes the conversation over meanwhile, the turn never was: the message goes to staff.

        Args:
            lease: token of the mailbox's lease under which it is taken; empty for none.

        Raises:
            TurnError: an action failed, or nothing was said. The conversation is as before.
            LostError: another worker has taken the conversation up. This turn leaves no trace.
        """
        id = inbound.conversation
        for _ in range(_CHANGES):
            stored = await self._store.begin(id, inbound.key, lease)
            if stored is not None:
                return stored
            try:
                step = await self._steps.take(inbound)
                if await self._store.commit(id, inbound.key, step):
                    return step.reply
            finally:
                self._store.abandon(id)
        raise TurnError("the conversation changes hands all the time")

    async def fail(self, inbound: Inbound, reason: str, lease: str = "") -> Reply:
        """Say that a turn failed, and offer a person; the conversation stays as it was.

        ``reason``: ``failed``, or ``poisoned`` for a message that staff should look at. Raises `LostError`
        as `turn` does.
        """
        id = inbound.conversation
        self._store.abandon(id)
        for _ in range(_CHANGES):
            stored = await self._store.begin(id, inbound.key, lease)
            if stored is not None:
                return stored
            step = self._steps.fail(inbound, reason)
            if await self._store.commit(id, inbound.key, step):
                return step.reply
        raise TurnError("the conversation changes hands all the time")

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
