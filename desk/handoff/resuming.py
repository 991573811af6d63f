"""What the worker must hear once the bot has the conversation again: what staff corrected, and to go on.

Kept as rows of `Correction` until it was told; one without a fact says only that the conversation was given
back. The worker puts the open question, or gives the verdict, and that goes out through the outbox.
"""

from __future__ import annotations

import time

from django.db.models import F

from bot.bus.connection import Client
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound
from desk.bus import bus
from desk.handoff.models import Conversation, Correction, Who

BATCH = 100


def correct(conversation: Conversation, project: str, fact: str, choice: str) -> None:
    """Keep a correction; of one fact the last counts, and of several projects the last one corrected."""
    Correction.objects.filter(conversation=conversation, fact=fact, told=False).delete()
    Correction.objects.filter(conversation=conversation, told=False).exclude(project=project).delete()
    Correction.objects.create(conversation=conversation, project=project, fact=fact, choice=choice)


def put(conversation: int, ticket: int | None = None) -> None:
    """The bot has it again; inside the transaction of that. ``ticket``: the one whose score was asked for."""
    choice = str(ticket or "")
    Correction.objects.create(conversation_id=conversation, project="", fact="", choice=choice)


def tell_all(only: int | None = None) -> int:
    """Tell the worker of every conversation that is the bot's again, in Redis too; returns how many.

    Args:
        only: one conversation, instead of all.

    Raises:
        BusError: Redis failed; what was told already is told again under the same key, to no effect.
    """
    back = Correction.objects.filter(told=False, fact="", conversation__owner=Who.BOT)
    back = back.filter(conversation__pushed=F("conversation__epoch"))
    if only is not None:
        back = back.filter(conversation=only)
    rows = list(back.select_related("conversation").order_by("id")[:BATCH])
    for row in rows:
        _tell(row)
    return len(rows)


def _tell(row: Correction) -> None:
    """Tell one hand-back, with what was corrected before it."""
    group = Correction.objects.filter(conversation=row.conversation_id, told=False, pk__lte=row.pk)
    corrected = list(group.exclude(fact="").order_by("id"))
    channel, account, user = row.conversation.key.split(":", 2)
    pairs = ",".join(f"{each.fact}={each.choice}" for each in corrected)
    inbound = Inbound(
        # Named like the applicant's own messages, so that what is kept of it is found with them.
        key=f"{channel}|{account}|{user}|back|{row.pk}",
        channel=channel,
        account=account,
        user=user,
        kind="desk",
        text=row.choice,
        tap=f"resume:{corrected[-1].project}:{pairs}" if corrected else "resume",
        created_at=int(time.time()),
    )

    async def tell(redis: Client) -> None:
        mailbox = Mailbox(redis)
        await mailbox.put(inbound)
        await mailbox.owe(inbound, always=True)

    bus.call(tell)
    group.update(told=True)
