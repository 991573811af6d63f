"""What WeChat refuses: held, tried again, split, stopped or failed, as its error code asks for."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.bus.connection import Client
from bot.bus.ledger import Ledger
from bot.bus.messages import Reply
from bot.bus.outbox import Item, Outbox
from bot.sender.delivery import pause
from tests.platform import FETCH, SEND, Api
from tests.sender.senders import conversation, ended, lane, queue, story


@pytest.mark.usefixtures("sender")
async def test_used_up_is_held_and_goes_after_the_users_next_message(outbox: Outbox, api: Api) -> None:
    user = api.user()
    texts = [str(number) for number in range(7)]
    await queue(outbox, user, *texts)
    status = await ended(outbox, "u1/5", "held")
    assert "再来消息" in status.reason
    assert api.got() == texts[:5]
    assert api.calls(SEND) == 6
    await asyncio.sleep(0.5)
    assert api.calls(SEND) == 6
    user.quota.wrote(time.time())
    assert await outbox.release(conversation(user))
    await ended(outbox, "u1/6", "sent")
    assert api.got() == texts


@pytest.mark.usefixtures("sender")
async def test_what_the_ledger_knows_is_used_up_is_held_without_asking(
    outbox: Outbox, api: Api, redis: Client
) -> None:
    user, ledger = api.user(), Ledger(redis)
    await ledger.heard(conversation(user), "follow")
    await queue(outbox, user, "一", "二", "三", "四")
    await ended(outbox, "u1/四", "held")
    assert api.calls(SEND) == 3
    assert (await ledger.left(conversation(user))).count == 0
    await ledger.heard(conversation(user), "text")
    await outbox.release(conversation(user))
    await ended(outbox, "u1/四", "sent")
    assert (await ledger.left(conversation(user))).count == 4
    assert api.got() == ["一", "二", "三", "四"]


@pytest.mark.usefixtures("sender")
async def test_only_what_is_sent_is_spent(outbox: Outbox, api: Api, redis: Client) -> None:
    user, ledger = api.user(), Ledger(redis)
    await ledger.heard(conversation(user), "text")
    api.trouble(errcode=43004)
    await queue(outbox, user, "一")
    await ended(outbox, "u1/一", "failed")
    assert (await ledger.left(conversation(user))).count == 5
    api.trouble(delay=1.5)
    await queue(outbox, user, "二")
    await ended(outbox, "u1/二", "unknown")
    assert (await ledger.left(conversation(user))).count == 4


@pytest.mark.parametrize(("code", "word"), [(45015, "48 小时"), (43004, "没有关注"), (40003, "不认识")])
@pytest.mark.usefixtures("sender")
async def test_what_cannot_be_sent_fails_with_its_reason_and_is_not_tried_again(
    outbox: Outbox, api: Api, code: int, word: str
) -> None:
    user = api.user()
    api.trouble(errcode=code)
    await queue(outbox, user, "一", "二")
    status = await ended(outbox, "u1/一", "failed")
    assert word in status.reason
    await ended(outbox, "u1/二", "sent")
    assert (api.calls(SEND), api.got()) == (2, ["二"])


@pytest.mark.usefixtures("sender")
async def test_outside_the_window_wechat_says_so_itself(outbox: Outbox, api: Api) -> None:
    await queue(outbox, api.user(wrote=False), "一")
    status = await ended(outbox, "u1/一", "failed")
    assert "48 小时" in status.reason
    assert api.calls(SEND) == 1


@pytest.mark.usefixtures("sender")
async def test_too_long_is_split_with_nothing_lost(outbox: Outbox, api: Api) -> None:
    text = "示范项目的实施周期是一年。" * 20
    api.trouble(errcode=45002)
    await queue(outbox, api.user(), text, "二")
    await ended(outbox, "u1/二", "sent")
    assert len(api.got()) == 3
    assert "".join(api.got()) == text + "二"


@pytest.mark.usefixtures("sender")
async def test_busy_is_tried_again_and_what_is_behind_waits(outbox: Outbox, api: Api, redis: Client) -> None:
    user = api.user()
    api.trouble(errcode=-1, times=2)
    await queue(outbox, user, "一", "二")
    await ended(outbox, "u1/二", "sent", timeout=15)
    assert (api.calls(SEND), api.got()) == (4, ["一", "二"])
    assert (await story(redis, user, "u1/一"))[-1] == "sent"


def test_pauses_grow_and_end() -> None:
    for tries in range(1, 40):
        full = min(2 ** (tries - 1), 30)
        assert all(full / 2 <= pause(tries) <= full for _ in range(20))
    assert len({pause(3) for _ in range(20)}) > 1


@pytest.mark.parametrize("code", [45009, 45011])
@pytest.mark.usefixtures("sender")
async def test_a_quota_stops_the_account_and_loses_nothing(
    outbox: Outbox, api: Api, redis: Client, code: int
) -> None:
    users = [api.user(name) for name in ("u1", "u2")]
    api.trouble(errcode=code)
    await queue(outbox, users[0], "一", "二")
    await asyncio.sleep(0.5)
    await queue(outbox, users[1], "三")
    await asyncio.sleep(1.5)
    assert api.calls(SEND) == 1
    status = await ended(outbox, "u1/一", "queued")
    assert "自动" in status.reason
    left = await redis.pttl("account:{wechat}:stop")
    assert 50_000 < left <= 3_600_000
    await redis.delete("account:{wechat}:stop")
    await ended(outbox, "u1/二", "sent")
    await ended(outbox, "u2/三", "sent")
    assert (api.got("u1"), api.got("u2")) == (["一", "二"], ["三"])


@pytest.mark.usefixtures("sender")
async def test_an_address_not_on_the_list_is_an_alert_and_the_item_waits(
    outbox: Outbox, api: Api, redis: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    user = api.user()
    api.trouble(errcode=40164, times=100, path=FETCH)
    await queue(outbox, user, "一")
    until = time.monotonic() + 5
    while "白名单" not in (await ended(outbox, "u1/一", "queued")).reason:
        assert time.monotonic() < until
        await asyncio.sleep(0.05)
    assert await story(redis, user, "u1/一") == ["queued", "queued"]
    assert api.calls(SEND) == 0
    assert api.calls(FETCH) == 1


async def test_an_account_without_the_right_to_push_asks_nothing_and_holds(
    outbox: Outbox, redis_url: str, api: Api
) -> None:
    user = api.user()
    async with lane(redis_url, api.settings, can_push=False):
        await queue(outbox, user, "一", "二")
        await ended(outbox, "u1/一", "held")
        items = await outbox.take_passive(conversation(user), "m1")
        assert [item.id for item in items] == ["u1/一", "u1/二"]
        await outbox.answered(conversation(user), "m1", 2)
        await ended(outbox, "u1/二", "sent")
    assert api.calls(SEND) == api.calls(FETCH) == 0


@pytest.mark.usefixtures("sender")
async def test_an_account_that_turns_out_not_to_push_is_asked_once(
    outbox: Outbox, api: Api, redis: Client
) -> None:
    users = [api.user(name) for name in ("u1", "u2", "u3")]
    api.trouble(errcode=48001, times=100)
    await queue(outbox, users[0], "一")
    status = await ended(outbox, "u1/一", "held")
    assert "没有主动发消息的权限" in status.reason
    for user in users[1:]:
        await queue(outbox, user, "一")
        await ended(outbox, f"{user.id}/一", "held")
    assert api.calls(SEND) == 1
    assert await redis.exists("account:{wechat}:mute")


@pytest.mark.usefixtures("sender")
async def test_half_a_long_reply_goes_on_where_it_was_held(outbox: Outbox, api: Api) -> None:
    user = api.user(wrote=False)
    user.quota.acted(time.time())
    text = "".join(f"这是第{number}句话，写得长一些好让它要分成几条发出去。" for number in range(120))
    await queue(outbox, user, text)
    await ended(outbox, f"u1/{text}", "held")
    assert len(api.got()) == 3
    assert (await outbox.waiting(conversation(user)))[0].begun
    user.quota.wrote(time.time())
    await outbox.release(conversation(user))
    await ended(outbox, f"u1/{text}", "sent")
    assert "".join(api.got()) == text


@pytest.mark.usefixtures("sender")
async def test_a_reply_that_says_nothing_is_done(outbox: Outbox, api: Api) -> None:
    await outbox.queue(Item(id="empty", conversation=conversation(api.user()), reply=Reply()))
    await ended(outbox, "empty", "sent")
    assert api.calls(SEND) == 0
