"""WeCom's envelope: published vectors in both directions, the corp id as receiver, and forgers."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec
import pytest

from bot.accounts import WeCom
from bot.channels.common.envelope import Opened
from bot.channels.wecom.room import Door
from bot.errors import EnvelopeError
from bot.settings import Settings
from tests import wechat, wecom
from tests.channels.wechat.vectors import MESSAGES, URL_CHECK, Vector

PAGE = next(vector for vector in MESSAGES if vector.token == "QDG6eK")
"""The sample of WeCom's page on encryption and decryption (developer 90968)."""


@pytest.fixture
def account(settings: Settings) -> WeCom:
    assert settings.wecom is not None
    return settings.wecom


def door(account: WeCom, vector: Vector, monkeypatch: pytest.MonkeyPatch) -> tuple[Door, dict[str, str]]:
    made = Door(
        msgspec.structs.replace(
            account, corp_id=vector.app_id, token=vector.token, aes_key=vector.aes_key, agent_id=218
        )
    )
    monkeypatch.setattr(made, "_clock", lambda: int(vector.timestamp) + 5)
    return made, {
        "timestamp": vector.timestamp,
        "nonce": vector.nonce,
        "msg_signature": vector.signature,
    }


def test_the_published_message_is_opened_and_read(account: WeCom, monkeypatch: pytest.MonkeyPatch) -> None:
    made, params = door(account, PAGE, monkeypatch)
    opened = made.open(params, f"<xml><Encrypt><![CDATA[{PAGE.encrypted}]]></Encrypt></xml>".encode())
    inbound = made.parse(opened.xml)
    assert inbound is not None
    assert (inbound.user, inbound.text, inbound.account) == ("mycreate", "hello", PAGE.app_id)


def test_the_published_url_check_is_answered_decrypted(
    account: WeCom, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, params = door(account, URL_CHECK, monkeypatch)
    assert made.verify_url({**params, "echostr": URL_CHECK.encrypted}) == URL_CHECK.contains


def test_what_we_seal_with_the_published_key_opens_again(
    account: WeCom, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = door(account, PAGE, monkeypatch)
    sealed = made.seal(Opened("", PAGE.aes_key), "<xml><Content>这是一个测试</Content></xml>")
    outer = {child.tag: child.text or "" for child in ElementTree.fromstring(sealed)}
    assert outer["MsgSignature"] == wechat.sign(
        PAGE.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"]
    )
    assert wechat.decrypt(outer["Encrypt"], PAGE.aes_key) == (
        "<xml><Content>这是一个测试</Content></xml>",
        PAGE.app_id,
    )


def test_another_corp_a_wrong_signature_and_an_old_clock_are_refused(account: WeCom) -> None:
    made = Door(account)
    xml = wecom.message(account)
    other = wecom.callback(xml, msgspec.structs.replace(account, corp_id="ww0"))
    old = wecom.callback(xml, account, now=1_000_000_000)
    forged = wecom.callback(xml, account)
    forged.params["msg_signature"] = forged.params["signature"]
    for request, why in ((other, "decrypted"), (old, "window"), (forged, "signature")):
        with pytest.raises(EnvelopeError, match=why):
            made.open(request.params, request.body)


def test_plain_mode_and_a_plain_echo_are_refused(account: WeCom) -> None:
    made = Door(account)
    plain = wechat.plain_callback(wecom.message(account), wecom.sealing(account))
    with pytest.raises(EnvelopeError):
        made.open(plain.params, plain.body)
    with pytest.raises(EnvelopeError):
        made.verify_url({**plain.params, "echostr": "1"})


def test_the_echo_is_the_number_and_nothing_else(account: WeCom) -> None:
    assert Door(account).verify_url(wecom.url_check(account)) == "1616140317555161061"
    for echo in ("1 1", "1\n", "\ufeff1"):
        with pytest.raises(EnvelopeError):
            Door(account).verify_url(wecom.url_check(account, echo))
