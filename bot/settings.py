"""Settings, from the environment, then ``.env``, then what the first run generated, then defaults.

The sandbox needs account ids, tokens and AES keys that nobody else knows. They are made on the
first run and kept in ``var/generated.env`` with mode 600, so every process reads the same ones.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from dotenv import dotenv_values

from bot import accounts
from bot.accounts import Alerts, Kf, WeCom
from bot.errors import SettingsError
from bot.generated import generated

ROOT = Path(__file__).resolve().parent.parent


class WeChat(msgspec.Struct, frozen=True):
    """One WeChat Official Account. ``aes_key`` is WeChat's EncodingAESKey, 43 characters."""

    app_id: str
    app_secret: str
    token: str
    aes_key: str
    previous_aes_key: str
    account: str
    api_url: str
    plain_mode: bool


class Settings(msgspec.Struct, frozen=True):
    """All settings of one installation. ``redis_url`` points at the embedded server by default.

    ``model`` is the model to load; None for the one that belongs to the training data at hand.

    ``conversation_days``: a conversation is forgotten after so many days without a message.

    ``wecom`` and ``kf`` are None when they aren't set up: without the sandbox nothing is made up for them.

    ``reviewed`` holds the examples that the office approved; they are trained with those of the checkout.

    ``embedded_redis`` is true when no ``REDIS_URL`` is set, so that ``make run`` starts a server itself.
    """

    host: str
    gateway_port: int
    desk_port: int
    sandbox_port: int
    sandbox: bool
    redis_port: int
    redis_url: str
    var: Path
    models: Path
    model: Path | None
    guide: Path
    wechat: WeChat
    alerts: Alerts
    reviewed: Path
    wecom: WeCom | None = None
    kf: Kf | None = None
    embedded_redis: bool = False
    conversation_days: int = 180


def _port(values: Mapping[str, str], name: str, default: int) -> int:
    raw = values.get(name, str(default))
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise SettingsError(f"{name} 应为 1 到 65535 的端口号，现在是“{raw}”。")
    return int(raw)


def _days(values: Mapping[str, str], name: str, default: int) -> int:
    raw = values.get(name, str(default))
    if not raw.isdigit() or not 0 < int(raw) <= 3650:
        raise SettingsError(f"{name} 应为 1 到 3650 的天数，现在是“{raw}”。")
    return int(raw)


def _flag(values: Mapping[str, str], name: str, default: bool) -> bool:
    raw = values.get(name, "1" if default else "0").lower()
    if raw not in {"0", "1", "true", "false", "yes", "no"}:
        raise SettingsError(f"{name} 应为 1 或 0，现在是“{raw}”。")
    return raw in {"1", "true", "yes"}


def _wechat(values: Mapping[str, str], sandbox_url: str) -> WeChat:
    account = values.get("WECHAT_ACCOUNT", "service")
    if account not in {"service", "subscription"}:
        raise SettingsError(f"WECHAT_ACCOUNT 应为 service 或 subscription，现在是“{account}”。")
    keys = (values["WECHAT_AES_KEY"], values.get("WECHAT_PREVIOUS_AES_KEY", ""))
    if len(keys[0]) != 43 or len(keys[1]) not in (0, 43):
        raise SettingsError("WECHAT_AES_KEY 应为 43 位，请从公众号后台“消息加解密密钥”处复制。")
    return WeChat(
        app_id=values["WECHAT_APP_ID"],
        app_secret=values["WECHAT_APP_SECRET"],
        token=values["WECHAT_TOKEN"],
        aes_key=keys[0],
        previous_aes_key=keys[1],
        account=account,
        api_url=values.get("WECHAT_API_URL", sandbox_url),
        plain_mode=_flag(values, "WECHAT_PLAIN_MODE", False),
    )


def load(environ: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
    """Read all settings.

    Args:
        environ: variables that win over the files; the process's own by default.
        root: the project's folder, where ``.env`` and ``var/`` are.

    Raises:
        SettingsError: a value can't be read; the sentence names the setting.
    """
    own = dict(os.environ if environ is None else environ)
    dotenv = {name: value for name, value in dotenv_values(root / ".env").items() if value}
    var = Path(own.get("VAR_DIR") or dotenv.get("VAR_DIR") or root / "var")
    chosen = {**dotenv, **{k: v for k, v in own.items() if v}}
    values: dict[str, str] = {**generated(var), **chosen}
    redis_port = _port(values, "REDIS_PORT", 6390)
    sandbox_port = _port(values, "SANDBOX_PORT", 8090)
    sandbox = _flag(values, "SANDBOX", True)
    sandbox_url = f"http://127.0.0.1:{sandbox_port}"
    # What is generated is for the sandbox. Without it an account is one that somebody has written down.
    work, work_url = (values, sandbox_url) if sandbox else (chosen, "")
    return Settings(
        host=values.get("BIND_HOST", "127.0.0.1"),
        gateway_port=_port(values, "GATEWAY_PORT", 8080),
        desk_port=_port(values, "DESK_PORT", 8000),
        sandbox_port=sandbox_port,
        sandbox=sandbox,
        redis_port=redis_port,
        redis_url=values.get("REDIS_URL", f"redis://127.0.0.1:{redis_port}/0"),
        var=var,
        model=Path(values["MODEL_FILE"]) if "MODEL_FILE" in values else None,
        models=Path(values.get("MODELS_DIR", root / "models")),
        guide=Path(values.get("GUIDE_DIR", root / "data" / "guide")),
        reviewed=Path(values.get("NLU_REVIEWED_DIR", var / "nlu" / "reviewed")),
        wechat=_wechat(values, sandbox_url),
        alerts=accounts.alerts(work, work_url),
        wecom=accounts.wecom(work, work_url) if "WECOM_AGENT_ID" in work else None,
        kf=accounts.kf(work, work_url) if "KF_OPEN_KFID" in work else None,
        embedded_redis="REDIS_URL" not in values,
        conversation_days=_days(values, "CONVERSATION_DAYS", 180),
    )
