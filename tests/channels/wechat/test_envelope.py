"""The envelope against published vectors, an independent encryptor, and forgers."""

from __future__ import annotations

import base64
import os
import struct
import time
from unittest import mock

import msgspec
import pytest
from wechatpy.crypto import PrpCrypto

from bot.channels.wechat.envelope import Envelope
from bot.errors import EnvelopeError
from bot.settings import Settings, WeChat
from tests import wechat
from tests.channels.wechat.vectors import FIXED_ENCRYPTED, FIXED_RANDOM, MESSAGES, URL_CHECK, Vector


@pytest.fixture
def account(settings: Settings) -> WeChat:
    return settings.wechat


def published(account: WeChat, vector: Vector) -> tuple[Envelope, dict[str, str]]:
    account = msgspec.structs.replace(
        account, token=vector.token, aes_key=vector.aes_key, app_id=vector.app_id
    )
    params = {
        "timestamp": vector.timestamp,
        "nonce": vector.nonce,
        "msg_signature": vector.signature,
        "encrypt_type": "aes",
    }
    return Envelope(account, clock=lambda: int(vector.timestamp) + 5), params


@pytest.mark.parametrize("vector", MESSAGES, ids=lambda vector: vector.source)
def test_published_messages_are_opened(account: WeChat, vector: Vector) -> None:
    envelope, params = published(account, vector)
    body = (
        f"<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[{vector.encrypted}]]></Encrypt></xml>"
    )
    assert vector.contains in envelope.open(params, body.encode()).xml


def test_the_published_url_check_is_answered(account: WeChat) -> None:
    envelope, params = published(account, URL_CHECK)
    assert envelope.verify_url({**params, "echostr": URL_CHECK.encrypted}) == URL_CHECK.contains


def test_what_is_encrypted_is_byte_for_byte_the_published_text() -> None:
    random, text, aes_key, app_id = FIXED_RANDOM
    with mock.patch.object(PrpCrypto, "get_random_string", return_value=random):
        found = PrpCrypto(base64.b64decode(aes_key + "=")).encrypt(text, app_id)
    assert found.decode() == FIXED_ENCRYPTED


def test_a_callback_is_opened_and_its_reply_can_be_opened(account: WeChat) -> None:
    envelope = Envelope(account)
    request = wechat.callback(wechat.message(), account)
    opened = envelope.open(request.params, request.body)
    assert opened.xml == wechat.message()
    sealed = envelope.seal(opened, "<xml><Content>好</Content></xml>")
    assert wechat.opened(sealed.encode(), account) == {"Content": "好"}


def test_the_previous_key_still_works_and_the_reply_uses_it(account: WeChat) -> None:
    old = account.aes_key
    account = msgspec.structs.replace(account, aes_key="B" * 43, previous_aes_key=old)
    envelope = Envelope(account)
    for key in (old, "B" * 43):
        request = wechat.callback(wechat.message(), account, aes_key=key)
        opened = envelope.open(request.params, request.body)
        assert opened.xml == wechat.message()
        assert wechat.opened(envelope.seal(opened, "<xml><A>b</A></xml>").encode(), account, key) == {
            "A": "b"
        }


@pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature"])
@pytest.mark.parametrize("change", ["", "0", "é", "１７０００００００００", "\ud800", "9" * 5000])
def test_a_changed_parameter_is_refused(account: WeChat, name: str, change: str) -> None:
    request = wechat.callback(wechat.message(), account)
    with pytest.raises(EnvelopeError):
        Envelope(account).open({**request.params, name: change}, request.body)
    del request.params[name]
    with pytest.raises(EnvelopeError):
        Envelope(account).open(request.params, request.body)


def test_a_captured_url_with_another_body_is_refused(account: WeChat) -> None:
    captured = wechat.callback(wechat.message(), account)
    other = wechat.callback(wechat.message(Content="我是骗子"), account)
    with pytest.raises(EnvelopeError, match="signature"):
        Envelope(account).open(captured.params, other.body)


def test_the_plain_signature_does_not_open_an_encrypted_body(account: WeChat) -> None:
    request = wechat.callback(wechat.message(), account)
    request.params["msg_signature"] = request.params["signature"]
    with pytest.raises(EnvelopeError, match="signature"):
        Envelope(account).open(request.params, request.body)


@pytest.mark.parametrize("minutes", [-4, 0, 4])
def test_a_clock_four_minutes_off_is_accepted(account: WeChat, minutes: int) -> None:
    request = wechat.callback(wechat.message(), account, now=time.time() + minutes * 60)
    assert Envelope(account).open(request.params, request.body).xml == wechat.message()


@pytest.mark.parametrize("minutes", [-6, 6, -20 * 365 * 24 * 60])
def test_a_clock_six_minutes_off_is_refused(account: WeChat, minutes: int) -> None:
    request = wechat.callback(wechat.message(), account, now=max(time.time() + minutes * 60, 0))
    with pytest.raises(EnvelopeError, match="window"):
        Envelope(account).open(request.params, request.body)


@pytest.mark.parametrize("kind", [None, "raw", "", "AES", "des"])
def test_plain_mode_is_refused(account: WeChat, kind: str | None) -> None:
    request = wechat.plain_callback(wechat.message(), account)
    params = request.params if kind is None else {**request.params, "encrypt_type": kind}
    with pytest.raises(EnvelopeError, match="plain mode"):
        Envelope(account).open(params, request.body)


def test_plain_mode_works_where_a_setting_allows_it(account: WeChat) -> None:
    account = msgspec.structs.replace(account, plain_mode=True)
    request = wechat.plain_callback(wechat.message(), account)
    envelope = Envelope(account)
    opened = envelope.open(request.params, request.body)
    assert opened.xml == wechat.message()
    assert envelope.seal(opened, "<xml/>") == "<xml/>"
    with pytest.raises(EnvelopeError):
        envelope.open({**request.params, "signature": "0" * 40}, request.body)
    with pytest.raises(EnvelopeError, match="UTF-8"):
        envelope.open(request.params, b"\xff")


def test_the_url_check_answers_echostr_as_it_is(account: WeChat) -> None:
    params = wechat.plain_callback("", account).params
    envelope = Envelope(account)
    assert envelope.verify_url({**params, "echostr": "5837397520665436492"}) == "5837397520665436492"
    for echo in ("", "<script>alert(1)</script> ", "1\n2", "９", "1" * 1000):
        with pytest.raises(EnvelopeError):
            envelope.verify_url({**params, "echostr": echo})
    for name in ("signature", "timestamp", "nonce"):
        with pytest.raises(EnvelopeError):
            envelope.verify_url({**params, name: "x", "echostr": "1"})


def test_another_app_id_is_refused(account: WeChat) -> None:
    request = wechat.signed(wechat.encrypt(wechat.message(), account.aes_key, "wx0"), account)
    with pytest.raises(EnvelopeError, match="decrypted"):
        Envelope(account).open(request.params, request.body)


def _bad_plaintexts(account: WeChat) -> list[bytes]:
    app_id, head = account.app_id.encode(), os.urandom(16)
    return [
        b"",
        b"x" * 15,
        head,
        head + b"\0\0",
        head + struct.pack("!I", 2**32 - 1) + b"<xml/>" + app_id,
        head + struct.pack("!I", 3) + b"<xml/>" + app_id,
        head + struct.pack("!I", 2) + b"\xff\xfe" + app_id,
        head + struct.pack("!I", 0),
    ]


def test_signed_but_broken_ciphertexts_are_refused(account: WeChat) -> None:
    encrypted = [wechat.encrypt_bytes(plain, account.aes_key) for plain in _bad_plaintexts(account)]
    whole = base64.b64decode(wechat.encrypt(wechat.message(), account.aes_key, account.app_id))
    encrypted += [base64.b64encode(whole[:length]).decode() for length in (0, 1, 15, 16, 32, 33)]
    encrypted += ["!!!!", "a", "é", wechat.encrypt(wechat.message(), "C" * 43, account.app_id)]
    for text in encrypted:
        request = wechat.signed(text, account)
        with pytest.raises(EnvelopeError):
            Envelope(account).open(request.params, request.body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml>",
        b"<a/>",
        b"<xml/>",
        b"<xml><Encrypt/></xml>",
        b"\xff\xfe",
        b"<xml>x</xml>",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"<xml><Encrypt><a/></Encrypt></xml>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><xml><Encrypt>&b;</Encrypt></xml>',
        b"<xml>" * 9000,
    ],
)
def test_a_broken_outer_body_is_refused(account: WeChat, body: bytes) -> None:
    request = wechat.callback(wechat.message(), account)
    with pytest.raises(EnvelopeError):
        Envelope(account).open(request.params, body)


@pytest.mark.parametrize("piece", [b"<a/>", b"<a>" * 1, b"<a b='c'/>", b"&lt;", b"<a></a>"])
def test_the_largest_body_is_read_quickly(account: WeChat, piece: bytes) -> None:
    filling = piece * (65_000 // len(piece))
    request = wechat.callback(wechat.message(), account)
    took = []
    for _ in range(3):
        started = time.process_time()  # the processor's: what runs beside it doesn't count
        with pytest.raises(EnvelopeError):
            Envelope(account).open(request.params, b"<xml>" + filling + b"</xml>")
        took.append(time.process_time() - started)
    assert min(took) < 0.5
