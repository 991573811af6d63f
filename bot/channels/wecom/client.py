"""WeCom's API, of the app and of WeChat customer service: each has a secret, and so a token, of its own."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from wechatpy.work import WeChatClient

from bot.channels.common.api import CONNECT_SECONDS, READ_SECONDS, ApiClient
from bot.channels.common.token import TokenStore
from bot.channels.wecom.errcodes import STALE_TOKEN


class Client(ApiClient):
    """The API with one secret.

    Args:
        api_url: without path, such as ``https://qyapi.weixin.qq.com``.
        store: where the processes share the access token.
        connect: seconds for a connection; ``read``: seconds for an answer.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        api_url: str,
        store: TokenStore,
        *,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        params = (("corpid", corp_id), ("corpsecret", secret))
        super().__init__(
            partial(WeChatClient, corp_id, secret),
            api_url,
            # Parameters that aren't a dict: wechatpy adds no token of its own.
            lambda api: api.get("gettoken", params=params),
            STALE_TOKEN,
            store,
            connect=connect,
            read=read,
        )

    async def post(self, path: str, body: dict[str, Any], until: float = math.inf) -> dict[str, Any]:
        """Call what wechatpy lacks or gets wrong; as `call`."""
        return await self.call(lambda api: api.post(path, data=body), until)
