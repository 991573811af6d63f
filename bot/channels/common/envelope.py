"""What is around a callback in the platforms' safe mode: signature, age, encryption.

``msg_signature`` covers the encrypted body. Official Account and WeCom encrypt alike; what differs is the
receiver at the end of the text: an app id there, a corp id here. wechatpy encrypts and decrypts. It
checks neither ages nor shapes, and what it raises on bad input is of many types; all of that becomes
`EnvelopeError` here.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec
import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCipher, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.errors import EnvelopeError

WINDOW_SECONDS = 300
"""A timestamp further away than this, either way, is refused."""

WRONG_SIGNATURE = "wrong signature"
OUTSIDE_WINDOW = "timestamp outside the window"
NOT_DECRYPTED = "can't be decrypted"
ANOTHER_RECEIVER = "can't be decrypted: the key fits, and the receiver is another"

_ECHO = re.compile(r"[\x21-\x7e]{1,256}")


class Opened(msgspec.Struct, frozen=True):
    """A callback that the platform vouches for: its XML, and the AES key to answer with ("" when plain)."""

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


def echoed(text: str) -> str:
    """The answer to a URL check: a real one is a number, and nothing else is echoed. Raises EnvelopeError."""
    if not _ECHO.fullmatch(text):
        raise EnvelopeError("echostr is not what the platform sends")
    return text


def _readable(encrypted: str, aes_key: str) -> bool:
    """Whether the key makes sense of it, whoever it is for: what tells a wrong key from a wrong receiver."""
    try:
        plain = WeChatCipher(base64.b64decode(aes_key + "=")).decrypt(base64.b64decode(encrypted))
        length = int.from_bytes(plain[16:20], "big")
        text = plain[20 : 20 + length].decode()
    except ValueError:
        return False
    return len(text.encode()) == length and (text.isdigit() or text.startswith("<xml"))


class SafeMode:
    """Opens and seals callbacks of one receiver.

    Args:
        token: the secret in the signature.
        receiver: app id or corp id, which ends each encrypted text.
        aes_keys: EncodingAESKeys, 43 characters each, the current one first; empty ones are left out.
        clock: seconds since 1970.
    """

    def __init__(
        self, token: str, receiver: str, aes_keys: Sequence[str], clock: Callable[[], float] = time.time
    ) -> None:
        self._token = token
        self._receiver = receiver
        self._aes_keys = [key for key in aes_keys if key]
        self._clock = clock

    def verify_url(self, params: Mapping[str, str]) -> str:
        """The decrypted ``echostr``, to answer with when the platform checks our address.

        Raises:
            EnvelopeError: wrong signature, age, key or receiver.
        """
        echo = params.get("echostr", "")
        self.check(params, "msg_signature", echo)
        return echoed(self.decrypt(echo).xml)

    def open(self, params: Mapping[str, str], body: bytes) -> Opened:
        """Check and decrypt a callback; the body must be capped in size already.

        Raises:
            EnvelopeError: wrong signature, wrong age, wrong key or receiver, malformed.
        """
        encrypted = fields(body).get("Encrypt")
        if not isinstance(encrypted, str):
            raise EnvelopeError("no Encrypt")
        self.check(params, "msg_signature", encrypted)
        return self.decrypt(encrypted)

    def seal(self, opened: Opened, xml: str) -> str:
        """A reply's XML in the envelope that the callback came in: encrypted with the same key."""
        crypto = WeChatCrypto(self._token, opened.aes_key, self._receiver)
        return str(crypto.encrypt_message(xml, secrets.token_hex(8), str(int(self._clock()))))

    def check(self, params: Mapping[str, str], name: str, *covered: str) -> None:
        """Check a signature (the parameter ``name``) and its age. Raises EnvelopeError."""
        timestamp, nonce = params.get("timestamp", ""), params.get("nonce", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise EnvelopeError("no timestamp")
        signer = WeChatSigner()
        try:
            signer.add_data(self._token, timestamp, nonce, *covered)
            given = params.get(name, "").encode()
        except UnicodeEncodeError as error:
            raise EnvelopeError("not a signature") from error
        if not hmac.compare_digest(signer.signature.encode(), given):
            raise EnvelopeError(WRONG_SIGNATURE)
        if abs(self._clock() - int(timestamp)) > WINDOW_SECONDS:
            raise EnvelopeError(OUTSIDE_WINDOW)

    def decrypt(self, encrypted: str) -> Opened:
        """Decrypt with whichever key fits. Raises EnvelopeError."""
        for aes_key in self._aes_keys:
            crypto = WeChatCrypto(self._token, aes_key, self._receiver)
            try:
                return Opened(PrpCrypto(crypto.key).decrypt(encrypted, self._receiver), aes_key)
            except Exception:  # noqa: S112, BLE001
                # Not this key, or not encrypted at all: the library raises whatever comes to hand.
                continue
        if any(_readable(encrypted, aes_key) for aes_key in self._aes_keys):
            raise EnvelopeError(ANOTHER_RECEIVER)
        raise EnvelopeError(NOT_DECRYPTED)
