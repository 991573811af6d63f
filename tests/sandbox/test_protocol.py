"""The sandbox seals as WeChat does and opens only what is genuine: read and written by wechatpy."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.errors import EnvelopeError
from bot.sandbox import callbacks
from bot.sandbox.callbacks import Head
from bot.sandbox.protocol import Envelope, sign

APP, TOKEN, KEY = "wx1234567890abcdef", "token-of-a-test", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA"
HEAD = Head("gh_0123456789ab", "o" + "x" * 27, 1_800_000_000)
ENVELOPE = Envelope(APP, TOKEN, KEY)
READER = WeChatCrypto(TOKEN, KEY, APP)


def read(xml: str) -> object:
    """Seal the XML, then read it back with wechatpy, checking its signature."""
    sent = ENVELOPE.callback(xml, HEAD.account, HEAD.openid, 1_800_000_001)
    params = sent.params
    assert params["encrypt_type"] == "aes"
    check_signature(TOKEN, params["signature"], params["timestamp"], params["nonce"])
    plain = READER.decrypt_message(sent.body, params["msg_signature"], params["timestamp"], params["nonce"])
    assert plain == xml
    return parse_message(plain)


def test_signature_is_that_of_the_published_example() -> None:
    # Official Account encryption page: token AAAAA, timestamp 1714036504, nonce 1514711492.
    assert sign("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


@given(st.text(min_size=1, max_size=700))
def test_what_the_sandbox_seals_wechatpy_reads(text: str) -> None:
    message = read(callbacks.text(HEAD, 24_000_000_000_000_001, text or "空"))
    assert (message.source, message.target, message.id) == (HEAD.openid, HEAD.account, 24_000_000_000_000_001)  # type: ignore[attr-defined]


@example("]]>")
@example("]]]]>><![CDATA[</Content>")
@given(st.text(alphabet="]>[<&;CDAT!\x00\x07甲🙂ab", min_size=1, max_size=40))
def test_no_text_breaks_the_xml(text: str) -> None:
    content = "x" + text
    message = read(callbacks.text(HEAD, 1, content))
    assert message.content == content.replace("\x00", "").replace("\x07", "")  # type: ignore[attr-defined]


def test_every_message_kind_is_what_wechatpy_expects() -> None:
    tap = read(callbacks.tap(HEAD, 2, "ask:research", "开始自查"))
    assert (tap.type, tap.content, tap._data["bizmsgmenuid"]) == ("text", "开始自查", "ask:research")  # type: ignore[attr-defined]
    heard = read(callbacks.voice(HEAD, 3, "怎么申报"))
    assert (heard.type, heard.recognition, heard.format) == ("voice", "怎么申报", "amr")  # type: ignore[attr-defined]
    unheard = callbacks.voice(HEAD, 4, None)
    assert "Recognition" not in unheard
    assert read(unheard).type == "voice"  # type: ignore[attr-defined]
    image = read(callbacks.image(HEAD, 5, "http://127.0.0.1/a.svg"))
    assert (image.type, image.image) == ("image", "http://127.0.0.1/a.svg")  # type: ignore[attr-defined]
    place = read(callbacks.location(HEAD, 6, "36.06", "103.83", "中心"))
    assert (place.type, place.location, place.label) == ("location", ("36.06", "103.83"), "中心")  # type: ignore[attr-defined]
    link = read(callbacks.link(HEAD, 7, "通知", "说明", "https://example.org/"))
    assert (link.type, link.title, link.url) == ("link", "通知", "https://example.org/")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "key", "seen", "event_key"),
    [
        ("subscribe", "", "subscribe", ""),
        ("subscribe", "7", "subscribe_scan", "7"),
        ("unsubscribe", "", "unsubscribe", ""),
        ("SCAN", "7", "scan", "7"),
        ("CLICK", "topic:contact", "click", "topic:contact"),
        ("VIEW", "https://example.org/", "view", "https://example.org/"),
    ],
)
def test_every_event_is_what_wechatpy_expects(name: str, key: str, seen: str, event_key: str) -> None:
    xml = callbacks.event(HEAD, name, key)
    event = read(xml)
    assert event.event == seen  # type: ignore[attr-defined]
    if event_key:
        found = getattr(event, "scene_id", None) or event._data["EventKey"]  # type: ignore[attr-defined]
        assert found.removeprefix("qrscene_") == event_key
    assert "MsgId" not in xml


def sealed_reply(text: str = "你好") -> str:
    message = parse_message(callbacks.text(HEAD, 1, "问"))
    reply = READER.encrypt_message(create_reply(text, message=message), "a-nonce", "1800000000")
    assert isinstance(reply, str)
    return reply


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=300))
def test_a_reply_by_wechatpy_opens(text: str) -> None:
    # wechatpy takes an empty text for no reply at all, and doesn't escape what XML can't hold.
    clean = "x" + text.replace("]]>", "").replace("\ufffe", "").replace("\uffff", "")
    opened = ENVELOPE.open_reply(sealed_reply(clean).encode())
    assert opened.fields["ToUserName"] == HEAD.openid
    assert opened.fields["Content"] == clean


def test_a_changed_reply_is_refused() -> None:
    good = sealed_reply()
    ENVELOPE.open_reply(good.encode())
    for name in ("Encrypt", "MsgSignature", "Nonce"):
        start = good.index(f"<{name}><![CDATA[") + len(name) + 11
        changed = good[:start] + ("A" if good[start] != "A" else "B") + good[start + 1 :]
        with pytest.raises(EnvelopeError, match="签名不符"):
            ENVELOPE.open_reply(changed.encode())
    with pytest.raises(EnvelopeError, match="签名不符"):
        ENVELOPE.open_reply(good.replace("1800000000", "1800000009").encode())


def test_a_reply_of_another_account_is_refused() -> None:
    message = parse_message(callbacks.text(HEAD, 1, "问"))
    other = WeChatCrypto(TOKEN, KEY, "wx-another").encrypt_message(create_reply("你好", message=message), "n")
    with pytest.raises(EnvelopeError, match="app id"):
        ENVELOPE.open_reply(other.encode())


@given(st.binary(max_size=200))
def test_junk_raises_one_error(body: bytes) -> None:
    with pytest.raises(EnvelopeError):
        ENVELOPE.open_reply(body)


@given(st.text(alphabet="AB+/=9c", max_size=120))
def test_junk_under_a_good_signature_raises_one_error(sealed: str) -> None:
    xml = (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{sign(TOKEN, '1', '2', sealed)}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    )
    with pytest.raises(EnvelopeError):
        ENVELOPE.open_reply(xml.encode())
