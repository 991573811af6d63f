"""The accounts of WeCom (企业微信) in the settings: the app, WeChat customer service, and staff alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from bot.errors import SettingsError

PUBLIC_API = "https://qyapi.weixin.qq.com"

Handoff = Literal["desk", "queue", "servicer"]


class WeCom(msgspec.Struct, frozen=True):
    """One self-built app of WeCom. ``aes_key`` is its EncodingAESKey, 43 characters."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    aes_key: str
    api_url: str


class Kf(msgspec.Struct, frozen=True):
    """One account of WeChat customer service.

    Attributes:
        handoff: who takes over from the assistant: ``desk``, our own staff; ``queue`` or ``servicer``,
            WeCom's own agents, through the reception pool or one of them.
        servicer: the agent's user id, for ``servicer``.
    """

    corp_id: str
    secret: str
    token: str
    aes_key: str
    open_kfid: str
    api_url: str
    handoff: Handoff = "desk"
    servicer: str = ""


class Alerts(msgspec.Struct, frozen=True):
    """Where staff alerts go.

    Attributes:
        robot_key: ``key`` of the group robot's address; empty for none.
        api_url: of WeCom, whose robot it is.
        members: user ids of those on duty, told through the WeCom app.
        wait_minutes: how long an applicant may wait for a person before staff are told.
    """

    robot_key: str
    api_url: str
    members: tuple[str, ...]
    wait_minutes: int


def _need(values: Mapping[str, str], name: str) -> str:
    if name not in values:
        raise SettingsError(f"企业微信的设置不全，缺少 {name}。")
    return values[name]


def _aes_key(values: Mapping[str, str], name: str) -> str:
    key = _need(values, name)
    if len(key) != 43:
        raise SettingsError(f"{name} 应为 43 位，请从企业微信后台“接收消息”的 EncodingAESKey 处复制。")
    return key


def _number(values: Mapping[str, str], name: str, default: str) -> int:
    raw = values.get(name, default)
    if not raw.isdigit() or len(raw) > 9 or int(raw) == 0:
        raise SettingsError(f"{name} 应为正整数，现在是“{raw}”。")
    return int(raw)


def api_url(values: Mapping[str, str], sandbox_url: str) -> str:
    """Where WeCom's API is: in the sandbox if there is one, under a path of its own."""
    return values.get("WECOM_API_URL") or (f"{sandbox_url}/qyapi" if sandbox_url else PUBLIC_API)


def wecom(values: Mapping[str, str], sandbox_url: str) -> WeCom:
    """The app. Raises `SettingsError`."""
    return WeCom(
        corp_id=_need(values, "WECOM_CORP_ID"),
        agent_id=_number(values, "WECOM_AGENT_ID", ""),
        secret=_need(values, "WECOM_SECRET"),
        token=_need(values, "WECOM_TOKEN"),
        aes_key=_aes_key(values, "WECOM_AES_KEY"),
        api_url=api_url(values, sandbox_url),
    )


def kf(values: Mapping[str, str], sandbox_url: str) -> Kf:
    """WeChat customer service. Raises `SettingsError`."""
    handoff = values.get("KF_HANDOFF", "desk")
    if handoff not in {"desk", "queue", "servicer"}:
        raise SettingsError(f"KF_HANDOFF 应为 desk、queue 或 servicer，现在是“{handoff}”。")
    if handoff == "servicer" and not values.get("KF_SERVICER"):
        raise SettingsError("KF_HANDOFF 是 servicer 时，要在 KF_SERVICER 写上接待人员的账号。")
    return Kf(
        corp_id=_need(values, "WECOM_CORP_ID"),
        secret=_need(values, "KF_SECRET"),
        token=_need(values, "KF_TOKEN"),
        aes_key=_aes_key(values, "KF_AES_KEY"),
        open_kfid=_need(values, "KF_OPEN_KFID"),
        api_url=api_url(values, sandbox_url),
        handoff=cast(Handoff, handoff),
        servicer=values.get("KF_SERVICER", ""),
    )


def alerts(values: Mapping[str, str], sandbox_url: str) -> Alerts:
    """Staff alerts. Raises `SettingsError`."""
    members = values.get("ALERT_MEMBERS", "").replace("|", ",").split(",")
    return Alerts(
        robot_key=values.get("WECOM_ROBOT_KEY", ""),
        api_url=api_url(values, sandbox_url),
        members=tuple(name.strip() for name in members if name.strip()),
        wait_minutes=_number(values, "ALERT_WAIT_MINUTES", "10"),
    )
