"""What applicants are told about a hand-off: the texts of ``data/guide/chat.yml``."""

from __future__ import annotations

from typing import Any

from bot.guide.answers import chat
from bot.guide.model import Guide
from desk.editions import current


def guide() -> Guide:
    """The guide in use, read again when it changed. Raises `GuideError`."""
    return current.guide()


def say(key: str, **values: Any) -> str:
    """The text under ``key`` with its placeholders filled; ``values`` are what only the desk knows."""
    return chat(guide(), key, {name: str(value) for name, value in values.items()})
