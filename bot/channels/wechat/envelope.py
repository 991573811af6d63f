"""What is around a callback: signature, age, encryption. Inside is XML that WeChat vouches for.

In safe mode ``msg_signature`` covers the encrypted body. In plain mode nothing covers the body: who
has seen one URL can forge any message, so it is refused unless a setting allows it (the sandbox).
wechatpy encrypts and decrypts. It checks neither ages nor shapes, and what it raises on bad input is
of many types; all of that becomes `EnvelopeError` here.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping

import msgspec
import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.errors import EnvelopeError
from bot.settings import WeChat

WINDOW_SECONDS = 300
"""A timestamp further away than this, either way, is refused."""

_ECHO = re.compile(r"[\x21-\x7e]{1,256}")


class Opened(msgspec.Struct, frozen=True):
    """A callback that WeChat vouches for: its XML, and the AES key to answer with ("" in plain mode)."""

    xml: str
    aes_key: str


def fields(xml: str | bytes) -> dict[str, object]:
    """The children of ``<xml>``: strings, None when empty, lists and dicts for what isn't flat.

    Raises:
        EnvelopeError: not XML, with a document type, or without ``<xml>``.
    """
    try:
        found = xmltodict.parse(xml)["xml"]
    except Exception as error:
        # The parser raises five types on bad input (measured); whatever the sixth is, it's the input.
        raise EnvelopeError(f"not readable as XML: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise EnvelopeError("no fields in <xml>")
    return found


class Envelope:
    """Opens and seals the callbacks of one account.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, wechat: WeChat, clock: Callable[[], float] = time.time) -> None:
        self._wechat = wechat
        self._clock = clock
        self._aes_keys = [key for key in (wechat.aes_key, wechat.previous_aes_key) if key]

    def verify_url(self, params: Mapping[str, str]) -> str:
        """What to answer when WeChat checks our address.

        That is ``echostr`` as it is, or decrypted when it came encrypted. Raises `EnvelopeError`.
        """
        echo = params.get("echostr", "")
        if params.get("msg_signature"):
            self._check(params, "msg_signature", echo)
            echo = self._decrypt(echo).xml
        else:
            self._check(params, "signature")
        # A plain signature doesn't cover this; a real one is a number, and nothing else is echoed.
        if not _ECHO.fullmatch(echo):
            raise EnvelopeError("echostr is not what WeChat sends")
        return echo

    def open(self, params: Mapping[str, str], body: bytes) -> Opened:
        """Check and decrypt a callback; the body must be capped in size already.

        Raises:
            EnvelopeError: wrong signature, wrong age, wrong key, malformed, or plain and not allowed.
        """
        if params.get("encrypt_type", "raw") == "aes":
            encrypted = fields(body).get("Encrypt")
            if not isinstance(encrypted, str):
                raise EnvelopeError("no Encrypt")
            self._check(params, "msg_signature", encrypted)
            return self._decrypt(encrypted)
        if not self._wechat.plain_mode:
            raise EnvelopeError("plain mode is not allowed")
        self._check(params, "signature")
        try:
            return Opened(body.decode("utf-8"), "")
        except UnicodeDecodeError as error:
            raise EnvelopeError("not UTF-8") from error

    def seal(self, opened: Opened, xml: str) -> str:
        """A reply's XML in the envelope that the callback came in: encrypted with the same key."""
        if not opened.aes_key:
            return xml
        crypto = WeChatCrypto(self._wechat.token, opened.aes_key, self._wechat.app_id)
        return str(crypto.encrypt_message(xml, secrets.token_hex(8), str(int(self._clock()))))

    def _check(self, params: Mapping[str, str], name: str, *covered: str) -> None:
        timestamp, nonce = params.get("timestamp", ""), params.get("nonce", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise EnvelopeError("no timestamp")
        signer = WeChatSigner()
        try:
            signer.add_data(self._wechat.token, timestamp, nonce, *covered)
            given = params.get(name, "").encode()
        except UnicodeEncodeError as error:
            raise EnvelopeError("not a signature") from error
        if not hmac.compare_digest(signer.signature.encode(), given):
            raise EnvelopeError("wrong signature")
        if abs(self._clock() - int(timestamp)) > WINDOW_SECONDS:
            raise EnvelopeError("timestamp outside the window")

    def _decrypt(self, encrypted: str) -> Opened:
        for aes_key in self._aes_keys:
            crypto = WeChatCrypto(self._wechat.token, aes_key, self._wechat.app_id)
            try:
                return Opened(PrpCrypto(crypto.key).decrypt(encrypted, self._wechat.app_id), aes_key)
            except Exception:  # noqa: S112, BLE001
                # Not this key, or not encrypted at all: the library raises whatever comes to hand.
                continue
        raise EnvelopeError("can't be decrypted")
