"""Each configured account and its checks."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator

import httpx
import msgspec
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.bus.connection import Client as Redis
from bot.channels.common.once import Once, once
from bot.channels.kf import errcodes as kf_codes
from bot.channels.kf.room import kf_api
from bot.channels.wechat import errcodes as wechat_codes
from bot.channels.wechat.client import Client as WeChat
from bot.channels.wecom import errcodes as wecom_codes
from bot.channels.wecom.client import Client as WeCom
from bot.doctor import checks
from bot.doctor.checks import Finding
from bot.settings import Settings

NO_MENU = 46003
UNVERIFIED = "设置里是订阅号或未认证的号（WECHAT_ACCOUNT）：不能主动发消息，来不及回复的要等对方再来消息。"
_ECHO = "20260101"


class Visit(msgspec.Struct, frozen=True):
    """What the checks need. ``base``: of the callback addresses, such as ``https://example.org``."""

    config: Settings
    redis: Redis
    http: httpx.AsyncClient
    base: str


def url_check(token: str, key: str, receiver: str) -> dict[str, str]:
    """The parameters with which a platform would check our address."""
    crypto = WeChatCrypto(token, key, receiver)
    encrypted = PrpCrypto(crypto.key).encrypt(_ECHO, receiver).decode()
    timestamp, nonce = str(int(time.time())), os.urandom(5).hex()
    signer = WeChatSigner()
    signer.add_data(token, timestamp, nonce, encrypted)
    signed = {"msg_signature": signer.signature, "timestamp": timestamp, "nonce": nonce}
    return {**signed, "echostr": encrypted}


async def wechat(visit: Visit) -> AsyncIterator[Finding]:
    """The Official Account."""
    found = visit.config.wechat
    client = WeChat(found.app_id, found.app_secret, found.api_url, Once())
    yield checks.aes_key("WECHAT_AES_KEY", found.aes_key)
    good = await checks.token(client, wechat_codes.judge)
    yield good
    if good.good and found.account == "service":
        yield await checks.permission(
            "接口权限（认证）", client, lambda api: api.get("menu/get"), wechat_codes.judge, NO_MENU
        )
    elif good.good:
        yield Finding("接口权限（认证）", None, UNVERIFIED)
    await client.close()
    yield await checks.clock(visit.http, found.api_url)
    params = url_check(found.token, found.aes_key, found.app_id)
    yield await checks.callback(visit.http, f"{visit.base}/wechat", params, _ECHO)
    names = {"token": "WECHAT_TOKEN", "aes_key": "WECHAT_AES_KEY", "receiver": "WECHAT_APP_ID"}
    yield await checks.refused(visit.redis, "wechat", names)


async def wecom(visit: Visit) -> AsyncIterator[Finding]:
    """The WeCom app."""
    found = visit.config.wecom
    if found is None:
        return
    client = WeCom(found.corp_id, found.secret, found.api_url, Once())
    yield checks.aes_key("WECOM_AES_KEY", found.aes_key)
    good = await checks.token(client, wecom_codes.judge)
    yield good
    if good.good:
        agent = {"agentid": str(found.agent_id)}
        yield await checks.permission(
            "应用和权限", client, lambda api: api.get("agent/get", params=agent), wecom_codes.judge
        )
    await client.close()
    yield await checks.clock(visit.http, found.api_url)
    params = url_check(found.token, found.aes_key, found.corp_id)
    yield await checks.callback(visit.http, f"{visit.base}/wecom", params, _ECHO)
    names = {"token": "WECOM_TOKEN", "aes_key": "WECOM_AES_KEY", "receiver": "WECOM_CORP_ID"}
    yield await checks.refused(visit.redis, "wecom", names)


async def kf(visit: Visit) -> AsyncIterator[Finding]:
    """WeChat customer service."""
    found = visit.config.kf
    if found is None:
        return
    api = kf_api(found, once)
    yield checks.aes_key("KF_AES_KEY", found.aes_key)
    good = await checks.token(api.client, kf_codes.judge)
    yield good
    if good.good:
        answer = await checks.permission(
            "客服帐号的权限", api.client, lambda wechat: wechat.get("kf/account/list"), kf_codes.judge
        )
        yield answer
        if answer.good:
            yield await _listed(visit)
    await api.client.close()
    params = url_check(found.token, found.aes_key, found.corp_id)
    yield await checks.callback(visit.http, f"{visit.base}/wecom/kf", params, _ECHO)
    names = {"token": "KF_TOKEN", "aes_key": "KF_AES_KEY", "receiver": "WECOM_CORP_ID"}
    yield await checks.refused(visit.redis, "kf", names)


async def _listed(visit: Visit) -> Finding:
    """Whether the account in the settings is one of the corp's, and may be managed through the API."""
    assert visit.config.kf is not None  # noqa: S101 - the caller has looked
    api = kf_api(visit.config.kf, once)
    answer = await api.client.call(lambda wechat: wechat.get("kf/account/list"))
    await api.client.close()
    known = {one.get("open_kfid"): one for one in answer.get("account_list") or []}
    mine = known.get(api.open_kfid)
    if mine is None:
        return Finding("客服帐号", False, "企业里没有这个客服帐号。请核对 KF_OPEN_KFID。")
    if mine.get("manage_privilege") is False:
        return Finding("客服帐号", False, "客服帐号还没有交给接口管理。请在企业微信后台的微信客服里授权。")
    return Finding("客服帐号", True)
