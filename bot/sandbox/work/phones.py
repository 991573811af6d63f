"""What members do in the app, and customers in a customer-service session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.sandbox import callbacks
from bot.sandbox.actions import Phone
from bot.sandbox.callbacks import Head
from bot.sandbox.codes import refusal
from bot.sandbox.delivery import Courier, Outcome
from bot.sandbox.state import User, World
from bot.sandbox.work.app_calls import AppCalls
from bot.sandbox.work.service import Service

AGENT = "LiMing"
"""The user id of the agent whom the page can play."""


class MemberPhone(Phone):
    """The hands of a corp's members. ``agent_id``: of the app."""

    def __init__(self, world: World, courier: Courier, calls: AppCalls, agent_id: int) -> None:
        super().__init__(world, courier)
        self._cards, self._agent_id = calls.cards, agent_id

    def _start(self, user: User, title: str, xml: str, wanted: bool = True) -> asyncio.Task[Outcome]:
        xml = xml.replace("</xml>", f"<AgentID>{self._agent_id}</AgentID></xml>")
        return super()._start(user, title, xml, wanted)

    def tap(self, user: User, menu_id: str, content: str) -> asyncio.Task[Outcome]:
        """Press a button of a card: ``menu_id`` is the card's task id, a bar, and the button's key."""
        task, _, key = menu_id.partition("|")
        card = self._cards.cards.get((user.openid, task))
        if card is None or card.done or key not in card.buttons:
            raise refusal(40058)
        self._world.show(user, "system", "event", f"你点了“{card.buttons[key]}”", "wechat")
        about = {"TaskId": task, "CardType": "button_interaction", "ResponseCode": self._cards.code(card)}
        xml = callbacks.event(self._head(user), "template_card_event", key)
        more = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in about.items())
        # WeCom takes nothing but a change of the card as the answer to this.
        return self._start(user, "点卡片", xml.replace("</xml>", f"{more}</xml>"), wanted=False)

    def event(self, user: User, name: str, key: str) -> asyncio.Task[Outcome]:
        """Open the app, or use its menu."""
        if name in {"subscribe", "unsubscribe"}:
            user.following = name == "subscribe"
            self._world.changed(user)
        names = {"subscribe": "enter_agent", "CLICK": "click", "VIEW": "view", "unsubscribe": "unsubscribe"}
        if name not in names:
            raise refusal(40058)
        titles = {"subscribe": "进入应用", "CLICK": "菜单点击", "VIEW": "菜单打开网页", "unsubscribe": "离开"}
        xml = callbacks.event(self._head(user), names[name], key)
        return self._start(user, titles[name], xml, wanted=name == "CLICK")


class CustomerPhone(Phone):
    """The hands of customers, and of WeCom's agents who take over in WeCom."""

    def __init__(self, world: World, courier: Courier, service: Service, corp_id: str) -> None:
        super().__init__(world, courier)
        self._service, self._corp_id = service, corp_id

    def signal(self, user: User) -> asyncio.Task[Outcome]:
        """Tell the account's server that something waits."""
        head = Head(self._corp_id, "sys", int(self._world.clock()))
        about = {"Token": self._service.token(), "OpenKfId": self._service.open_kfid}
        xml = callbacks.event(head, "kf_msg_or_event").replace("<EventKey><![CDATA[]]></EventKey>", "")
        more = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in about.items())
        return self._start(user, "有新消息", xml.replace("</xml>", f"{more}</xml>"), wanted=False)

    def announce(self, user: User) -> None:
        """The same, from the API's side."""
        self.signal(user)

    def _write(
        self, user: User, kind: str, content: dict[str, Any], shown: str, bubble: str = ""
    ) -> asyncio.Task[Outcome]:
        if not user.following:
            raise refusal(43004)
        self._world.show(user, "user", bubble or kind, shown, "page")
        self._service.wrote(user.openid, kind, content)
        return self.signal(user)

    def text(self, user: User, content: str) -> asyncio.Task[Outcome]:
        """Type something."""
        return self._write(user, "text", {"content": content}, content)

    def tap(self, user: User, menu_id: str, content: str) -> asyncio.Task[Outcome]:
        """Tap an item of a menu: it is sent like the customer's own words, with the item's id."""
        return self._write(user, "text", {"content": content, "menu_id": menu_id}, content, "tap")

    def voice(self, user: User, recognition: str | None) -> asyncio.Task[Outcome]:
        """Say something; words are never recognised here."""
        return self._write(user, "voice", {"media_id": "m"}, "（没有识别结果）")

    def image(self, user: User, base_url: str) -> asyncio.Task[Outcome]:
        """Send a picture."""
        return self._write(user, "image", {"media_id": "m"}, "图片")

    def location(self, user: User, latitude: str, longitude: str, label: str) -> asyncio.Task[Outcome]:
        """Send a place."""
        place = {"latitude": float(latitude), "longitude": float(longitude), "name": label, "address": label}
        return self._write(user, "location", place, label)

    def link(self, user: User, title: str, description: str, url: str) -> asyncio.Task[Outcome]:
        """Share a page."""
        return self._write(user, "link", {"title": title, "desc": description, "url": url}, title)

    def event(self, user: User, name: str, key: str) -> asyncio.Task[Outcome]:
        """Open the session, or leave it."""
        if name not in {"subscribe", "unsubscribe"}:
            raise refusal(40058)
        user.following = name == "subscribe"
        self._world.changed(user)
        if user.following:
            self._service.entered(user.openid)
        return self.signal(user)

    def extras(self) -> dict[str, Callable[[User, str], asyncio.Task[Outcome]]]:
        """``take``, ``say``, ``end``: by one of WeCom's agents; ``refuse``: the customer refuses messages."""
        return {"take": self._take, "say": self._say, "end": self._end, "refuse": self._refuse}

    def _take(self, user: User, _: str) -> asyncio.Task[Outcome]:
        self._service.taken(user.openid, AGENT)
        self._world.show(user, "system", "event", "接待人员接入了会话", "wechat")
        return self.signal(user)

    def _say(self, user: User, content: str) -> asyncio.Task[Outcome]:
        self._service.said(user.openid, AGENT, content)
        self._world.show(user, "account", "text", content, "wechat")
        return self.signal(user)

    def _end(self, user: User, _: str) -> asyncio.Task[Outcome]:
        self._service.ended(user.openid, AGENT)
        self._world.show(user, "system", "event", "接待人员结束了会话", "wechat")
        return self.signal(user)

    def _refuse(self, user: User, _: str) -> asyncio.Task[Outcome]:
        self._service.sessions[user.openid].refuses = True
        return self.signal(user)
