"""Secrets of the sandbox's accounts: made on the first run, kept in ``var/generated.env`` with mode 600.

A file of an earlier version is completed: what is in it stays as it is.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values

_LETTERS = string.ascii_letters + string.digits


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _aes_key() -> str:
    return _random(42) + secrets.choice("AEIMQUYcgkosw048")


_MAKE: dict[str, Callable[[], str]] = {
    "WECHAT_APP_ID": lambda: "wx" + secrets.token_hex(8),
    "WECHAT_APP_SECRET": lambda: secrets.token_hex(16),
    "WECHAT_TOKEN": lambda: _random(24),
    "WECHAT_AES_KEY": _aes_key,
    "WECOM_CORP_ID": lambda: "ww" + secrets.token_hex(8),
    "WECOM_AGENT_ID": lambda: str(1_000_002 + secrets.randbelow(1000)),
    "WECOM_SECRET": lambda: _random(43),
    "WECOM_TOKEN": lambda: _random(24),
    "WECOM_AES_KEY": _aes_key,
    "WECOM_ROBOT_KEY": lambda: secrets.token_hex(16),
    "KF_SECRET": lambda: _random(43),
    "KF_TOKEN": lambda: _random(24),
    "KF_AES_KEY": _aes_key,
    "KF_OPEN_KFID": lambda: "wk" + _random(30),
}


def _known(path: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(path).items() if value} if path.exists() else {}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time; the folder itself is the lock, so nothing is left behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def generated(var: Path) -> dict[str, str]:
    """The secrets by name; what is missing in the file is made and added."""
    path = var / "generated.env"
    known = _known(path)
    if _MAKE.keys() <= known.keys():
        return known
    var.mkdir(parents=True, exist_ok=True)
    with _locked(var):
        known = _known(path)
        known |= {name: make() for name, make in _MAKE.items() if name not in known}
        # Written aside and moved into place: whoever reads meanwhile finds one whole file or the other.
        aside = var / f".generated.{os.getpid()}.{_random(6)}"
        aside.touch(mode=0o600)
        aside.write_text("".join(f"{name}={value}\n" for name, value in known.items()), encoding="ascii")
        aside.replace(path)
    return known
