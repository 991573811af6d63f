"""Delivery by WeChat's rules, against a real server on loopback."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from starlette.responses import Response
from wechatpy import create_reply

from bot.sandbox.replies import FAULT_NOTICE
from bot.settings import Settings
from tests.conftest import free_port
from tests.sandbox.conftest import MakeSandbox, Sandbox
from tests.sandbox.fakes import FakeGateway, Received

FAULT = ("system", FAULT_NOTICE)


async def test_a_reply_is_shown_after_one_delivery(sandbox: Sandbox, gateway: FakeGateway) -> None:
    gateway.answer = gateway.say("第一行\n第二行")
    outcome = await sandbox.say("你好")
    assert (outcome["result"], outcome["deliveries"], outcome["text"]) == ("reply", 1, "第一行\n第二行")
    assert (await sandbox.shown())[-2:] == [("user", "你好"), ("account", "第一行\n第二行")]
    assert gateway.received[-1].message.content == "你好"


@pytest.mark.parametrize("body", [b"success", b"", b" success\n"])
async def test_success_ends_it_without_a_word(sandbox: Sandbox, gateway: FakeGateway, body: bytes) -> None:
    gateway.answer = gateway.body(body)
    before = len(gateway.received)
    outcome = await sandbox.say("你好")
    assert (outcome["result"], outcome["deliveries"]) == ("silent", 1)
    assert (await sandbox.shown())[-1] == ("user", "你好")
    assert len(gateway.received) == before + 1


@pytest.mark.parametrize(
    "body",
    [
        b"ok",
        b"SUCCESS!",
        json.dumps({"reply": "hi"}).encode(),
        b"<html><body>502</body></html>",
        b"<xml><Encrypt>",
        b"<xml><Encrypt>AAAA</Encrypt></xml>",
        b"\xff\xfe\x00",
        b"<xml>" + b"<a>" * 400_000,
    ],
)
async def test_junk_is_a_fault_at_once(sandbox: Sandbox, gateway: FakeGateway, body: bytes) -> None:
    gateway.answer = gateway.body(body)
    outcome = await sandbox.say("你好")
    assert (outcome["result"], outcome["deliveries"]) == ("fault", 1)
    assert (await sandbox.shown())[-1] == FAULT


async def test_a_plain_reply_in_safe_mode_is_a_fault(sandbox: Sandbox, gateway: FakeGateway) -> None:
    async def plain(received: Received) -> Response:
        return Response(create_reply("你好", message=received.message).render())

    gateway.answer = plain
    assert (await sandbox.say("你好"))["result"] == "fault"


@pytest.mark.parametrize(
    ("pattern", "change", "reason"),
    [
        ("<ToUserName><![CDATA[o", "<ToUserName><![CDATA[oo", "ToUserName"),
        ("<FromUserName><![CDATA[gh", "<FromUserName><![CDATA[hh", "FromUserName"),
        ("<CreateTime>", "<CreateTime>x", "CreateTime"),
        ("<![CDATA[text]]>", "<![CDATA[poem]]>", "MsgType"),
        ("<![CDATA[你好]]>", "", "空"),
        ("<![CDATA[你好]]>", "a\x07b", "XML"),
    ],
)
async def test_a_reply_with_a_wrong_field_is_a_fault(
    sandbox: Sandbox, gateway: FakeGateway, pattern: str, change: str, reason: str
) -> None:
    async def wrong(received: Received) -> Response:
        xml = create_reply("你好", message=received.message).render()
        assert pattern in xml
        return gateway.sealed(xml.replace(pattern, change))

    gateway.answer = wrong
    outcome = await sandbox.say("你好")
    assert outcome["result"] == "fault"
    assert reason in outcome["reason"]
    assert (await sandbox.shown())[-1] == FAULT


async def test_text_may_have_2048_bytes_and_no_more(sandbox: Sandbox, gateway: FakeGateway) -> None:
    longest = "字" * 682 + "ab"
    gateway.answer = gateway.say(longest)
    assert (await sandbox.say("一"))["text"] == longest
    gateway.answer = gateway.say(longest + "c")
    outcome = await sandbox.say("二")
    assert outcome["result"] == "fault"
    assert "2049" in outcome["reason"]
    assert (await sandbox.shown())[-1] == FAULT


async def test_a_late_answer_is_delivered_again_as_the_same_message(
    make_sandbox: MakeSandbox, gateway: FakeGateway
) -> None:
    async with make_sandbox(limit=0.3) as sandbox:
        await sandbox.follow()
        gateway.received.clear()
        late = gateway.after(0.6, gateway.say("晚了"))
        gateway.answer = gateway.in_turn(late, late, gateway.say("赶上了"))
        outcome = await sandbox.say("你好")
        assert (outcome["result"], outcome["deliveries"], outcome["text"]) == ("reply", 3, "赶上了")
        assert 0.6 <= outcome["seconds"] < 1.2
        assert len({item.xml for item in gateway.received}) == 1
        assert len({item.params["nonce"] for item in gateway.received}) == 3
        gaps = [b.at - a.at for a, b in zip(gateway.received, gateway.received[1:], strict=False)]
        assert all(0.25 <= gap < 0.6 for gap in gaps)


async def test_silence_after_the_last_delivery_is_a_fault(
    make_sandbox: MakeSandbox, gateway: FakeGateway
) -> None:
    async with make_sandbox(limit=0.2) as sandbox:
        await sandbox.follow()
        gateway.received.clear()
        gateway.answer = gateway.after(1, gateway.say("晚了"))
        outcome = await sandbox.say("你好")
        assert (outcome["result"], outcome["deliveries"]) == ("fault", 3)
        assert len(gateway.received) == 3
        assert (await sandbox.shown())[-1] == FAULT
        # The late answers never reach the user.
        assert ("account", "晚了") not in await sandbox.shown()


@pytest.mark.parametrize("status", [201, 204, 301, 403, 500, 502, 503])
async def test_another_status_is_delivered_three_times(
    sandbox: Sandbox, gateway: FakeGateway, status: int
) -> None:
    gateway.received.clear()
    gateway.answer = gateway.body(b"success", status) if status != 204 else gateway.body(b"", 204)
    outcome = await sandbox.say("你好")
    assert (outcome["result"], outcome["deliveries"]) == ("fault", 3)
    assert str(status) in outcome["reason"]
    assert len(gateway.received) == 3


async def test_a_server_that_recovers_gets_its_answer_through(sandbox: Sandbox, gateway: FakeGateway) -> None:
    gateway.received.clear()
    gateway.answer = gateway.in_turn(gateway.body(b"", 502), gateway.say("好了"))
    outcome = await sandbox.say("你好")
    assert (outcome["deliveries"], outcome["text"]) == (2, "好了")


async def test_an_unreachable_gateway_is_a_fault_and_is_said_on_the_page(
    make_sandbox: MakeSandbox, gateway: FakeGateway
) -> None:
    async with make_sandbox(gateway_url=f"http://127.0.0.1:{free_port()}/wechat") as sandbox:
        outcome = await sandbox.follow()
        assert (outcome["result"], outcome["deliveries"]) == ("fault", 3)
        state = (await sandbox.http.get("/sandbox/api/state")).json()
        assert "连不上" in state["trouble"]
        assert (await sandbox.http.post("/sandbox/api/check")).json()["ok"] is False


async def test_the_address_check_wants_its_echo(sandbox: Sandbox) -> None:
    assert (await sandbox.http.post("/sandbox/api/check")).json() == {"ok": True, "reason": ""}


async def test_plain_mode_neither_encrypts_nor_expects_it(
    make_sandbox: MakeSandbox, gateway: FakeGateway, account_settings: Settings
) -> None:
    account = msgspec.structs.replace(account_settings.wechat, plain_mode=True)
    settings = msgspec.structs.replace(account_settings, wechat=account)

    async def plain(received: Received) -> Response:
        return Response(create_reply("明文", message=received.message).render())

    gateway.answer = plain
    async with make_sandbox(settings) as sandbox:
        assert (await sandbox.follow())["text"] == "明文"
        assert "encrypt_type" not in gateway.received[-1].params
        gateway.answer = gateway.say("密文")
        assert (await sandbox.say("你好"))["result"] == "fault"


async def test_who_leaves_sees_no_answer_and_can_write_no_more(
    sandbox: Sandbox, gateway: FakeGateway
) -> None:
    gateway.answer = gateway.body(b"junk")
    await sandbox.act("event", {"event": "unsubscribe"})
    assert gateway.received[-1].message.event == "unsubscribe"
    assert FAULT not in await sandbox.shown()
    answer = await sandbox.http.post("/sandbox/api/users/u1/text", json={"content": "在吗"})
    assert answer.status_code == 409
    assert (await sandbox.shown())[-1] == ("system", "你已取消关注")


async def test_every_deed_reaches_the_gateway(sandbox: Sandbox, gateway: FakeGateway) -> None:
    deeds: list[tuple[str, dict[str, Any], str]] = [
        ("tap", {"menu_id": "topic:tasks", "content": "任务"}, "text"),
        ("voice", {"recognition": "怎么申报"}, "voice"),
        ("voice", {}, "voice"),
        ("image", {}, "image"),
        ("location", {"label": "中心"}, "location"),
        ("link", {"title": "通知", "url": "https://example.org/"}, "link"),
        ("event", {"event": "CLICK", "key": "topic:contact"}, "event"),
        ("event", {"event": "VIEW", "key": "https://example.org/"}, "event"),
        ("event", {"event": "SCAN", "key": "3"}, "event"),
    ]
    for deed, body, kind in deeds:
        outcome = await sandbox.act(deed, body)
        assert outcome["result"] == "reply", deed
        assert gateway.received[-1].message.type == kind


async def test_an_outsider_who_scans_the_code_follows(
    make_sandbox: MakeSandbox, gateway: FakeGateway
) -> None:
    async with make_sandbox() as sandbox:
        await sandbox.act("event", {"event": "SCAN", "key": "3"})
        assert gateway.received[-1].message.event == "subscribe_scan"
        assert (await sandbox.say("你好"))["result"] == "reply"


async def test_users_have_stable_ids_of_their_own(sandbox: Sandbox, gateway: FakeGateway) -> None:
    first, second = await sandbox.openid("u1"), await sandbox.openid("u2")
    assert first != second
    assert all(len(openid) == 28 and openid[0] == "o" for openid in (first, second))
    await sandbox.follow("u2")
    await sandbox.say("我是乙", "u2")
    assert gateway.received[-1].message.source == second
    assert ("user", "我是乙") not in await sandbox.shown("u1")
    assert await sandbox.openid("u1") == first
    assert gateway.received[-1].message.id != 0


async def test_message_ids_are_never_used_twice(sandbox: Sandbox, gateway: FakeGateway) -> None:
    gateway.received.clear()
    for number in range(20):
        await sandbox.say(str(number))
    ids = [item.message.id for item in gateway.received]
    assert len(set(ids)) == 20
    assert all(len(str(msg_id)) == 17 for msg_id in ids)


async def test_the_raw_log_shows_both_ways_sealed_and_opened(sandbox: Sandbox, gateway: FakeGateway) -> None:
    gateway.answer = gateway.say("答复的话")
    await sandbox.say("提问的话")
    records = (await sandbox.http.get("/sandbox/api/records?user=u1")).json()[-2:]
    asked, answered = records
    assert (asked["direction"], answered["direction"]) == ("callback", "answer")
    assert "提问的话" in asked["opened"]
    assert "提问的话" not in asked["sealed"]
    assert "msg_signature=" in asked["sealed"]
    assert "答复的话" in answered["opened"]
    assert "答复的话" not in answered["sealed"]
    assert answered["status"] == 200
