"""The API of an Official Account."""

from __future__ import annotations

from functools import partial

from wechatpy import WeChatClient

from bot.channels.common.api import CONNECT_SECONDS, READ_SECONDS, ApiClient
from bot.channels.common.token import TokenStore
from bot.channels.wechat.errcodes import STALE_TOKEN


class Client(ApiClient):
    """The API of one Official Account.

    Args:
        api_url: without path, such as ``https://api.weixin.qq.com``.
        store: where the processes share the access token.
        connect: seconds for a connection; ``read``: seconds for an answer.
    """

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        api_url: str,
        store: TokenStore,
        *,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        # A token in normal mode leaves the one before valid for another 5 min.
        body = {
            "grant_type": "client_credential",
            "appid": app_id,
            "secret": app_secret,
            "force_refresh": False,
        }
        super().__init__(
            partial(WeChatClient, app_id, app_secret),
            api_url,
            # Parameters that aren't a dict: wechatpy adds no token of its own.
            lambda api: api.post("stable_token", params=(), data=body),
            STALE_TOKEN,
            store,
            connect=connect,
            read=read,
        )

    async def send_text(self, user: str, text: str) -> None:
        """Push a text to a user; raises as `call`."""
        await self.call(lambda api: api.message.send_text(user, text))
