"""What waits in the outbox goes out with the answer to the applicant's next message, each item once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.bus.dispatch import Dispatch, Result
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.bus.outbox import Item, Outbox, State
from bot.gateway.carry import joined
from bot.gateway.conversation import APOLOGY, Conversation
from tests import wechat
from tests.test_gateway import UNVERIFIED, Office, echo, office, said

__all__ = ["office"]

C = "wechat:gh_1:oAlice"


def from_staff(id: str, text: str = "") -> Item:
    return Item(id=id, conversation=C, reply=said(text or id), author="agent", agent="7")


@pytest_asyncio.fixture
async def outbox(office: Office) -> AsyncIterator[Outbox]:
    yield Outbox(office.redis)


async def states(outbox: Outbox, *ids: str) -> list[State]:
    """Where items are, once the gateway has said that its answer left."""
    await asyncio.sleep(0.1)
    found = [await outbox.status(id) for id in ids]
    return [status.state for status in found if status is not None]


@UNVERIFIED
async def test_what_is_held_goes_out_in_order_in_front_of_the_answer(office: Office, outbox: Outbox) -> None:
    for id in ("王老师：可以", "王老师：下周见"):
        await outbox.queue(from_staff(id))
    answer = await office.hear("在吗", 1)
    assert answer == "王老师：可以\n\n王老师：下周见\n\n收到：在吗"
    assert await states(outbox, "王老师：可以", "王老师：下周见") == ["sent", "sent"]
    assert await office.hear("在吗", 1) == answer
    assert await office.hear("好", 2) == "收到：好"


@UNVERIFIED
async def test_it_goes_out_although_the_bot_says_nothing(office: Office, outbox: Outbox) -> None:
    async def silent(_: Inbound) -> Reply:
        return Reply()

    office.turn = silent
    await outbox.queue(from_staff("请补一份材料"))
    assert await office.hear("好", 1) == "请补一份材料"
    assert (await office.post(wechat.message(MsgId="2"))).text == "success"


@UNVERIFIED
async def test_as_much_goes_as_one_text_holds_and_the_rest_waits(office: Office, outbox: Outbox) -> None:
    texts = [f"{number}{'长' * 250}" for number in range(4)]
    for text in texts:
        await outbox.queue(from_staff(text[0], text))
    first, second, third = [await office.hear("好", number) for number in (1, 2, 3)]
    assert first == "\n\n".join([*texts[:2], "收到：好"])
    assert second == "\n\n".join([*texts[2:], "收到：好"])
    assert third == "收到：好"
    assert await states(outbox, *"0123") == ["sent"] * 4


@UNVERIFIED
async def test_an_item_too_long_for_any_answer_comes_piece_by_piece(office: Office, outbox: Outbox) -> None:
    text = "这一句写得长一些好分成几条。" * 60
    await outbox.queue(from_staff("long", text))
    pieces = [await office.hear("好", 1), await office.hear("继续", 2)]
    whole = "".join(piece.replace("\n（未完，回复“继续”看下文）", "") for piece in pieces)
    assert whole == f"{text}\n\n收到：好"


async def test_a_verified_account_carries_what_its_sender_holds(office: Office, outbox: Outbox) -> None:
    """There is no sender here to push it: so it is there when the answer is."""
    await outbox.queue(from_staff("稍后再发的"))
    assert await office.hear("在吗", 1) == "稍后再发的\n\n收到：在吗"


async def test_what_was_pushed_in_part_is_left_to_the_sender(office: Office, outbox: Outbox) -> None:
    sender = Dispatch(office.redis, "wechat")
    await outbox.queue(from_staff("长"))
    lease = await sender.take(5)
    assert lease is not None
    await sender.begin(lease, ({"text": "一"}, {"text": "二"}))
    await sender.settle(lease, Result(state="held", reason="用完了", rest=({"text": "二"},)))
    await sender.close()
    assert await office.hear("在吗", 1) == "收到：在吗"
    assert await states(outbox, "长") == ["queued"]


async def test_two_gateways_give_a_redelivery_the_same_items(office: Office, outbox: Outbox) -> None:
    await outbox.queue(from_staff("一"))
    request = wechat.message(Content="在吗", MsgId="5")
    answers = await asyncio.gather(*(office.post(request, copy % 2) for copy in range(6)))
    assert {office.text(answer) for answer in answers} == {"一\n\n收到：在吗"}
    assert await states(outbox, "一") == ["sent"]


@UNVERIFIED
async def test_what_an_apology_could_not_carry_waits_on(
    office: Office, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Conversation, reply: Reply) -> list[str]:
        raise RuntimeError("a mistake of ours")

    await outbox.queue(from_staff("一"))
    with monkeypatch.context() as patch:
        patch.setattr(Conversation, "_texts", broken)
        assert await office.hear("在吗", 1) == APOLOGY
    assert await states(outbox, "一") == ["queued"]
    # The reply that the apology took the place of comes too.
    assert await office.hear("好", 2) == "一\n\n收到：在吗\n\n收到：好"


async def test_a_burst_that_is_late_loses_no_reply(
    office: Office, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(inbound: Inbound) -> Reply:
        await asyncio.sleep(0.1)
        return await echo(inbound)

    office.turn = slow
    monkeypatch.setattr("bot.gateway.conversation.ANSWER_SECONDS", 0.45)
    monkeypatch.setattr("bot.gateway.conversation._REPLY_SECONDS", 0.4)
    posts = [office.post(wechat.message(Content=str(number), MsgId=str(number))) for number in range(12)]
    answers = await asyncio.gather(*posts)
    passive = [office.text(answer) for answer in answers if answer.content != b"success"]
    while sum(office.turns.values()) < 12:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    pushed = [each.item.reply.text for each in await outbox.waiting(C)]
    assert "\n\n".join([*passive, *pushed]).count("收到") == 12
    # On a busy machine some get the apology in time, and their reply all the same.
    said_in_all = set("\n\n".join([*passive, *pushed]).split("\n\n")) - {APOLOGY}
    assert said_in_all == {f"收到：{number}" for number in range(12)}


def test_only_the_newest_options_keep_their_numbers() -> None:
    asks = Reply((Part("选", (Option("a", "甲"),)),))
    other = Reply((Part("再选", (Option("b", "乙"),)),))
    assert joined([asks], said("好")) == Reply((*asks.parts, Part("好")))
    assert joined([asks], other) == Reply((Part("选"), *other.parts))
    assert joined([asks], Reply()) == asks
    assert joined([], Reply()) == Reply()
