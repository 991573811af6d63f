"""The WeCom app as gateway and sender see it."""

from __future__ import annotations

from collections.abc import Callable

from bot.accounts import WeCom
from bot.bus.messages import Inbound, Reply
from bot.channels.common.envelope import Opened, SafeMode
from bot.channels.common.render import to_xml
from bot.channels.common.token import TokenStore
from bot.channels.room import Room
from bot.channels.wecom import inbound, render
from bot.channels.wecom.client import Client
from bot.channels.wecom.push import Push
from bot.settings import Settings

PACE = ((30, 60), (1_000, 3_600))
"""Messages in seconds that a member may get. WeCom drops what is over that without a word."""


class Door(SafeMode):
    """``/wecom``: always encrypted, and the receiver is the corp id."""

    def __init__(self, wecom: WeCom) -> None:
        super().__init__(wecom.token, wecom.corp_id, (wecom.aes_key,))
        self._agent_id = wecom.agent_id

    def parse(self, text: str) -> Inbound | None:
        """What is in a decrypted callback."""
        return inbound.parse(text, self._agent_id)

    def render(self, reply: Reply) -> list[str]:
        """Texts with numbers to type."""
        return render.render(reply)

    def carries(self, reply: Reply) -> bool:
        """Cards can't be sent passively, and of several texts only the first."""
        return render.carries(reply)

    def answer(self, opened: Opened, inbound: Inbound, text: str, now: int) -> str:
        """A text, sealed."""
        return self.seal(opened, to_xml(text, inbound.user, inbound.account, now))


def room(settings: Settings) -> Room | None:
    """The app in the settings."""
    wecom = settings.wecom
    if wecom is None:
        return None
    name = f"wecom:{wecom.corp_id}:{wecom.agent_id}"

    def pusher(tokens: Callable[[str], TokenStore]) -> Push:
        client = Client(wecom.corp_id, wecom.secret, wecom.api_url, tokens(name))
        return Push(client, wecom.agent_id)

    return Room(
        name="wecom",
        label="企业微信",
        path="/wecom",
        door=Door(wecom),
        tokens=name,
        pusher=pusher,
        rationed=False,
        pace=PACE,
        right=lambda _: None,
    )
