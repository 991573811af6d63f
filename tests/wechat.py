"""WeChat's side, for tests: signs and encrypts callbacks, opens replies.

Written from the platform's page on message encryption, apart from the code that it tests.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import time
from xml.etree import ElementTree

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.settings import WeChat


def sign(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt_bytes(plain: bytes, aes_key: str) -> str:
    """Base64 of ``plain``, padded by PKCS7 to 32 bytes and encrypted."""
    count = 32 - len(plain) % 32
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([count]) * count) + encryptor.finalize()).decode()


def encrypt(xml: str | bytes, aes_key: str, app_id: str) -> str:
    """Base64 of 16 random bytes + length + XML + app id, encrypted."""
    data = xml.encode() if isinstance(xml, str) else xml
    return encrypt_bytes(os.urandom(16) + struct.pack("!I", len(data)) + data + app_id.encode(), aes_key)


def decrypt(encrypted: str, aes_key: str) -> tuple[str, str]:
    """XML and app id."""
    decryptor = _cipher(aes_key).decryptor()
    data = decryptor.update(base64.b64decode(encrypted)) + decryptor.finalize()
    data = data[: -data[-1]]
    end = 20 + struct.unpack("!I", data[16:20])[0]
    return data[20:end].decode(), data[end:].decode()


class Request(msgspec.Struct):
    """A callback's query parameters and body."""

    params: dict[str, str]
    body: bytes


def signed(encrypted: str, account: WeChat, now: float | None = None) -> Request:
    """A callback in safe mode around something encrypted, whatever it is."""
    timestamp, nonce = str(int(time.time() if now is None else now)), os.urandom(5).hex()
    params = {
        "signature": sign(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": sign(account.token, timestamp, nonce, encrypted),
    }
    return Request(params, f"<xml><ToUserName>gh</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode())


def callback(
    xml: str | bytes, account: WeChat, now: float | None = None, aes_key: str | None = None
) -> Request:
    """A callback in safe mode around some XML."""
    return signed(encrypt(xml, aes_key or account.aes_key, account.app_id), account, now)


def plain_callback(xml: str, account: WeChat, now: float | None = None) -> Request:
    """A callback in plain mode."""
    timestamp = str(int(time.time() if now is None else now))
    params = {"signature": sign(account.token, timestamp, "n"), "timestamp": timestamp, "nonce": "n"}
    return Request(params, xml.encode())


def message(kind: str = "text", user: str = "oAlice", created: int = 1_700_000_000, **values: str) -> str:
    """The XML of a message or event; ``MsgId`` is 1 unless given, and absent in events."""
    every = {"ToUserName": "gh_1", "FromUserName": user, "CreateTime": str(created), "MsgType": kind}
    if kind != "event":
        every["MsgId"] = "1"
    if kind == "text":
        every["Content"] = "你好"
    return "<xml>" + "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in {**every, **values}.items()) + "</xml>"


def opened(body: bytes, account: WeChat, aes_key: str | None = None) -> dict[str, str]:
    """A passive reply as WeChat opens it: signature checked, decrypted, its fields."""
    outer = {child.tag: child.text or "" for child in ElementTree.fromstring(body)}
    assert outer["MsgSignature"] == sign(account.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
    xml, app_id = decrypt(outer["Encrypt"], aes_key or account.aes_key)
    assert app_id == account.app_id
    return {child.tag: child.text or "" for child in ElementTree.fromstring(xml)}
