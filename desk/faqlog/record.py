"""Writing the log: a turn with the visit and the screening it is part of, and what was thought of an answer.

Called by the consumer, inside the transaction of the event.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.guide import screening as rules
from bot.guide.explain import State, explain
from desk.faqlog import inbox, rollup
from desk.faqlog.models import HELPED, UNSOLVED, Screening, Turn, Visit, Why
from desk.handoff.models import Author, Conversation, Message
from desk.handoff.texts import guide
from desk.hours import CHINA

SILENCE = timedelta(minutes=30)
"""After a silence this long, the same applicant's next words begin another visit."""
TOPICAL = ("answered", "not_in_guide", "clarified")
"""Outcomes of a turn that was about a topic; in other turns the event names the topic before."""
_LOOK_BACK = 200


def _day(turn: Turn) -> date:
    return turn.at.astimezone(CHINA).date()


def add(turn: Turn, answers: Any) -> None:
    """Write a turn (not saved yet). ``answers`` are the screening's, as the event has them."""
    if turn.outcome not in TOPICAL:
        turn.topic = ""
    if turn.outcome != "screening":
        turn.verdict = ""
    elif isinstance(answers, dict) and turn.project:
        turn.screening = _screening(turn, {str(fact): str(choice) for fact, choice in answers.items()})
    turn.visit = _visit(turn)
    turn.save()
    rollup.changed(turn.day)
    inbox.consider(turn)


def _visit(turn: Turn) -> Visit:
    last = Visit.objects.filter(conversation=turn.conversation_id).order_by("-id").first()
    if last is None or turn.at - last.last_at > SILENCE:
        last = Visit(
            conversation_id=turn.conversation_id, channel=turn.channel, started_at=turn.at, day=_day(turn)
        )
    last.last_at = max(last.last_at or turn.at, turn.at)
    last.turns += 1
    last.save()
    return last


def _screening(turn: Turn, answers: dict[str, str]) -> Screening:
    """The walk through the conditions that this turn is part of, as it stands after the turn."""
    of = {"conversation_id": turn.conversation_id, "project": turn.project}
    walk = Screening.objects.filter(**of).order_by("-id").first()
    over = walk is None or turn.intent == "start_over" or (walk.answers and not answers)
    if walk is None or over:
        walk = Screening(**of, channel=turn.channel, started_at=turn.at, day=_day(turn))
    walk.last_at, walk.answers, walk.verdict = turn.at, answers, turn.verdict
    walk.failed, walk.open_fact = standing(turn.project, answers)
    walk.save()
    return walk


def standing(id: str, answers: dict[str, str]) -> tuple[str, str]:
    """The first condition that fails, and the question that is open; by their ids, empty when none is."""
    project = next((each for each in guide().projects if each.id == id), None)
    if project is None:
        return "", ""
    given = rules.clean(project, answers)
    failed = (each.condition.id for each in explain(project, given).findings if each.state is State.FAILED)
    fact = rules.next_fact(project, given)
    return next(failed, ""), fact.id if fact else ""


def rated(conversation: Conversation, tap: str, score: int) -> None:
    """An applicant tapped 有帮助 or 没解决 under an answer.

    Raises:
        ValueError: the score is neither.
    """
    if score not in (HELPED, UNSOLVED):
        raise ValueError(f"score {score}")
    said = Message.objects.filter(conversation=conversation, author=Author.BOT).order_by("-id")
    offers = said.exclude(options=[]).values_list("key", "options")[:_LOOK_BACK]
    key = next((key for key, options in offers if any(option[0] == tap for option in options)), "")
    turn = Turn.objects.filter(conversation=conversation, key=key).first() if key else None
    if turn is None:
        return  # the answer was erased, or lies too far back
    Turn.objects.filter(pk=turn.pk).update(score=score)
    rollup.changed(turn.day)
    if score == UNSOLVED:
        inbox.put(turn, Why.UNSOLVED)
