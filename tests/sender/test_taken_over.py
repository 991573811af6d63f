"""What the bot said before a person took over isn't sent afterwards; what staff say is."""

from __future__ import annotations

import pytest

from bot.bus import owner
from bot.bus.connection import Client
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.bus.owner import Owner
from bot.bus.passage import TAKEN
from tests.platform import Api
from tests.sender.senders import conversation, ended


@pytest.mark.usefixtures("sender")
async def test_a_late_reply_stays_behind_and_staff_are_heard(outbox: Outbox, api: Api, redis: Client) -> None:
    user = api.user()
    id = conversation(user)
    await owner.heal(redis, id, Owner("agent", 1, "7"))
    late = Item(id="late/k", conversation=id, reply=Reply((Part("机器人的话"),), 0))
    staff = Item(id="s1", conversation=id, reply=Reply((Part("【人工】您好"),)), author="agent", agent="7")
    await outbox.queue(late)
    await outbox.queue(staff)
    status = await ended(outbox, "late/k", "failed")
    assert status.reason == TAKEN
    await ended(outbox, "s1", "sent")
    assert api.got() == ["【人工】您好"]


@pytest.mark.usefixtures("sender")
async def test_a_reply_of_the_present_owner_is_sent(outbox: Outbox, api: Api, redis: Client) -> None:
    user = api.user()
    id = conversation(user)
    await owner.heal(redis, id, Owner("bot", 2))
    await outbox.queue(Item(id="desk/back/1", conversation=id, reply=Reply((Part("接着来"),), 2)))
    await ended(outbox, "desk/back/1", "sent")
    assert api.got() == ["接着来"]
