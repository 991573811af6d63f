"""Bubbles that go out: written to SQL first, then put into the outbox under an id that stays.

A bubble is ``pending`` until the outbox has it. Whoever finds it pending may queue it: under one id the
outbox sends once, so a process that dies between the two loses nothing and doubles nothing.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from bot.bus.connection import Client
from bot.bus.messages import Option, Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.errors import BusError, NotYoursError
from desk.accounts.models import User
from desk.bus import bus
from desk.handoff import feed, tickets
from desk.handoff.models import Author, Conversation, Delivery, Message, Ticket, Who
from desk.handoff.split import split

STAFF_MARK = "【人工】"
"""Before the first words of a member of staff, so that applicants see that it isn't the bot."""
_log = structlog.get_logger()


def from_staff(conversation: int, user: User, epoch: int, text: str) -> list[Message]:
    """Write what a member of staff says; one bubble for each message that it takes.

    Raises:
        NotYoursError: somebody else has the conversation.
    """
    with transaction.atomic():
        # The statement that decides: a colleague who takes over at this moment waits for it, or wins.
        mine = Conversation.objects.filter(pk=conversation, owner=Who.AGENT, agent=user, epoch=epoch)
        if not mine.update(unread=0):
            raise NotYoursError
        ticket = tickets.replied(conversation)
        pieces = split(text, reserve=len(STAFF_MARK.encode()))
        rows = [_outgoing(conversation, ticket, Author.STAFF, piece, agent=user) for piece in pieces]
        feed.freshen(conversation, Author.STAFF, text)
    push(rows)
    return rows


def from_desk(
    conversation: int, ticket: Ticket | None, text: str, options: list[tuple[str, str]] | None = None
) -> Message:
    """Write what the desk itself tells the applicant; inside the transaction of what it tells of."""
    message = _outgoing(conversation, ticket, Author.BOT, text, options=options or [])
    transaction.on_commit(lambda: push([message]))
    return message


def _outgoing(
    conversation: int, ticket: Ticket | None, author: Author, text: str, **fields: object
) -> Message:
    fields |= {"outbox": uuid.uuid4().hex, "state": Delivery.PENDING}
    return feed.add(conversation, ticket, author, text, **fields)


def _item(message: Message) -> Item:
    staff = message.author == Author.STAFF
    options = tuple(Option(tap, label) for tap, label in message.options)
    text = f"{STAFF_MARK}{message.text}" if staff else message.text
    return Item(
        id=message.outbox or "",
        conversation=message.conversation.key,
        reply=Reply((Part(text, options),)),
        author="agent" if staff else "system",
        agent=str(message.agent_id or "") if staff else "",
        at=message.at.timestamp(),
    )


def push(messages: list[Message]) -> bool:
    """Put pending bubbles into the outbox; False when Redis is away: then the consumer does it later."""
    items = [_item(message) for message in messages]

    async def queue(redis: Client) -> None:
        outbox = Outbox(redis)
        for item in items:
            await outbox.queue(item)

    try:
        bus.call(queue)
    except BusError as error:
        _log.warning("bubbles stay pending", count=len(items), problem=str(error))
        return False
    # Only from pending: the outbox's own events may have been quicker.
    ids = [message.pk for message in messages]
    Message.objects.filter(pk__in=ids, state=Delivery.PENDING).update(state=Delivery.QUEUED)
    return True


def push_pending(older_than: float = 5.0) -> int:
    """Put into the outbox what a process that died left pending; returns how many."""
    before = timezone.now() - timedelta(seconds=older_than)
    rows = list(
        Message.objects.filter(state="pending", at__lt=before)
        .select_related("conversation")
        .order_by("id")[:100]
    )
    return len(rows) if rows and push(rows) else 0


def retry(message: Message, user: User) -> bool:
    """A new attempt at a bubble that failed or is unknown; False when it is neither any more.

    The outbox goes on where it stopped. What it has forgotten is sent anew, as a bubble of its own.
    """
    id = message.outbox or ""
    if message.state not in (Delivery.FAILED, Delivery.UNKNOWN):
        return False
    if bus.call(lambda redis: Outbox(redis).retry(id)):
        Message.objects.filter(pk=message.pk, state=message.state).update(state=Delivery.QUEUED, reason="")
        feed.tell(message.conversation_id, "delivery")
        return True
    if bus.call(lambda redis: Outbox(redis).status(id)) is not None:
        return False
    with transaction.atomic():
        again = _outgoing(
            message.conversation_id, message.ticket, Author.STAFF, message.text, agent=user, retry_of=message
        )
    return push([again])
