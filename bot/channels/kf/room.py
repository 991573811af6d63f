"""WeChat customer service as gateway and sender see it."""

from __future__ import annotations

from collections.abc import Callable

from bot.accounts import Kf
from bot.bus.messages import Inbound, Kind, Reply
from bot.channels.common.envelope import Opened, SafeMode
from bot.channels.common.token import TokenStore
from bot.channels.kf import inbound
from bot.channels.kf.api import KfApi
from bot.channels.kf.push import Push
from bot.channels.kf.source import Source
from bot.channels.room import Room, Signal
from bot.channels.wecom.client import Client
from bot.settings import Settings


class Door(SafeMode):
    """``/wecom/kf``: signals only, so there is nothing to answer with."""

    def __init__(self, kf: Kf) -> None:
        super().__init__(kf.token, kf.corp_id, (kf.aes_key,))
        self._open_kfid = kf.open_kfid

    def parse(self, text: str) -> Signal | None:
        """The signal in a decrypted callback."""
        return inbound.parse(text, self._open_kfid)

    def render(self, reply: Reply) -> list[str]:
        """Nothing."""
        return []

    def carries(self, reply: Reply) -> bool:
        """No reply."""
        return False

    def answer(self, opened: Opened, inbound: Inbound, text: str, now: int) -> str:
        """Nothing."""
        return ""


def token_name(kf: Kf) -> str:
    """The name of the account's access token."""
    return f"kf:{kf.corp_id}:{kf.open_kfid}"


def kf_api(kf: Kf, tokens: Callable[[str], TokenStore]) -> KfApi:
    """The account's API."""
    return KfApi(Client(kf.corp_id, kf.secret, kf.api_url, tokens(token_name(kf))), kf.open_kfid)


def room(settings: Settings) -> Room | None:
    """The account in the settings."""
    kf = settings.kf
    if kf is None:
        return None

    def pusher(tokens: Callable[[str], TokenStore]) -> Push:
        return Push(kf_api(kf, tokens))

    def source(tokens: Callable[[str], TokenStore]) -> Source:
        return Source(kf_api(kf, tokens), kf)

    return Room(
        name="kf",
        label="微信客服",
        path="/wecom/kf",
        door=Door(kf),
        tokens=token_name(kf),
        pusher=pusher,
        right=right,
        source=source,
    )


def right(kind: Kind) -> Kind | None:
    """Whatever a customer sends counts as a message, a tap too; opening the session gives no right."""
    return None if kind == "follow" else "text"
