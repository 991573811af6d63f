"""What is around a callback of an Official Account: safe mode, or plain mode where a setting allows it.

In plain mode nothing covers the body: who has seen one URL can forge any message (the sandbox only).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from bot.channels.common.envelope import Opened, SafeMode, echoed
from bot.errors import EnvelopeError
from bot.settings import WeChat

PLAIN_MODE = "plain mode is not allowed"


class Envelope(SafeMode):
    """Opens and seals the callbacks of one account.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, wechat: WeChat, clock: Callable[[], float] = time.time) -> None:
        super().__init__(wechat.token, wechat.app_id, (wechat.aes_key, wechat.previous_aes_key), clock)
        self._plain_mode = wechat.plain_mode

    def verify_url(self, params: Mapping[str, str]) -> str:
        """What to answer when WeChat checks our address.

        That is ``echostr`` as it is, or decrypted when it came encrypted. Raises `EnvelopeError`.
        """
        if params.get("msg_signature"):
            return super().verify_url(params)
        self.check(params, "signature")
        # A plain signature doesn't cover what is echoed.
        return echoed(params.get("echostr", ""))

    def open(self, params: Mapping[str, str], body: bytes) -> Opened:
        """Check and decrypt a callback; the body must be capped in size already.

        Raises:
            EnvelopeError: wrong signature, wrong age, wrong key, malformed, or plain and not allowed.
        """
        if params.get("encrypt_type", "raw") == "aes":
            return super().open(params, body)
        if not self._plain_mode:
            raise EnvelopeError(PLAIN_MODE)
        self.check(params, "signature")
        try:
            return Opened(body.decode("utf-8"), "")
        except UnicodeDecodeError as error:
            raise EnvelopeError("not UTF-8") from error

    def seal(self, opened: Opened, xml: str) -> str:
        """A reply's XML in the envelope that the callback came in: encrypted with the same key."""
        return super().seal(opened, xml) if opened.aes_key else xml
