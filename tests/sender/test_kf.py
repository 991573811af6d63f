"""WeChat customer service, but for gateway and worker: fetching, states, limits, what fails later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import pytest
import pytest_asyncio

from bot.bus import events, owner, pull
from bot.bus.connection import Client
from bot.bus.ledger import Ledger
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.sandbox.calls import Trouble
from bot.sandbox.pieces import Tap
from bot.settings import Settings
from tests.sender.flood import Flood
from tests.sender.senders import ended
from tests.work import Corp, corp, lane, puller, running, until


@pytest.fixture
def office(settings: Settings) -> Iterator[Corp]:
    with corp(settings) as made:
        yield made


@pytest_asyncio.fixture
async def working(redis: Client, redis_url: str, office: Corp) -> AsyncIterator[None]:
    """Puller and sender of customer service."""
    async with running(redis_url, partial(lane, office, "kf"), partial(puller, office)):
        yield


async def signal(redis: Client, office: Corp) -> None:
    await pull.call(redis, "kf", office.service.open_kfid, office.service.token())


async def heard(redis: Client, office: Corp, count: int = 1) -> list[Inbound]:
    """The next messages in the mailbox."""
    box = Mailbox(redis)
    found: list[Inbound] = []
    while len(found) < count:
        lease = await box.take(5)
        assert lease is not None
        found.append(lease.inbound)
        await box.done(lease, Reply())
    await box.close()
    return found


async def queue(redis: Client, office: Corp, id: str, text: str = "好的", *options: Option) -> None:
    item = Item(id=id, conversation=office.conversation("kf"), reply=Reply((Part(text, options),)))
    await Outbox(redis).queue(item)


async def told(redis: Client, office: Corp, kind: str) -> list[dict[str, object]]:
    entries = await redis.xrange(events.stream_of(office.conversation("kf")))
    found = [events.decode(fields) for _, fields in entries]
    return [event.data for event in found if event.kind == kind]


@pytest.mark.usefixtures("working")
async def test_messages_are_fetched_in_order_and_answered_with_a_menu(redis: Client, office: Corp) -> None:
    user = office.user("kf")
    office.service.empty_pages = 2
    for text in ("一", "二", "三"):
        office.service.wrote(user.openid, "text", {"content": text})
    await signal(redis, office)
    found = await heard(redis, office, 3)
    assert [(each.text, each.passive) for each in found] == [("一", False), ("二", False), ("三", False)]
    await queue(redis, office, "q", "有团队吗？", Option("ask:research:team:yes", "有"))
    await ended(Outbox(redis), "q", "sent")
    assert office.service.sessions[user.openid].state == 1
    (message,) = [each for each in user.messages if each.side == "account"]
    tap = next(piece for piece in message.pieces if isinstance(piece, Tap))
    office.service.wrote(user.openid, "text", {"content": tap.content, "menu_id": tap.menu_id})
    await signal(redis, office)
    (tapped,) = await heard(redis, office)
    assert (tapped.kind, tapped.tap) == ("tap", "ask:research:team:yes")


@pytest.mark.usefixtures("working")
async def test_who_enters_is_welcomed_by_the_events_code(redis: Client, office: Corp) -> None:
    user = office.user("kf")
    office.service.entered(user.openid)
    await signal(redis, office)
    (entered,) = await heard(redis, office)
    assert (entered.kind, bool(entered.ticket)) == ("follow", True)
    item = Item(
        id="w", conversation=entered.conversation, reply=Reply((Part("您好"),)), ticket=entered.ticket
    )
    await Outbox(redis).queue(item)
    await ended(Outbox(redis), "w", "sent")
    assert office.got("kf") == ["您好"]
    assert office.calls("kf", "kf/send_msg_on_event") == 1
    assert office.calls("kf", "kf/send_msg") == 0
    assert (await Ledger(redis).left(entered.conversation)).until == 0


@pytest.mark.usefixtures("working")
async def test_five_go_out_and_the_sixth_waits_for_the_customer(redis: Client, office: Corp) -> None:
    user = office.user("kf")
    office.service.wrote(user.openid, "text", {"content": "问"})
    await signal(redis, office)
    await heard(redis, office)
    for number in range(6):
        await queue(redis, office, f"n{number}", str(number))
    await ended(Outbox(redis), "n5", "held")
    assert office.got("kf") == ["0", "1", "2", "3", "4"]
    office.service.wrote(user.openid, "text", {"content": "再问"})
    await signal(redis, office)
    await ended(Outbox(redis), "n5", "sent")
    assert office.calls("kf", "kf/send_msg") == 6


@pytest.mark.usefixtures("working")
async def test_an_agent_of_wecoms_silences_the_assistant_until_the_session_is_over(
    redis: Client, office: Corp
) -> None:
    user, service = office.user("kf"), office.service
    service.wrote(user.openid, "text", {"content": "问"})
    service.taken(user.openid, "LiMing")
    service.said(user.openid, "LiMing", "我来答")
    service.wrote(user.openid, "text", {"content": "谢谢"})
    await signal(redis, office)
    assert [each.text for each in await heard(redis, office)] == ["问"]
    await queue(redis, office, "late", "机器人的话")
    status = await ended(Outbox(redis), "late", "held")
    assert "接待人员" in status.reason
    # It is the session that is away; what may be sent isn't used up by it.
    assert (await Ledger(redis).left(office.conversation("kf"))).count == 5
    await until(lambda: _has(redis, office, "message_out"))
    assert [data["text"] for data in await told(redis, office, "message_in")] == ["谢谢"]
    assert [data["author"] for data in await told(redis, office, "message_out")] == ["agent"]
    await owner.set(redis, office.conversation("kf"), 0, "queue")
    service.ended(user.openid, "LiMing")
    service.wrote(user.openid, "text", {"content": "又来了"})
    await signal(redis, office)
    assert [each.text for each in await heard(redis, office)] == ["又来了"]
    assert (await owner.get(redis, office.conversation("kf"))).owner == "bot"
    await ended(Outbox(redis), "late", "sent")
    assert service.forbidden == 0


@pytest.mark.usefixtures("working")
async def test_an_agent_who_is_quicker_than_the_assistant_has_the_session(
    redis: Client, office: Corp, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, service = office.user("kf"), office.service
    service.wrote(user.openid, "text", {"content": "问"})
    asked = asks(office, monkeypatch, lambda: service.taken(user.openid, "LiMing"))
    await queue(redis, office, "late", "机器人的话")
    assert "接待人员" in (await ended(Outbox(redis), "late", "held", "failed")).reason
    assert asked[:2] == [0, 3]
    assert (office.calls("kf", "kf/send_msg"), service.forbidden, service.raced) == (0, 0, 0)


@pytest.mark.usefixtures("working")
async def test_what_was_said_of_a_session_before_a_long_wait_does_not_count(
    redis: Client, office: Corp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token runs out between question and message, and a new one takes its time."""
    user, service = office.user("kf"), office.service
    service.wrote(user.openid, "text", {"content": "问"})
    await queue(redis, office, "first", "一")
    await ended(Outbox(redis), "first", "sent")

    def change() -> None:
        service.taken(user.openid, "LiMing")
        office.work.desks["kf"].calls.expire()
        office.app.trouble = Trouble(delay=0.6, path="/cgi-bin/gettoken")

    asked = asks(office, monkeypatch, change)
    await queue(redis, office, "late", "机器人的话")
    assert "接待人员" in (await ended(Outbox(redis), "late", "held", "failed")).reason
    assert asked == [1, 3]
    assert office.got("kf") == ["一"]
    assert (service.forbidden, service.raced) == (0, 0)


def asks(office: Corp, monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> list[int]:
    """What WeCom says of sessions from now on; something changes right after the first time."""
    tell = office.service.state
    told: list[int] = []

    def state(user: str) -> int:
        told.append(tell(user))
        if len(told) == 1:
            change()
        return told[-1]

    monkeypatch.setattr(office.service, "state", state)
    return told


@pytest.mark.usefixtures("working")
async def test_a_conversation_of_our_own_staff_stays_theirs_when_wecoms_agent_is_done(
    redis: Client, office: Corp
) -> None:
    user, conversation = office.user("kf"), office.conversation("kf")
    await owner.set(redis, conversation, 0, "agent", "7")
    office.service.taken(user.openid, "LiMing")
    office.service.ended(user.openid, "LiMing")
    office.service.wrote(user.openid, "text", {"content": "又来了"})
    await signal(redis, office)
    await until(lambda: _has(redis, office, "message_in"))
    assert [data["text"] for data in await told(redis, office, "message_in")] == ["又来了"]
    assert (await owner.get(redis, conversation)).owner == "agent"


async def _has(redis: Client, office: Corp, kind: str) -> bool:
    return bool(await told(redis, office, kind))


@pytest.mark.usefixtures("working")
async def test_a_message_that_fails_later_turns_its_own_item_red(redis: Client, office: Corp) -> None:
    user, service = office.user("kf"), office.service
    service.wrote(user.openid, "text", {"content": "问"})
    await signal(redis, office)
    await heard(redis, office)
    await queue(redis, office, "good", "收到了")
    await ended(Outbox(redis), "good", "sent")
    service.sessions[user.openid].refuses = True
    await queue(redis, office, "bad", "收不到")
    await ended(Outbox(redis), "bad", "sent")
    await signal(redis, office)
    await until(lambda: _failed(redis, office))
    last = {str(data["id"]): data for data in await told(redis, office, "delivery")}
    assert (last["good"]["state"], last["bad"]["state"]) == ("sent", "failed")
    assert "拒收" in str(last["bad"]["reason"])
    assert await Outbox(redis).status("bad") is None
    assert await Outbox(redis).bounce(office.conversation("kf"), "unknown", "x") == ""


async def _failed(redis: Client, office: Corp) -> bool:
    return any(data["state"] == "failed" for data in await told(redis, office, "delivery"))


@pytest.mark.usefixtures("working")
async def test_a_lost_answer_is_sent_again_and_arrives_once(redis: Client, office: Corp) -> None:
    user = office.user("kf")
    office.service.wrote(user.openid, "text", {"content": "问"})
    # The platform takes the message and answers too late; the repetition is refused by its msgid.
    real = office.service.spend
    seen: list[str] = []

    def slow(user: str, msgid: str) -> bool:
        taken = real(user, msgid)
        seen.append(msgid)
        raise RuntimeError("cut off") if len(seen) == 1 else AssertionError(taken)

    office.service.spend = slow  # type: ignore[method-assign]
    await queue(redis, office, "once", "只一次")
    await until(lambda: len(seen) == 1)
    office.service.spend = real  # type: ignore[method-assign]
    await ended(Outbox(redis), "once", "sent")
    assert office.calls("kf", "kf/send_msg") >= 1


async def test_a_signals_old_token_is_left_out(redis: Client, redis_url: str, office: Corp) -> None:
    user = office.user("kf")
    office.service.wrote(user.openid, "text", {"content": "问"})
    await pull.call(redis, "kf", office.service.open_kfid, "ENCunknown")
    async with running(redis_url, partial(puller, office)):
        assert [each.text for each in await heard(redis, office)] == ["问"]


async def test_a_lost_signal_is_made_up_for(redis: Client, redis_url: str, office: Corp) -> None:
    async with running(redis_url, partial(puller, office, poll=2.2)):
        await until(lambda: office.calls("kf", "kf/sync_msg") >= 1)
        office.service.wrote(office.user("kf").openid, "text", {"content": "没有信号"})
        assert [each.text for each in await heard(redis, office)] == ["没有信号"]


@pytest.mark.parametrize(("handoff", "state"), [("queue", 2), ("servicer", 3), ("absent", 2), ("desk", 0)])
async def test_sessions_are_handed_over_as_the_settings_say(
    settings: Settings, redis: Client, handoff: str, state: int
) -> None:
    servicer = "OffDuty" if handoff == "absent" else "LiMing"
    handoff_setting = handoff.replace("absent", "servicer")
    with corp(settings, handoff=handoff_setting, servicer=servicer) as office:
        made = puller(office, redis)
        user = office.user("kf").openid
        assert await made._source.hand_over(user) is (handoff != "desk")
        assert office.service.sessions[user].state == state
        await made._source.close()


async def test_every_message_once_and_in_order_whatever_happens_to_signals_and_pullers(
    redis: Client, redis_url: str, office: Corp
) -> None:
    office.service.empty_pages = 3
    flood = Flood(office, redis, redis_url, people=30, messages=400)
    figures = await flood.run(kills=5, seconds=60)
    assert (figures.heard, figures.lost, figures.doubled, figures.disordered) == (400, 0, 0, 0)
    assert figures.forbidden == 0
