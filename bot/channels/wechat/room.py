"""The Official Account as gateway and sender see it."""

from __future__ import annotations

from collections.abc import Callable

from bot.bus.messages import Inbound, Reply
from bot.channels.common.envelope import Opened
from bot.channels.common.render import to_xml
from bot.channels.common.token import TokenStore
from bot.channels.room import Room
from bot.channels.wechat.client import Client
from bot.channels.wechat.envelope import Envelope
from bot.channels.wechat.inbound import parse
from bot.channels.wechat.push import Push
from bot.channels.wechat.render import render
from bot.settings import Settings


class Door(Envelope):
    """``/wechat``."""

    def parse(self, text: str) -> Inbound | None:
        """What is in a decrypted callback."""
        return parse(text)

    def render(self, reply: Reply) -> list[str]:
        """Texts with links to tap."""
        return render(reply)

    def carries(self, reply: Reply) -> bool:
        """A passive answer carries every reply, the rest of a long one with the answers that follow."""
        return True

    def answer(self, opened: Opened, inbound: Inbound, text: str, now: int) -> str:
        """A text, sealed as the callback was."""
        return self.seal(opened, to_xml(text, inbound.user, inbound.account, now))


def room(settings: Settings) -> Room:
    """The account in the settings."""
    wechat = settings.wechat
    can_push = wechat.account == "service"
    name = f"wechat:{wechat.app_id}"

    def pusher(tokens: Callable[[str], TokenStore]) -> Push:
        client = Client(wechat.app_id, wechat.app_secret, wechat.api_url, tokens(name))
        return Push(client, can_push)

    return Room(
        name="wechat",
        label="公众号",
        path="/wechat",
        door=Door(wechat),
        tokens=name,
        pusher=pusher,
        silence="success",
        can_push=can_push,
    )
