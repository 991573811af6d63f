"""WeCom's messages and events, read."""

from __future__ import annotations

import pytest

from bot.accounts import WeCom
from bot.bus.messages import Inbound
from bot.channels.wecom import cards
from bot.channels.wecom.inbound import parse
from bot.errors import EnvelopeError
from bot.settings import Settings
from tests import wecom


@pytest.fixture
def account(settings: Settings) -> WeCom:
    assert settings.wecom is not None
    return settings.wecom


def read(account: WeCom, kind: str = "text", **values: str) -> Inbound | None:
    return parse(wecom.message(account, kind, **values), account.agent_id)


def found(account: WeCom, kind: str = "text", **values: str) -> Inbound:
    inbound = read(account, kind, **values)
    assert inbound is not None
    return inbound


def test_a_text_and_who_says_it(account: WeCom) -> None:
    inbound = found(account, Content=" 能申请吗 ")
    assert (inbound.kind, inbound.text, inbound.passive) == ("text", "能申请吗", True)
    assert inbound.conversation == f"wecom:{account.corp_id}:ZhangSan"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("voice", "voice"), ("image", "image"), ("location", "location"), ("link", "link"), ("video", "media")],
)
def test_messages_without_words(account: WeCom, kind: str, expected: str) -> None:
    assert found(account, kind, MediaId="m").kind == expected


def test_a_menu_click_is_a_tap(account: WeCom) -> None:
    inbound = found(account, "event", Event="click", EventKey="topic:tasks")
    assert (inbound.kind, inbound.tap, inbound.passive) == ("tap", "topic:tasks", True)


def test_a_tap_on_a_card_carries_its_code_and_cannot_be_answered_passively(account: WeCom) -> None:
    about = {"Event": "template_card_event", "TaskId": "t1", "CardType": "button_interaction"}
    inbound = found(account, "event", **about, EventKey="ask:research|研究项目", ResponseCode="code")
    assert (inbound.kind, inbound.tap, inbound.passive) == ("tap", "ask:research", False)
    assert cards.decode(inbound.ticket) == cards.Ticket("code", "研究项目")
    other = found(account, "event", **about, EventKey="ask:research|研究项目", ResponseCode="code2")
    assert other.key != inbound.key
    assert read(account, "event", **about, EventKey="another app's", ResponseCode="code") is None
    assert found(account, "event", **about, EventKey="human|人工").ticket == ""


def test_entering_is_greeted_once_a_day_by_beijing_time(account: WeCom) -> None:
    def key(moment: int) -> str:
        xml = wecom.message(account, "event", Event="enter_agent", EventKey="", CreateTime=str(moment))
        inbound = parse(xml, account.agent_id)
        assert inbound is not None
        assert (inbound.kind, inbound.passive) == ("follow", False)
        return inbound.key

    midnight = 1_700_000_000 // 86_400 * 86_400 - 8 * 3_600
    assert key(midnight) == key(midnight + 86_399)
    assert key(midnight) != key(midnight - 1)


@pytest.mark.parametrize("event", ["view", "LOCATION", "batch_job_result", "enter_agent_x"])
def test_other_events_are_ignored(account: WeCom, event: str) -> None:
    assert read(account, "event", Event=event, EventKey="x") is None


def test_members_who_come_and_go(account: WeCom) -> None:
    assert found(account, "event", Event="subscribe").kind == "follow"
    assert found(account, "event", Event="unsubscribe").kind == "unfollow"


def test_another_app_and_an_empty_text_are_ignored(account: WeCom) -> None:
    assert read(account, AgentID="1") is None
    assert read(account, Content="  ") is None


@pytest.mark.parametrize(
    "values",
    [{"ToUserName": "a:b"}, {"FromUserName": ""}, {"CreateTime": "x"}, {"MsgId": "x"}, {"MsgType": "?"}],
)
def test_malformed_ones_are_refused(account: WeCom, values: dict[str, str]) -> None:
    with pytest.raises(EnvelopeError):
        read(account, **values)
