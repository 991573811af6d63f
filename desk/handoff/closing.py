"""What the applicant hears when staff give the conversation back to the bot."""

from __future__ import annotations

from django.conf import settings

from desk.handoff import resuming, sending
from desk.handoff.models import Ticket
from desk.handoff.texts import say as text_of

SCORES = ("很不满意", "不满意", "一般", "满意", "很满意")
"""The words for 1 to 5."""


def say(pk: int, ticket: Ticket | None) -> None:
    """Tell that the bot answers again, and ask for a score; inside the hand-back's transaction.

    The worker puts the open question afterwards: it knows what is open, and what staff corrected. A score is
    asked for, where that is switched on, only of who was answered by a person.
    """
    words, options = text_of("handoff_back"), []
    asks = settings.ASK_SCORE and ticket is not None and ticket.replied_at is not None
    if asks and ticket is not None:
        words = f"{words}\n\n{text_of('handoff_score')}"
        options = [(f"score:{ticket.pk}:{number}", label) for number, label in enumerate(SCORES, 1)]
        Ticket.objects.filter(pk=ticket.pk).update(asked_score=True)
    sending.from_desk(pk, ticket, words, options)
    resuming.put(pk, ticket.pk if asks and ticket is not None else None)
