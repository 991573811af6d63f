"""What each kind of WeChat message and event becomes."""

from __future__ import annotations

import pytest

from bot.bus.messages import Inbound
from bot.channels.wechat.inbound import parse
from bot.errors import EnvelopeError
from tests.wechat import message


def said(xml: str) -> tuple[str, str, str]:
    found = parse(xml)
    assert found is not None
    return found.kind, found.text, found.tap


def test_a_text_message() -> None:
    found = parse(message(Content="可以申请吗？", MsgId="7"))
    assert found == Inbound(
        key="wechat|gh_1|oAlice|1700000000|7",
        channel="wechat",
        account="gh_1",
        user="oAlice",
        kind="text",
        text="可以申请吗？",
        created_at=1_700_000_000,
    )


# Source of the shapes: the platform's pages on receiving messages and event pushes.
@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (message(Content="1", bizmsgmenuid="ask:research:team:yes"), ("tap", "", "ask:research:team:yes")),
        (message(Content="好", bizmsgmenuid=""), ("text", "好", "")),
        (message("voice", MediaId="m", Format="amr", Recognition="能申请吗"), ("voice", "能申请吗", "")),
        (message("voice", MediaId="m", Format="amr"), ("voice", "", "")),
        (message("voice", Recognition=""), ("voice", "", "")),
        (message("image", PicUrl="http://a", MediaId="m"), ("image", "", "")),
        (message("video", MediaId="m", ThumbMediaId="t"), ("media", "", "")),
        (message("shortvideo", MediaId="m", ThumbMediaId="t"), ("media", "", "")),
        (message("newkind"), ("media", "", "")),
        (message("location", Location_X="1", Location_Y="2", Label="x"), ("location", "", "")),
        (message("link", Title="a", Description="b", Url="c"), ("link", "", "")),
        (message("event", Event="subscribe", EventKey=""), ("follow", "", "")),
        (message("event", Event="subscribe", EventKey="qrscene_1", Ticket="t"), ("follow", "", "")),
        (message("event", Event="unsubscribe"), ("unfollow", "", "")),
        (message("event", Event="SCAN", EventKey="1", Ticket="t"), ("scan", "", "")),
        (message("event", Event="CLICK", EventKey="topic:conditions"), ("tap", "", "topic:conditions")),
    ],
)
def test_kinds(xml: str, expected: tuple[str, str, str]) -> None:
    assert said(xml) == expected


@pytest.mark.parametrize(
    "xml",
    [
        message("event", Event="VIEW", EventKey="http://a"),
        message("event", Event="LOCATION", Latitude="1", Longitude="2", Precision="3"),
        message("event", Event="TEMPLATESENDJOBFINISH", MsgID="1", Status="success"),
        message("event", Event="subscribe_msg_popup_event"),
        message("event", Event="kf_create_session", KfAccount="a"),
        message("event", Event="CLICK", EventKey=""),
        message("event", Event="somethingnew"),
        message(Content=""),
        message(Content=" \n\u0001 "),
    ],
)
def test_nothing_to_answer(xml: str) -> None:
    assert parse(xml) is None


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml/>",
        message(MsgId=""),
        message(MsgId="abc"),
        message(CreateTime="-1"),
        message(FromUserName=""),
        message(FromUserName="a b"),
        message(ToUserName="x" * 65),
        message(MsgType="<b>"),
        message(bizmsgmenuid="中文"),
        message("event"),
        message("event", Event="CLICK", EventKey="带 空格"),
        message().replace("</xml>", "<MsgId>2</MsgId></xml>"),
        message().replace("</xml>", "<FromUserName>oEve</FromUserName></xml>"),
        message().replace("<Content>", "<Contents>").replace("</Content>", "</Contents>"),
        message().replace("</xml>", "<bizmsgmenuid><a>b</a></bizmsgmenuid></xml>"),
        message().replace("<![CDATA[你好]]>", "<b>你好</b>"),
    ],
)
def test_malformed(xml: str) -> None:
    with pytest.raises(EnvelopeError):
        parse(xml)


def test_text_is_composed_cleaned_and_cut() -> None:
    assert said(message(Content=" e\u0301\x7f\u202e好\r\nx "))[1] == "é好\nx"
    assert said(message(Content="字" * 3000))[1] == "字" * 2000


def key(xml: str) -> str:
    found = parse(xml)
    assert found is not None
    return found.key


def test_keys_name_a_message_and_nothing_else() -> None:
    assert key(message(Content="a")) == key(message(Content="b"))
    different = [
        message(MsgId="1"),
        message(MsgId="2"),
        message(MsgId="1", user="oBob"),
        message(MsgId="1", created=1),
        message(MsgId="1", ToUserName="gh_2"),
        message("event", Event="SCAN", EventKey="1", Ticket="t"),
        message("event", Event="SCAN", EventKey="2", Ticket="t"),
        message("event", Event="SCAN", EventKey="1", Ticket="u"),
        message("event", Event="SCAN", EventKey="1t", Ticket=""),
        message("event", Event="subscribe", EventKey="1", Ticket="t"),
        message("event", Event="CLICK", EventKey="1"),
    ]
    assert len({key(xml) for xml in different}) == len(different)
