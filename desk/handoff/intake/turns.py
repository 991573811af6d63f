"""Turns of the bot: the row for the log, and what the console shows of the screening."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.bus.events import Event
from bot.privacy import mask
from desk.faqlog import record
from desk.faqlog.models import Turn
from desk.handoff import feed
from desk.handoff.models import Author, Conversation, Message, State, Ticket


def _text(key: str, author: Author) -> str:
    if not key:
        return ""
    found = Message.objects.filter(key=key, author=author).values_list("text", flat=True)
    return mask("\n".join(found))


def _word(data: dict[str, Any], name: str, length: int) -> str:
    return str(data.get(name) or "")[:length]


def add(conversation: Conversation, event: Event, at: datetime) -> None:
    """Add the turn, and keep what it says of the screening."""
    data = event.data
    key = _word(data, "key", 200)
    record.add(
        Turn(
            conversation=conversation,
            event=event.id,
            key=key,
            at=at,
            channel=conversation.channel,
            text=_text(key, Author.APPLICANT),
            answer=_text(key, Author.BOT),
            intent=_word(data, "intent", 48),
            confidence=data.get("confidence"),
            topic=_word(data, "topic", 48),
            project=_word(data, "project", 32),
            outcome=_word(data, "outcome", 24),
            verdict=_word(data, "verdict", 16),
            ms=data.get("ms"),
            model=_word(data, "model", 80),
            guide=_word(data, "guide", 80),
        ),
        data.get("answers"),
    )
    _screening(conversation, data, at)


def _screening(conversation: Conversation, data: dict[str, Any], at: datetime) -> None:
    answers = data.get("answers")
    if not isinstance(answers, dict) or not data.get("project"):
        return
    Conversation.objects.filter(pk=conversation.pk).update(
        answers={str(fact): str(choice) for fact, choice in answers.items()},
        project=_word(data, "project", 32),
        verdict=_word(data, "verdict", 16),
        screened_at=at,
    )
    feed.tell(conversation.pk, "screening")


def answered(key: str, text: str) -> None:
    """The bot's words to a turn, where the turn was told first."""
    if key:
        Turn.objects.filter(key=key, answer="").update(answer=mask(text))


def scored(conversation: Conversation, key: str, score: int) -> None:
    """What the applicant thinks of an answer, or (without a known key) of the last stretch with a human."""
    if key and Turn.objects.filter(conversation=conversation, key=key).update(score=score):
        return
    if not 1 <= score <= 5:
        raise ValueError(f"score {score}")
    ticket = Ticket.objects.filter(conversation=conversation, state=State.CLOSED).order_by("-id").first()
    if ticket is not None:
        ticket_scored(conversation, ticket.pk, score)


def ticket_scored(conversation: Conversation, ticket: int, score: int) -> None:
    """What the applicant thinks of a stretch with a human; of several times the last counts."""
    if not 1 <= score <= 5:
        raise ValueError(f"score {score}")
    if Ticket.objects.filter(pk=ticket, conversation=conversation).update(score=score):
        feed.line(conversation.pk, Ticket.objects.get(pk=ticket), f"申请人评价：{score} 分")
