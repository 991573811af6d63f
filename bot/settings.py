"""Settings, from the environment, then ``.env``, then what the first run generated, then defaults.

The sandbox needs account ids, tokens and AES keys that nobody else knows. They are made on the
first run and kept in ``var/generated.env`` with mode 600, so every process reads the same ones.
"""

from __future__ import annotations

import os
import secrets
import string
from collections.abc import Mapping
from pathlib import Path

import msgspec
from dotenv import dotenv_values

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent

_LETTERS = string.ascii_letters + string.digits


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
    embedded_redis: bool = False
    conversation_days: int = 180


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _generated(var: Path) -> dict[str, str]:
    """Secrets of the sandbox's account, made once and kept."""
    path = var / "generated.env"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        lines = {
            "WECHAT_APP_ID": "wx" + secrets.token_hex(8),
            "WECHAT_APP_SECRET": secrets.token_hex(16),
            "WECHAT_TOKEN": _random(24),
            "WECHAT_AES_KEY": _random(42) + secrets.choice("AEIMQUYcgkosw048"),
        }
        text = "".join(f"{name}={value}\n" for name, value in lines.items())
        # Written aside and linked into place: of two processes that start at once, one wins whole.
        aside = var / f".generated.{os.getpid()}.{_random(6)}"
        aside.touch(mode=0o600)
        aside.write_text(text, encoding="ascii")
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return {name: value for name, value in dotenv_values(path).items() if value}


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
    values: dict[str, str] = {**_generated(var), **dotenv, **{k: v for k, v in own.items() if v}}
    redis_port = _port(values, "REDIS_PORT", 6390)
    sandbox_port = _port(values, "SANDBOX_PORT", 8090)
    return Settings(
        host=values.get("BIND_HOST", "127.0.0.1"),
        gateway_port=_port(values, "GATEWAY_PORT", 8080),
        desk_port=_port(values, "DESK_PORT", 8000),
        sandbox_port=sandbox_port,
        sandbox=_flag(values, "SANDBOX", True),
        redis_port=redis_port,
        redis_url=values.get("REDIS_URL", f"redis://127.0.0.1:{redis_port}/0"),
        var=var,
        model=Path(values["MODEL_FILE"]) if "MODEL_FILE" in values else None,
        models=Path(values.get("MODELS_DIR", root / "models")),
        guide=Path(values.get("GUIDE_DIR", root / "data" / "guide")),
        wechat=_wechat(values, f"http://127.0.0.1:{sandbox_port}"),
        embedded_redis="REDIS_URL" not in values,
        conversation_days=_days(values, "CONVERSATION_DAYS", 180),
    )
