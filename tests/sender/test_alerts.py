"""Staff alerts and hand-overs to WeCom's agents, against the sandbox's robot and sessions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from functools import partial

import msgspec
import pytest

from bot.bus import alerts, events
from bot.bus.connection import Client
from bot.bus.events import Event, Kind
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.bus.tokens import Tokens
from bot.channels.wecom.robot import LIMIT, Robot, merged
from bot.errors import PlatformError
from bot.sender.__main__ import alarm
from bot.sender.alerts import Alarm
from bot.sender.handover import Handover
from bot.settings import Settings
from tests.work import Corp, corp, lane, running, until


@pytest.fixture
def office(settings: Settings) -> Iterator[Corp]:
    with corp(settings) as made:
        yield made


async def tell(redis: Client, conversation: str, kind: Kind, **data: object) -> None:
    at = float(data.pop("at", time.time()))  # type: ignore[arg-type]
    event = Event(id=f"{kind}{len(str(data))}{at}", kind=kind, conversation=conversation, at=at, data=data)
    await events.append(redis, event)


async def watched(redis: Client, office: Corp, member: str = "") -> Alarm:
    """An alarm that has begun to follow."""
    settings = msgspec.structs.replace(office.settings.alerts, members=(member,) if member else ())
    made = alarm(msgspec.structs.replace(office.settings, alerts=settings), redis)
    await made._round()
    return made


async def test_a_hand_off_and_a_poisoned_message_are_told_in_one_message(redis: Client, office: Corp) -> None:
    made = await watched(redis, office)
    await tell(redis, "wechat:gh:o1", "handoff", owner="queue", epoch=1)
    await tell(redis, "kf:wk:wm1", "turn", outcome="poisoned")
    await tell(redis, "kf:wk:wm1", "turn", outcome="answered")
    await made._round()
    (text,) = office.app.robot
    assert "有申报人要人工" in text
    assert "渠道：公众号" in text
    assert "有一条消息处理不了" in text
    assert "o1" not in text
    await made._round()
    assert len(office.app.robot) == 1


async def test_who_waits_too_long_is_told_once_and_not_after_somebody_came(
    redis: Client, office: Corp
) -> None:
    made = await watched(redis, office)
    long_ago = time.time() - 11 * 60
    for user in ("o1", "o2", "o3"):
        await tell(redis, f"wechat:gh:{user}", "handoff", owner="queue", epoch=1, at=long_ago)
    await tell(redis, "wechat:gh:o3", "handoff", owner="agent", epoch=2)
    await made._round()
    assert "2 位申报人等人工超过 10 分钟" in office.app.robot[0]
    await made._round()
    assert len(office.app.robot) == 1


async def test_trouble_with_an_account_is_told_with_what_to_do(
    redis: Client, redis_url: str, office: Corp
) -> None:
    made = await watched(redis, office)
    office.app.trouble.errcode, office.app.trouble.times = 60020, 1
    office.app.trouble.path = "/cgi-bin/message/send"
    async with running(redis_url, partial(lane, office, "wecom")):
        item = Item(id="x", conversation=office.conversation(), reply=Reply((Part("好"),)))
        await Outbox(redis).queue(item)
        await until(lambda: _listed(redis))
    await made._round()
    assert "企业微信发不出消息（错误码 60020）" in office.app.robot[0]
    assert "企业可信 IP" in office.app.robot[0]
    assert not await alerts.add(redis, "again", "account:wecom:60020")


async def _listed(redis: Client) -> bool:
    return bool(await alerts.listed(redis, 1))


async def test_those_on_duty_are_told_through_the_app(redis: Client, redis_url: str, office: Corp) -> None:
    made = await watched(redis, office, member=office.user().openid)
    await tell(redis, "wechat:gh:o1", "handoff", owner="queue", epoch=1)
    async with running(redis_url, partial(lane, office, "wecom")):
        await made._round()
        await until(lambda: len(office.got()) == 1)
    assert office.got()[0].startswith("有申报人要人工\n")


async def test_many_alerts_are_few_messages_none_over_the_limit(redis: Client, office: Corp) -> None:
    made = await watched(redis, office)
    for number in range(100):
        await alerts.add(redis, f"**第 {number} 件事**\n" + "说明" * 20)
    while await alerts.listed(redis, 1):
        await made._round()
    assert 2 < len(office.app.robot) < 20
    assert all(len(text.encode()) <= LIMIT for text in office.app.robot)
    assert "".join(office.app.robot).count("件事") == 100
    assert merged(["长" * 5_000])[1] == 1


async def test_a_robot_that_is_told_too_much_refuses_and_the_alert_waits(redis: Client, office: Corp) -> None:
    made = await watched(redis, office)
    robot = Robot(office.settings.alerts.api_url, office.settings.alerts.robot_key)
    for _ in range(20):
        await robot.send("x")
    with pytest.raises(PlatformError, match="45009"):
        await robot.send("x")
    with pytest.raises(PlatformError, match="40058"):
        await robot.send("x" * (LIMIT + 1))
    await alerts.add(redis, "要紧的事")
    await made._round()
    assert await alerts.listed(redis, 1) == ["要紧的事"]


async def test_the_assistants_last_words_go_out_before_the_session_is_given_away(
    settings: Settings, redis: Client, redis_url: str
) -> None:
    with corp(settings, handoff="queue") as office:
        user = office.user("kf")
        conversation = office.conversation("kf")
        office.service.wrote(user.openid, "text", {"content": "转人工"})
        room = office.room("kf")
        assert room.source is not None
        made = Handover(redis, "kf", room.source(partial(Tokens, redis)))
        await made._follower.step(made._follow)
        stopping = asyncio.Event()
        task = asyncio.create_task(made.run(stopping))
        await tell(redis, conversation, "handoff", owner="queue", epoch=1)
        await Outbox(redis).queue(
            Item(id="last", conversation=conversation, reply=Reply((Part("转给人工"),)))
        )
        async with running(redis_url, partial(lane, office, "kf")):
            await until(lambda: office.service.sessions[user.openid].state == 2)
        stopping.set()
        await task
        assert office.got("kf") == ["转给人工"]
        assert office.service.forbidden == 0
