"""What a user of the page can do, each as the XML that WeChat would send for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.sandbox import callbacks
from bot.sandbox.callbacks import Head
from bot.sandbox.codes import refusal
from bot.sandbox.delivery import Courier, Outcome
from bot.sandbox.state import User, World

SAMPLE_IMAGE = "/static/sample.svg"


class Phone:
    """All users' hands: each method shows the user's own bubble and starts the delivery."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier
        self._running: set[asyncio.Task[Outcome]] = set()

    async def close(self) -> None:
        """Stop all deliveries under way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def extras(self) -> dict[str, Callable[[User, str], asyncio.Task[Outcome]]]:
        """What users of this channel can do besides; each with a text that may be empty."""
        return {}

    def _start(self, user: User, title: str, xml: str, wanted: bool = True) -> asyncio.Task[Outcome]:
        task = asyncio.create_task(self._courier.deliver(user, title, xml, wanted))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _head(self, user: User) -> Head:
        return Head(self._world.account, user.openid, int(self._world.clock()))

    def _wrote(self, user: User) -> tuple[Head, int]:
        """Head and MsgId of a new message. Raises PlatformError for who doesn't follow."""
        if not user.following:
            raise refusal(43004)
        user.quota.wrote(self._world.clock())
        return self._head(user), self._world.next_msg_id()

    def text(self, user: User, content: str) -> asyncio.Task[Outcome]:
        """Type something."""
        head, msg_id = self._wrote(user)
        self._world.show(user, "user", "text", content, "page")
        return self._start(user, "文字", callbacks.text(head, msg_id, content))

    def tap(self, user: User, menu_id: str, content: str) -> asyncio.Task[Outcome]:
        """Tap an option: the user sees its content as their own words."""
        if not user.following:
            raise refusal(43004)
        user.quota.acted(self._world.clock())
        self._world.show(user, "user", "tap", content, "page")
        xml = callbacks.tap(self._head(user), self._world.next_msg_id(), menu_id, content)
        return self._start(user, "点选", xml)

    def voice(self, user: User, recognition: str | None) -> asyncio.Task[Outcome]:
        """Say something; None: WeChat sends no recognised words with it."""
        head, msg_id = self._wrote(user)
        self._world.show(user, "user", "voice", recognition or "（没有识别结果）", "page")
        return self._start(user, "语音", callbacks.voice(head, msg_id, recognition))

    def image(self, user: User, base_url: str) -> asyncio.Task[Outcome]:
        """Send the sample picture, which this server has under ``base_url``."""
        head, msg_id = self._wrote(user)
        self._world.show(user, "user", "image", "图片", "page")
        return self._start(user, "图片", callbacks.image(head, msg_id, base_url + SAMPLE_IMAGE))

    def location(self, user: User, latitude: str, longitude: str, label: str) -> asyncio.Task[Outcome]:
        """Send a place."""
        head, msg_id = self._wrote(user)
        self._world.show(user, "user", "location", label, "page")
        return self._start(user, "位置", callbacks.location(head, msg_id, latitude, longitude, label))

    def link(self, user: User, title: str, description: str, url: str) -> asyncio.Task[Outcome]:
        """Share a page."""
        head, msg_id = self._wrote(user)
        self._world.show(user, "user", "link", title, "page")
        return self._start(user, "链接", callbacks.link(head, msg_id, title, description, url))

    def event(self, user: User, name: str, key: str) -> asyncio.Task[Outcome]:
        """Follow, leave, scan, or use the menu. Raises PlatformError when an outsider uses the menu."""
        if name == "SCAN" and not user.following:
            name = "subscribe"  # Scanning the account's code is how an outsider comes to follow it.
        if name in {"CLICK", "VIEW", "SCAN", "unsubscribe"} and not user.following:
            raise refusal(43004)
        title, notice = _EVENTS[name]
        if name in {"subscribe", "unsubscribe"}:
            user.following = name == "subscribe"
            self._world.changed(user)
        if name in {"subscribe", "SCAN", "CLICK"}:
            user.quota.acted(self._world.clock())
        if notice:
            self._world.show(user, "system", "event", notice, "wechat")
        xml = callbacks.event(self._head(user), name, key)
        return self._start(user, title, xml, wanted=name != "unsubscribe")


_EVENTS = {
    "subscribe": ("关注", "你已关注公众号"),
    "unsubscribe": ("取消关注", "你已取消关注"),
    "SCAN": ("扫码", "你扫了公众号的二维码"),
    "CLICK": ("菜单点击", ""),
    "VIEW": ("菜单打开网页", ""),
}
EVENT_NAMES = tuple(_EVENTS)
