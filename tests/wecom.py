"""WeCom's side, for tests: callbacks of the app and of WeChat customer service, and replies opened."""

from __future__ import annotations

from bot.accounts import Kf, WeCom
from bot.settings import WeChat
from tests import wechat
from tests.wechat import Request

NOW = 1_700_000_000


def sealing(account: WeCom | Kf) -> WeChat:
    """The account as the Official Account's helpers take it: sealed alike, the receiver being the corp id."""
    return WeChat(
        app_id=account.corp_id,
        app_secret="",
        token=account.token,
        aes_key=account.aes_key,
        previous_aes_key="",
        account="service",
        api_url="",
        plain_mode=False,
    )


def callback(xml: str, account: WeCom | Kf, now: float | None = None) -> Request:
    """A callback around some XML."""
    return wechat.callback(xml, sealing(account), now)


def url_check(account: WeCom | Kf, echo: str = "1616140317555161061") -> dict[str, str]:
    """The parameters of a check of the address; the echo is encrypted."""
    encrypted = wechat.encrypt(echo, account.aes_key, account.corp_id)
    params = wechat.signed(encrypted, sealing(account)).params
    return {**params, "echostr": encrypted}


def message(account: WeCom, kind: str = "text", user: str = "ZhangSan", **values: str) -> str:
    """The XML of a member's message or event to the app."""
    every = {"ToUserName": account.corp_id, "AgentID": str(account.agent_id), **values}
    return wechat.message(kind, user, NOW, **every)


def signal(account: Kf, sync: str = "ENC", **values: str) -> str:
    """The XML that says that something waits."""
    about = {"ToUserName": account.corp_id, "Event": "kf_msg_or_event", "Token": sync}
    return wechat.message("event", "sys", NOW, **{**about, "OpenKfId": account.open_kfid, **values})


def opened(body: bytes, account: WeCom) -> dict[str, str]:
    """A passive reply as WeCom opens it."""
    return wechat.opened(body, sealing(account))
