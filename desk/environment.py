"""What the desk needs from outside besides `bot.settings`: its own variables, and its secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.settings import ROOT


def variable(name: str, default: str = "") -> str:
    """A setting of the desk, from the environment, then ``.env``, then the default."""
    return os.environ.get(name) or dotenv_values(ROOT / ".env").get(name) or default


def number(name: str, default: int) -> int:
    """A setting that is a whole number above zero.

    Raises:
        SettingsError: it isn't one.
    """
    raw = variable(name, str(default))
    if not raw.isdigit() or int(raw) < 1:
        raise SettingsError(f"{name} 应为大于 0 的整数，现在是“{raw}”。")
    return int(raw)


def names(name: str) -> list[str]:
    """A setting that is a list, parted by commas."""
    return [part.strip() for part in variable(name).split(",") if part.strip()]


def secret_key(var: Path) -> str:
    """The key that signs sessions and one-time links; made on the first run, mode 600."""
    path = var / "desk.secret"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        aside = var / f".desk.secret.{os.getpid()}.{secrets.token_hex(4)}"
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            # Of two processes that start at once, one wins and both read the same key.
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_text(encoding="ascii")
