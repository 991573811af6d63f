"""WeChat customer service: signals, the log read, replies in as few messages as fit."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.accounts import Kf
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.channels.common.split import size
from bot.channels.kf import log
from bot.channels.kf.errcodes import judge, repeated
from bot.channels.kf.push import Push
from bot.channels.kf.render import contents
from bot.channels.kf.room import Door, right
from bot.channels.room import Away, Bounced, Overheard, Signal
from bot.errors import EnvelopeError
from bot.settings import Settings
from tests import wecom

KFID = "wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw"


@pytest.fixture
def account(settings: Settings) -> Kf:
    assert settings.kf is not None
    return settings.kf


def test_a_signal_and_nothing_else_comes_through_the_door(account: Kf) -> None:
    door = Door(account)
    request = wecom.callback(wecom.signal(account, sync="ENC1"), account)
    opened = door.open(request.params, request.body)
    assert door.parse(opened.xml) == Signal("kf", account.open_kfid, "ENC1")
    assert door.parse(wecom.signal(account, OpenKfId="wkOther")) is None
    assert door.parse(wecom.signal(account, Event="subscribe")) is None
    with pytest.raises(EnvelopeError):
        door.parse(wecom.signal(account, OpenKfId="?"))
    with pytest.raises(EnvelopeError):
        door.parse(wecom.signal(account, sync="x" * 129))


def item(origin: int = 3, msgtype: str = "text", **more: Any) -> dict[str, Any]:
    about = {"msgid": "m1", "send_time": 1_700_000_000, "origin": origin, "msgtype": msgtype}
    return {**about, "open_kfid": KFID, "external_userid": "wmA", **more}


def media(kind: str) -> dict[str, Any]:
    return {kind: {"media_id": "m"}}


def event(kind: str, **more: Any) -> dict[str, Any]:
    inner = {"event_type": kind, "open_kfid": KFID, "external_userid": "wmA", **more}
    return {"msgid": "e1", "send_time": 1, "origin": 4, "msgtype": "event", "event": inner}


def test_what_customers_send() -> None:
    text = log.parse(item(text={"content": " 能申请吗 "}), KFID)
    assert isinstance(text, Inbound)
    assert (text.kind, text.text, text.passive, text.conversation) == (
        "text",
        "能申请吗",
        False,
        f"kf:{KFID}:wmA",
    )
    tap = log.parse(item(text={"content": "有", "menu_id": "ask:research:team:yes"}), KFID)
    assert isinstance(tap, Inbound)
    assert (tap.kind, tap.tap, tap.text) == ("tap", "ask:research:team:yes", "")
    foreign = log.parse(item(text={"content": "有", "menu_id": "另外的菜单"}), KFID)
    assert isinstance(foreign, Inbound)
    assert (foreign.kind, foreign.text) == ("text", "有")
    for kind, expected in {
        "voice": "voice",
        "image": "image",
        "location": "location",
        "file": "media",
    }.items():
        found = log.parse(item(msgtype=kind, **media(kind)), KFID)
        assert isinstance(found, Inbound)
        assert found.kind == expected
    assert log.parse(item(text={"content": "  "}), KFID) is None


def test_what_the_system_and_agents_say() -> None:
    entered = log.parse(event("enter_session", welcome_code="CODE"), KFID)
    assert isinstance(entered, Inbound)
    assert (entered.kind, entered.ticket) == ("follow", "CODE")
    assert log.parse(event("enter_session"), KFID) is None
    failed = log.parse(event("msg_send_fail", fail_msgid="m9", fail_type=10), KFID)
    assert failed == Bounced("wmA", "m9", "没有送达：对方拒收了客服的消息。")
    ours = log.parse(event("msg_send_fail", fail_msgid="m9", fail_type=8), KFID)
    assert isinstance(ours, Bounced)
    assert "主体" in ours.reason
    unknown = log.parse(event("msg_send_fail", fail_msgid="m9", fail_type=99), KFID)
    assert isinstance(unknown, Bounced)
    assert "99" in unknown.reason
    taken = {"change_type": 1, "new_servicer_userid": "LiMing"}
    assert log.parse(event("session_status_change", **taken), KFID) == Away("wmA", "LiMing")
    assert log.parse(event("session_status_change", change_type=3), KFID) == Away("wmA", "")
    assert log.parse(event("servicer_status_change", status=1), KFID) is None
    said = log.parse(item(5, text={"content": "我来答"}, servicer_userid="LiMing"), KFID)
    assert isinstance(said, Overheard)
    assert (said.agent, said.text) == ("LiMing", "我来答")


@pytest.mark.parametrize(
    "raw", [{}, {"msgid": 1}, item(external_userid=""), {**item(), "origin": "3"}, item(text=[])]
)
def test_what_makes_no_sense_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        log.parse(raw, KFID)


def options(count: int, label: str = "选") -> tuple[Option, ...]:
    return tuple(Option(f"t:{number}", f"{label}{number}") for number in range(count))


def test_up_to_ten_options_are_one_menu_and_more_are_numbers() -> None:
    (menu,) = contents(Reply((Part("哪一个？", options(10)),)))
    assert menu["msgtype"] == "msgmenu"
    assert menu["msgmenu"]["head_content"] == "哪一个？"
    assert [each["click"]["id"] for each in menu["msgmenu"]["list"]] == [f"t:{n}" for n in range(10)]
    (text,) = contents(Reply((Part("哪一个？", options(11)),)))
    assert text["msgtype"] == "text"
    assert text["text"]["content"].endswith("11. 选10")
    (long,) = contents(Reply((Part("？", options(2, "长" * 43)),)))
    assert long["msgtype"] == "text"


def test_a_long_head_goes_before_the_menu() -> None:
    first, second = contents(Reply((Part("长" * 400), Part("选哪个？", options(2)))))
    assert first["text"]["content"].endswith("选哪个？")
    assert second["msgmenu"]["head_content"] == "请选择："


@settings(max_examples=100)
@given(st.text(max_size=1500), st.lists(st.text(min_size=1, max_size=60), max_size=12))
def test_nothing_is_over_what_the_platform_takes(text: str, labels: list[str]) -> None:
    every = tuple(Option(f"t{n}", words) for n, words in enumerate(labels))
    for content in contents(Reply((Part(text * 2), Part(text, every)))):
        if content["msgtype"] == "text":
            assert 1 <= size(content["text"]["content"]) <= 2_048
        else:
            menu = content["msgmenu"]
            assert 1 <= size(menu["head_content"]) <= 1_024
            assert 1 <= len(menu["list"]) <= 10
            assert all(1 <= size(each["click"]["content"]) <= 128 for each in menu["list"])


def test_every_message_has_an_id_of_its_own_and_the_first_the_code() -> None:
    push = Push(None)  # type: ignore[arg-type]
    found = push.messages(Reply((Part("长" * 1_000),)), "CODE")
    assert len({message["msgid"] for message in found}) == len(found) == 2
    assert all(len(message["msgid"]) <= 32 for message in found)
    assert ["code" in message for message in found] == [True, False]
    assert push.messages(Reply(), "CODE") == ()
    halves = push.split(found[0])
    assert len(halves) == 2
    assert halves[0]["msgid"] != found[0]["msgid"]


def test_refusals_in_words() -> None:
    assert judge(95001, "").action == "drained"
    assert judge(95018, "").action == "hold"
    assert judge(95002, "").action == "fail"
    assert "API" in judge(95017, "").reason
    assert judge(60020, "").alert
    assert "错误码 12345" in judge(12345, "words").reason
    assert repeated(40058, "invalid Request Parameter, msgid was used before")
    assert not repeated(40058, "invalid Request Parameter")
    assert (right("tap"), right("text"), right("follow")) == ("text", "text", None)
