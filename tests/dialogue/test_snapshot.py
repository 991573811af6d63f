"""A snapshot and its tail bring a tracker to the state that the whole history would."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.snapshot import KEPT_TURNS, Snapshot
from bot.settings import ROOT

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
SLOTS = ["project", "topic", "screening"]

EVENTS = st.one_of(
    st.builds(SlotSet, st.sampled_from(SLOTS), st.sampled_from(["research", "d", None, {"a": 1}])),
    st.builds(ActiveLoop, st.sampled_from(["screening_form", None])),
    st.builds(ActionExecuted, st.sampled_from(["action_listen", "action_answer"])),
    st.builds(UserUttered, st.just("问"), st.just({"name": "greet"})),
    st.just(UserUttered("问", {"name": "greet"})),
    st.builds(SessionStarted),
    st.builds(AllSlotsReset),
    st.builds(Restarted),
)


def state(events: list[Event]) -> tuple[dict[str, Any], str | None]:
    tracker = DialogueStateTracker.from_events("u", events, slots=DOMAIN.slots, domain=DOMAIN)
    return {name: tracker.get_slot(name) for name in SLOTS}, tracker.active_loop_name


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(EVENTS, max_size=8), max_size=8))
def test_slots_and_form_are_those_of_the_whole_history(turns: list[list[Event]]) -> None:
    snapshot, history = Snapshot(), []
    for turn in turns:
        history += turn
        snapshot.fold([event.as_dict() for event in turn])
        assert state(snapshot.past()) == state(history)
    assert sum(event["event"] == "user" for event in snapshot.tail) <= KEPT_TURNS
