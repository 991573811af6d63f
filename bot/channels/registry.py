"""The channels: a folder and a line each."""

from __future__ import annotations

from importlib import import_module

from bot.channels.room import Room
from bot.settings import Settings

NAMES = [
    "wechat",
    "wecom",
    "kf",
]
"""``bot.channels.<name>.room`` has a function ``room(settings)``: a `Room`, or None when it isn't set up."""


def rooms(settings: Settings) -> list[Room]:
    """The channels that are set up."""
    made = [import_module(f"bot.channels.{name}.room").room(settings) for name in NAMES]
    return [room for room in made if room is not None]
