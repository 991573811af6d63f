"""What the applicant hears when the conversation goes back to the bot."""

from __future__ import annotations

from django.conf import settings

from desk.handoff import guidebook, sending
from desk.handoff.models import Conversation, Correction, Ticket
from desk.handoff.texts import say as text_of

SCORES = ("1 很不满意", "2 不满意", "3 一般", "4 满意", "5 很满意")


def say(pk: int, ticket: Ticket | None) -> None:
    """Tell that the bot answers again, and put the open question again; inside the hand-back's transaction.

    With corrections the worker puts the question, since it has to hear of them first. Without an open
    question the applicant is asked how it was, where that is switched on.
    """
    conversation = Conversation.objects.get(pk=pk)
    words = text_of("handoff_back")
    corrected = Correction.objects.filter(conversation=pk, told=False).exists()
    found = None if corrected else guidebook.open_question(conversation)
    options: list[tuple[str, str]] = []
    if found is not None:
        question, options = found
        words = f"{words}\n{text_of('handoff_resume')}\n\n{question}"
    elif settings.ASK_SCORE and ticket is not None and not corrected:
        words = f"{words}\n\n{text_of('handoff_score')}"
        options = [(f"score:{ticket.pk}:{label[0]}", label) for label in SCORES]
        Ticket.objects.filter(pk=ticket.pk).update(asked_score=True)
    sending.from_desk(pk, ticket, words, options)
