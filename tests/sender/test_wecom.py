"""The app's sender against WeCom's limits, which WeCom keeps without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
import pytest_asyncio

from bot.bus.connection import Client
from bot.bus.messages import Option, Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.bus.pace import Pace
from bot.sandbox.pieces import Tap
from bot.settings import Settings
from tests.sender.senders import ended
from tests.work import Corp, corp, lane, running, until

YES_NO = (Option("yes", "有"), Option("no", "没有"))


@pytest.fixture
def office(settings: Settings) -> Iterator[Corp]:
    with corp(settings) as made:
        yield made


@pytest_asyncio.fixture
async def sender(redis: Client, redis_url: str, office: Corp) -> AsyncIterator[None]:
    async with running(redis_url, partial(lane, office, "wecom")):
        yield


async def queue(
    redis: Client, office: Corp, id: str, reply: Reply, ticket: str = "", user: str = "u1"
) -> None:
    item = Item(id=id, conversation=office.conversation(name=user), reply=reply, ticket=ticket)
    await Outbox(redis).queue(item)


@pytest.mark.usefixtures("sender")
async def test_a_text_over_the_limit_arrives_whole_though_wecom_would_cut_it(
    redis: Client, office: Corp
) -> None:
    text = "".join(f"这是第{number}句话，写得长一些好让它要分成几条发出去。" for number in range(120))
    await queue(redis, office, "long", Reply((Part(text),)))
    await ended(Outbox(redis), "long", "sent")
    assert len(office.got()) > 3
    assert "".join(office.got()) == text


@pytest.mark.usefixtures("sender")
async def test_thirty_a_minute_go_out_and_the_next_waits_instead_of_being_dropped(
    redis: Client, office: Corp
) -> None:
    for number in range(32):
        await queue(redis, office, f"n{number}", Reply((Part(str(number)),)))
    await ended(Outbox(redis), "n29", "sent", timeout=30)
    await until(lambda: office.calls("wecom", "message/send") >= 30)
    await asyncio.sleep(0.3)
    assert office.got() == [str(number) for number in range(30)]
    status = await Outbox(redis).status("n30")
    assert status is not None
    assert (status.state, "等一会儿" in status.reason) == ("queued", True)
    assert office.app.dropped == 0
    await queue(redis, office, "other", Reply((Part("别人"),)), user="u2")
    await ended(Outbox(redis), "other", "sent")


async def test_without_our_pace_wecom_drops_the_31st_and_says_ok(office: Corp) -> None:
    user = office.user()
    text = {"msgtype": "text", "agentid": office.settings.wecom.agent_id, "text": {"content": "x"}}  # type: ignore[union-attr]
    for _ in range(31):
        answer = await office.app._send(None, {**text, "touser": user.openid})  # type: ignore[arg-type]
        assert answer["errcode"] == 0
    assert (len(office.got()), office.app.dropped) == (30, 1)


async def test_the_pace_knows_both_windows_and_gives_back(redis: Client) -> None:
    pace = Pace(redis, ((2, 60), (3, 3_600)))
    (one, _), (two, wait) = await pace.take("wecom:a:b"), await pace.take("wecom:a:b")
    assert one
    assert (bool(two), wait) == (True, 0.0)
    name, wait = await pace.take("wecom:a:b")
    assert not name
    assert 50 < wait <= 60
    assert (await pace.take("wecom:a:c"))[0]
    await pace.give_back("wecom:a:b", two)
    assert (await pace.take("wecom:a:b"))[0]
    short = Pace(redis, ((1, 1),))
    assert not (await short.take("wecom:a:b"))[0]


@pytest.mark.usefixtures("sender")
async def test_a_card_is_changed_once_by_the_code_of_its_tap(redis: Client, office: Corp) -> None:
    user = office.user()
    await queue(redis, office, "ask", Reply((Part("有团队吗？", YES_NO),)))
    await ended(Outbox(redis), "ask", "sent")
    (message,) = [each for each in user.messages if each.side == "account"]
    tap = next(piece for piece in message.pieces if isinstance(piece, Tap))
    assert tap.label == "有"
    (card,) = office.app.cards.cards.values()
    code = office.app.cards.code(card)
    ticket = f'{{"code":"{code}","label":"有"}}'
    await queue(redis, office, "next", Reply((Part("好的"),)), ticket)
    await ended(Outbox(redis), "next", "sent")
    assert office.got() == ["请选择\n有团队吗？\n已选：有", "好的"]
    # The same code again: refused, and the reply goes out all the same.
    await queue(redis, office, "again", Reply((Part("又来"),)), ticket)
    await ended(Outbox(redis), "again", "sent")
    assert office.got()[-1] == "又来"
    assert office.calls("wecom", "message/update_template_card") == 2


async def test_a_code_is_good_for_72_hours(settings: Settings) -> None:
    now = [1_800_000_000.0]
    with corp(settings, clock=lambda: now[0]) as office:
        body = {
            "card_type": "button_interaction",
            "task_id": "t",
            "main_title": {"title": "请选择"},
            "button_list": [{"text": "有", "key": "yes"}],
        }
        cards = office.app.cards
        card = cards.read(office.user().openid, body)
        first, second = cards.code(card), cards.code(card)
        now[0] += 72 * 3_600 - 1
        assert cards.use(first) is card
        now[0] += 1
        with pytest.raises(Exception, match="response_code"):
            cards.use(second)


@pytest.mark.usefixtures("sender")
async def test_a_member_who_cannot_see_the_app_is_named_in_plain_words(redis: Client, office: Corp) -> None:
    assert office.settings.wecom is not None
    conversation = f"wecom:{office.settings.wecom.corp_id}:Nobody"
    await Outbox(redis).queue(Item(id="x", conversation=conversation, reply=Reply((Part("在吗"),))))
    status = await ended(Outbox(redis), "x", "failed")
    assert "可见范围" in status.reason


@pytest.mark.usefixtures("sender")
async def test_an_expired_token_is_replaced_once(redis: Client, office: Corp) -> None:
    await queue(redis, office, "a", Reply((Part("一"),)))
    await ended(Outbox(redis), "a", "sent")
    office.app.expire()
    await queue(redis, office, "b", Reply((Part("二"),)))
    await ended(Outbox(redis), "b", "sent")
    assert office.got() == ["一", "二"]
    assert office.calls("wecom", "gettoken") == 2
