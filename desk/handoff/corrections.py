"""Answers of the screening that staff corrected: told to the worker once the bot has the conversation again.

Each is put into the mailbox as the tap that the applicant could have made; the worker's reply to the last
one, the next question or the verdict, goes to the applicant through the outbox.
"""

from __future__ import annotations

import time

from django.db import transaction

from bot.bus.connection import Client
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Reply
from bot.bus.outbox import Item, Outbox
from desk.bus import bus
from desk.handoff import feed
from desk.handoff.models import Conversation, Correction, Who

_WAIT = 1.0
"""Seconds; a worker that needs longer is asked again, and nothing is done twice."""


def put(conversation: Conversation, project: str, fact: str, choice: str) -> None:
    """Keep a correction; of one fact the last counts."""
    Correction.objects.filter(conversation=conversation, project=project, fact=fact, told=False).delete()
    Correction.objects.create(conversation=conversation, project=project, fact=fact, choice=choice)


def tell_all() -> int:
    """Tell the worker of corrections in conversations that are the bot's again; returns how many.

    Raises:
        BusError: Redis failed; what was told already is told again under the same key, to no effect.
    """
    rows = Correction.objects.filter(told=False, conversation__owner=Who.BOT).select_related("conversation")
    by_conversation: dict[int, list[Correction]] = {}
    for row in rows.order_by("id")[:100]:
        by_conversation.setdefault(row.conversation_id, []).append(row)
    for group in by_conversation.values():
        _tell(group)
    return len(by_conversation)


def _inbound(row: Correction) -> Inbound:
    channel, account, user = row.conversation.key.split(":", 2)
    return Inbound(
        key=f"desk/correction/{row.pk}",
        channel=channel,
        account=account,
        user=user,
        kind="tap",
        tap=f"ask:{row.project}:{row.fact}:{row.choice}",
        created_at=int(time.time()),
    )


def _tell(group: list[Correction]) -> None:
    taps = [_inbound(row) for row in group]

    async def through_worker(redis: Client) -> Reply | None:
        mailbox = Mailbox(redis)
        try:
            for tap in taps:
                await mailbox.put(tap)
            return await mailbox.reply(taps[-1].key, _WAIT)
        finally:
            await mailbox.close()

    reply = bus.call(through_worker, _WAIT + 4)
    if reply is None:
        return
    item = Item(id=taps[-1].key, conversation=group[0].conversation.key, reply=reply, at=time.time())
    bus.call(lambda redis: Outbox(redis).queue(item))
    with transaction.atomic():
        Correction.objects.filter(pk__in=[row.pk for row in group]).update(told=True)
        feed.line(group[0].conversation_id, None, "更正已告诉自动助手")
