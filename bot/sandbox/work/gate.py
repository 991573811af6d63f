"""WeCom's access tokens: each secret has its own, and one secret's token doesn't open another's API."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.requests import Request

from bot.sandbox.codes import refusal
from bot.sandbox.tokens import EXPIRED, MISSING, Tokens

INVALID = 40014


class Gate:
    """The tokens of the corp's secrets; ``issued`` counts them by name."""

    def __init__(self, corp_id: str, secrets: dict[str, str], clock: Callable[[], float]) -> None:
        self._corp_id = corp_id
        self._secrets = secrets
        self.tokens = {name: Tokens(clock) for name in secrets}

    def give(self, corp_id: object, secret: object) -> tuple[str, int]:
        """The token for a secret; the same one until it is nearly over. Raises PlatformError."""
        if corp_id != self._corp_id:
            raise refusal(40013)
        for name, known in self._secrets.items():
            if hmac.compare_digest(str(secret).encode(), known.encode()):
                return self.tokens[name].stable(False)
        raise refusal(40001)

    def check(self, name: str, request: Request) -> None:
        """Let a call with the token of the secret ``name`` pass. Raises PlatformError."""
        code = self.tokens[name].check(request.query_params.get("access_token", ""))
        if code:
            raise refusal(code if code in (EXPIRED, MISSING) else INVALID)
