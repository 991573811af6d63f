"""The checks of one account: what is wrong, in words that say what to do."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec

from bot.bus import refusals
from bot.bus.connection import Client
from bot.channels.common import envelope
from bot.channels.common.api import ApiClient
from bot.channels.common.refusal import Refusal
from bot.channels.wechat.envelope import PLAIN_MODE
from bot.errors import BusError, ChannelError, PlatformError

SKEW_SECONDS = 120
RECENT_SECONDS = 3_600

REASONS = {
    envelope.WRONG_SIGNATURE: "签名不符：后台填的 Token 和我们的不一致。请核对 {token}。",
    envelope.NOT_DECRYPTED: "消息解不开：后台的 EncodingAESKey 和我们的不一致。请核对 {aes_key}。",
    envelope.ANOTHER_RECEIVER: "密钥对，但消息是发给别的账号的：请核对 {receiver}。",
    envelope.OUTSIDE_WINDOW: "消息的时间和本机相差 5 分钟以上：请校准本机的时钟。",
    PLAIN_MODE: "后台选的是明文模式：请改成安全模式。",
}
"""Why the last callback was refused; the names of settings go in."""


class Finding(msgspec.Struct, frozen=True):
    """What one check found. ``good`` None: it couldn't be checked."""

    what: str
    good: bool | None
    words: str = ""


def aes_key(name: str, key: str) -> Finding:
    """Whether an EncodingAESKey can be one at all."""
    try:
        good = len(base64.b64decode(key + "=", validate=True)) == 32
    except binascii.Error:
        good = False
    return Finding("密钥的格式", good, "" if good else f"{name} 不是有效的 EncodingAESKey，请重新复制。")


async def token(client: ApiClient, judge: Callable[[int, str], Refusal]) -> Finding:
    """Whether the platform gives us an access token: app id, secret, and the list of addresses."""
    return await _asked("接口凭证", client.ready(), judge)


async def permission(
    what: str,
    client: ApiClient,
    work: Callable[[Any], Any],
    judge: Callable[[int, str], Refusal],
    ok: int = 0,
) -> Finding:
    """Whether the account may do something. ``ok``: an error code that also says that it may."""
    found = await _asked(what, client.call(work), judge, ok)
    return found


async def _asked(
    what: str, question: Awaitable[object], judge: Callable[[int, str], Refusal], ok: int = 0
) -> Finding:
    try:
        await question
    except PlatformError as error:
        if ok and error.code == ok:
            return Finding(what, True)
        return Finding(what, False, judge(error.code, error.message).reason)
    except ChannelError as error:
        return Finding(what, False, f"连不上接口（{error}）。请检查网络和接口地址。")
    return Finding(what, True)


async def clock(http: httpx.AsyncClient, api_url: str) -> Finding:
    """Whether our clock agrees with the platform's."""
    try:
        answer = await http.get(api_url)
        theirs = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (httpx.HTTPError, KeyError, ValueError, TypeError):
        return Finding("时钟", None, "问不到平台的时间，没有核对。")
    return compare_clocks(time.time(), theirs)


def compare_clocks(ours: float, theirs: float) -> Finding:
    """Both in seconds since 1970."""
    skew = ours - theirs
    if abs(skew) <= SKEW_SECONDS:
        return Finding("时钟", True)
    way = "快" if skew > 0 else "慢"
    return Finding(
        "时钟", False, f"本机的时钟{way}了 {abs(skew) / 60:.0f} 分钟，请校准；差 5 分钟以上消息会被拒收。"
    )


async def callback(http: httpx.AsyncClient, url: str, params: dict[str, str], echo: str) -> Finding:
    """Whether our address answers the platform's check, signed with our own keys."""
    try:
        answer = await http.get(url, params=params)
    except httpx.HTTPError as error:
        return Finding(
            "回调地址", False, f"打不开 {url}（{type(error).__name__}）。请确认网关已启动、反向代理已配好。"
        )
    if answer.status_code == 200 and answer.text == echo:
        return Finding("回调地址", True)
    return Finding(
        "回调地址", False, f"{url} 的答复不对（状态码 {answer.status_code}）。请确认它转到本机网关。"
    )


async def refused(redis: Client, channel: str, names: dict[str, str]) -> Finding:
    """Why the platform's last callback was refused, if one was in the last hour."""
    try:
        last = await refusals.last(redis, channel)
    except BusError:
        return Finding("最近的回调", None, "程序的存储连不上，没有核对。请先启动助手。")
    if last is None or time.time() - last.at > RECENT_SECONDS:
        return Finding("最近的回调", True)
    words = REASONS.get(last.reason, f"内容不对：{last.reason}。").format(**names)
    return Finding("最近的回调", False, f"有一次被拒收，{words}")
