"""WeCom's side of the callback protocol: always encrypted, and the check's echo is encrypted too."""

from __future__ import annotations

import secrets

from bot.sandbox.protocol import Callback, Envelope, sign


class WorkEnvelope(Envelope):
    """The callbacks of one receiver; the receiver is the corp id."""

    def _sealed(self, text: str, now: float) -> tuple[dict[str, str], str]:
        timestamp, nonce, sealed = str(int(now)), str(secrets.randbelow(10**10)), self.seal(text)
        signature = sign(self._token, timestamp, nonce, sealed)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}, sealed

    def callback(self, xml: str, account: str, openid: str, now: float) -> Callback:
        """A callback. ``account`` is the corp id, ``now`` seconds since 1970."""
        params, sealed = self._sealed(xml, now)
        head = f"<ToUserName><![CDATA[{account}]]></ToUserName><AgentID><![CDATA[]]></AgentID>"
        return Callback(params, f"<xml>{head}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")

    def url_check(self, now: float) -> dict[str, str]:
        """Query parameters of the check; the decrypted ``echostr`` must come back."""
        params, sealed = self._sealed(str(secrets.randbelow(10**19)), now)
        return {**params, "echostr": sealed}

    def echo(self, params: dict[str, str]) -> str:
        """What must come back."""
        return self.unseal(params["echostr"])
