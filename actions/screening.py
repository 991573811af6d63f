"""The screening form. What to ask and what follows from the answers, `bot.guide` decides."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import narrowing
from actions.answer import AnswerTopic, beside
from actions.base import Speaker, Voice
from actions.hearing import hear, open_fact
from actions.memory import Memory
from actions.offers import HUMAN, START, originals, other, topics
from actions.pack import guide
from bot.guide import screening, wording
from bot.guide.explain import State, explain
from bot.guide.screening import Verdict


class Validate(Action):
    """Takes one message as an answer to the open question; what is no answer is left to the rules."""

    def name(self) -> str:
        return "validate_screening_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        memory = Memory(tracker)
        hearing = hear(memory, guide())
        if hearing is None:
            return []
        voice = Voice(dispatcher, memory)
        if hearing.say:
            voice.say(hearing.say, hearing.options)
        elif hearing.chat:
            voice.chat(hearing.chat)
        memory.put("misses", 0)
        memory.note("screening")
        project = memory.project
        done = project is not None and open_fact(memory, guide().project(project)) is None
        if hearing.asks:
            AnswerTopic().speak(voice, memory)
        elif memory.intent == "inform" and not done and (answered := beside(memory)):
            voice.say(answered.text)
        # `answer` is always written, even unchanged: Rasa takes a form's turn without it for a refusal.
        return [*memory.events(), SlotSet("answer", "done" if done else None)]


class Ask(Speaker):
    """Puts the open question with its options."""

    action = "action_ask_answer"
    understood = False

    def speak(self, voice: Voice, memory: Memory) -> None:
        if memory.intent == "human":
            return
        if memory.project is None:
            voice.chat("choose_project", START)
            return
        project = guide().project(memory.project)
        answers = memory.answers(project.id)
        fact = open_fact(memory, project)
        if fact is None:
            return
        if memory.misses and memory.intent != "out_of_scope":
            voice.say(wording.hint(fact))
        options = [*narrowing.options(memory, guide(), project, fact), *originals(fact.clause)]
        if memory.misses > 1:
            options.append(HUMAN)
        voice.say(wording.question(project, answers, fact), options)


class GiveVerdict(Speaker):
    """Gives the verdict, with reasons, clauses and whom to call."""

    action = "action_verdict"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.put("answer", None)
        memory.put("topic", None)
        if memory.project is None:
            return
        project = guide().project(memory.project)
        answers = memory.answers(project.id)
        verdict = screening.verdict(project, answers)
        options = [other(project)] if verdict is Verdict.FAILED else topics("deliverables")
        found = explain(project, answers).findings
        deciding = [each.clause for each in found if each.state is State.FAILED]
        voice.say(wording.verdict(guide(), project, answers), [*options, *originals(*deciding), HUMAN])


class Leave(Speaker):
    """Leaves the screening; the answers are kept."""

    action = "action_leave"

    def speak(self, voice: Voice, memory: Memory) -> None:
        memory.note("chat")
        voice.chat("cancelled" if memory.in_screening else "nothing_to_continue")
