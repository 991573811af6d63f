"""WeChat's side of the callback protocol: sign and seal what is sent, open what is answered.

Written from the platform's published description of the safe mode, apart from the code of
``bot.channels``, so that a mistake there meets somebody who doesn't share it.

The sealed text is AES-256-CBC with IV = key[:16] over
16 random bytes + 4-byte length (network order) + XML + app id, padded by PKCS7 to 32 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from xml.etree import ElementTree

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.errors import EnvelopeError

_BLOCK = 32


class Callback(msgspec.Struct, frozen=True):
    """One HTTP request to the account's server: query parameters and body."""

    params: dict[str, str]
    body: str


class Opened(msgspec.Struct, frozen=True):
    """A passive reply that has passed all checks: its XML and that XML's fields."""

    xml: str
    fields: dict[str, str]
    tree: ElementTree.Element


def sign(*parts: str) -> str:
    """WeChat's signature: SHA-1 of the sorted parts, 40 hexadecimal digits."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def parse(xml: str | bytes) -> ElementTree.Element:
    """The ``<xml>`` element. Raises EnvelopeError if it isn't one."""
    try:
        # The answer of our own gateway, capped in size; expat itself stops entity expansion.
        tree = ElementTree.fromstring(xml)  # noqa: S314
    except (ElementTree.ParseError, ValueError) as error:
        raise EnvelopeError("不是完整的 XML") from error
    if tree.tag != "xml":
        raise EnvelopeError(f"最外层应为 <xml>，现在是 <{tree.tag[:40]}>")
    return tree


def fields(tree: ElementTree.Element) -> dict[str, str]:
    """Tag to text of the direct children. Raises EnvelopeError when a tag comes twice."""
    found: dict[str, str] = {}
    for child in tree:
        if child.tag in found:
            raise EnvelopeError(f"<{child.tag[:40]}> 出现了两次")
        found[child.tag] = child.text or ""
    return found


def _pad(data: bytes) -> bytes:
    count = _BLOCK - len(data) % _BLOCK
    return data + bytes([count]) * count


def _unpad(data: bytes) -> bytes:
    count = data[-1]
    if not 1 <= count <= _BLOCK or data[-count:] != bytes([count]) * count:
        raise EnvelopeError("密文解不开：填充不对")
    return data[:-count]


class Envelope:
    """The safe mode of one account.

    Args:
        app_id: the account's app id, which ends each sealed text.
        token: the secret in the signature.
        aes_key: WeChat's EncodingAESKey, 43 characters.
    """

    def __init__(self, app_id: str, token: str, aes_key: str) -> None:
        self._app_id = app_id.encode()
        self._token = token
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def seal(self, text: str) -> str:
        """Base64 of the encrypted text."""
        data = text.encode()
        plain = secrets.token_bytes(16) + struct.pack("!I", len(data)) + data + self._app_id
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(_pad(plain)) + encryptor.finalize()).decode()

    def unseal(self, sealed: str) -> str:
        """The reverse of `seal`. Raises EnvelopeError on anything that `seal` can't have made."""
        try:
            data = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise EnvelopeError("密文不是 Base64") from error
        if not data or len(data) % 16:
            raise EnvelopeError("密文长度不对")
        decryptor = self._cipher.decryptor()
        plain = _unpad(decryptor.update(data) + decryptor.finalize())
        if len(plain) < 20:
            raise EnvelopeError("密文太短")
        end = 20 + int(struct.unpack("!I", plain[16:20])[0])
        if plain[end:] != self._app_id:
            raise EnvelopeError("密文末尾的 app id 不符")
        try:
            return plain[20:end].decode()
        except UnicodeDecodeError as error:
            raise EnvelopeError("密文里不是 UTF-8 文字") from error

    def _signed(self, openid: str, now: float) -> dict[str, str]:
        timestamp, nonce = str(int(now)), str(secrets.randbelow(10**10))
        return {
            "signature": sign(self._token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": openid,
        }

    def callback(self, xml: str, account: str, openid: str, now: float) -> Callback:
        """A callback in safe mode. ``account`` is our account's id, ``now`` seconds since 1970."""
        params = self._signed(openid, now)
        sealed = self.seal(xml)
        params["encrypt_type"] = "aes"
        params["msg_signature"] = sign(self._token, params["timestamp"], params["nonce"], sealed)
        head = f"<ToUserName><![CDATA[{account}]]></ToUserName>"
        return Callback(params, f"<xml>{head}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")

    def plain_callback(self, xml: str, openid: str, now: float) -> Callback:
        """A callback in plain mode: the signature doesn't cover the body."""
        return Callback(self._signed(openid, now), xml)

    def url_check(self, now: float) -> dict[str, str]:
        """Query parameters of the GET by which WeChat checks an address; ``echostr`` must come back."""
        params = self._signed("", now)
        del params["openid"]
        return {**params, "echostr": str(secrets.randbelow(10**19))}

    def echo(self, params: dict[str, str]) -> str:
        """What must come back for the parameters of a check."""
        return params["echostr"]

    def open_reply(self, body: bytes) -> Opened:
        """Check and decrypt a passive reply in safe mode.

        Raises:
            EnvelopeError: whatever WeChat would not show; the sentence says what is wrong.
        """
        outer = fields(parse(body))
        missing = [n for n in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce") if not outer.get(n)]
        if missing:
            raise EnvelopeError(f"加密答复缺少 {'、'.join(missing)}")
        expected = sign(self._token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
        if not hmac.compare_digest(expected.encode(), outer["MsgSignature"].encode()):
            raise EnvelopeError("答复的签名不符")
        return self.open_plain(self.unseal(outer["Encrypt"]))

    def open_plain(self, xml: str | bytes) -> Opened:
        """A passive reply in plain mode. Raises EnvelopeError if it isn't XML."""
        tree = parse(xml)
        text = xml if isinstance(xml, str) else xml.decode("utf-8", "replace")
        return Opened(text, fields(tree), tree)
