"""The base of every action that speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.memory import Memory
from actions.pack import guide
from actions.taps import Option, buttons
from bot.guide.answers import chat


class Voice:
    """Says things in this turn. The very first words to a person say that a machine speaks."""

    def __init__(self, dispatcher: CollectingDispatcher, memory: Memory) -> None:
        self._dispatcher = dispatcher
        self._memory = memory

    def say(self, text: str, options: Sequence[Option] = ()) -> None:
        """Say a text, with options under it."""
        if not self._memory.greeted:
            self._memory.put("greeted", True)
            self._dispatcher.utter_message(text=chat(guide(), "notice"))
        self._dispatcher.utter_message(text=text, buttons=buttons(options))

    def chat(self, key: str, options: Sequence[Option] = (), live: Mapping[str, str] | None = None) -> None:
        """Say one of the pack's chat texts. For ``live`` see `bot.guide.placeholders.LIVE`."""
        self.say(chat(guide(), key, live), options)


class Speaker(Action):
    """An action that speaks; subclasses say what in `speak`.

    ``understood`` is False only for the action that says it didn't understand: every other one ends
    the count of messages in a row that weren't.
    """

    action: str = ""
    understood = True

    def name(self) -> str:
        return self.action

    def speak(self, voice: Voice, memory: Memory) -> None:
        """Say something, and remember what changed."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        memory = Memory(tracker)
        self.speak(Voice(dispatcher, memory), memory)
        if self.understood and memory.misses:
            memory.put("misses", 0)
        return memory.events()
