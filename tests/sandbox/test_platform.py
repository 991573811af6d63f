"""WeChat's API: tokens, pushed messages with their quota, typing, menu; with the real error codes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.settings import Settings
from tests.sandbox.conftest import MakeSandbox, Sandbox

SEND, TYPING = "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing"


async def stable(sandbox: Sandbox, settings: Settings, **changes: Any) -> dict[str, Any]:
    account = settings.wechat
    body = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
    return await sandbox.api("/cgi-bin/stable_token", {**body, **changes})


async def plain(sandbox: Sandbox, settings: Settings, **changes: Any) -> dict[str, Any]:
    account = settings.wechat
    params = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
    answer: dict[str, Any] = (await sandbox.http.get("/cgi-bin/token", params={**params, **changes})).json()
    return answer


async def push(sandbox: Sandbox, openid: str, text: str = "您好") -> int:
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    return int((await sandbox.api(SEND, body))["errcode"])


@pytest.fixture
async def signed_in(sandbox: Sandbox, account_settings: Settings) -> Sandbox:
    """The first user follows, and a token is at hand. The follow's three pushes have run out."""
    sandbox.clock.now += 61
    sandbox.token = (await stable(sandbox, account_settings))["access_token"]
    return sandbox


async def test_wrong_credentials_get_no_token(sandbox: Sandbox, account_settings: Settings) -> None:
    for ask in (plain, stable):
        assert (await ask(sandbox, account_settings, secret="wrong"))["errcode"] == 40001
        assert (await ask(sandbox, account_settings, appid="wx0"))["errcode"] == 40013
        assert (await ask(sandbox, account_settings, grant_type="x"))["errcode"] == 40002


async def test_a_new_plain_token_kills_the_one_before(sandbox: Sandbox, account_settings: Settings) -> None:
    sandbox.token = (await plain(sandbox, account_settings))["access_token"]
    openid = await sandbox.openid()
    assert await push(sandbox, openid) == 0
    assert (await plain(sandbox, account_settings))["expires_in"] == 7200
    assert await push(sandbox, openid) == 40001


async def test_the_stable_token_stays_and_overlaps(sandbox: Sandbox, account_settings: Settings) -> None:
    first = await stable(sandbox, account_settings)
    sandbox.clock.now += 1000
    again = await stable(sandbox, account_settings)
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 6200)
    sandbox.clock.now += 5950
    second = await stable(sandbox, account_settings)
    assert second["access_token"] != first["access_token"]
    sandbox.token = first["access_token"]
    assert await push(sandbox, "nobody") == 40003
    sandbox.clock.now += 251
    assert await push(sandbox, "nobody") == 42001


async def test_a_forced_stable_token_kills_the_old_one(sandbox: Sandbox, account_settings: Settings) -> None:
    sandbox.token = (await stable(sandbox, account_settings))["access_token"]
    await stable(sandbox, account_settings, force_refresh=True)
    assert await push(sandbox, "nobody") == 40001


async def test_bad_and_missing_tokens(sandbox: Sandbox) -> None:
    for path, body in ((SEND, {}), (TYPING, {}), ("/cgi-bin/menu/create", {}), ("/cgi-bin/menu/get", None)):
        sandbox.token = ""
        assert (await sandbox.api(path, body))["errcode"] == 41001
        sandbox.token = "made-up"
        assert (await sandbox.api(path, body))["errcode"] == 40001


async def test_five_pushes_for_a_message_within_48_hours(signed_in: Sandbox) -> None:
    openid = await signed_in.openid()
    assert await push(signed_in, openid) == 45015
    await signed_in.say("你好")
    assert [await push(signed_in, openid, f"第{n}条") for n in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert (await signed_in.shown())[-5:] == [("account", f"第{n}条") for n in range(5)]
    await signed_in.say("再问")
    assert await push(signed_in, openid) == 0


async def test_48_hours_after_the_last_message_it_is_too_late(
    signed_in: Sandbox, account_settings: Settings
) -> None:
    await signed_in.say("你好")
    signed_in.clock.now += 48 * 3600 - 1
    signed_in.token = (await stable(signed_in, account_settings))["access_token"]
    assert await push(signed_in, await signed_in.openid()) == 0
    signed_in.clock.now += 1
    assert await push(signed_in, await signed_in.openid()) == 45015


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("event", {"event": "subscribe"}),
        ("event", {"event": "SCAN", "key": "1"}),
        ("event", {"event": "CLICK", "key": "k"}),
        ("tap", {"menu_id": "human", "content": "转人工"}),
    ],
)
async def test_three_pushes_for_an_action_within_a_minute(
    signed_in: Sandbox, deed: str, body: dict[str, str]
) -> None:
    openid = await signed_in.openid()
    await signed_in.act(deed, body)
    assert [await push(signed_in, openid) for _ in range(4)] == [0, 0, 0, 45047]
    await signed_in.act(deed, body)
    signed_in.clock.now += 60
    assert await push(signed_in, openid) == 45015


async def test_an_action_adds_to_the_rights_of_a_message(signed_in: Sandbox) -> None:
    openid = await signed_in.openid()
    await signed_in.say("你好")
    await signed_in.act("tap", {"menu_id": "human", "content": "转人工"})
    assert [await push(signed_in, openid) for _ in range(9)] == [0] * 8 + [45047]


async def test_whom_a_push_can_reach(signed_in: Sandbox) -> None:
    await signed_in.say("你好")
    assert await push(signed_in, "o" + "x" * 27) == 40003
    assert await push(signed_in, await signed_in.openid("u2")) == 43004
    await signed_in.act("event", {"event": "unsubscribe"})
    assert await push(signed_in, await signed_in.openid()) == 43004


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": {"content": "字" * 683}}, 45002),
        ({"text": {"content": " "}}, 44004),
        ({"text": {}}, 44004),
        ({"text": "x"}, 47001),
        ({"msgtype": "wxcard"}, 40008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 44004),
        ({"msgtype": "msgmenu", "msgmenu": {"list": ["x"]}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "字" * 700}]}}, 45002),
    ],
)
async def test_a_push_that_is_wrong_uses_no_right(
    signed_in: Sandbox, changes: dict[str, Any], code: int
) -> None:
    openid = await signed_in.openid()
    await signed_in.say("你好")
    body = {"touser": openid, "msgtype": "text", "text": {"content": "x"}, **changes}
    assert (await signed_in.api(SEND, body))["errcode"] == code
    assert [await push(signed_in, openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


async def test_a_body_that_is_not_an_object(signed_in: Sandbox) -> None:
    for raw in (b"", b"{", b"[]", b"\xff"):
        answer = await signed_in.http.post(SEND, params={"access_token": signed_in.token}, content=raw)
        assert answer.json()["errcode"] == 47001


async def test_a_menu_message_is_shown_with_its_items(signed_in: Sandbox) -> None:
    await signed_in.say("你好")
    items = [{"id": "topic:tasks", "content": "任务"}, {"id": "human", "content": "转人工"}]
    menu = {"head_content": "您想问：", "list": items, "tail_content": "请选择"}
    body = {"touser": await signed_in.openid(), "msgtype": "msgmenu", "msgmenu": menu}
    assert (await signed_in.api(SEND, body))["errcode"] == 0
    message = (await signed_in.messages())[-1]
    assert message["via"] == "api"
    taps = [piece for piece in message["pieces"] if piece["type"] == "tap"]
    assert [(tap["menu_id"], tap["content"]) for tap in taps] == [
        ("topic:tasks", "任务"),
        ("human", "转人工"),
    ]


async def test_typing_needs_a_user_who_is_there(signed_in: Sandbox) -> None:
    openid = await signed_in.openid()
    typing = {"touser": openid, "command": "Typing"}
    assert (await signed_in.api(TYPING, typing))["errcode"] == 45080
    await signed_in.say("你好")
    assert (await signed_in.api(TYPING, typing))["errcode"] == 0
    user = (await signed_in.http.get("/sandbox/api/users")).json()[0]
    assert user["typing"] == 15
    assert (await signed_in.api(TYPING, typing))["errcode"] == 45081
    assert (await signed_in.api(TYPING, {**typing, "command": "CancelTyping"}))["errcode"] == 0
    assert (await signed_in.api(TYPING, {**typing, "command": "Sleep"}))["errcode"] == 45072
    assert (await signed_in.api(TYPING, typing))["errcode"] == 0
    assert await push(signed_in, openid) == 0
    assert (await signed_in.http.get("/sandbox/api/users")).json()[0]["typing"] == 0


CLICK = {"type": "click", "name": "联系", "key": "topic:contact"}


async def test_the_menu_is_kept_shown_and_deleted(signed_in: Sandbox) -> None:
    assert (await signed_in.api("/cgi-bin/menu/get"))["errcode"] == 46003
    menu = {"button": [CLICK, {"name": "更多", "sub_button": [CLICK] * 5}]}
    assert (await signed_in.api("/cgi-bin/menu/create", menu))["errcode"] == 0
    assert (await signed_in.api("/cgi-bin/menu/get"))["menu"] == menu
    assert (await signed_in.http.get("/sandbox/api/state")).json()["menu"] == menu["button"]
    assert (await signed_in.api("/cgi-bin/menu/delete"))["errcode"] == 0
    assert (await signed_in.api("/cgi-bin/menu/get"))["errcode"] == 46003


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        (None, 40016),
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([{**CLICK, "name": "六个汉字名字"}], 40018),
        ([{**CLICK, "type": "dance"}], 40015),
        ([{**CLICK, "key": "k" * 129}], 40019),
        ([{"type": "view", "name": "网页", "url": "ftp://x"}], 40020),
        ([{"name": "更多", "sub_button": [CLICK] * 6}], 40023),
        ([{"name": "更多", "sub_button": [{"name": "深", "sub_button": [CLICK]}]}], 40022),
        ([{"name": "更多", "sub_button": [{**CLICK, "name": "字" * 21}]}], 40025),
        ([{"name": "更多", "sub_button": [{**CLICK, "key": ""}]}], 40026),
        ([{"name": "更多", "sub_button": [{"type": "view", "name": "网页", "url": ""}]}], 40027),
    ],
)
async def test_a_menu_beyond_the_limits_is_refused(signed_in: Sandbox, buttons: object, code: int) -> None:
    assert (await signed_in.api("/cgi-bin/menu/create", {"button": buttons}))["errcode"] == code


async def test_an_unverified_account_may_not_push(
    make_sandbox: MakeSandbox, account_settings: Settings
) -> None:
    account = msgspec.structs.replace(account_settings.wechat, account="subscription")
    async with make_sandbox(msgspec.structs.replace(account_settings, wechat=account)) as sandbox:
        await sandbox.follow()
        sandbox.token = (await stable(sandbox, account_settings))["access_token"]
        assert await push(sandbox, await sandbox.openid()) == 48001
        assert (await sandbox.api("/cgi-bin/menu/create", {"button": [CLICK]}))["errcode"] == 48001


async def test_ordered_trouble_comes_and_goes(signed_in: Sandbox) -> None:
    openid = await signed_in.openid()
    await signed_in.say("你好")
    order = {"errcode": 45009, "times": 2, "path": SEND}
    await signed_in.http.post("/sandbox/api/platform/trouble", json=order)
    assert [await push(signed_in, openid) for _ in range(3)] == [45009, 45009, 0]
    await signed_in.http.post("/sandbox/api/platform/expire")
    assert await push(signed_in, openid) == 42001


async def test_calls_are_logged_without_secrets(signed_in: Sandbox, account_settings: Settings) -> None:
    await signed_in.say("你好")
    await push(signed_in, await signed_in.openid(), "推送的话")
    records = (await signed_in.http.get("/sandbox/api/records")).json()
    calls = [record for record in records if record["direction"] == "api"]
    assert [call["title"] for call in calls] == ["stable_token", "message/custom/send"]
    assert calls[1]["user"] == "u1"
    assert "推送的话" in calls[1]["opened"]
    everything = str(records)
    assert account_settings.wechat.app_secret not in everything
    assert signed_in.token not in everything
