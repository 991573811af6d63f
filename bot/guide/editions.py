"""Editions of the guide: what the office published, as folders of files under ``VAR_DIR/guide/<version>``.

An edition is whole and never changes; its version is a hash of its files. ``guide`` files are at its top,
so `bot.guide.load` reads it like the pack of the checkout. Beside them it may hold ``desk/hours.yml``
(working hours) and ``source/clauses.json`` (the official text by clause).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.errors import GuideError

Files = Mapping[str, str]
"""File name to text. Names are like ``topics.yml`` or ``desk/hours.yml``."""

HOURS = "desk/hours.yml"
SOURCE = "source/clauses.json"

_NAME = re.compile(r"(?:[a-z]{1,20}/)?[a-z0-9][a-z0-9_-]{0,60}\.(?:yml|yaml|json)")
_VERSION = re.compile(r"[0-9a-f]{12}")
_POINTER = "current"


def digest(files: Files) -> str:
    """The version of some files: 12 hexadecimal digits."""
    found = hashlib.sha256()
    for name, text in sorted(files.items()):
        found.update(f"{name}:{len(text)}:{text}\n".encode())
    return found.hexdigest()[:12]


def folder(var: Path, version: str) -> Path:
    """Where an edition is kept. Raises GuideError for what isn't a version."""
    if not _VERSION.fullmatch(version):
        raise GuideError([f"版本号“{version[:20]}”不对。"])
    return var / "guide" / version


def keep(var: Path, files: Files) -> Path:
    """Write an edition unless it is there; returns its folder. Written aside and renamed: whole or not there.

    Raises:
        GuideError: a file has a name that no edition has.
    """
    path = folder(var, digest(files))
    if path.is_dir():
        return path
    for name in files:
        if not _NAME.fullmatch(name):
            raise GuideError([f"{name[:60]}:1 版本里不能有这个文件。"])
    aside = path.parent / f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}"
    for name, text in files.items():
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).write_text(text, encoding="utf-8")
    try:
        os.rename(aside, path)
    except OSError:
        # Another process was quicker; the version says that it wrote the same.
        shutil.rmtree(aside, ignore_errors=True)
        if not path.is_dir():
            raise
    return path


def point(var: Path, version: str) -> None:
    """Say which edition this machine uses from now on."""
    path = folder(var, version).parent / _POINTER
    aside = path.with_name(f".{_POINTER}.{os.getpid()}.{secrets.token_hex(4)}")
    aside.write_text(version, encoding="ascii")
    os.replace(aside, path)


def pointed(var: Path) -> Path | None:
    """The folder of the edition that this machine used last; None when none was published."""
    try:
        path = folder(var, (var / "guide" / _POINTER).read_text(encoding="ascii").strip())
    except (OSError, GuideError):
        return None
    return path if path.is_dir() else None
