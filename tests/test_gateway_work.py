"""The gateway's WeCom addresses: real Redis, real encryption, answers as WeCom reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from bot.accounts import Kf, WeCom
from bot.bus import pull
from bot.bus.connection import Client
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.bus.outbox import Outbox
from bot.bus.tasks import end
from bot.gateway import create_app
from bot.settings import Settings
from tests import wecom

YES_NO = (Option("yes", "有"), Option("no", "没有"))


class Office:
    """A gateway with a WeCom app and WeChat customer service, and a worker."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient, redis: Client) -> None:
        assert settings.wecom is not None
        assert settings.kf is not None
        self.app: WeCom = settings.wecom
        self.kf: Kf = settings.kf
        self.client, self.redis = client, redis
        self.outbox, self._box = Outbox(redis), Mailbox(redis)
        self.turns: list[Inbound] = []

    async def work(self) -> None:
        while True:
            lease = await self._box.take(1)
            if lease is not None:
                self.turns.append(lease.inbound)
                options = YES_NO if lease.inbound.text == "问我" else ()
                reply = Reply((Part(f"收到：{lease.inbound.text or lease.inbound.tap}", options),))
                await self._box.done(lease, reply)

    async def post(self, path: str, xml: str) -> httpx.Response:
        account = self.app if path == "/wecom" else self.kf
        request = wecom.callback(xml, account)
        return await self.client.post(path, params=request.params, content=request.body)

    async def waiting(self, user: str = "ZhangSan") -> list[tuple[str, str]]:
        """Texts and tickets of what waits to be sent to a member."""
        found = await self.outbox.waiting(f"wecom:{self.app.corp_id}:{user}")
        return [(each.item.reply.text, each.item.ticket) for each in found]

    async def close(self) -> None:
        await self._box.close()


@pytest_asyncio.fixture
async def office(settings: Settings, redis: Client) -> AsyncIterator[Office]:
    app = create_app(settings, redis)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
    ):
        found = Office(settings, client, redis)
        working = asyncio.create_task(found.work())
        yield found
        await end(working)
        await found.close()


async def test_the_url_checks_of_both_addresses(office: Office) -> None:
    for path, account in (("/wecom", office.app), ("/wecom/kf", office.kf)):
        answer = await office.client.get(path, params=wecom.url_check(account))
        assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
        assert (await office.client.get(path, params={"echostr": "1"})).status_code == 403


async def test_a_text_is_answered_passively_and_sealed(office: Office) -> None:
    answer = await office.post("/wecom", wecom.message(office.app, Content="能申请吗"))
    fields = wecom.opened(answer.content, office.app)
    assert fields["Content"] == "收到：能申请吗"
    assert (fields["ToUserName"], fields["FromUserName"]) == ("ZhangSan", office.app.corp_id)
    assert await office.waiting() == []


async def test_a_reply_that_needs_a_card_is_pushed_once_however_often_it_is_asked_for(office: Office) -> None:
    xml = wecom.message(office.app, Content="问我")
    answers = await asyncio.gather(*(office.post("/wecom", xml) for _ in range(5)))
    assert {answer.content for answer in answers} == {b""}
    assert await office.waiting() == [("收到：问我", "")]
    assert len(office.turns) == 1


async def test_a_tap_on_a_card_is_kept_at_once_and_its_reply_pushed_with_the_code(office: Office) -> None:
    about = {"Event": "template_card_event", "TaskId": "t", "EventKey": "yes|有", "ResponseCode": "C"}
    xml = wecom.message(office.app, "event", **about)
    for _ in range(2):
        assert (await office.post("/wecom", xml)).content == b""
    while not await office.waiting():
        await asyncio.sleep(0.01)
    assert await office.waiting() == [("收到：yes", '{"code":"C","label":"有"}')]
    assert len(office.turns) == 1


async def test_signals_are_counted_and_never_compared(office: Office) -> None:
    xml = wecom.signal(office.kf, sync="T1")
    for _ in range(3):
        assert (await office.post("/wecom/kf", xml)).status_code == 200
    standing = await pull.standing(office.redis, "kf", office.kf.open_kfid)
    assert (standing.calls, standing.token, standing.cursor) == (3, "T1", "")
    other = wecom.signal(office.kf, OpenKfId="wkOther")
    assert (await office.post("/wecom/kf", other)).status_code == 200
    assert (await pull.standing(office.redis, "kf", office.kf.open_kfid)).calls == 3
    assert office.turns == []


async def test_the_accounts_do_not_open_each_others_callbacks(office: Office) -> None:
    request = wecom.callback(wecom.signal(office.kf), office.kf)
    answer = await office.client.post("/wecom", params=request.params, content=request.body)
    assert answer.status_code == 403
