"""The guide that the actions ask, read once a process."""

from __future__ import annotations

from functools import cache

from bot import settings
from bot.guide.load import load_guide
from bot.guide.model import Guide


@cache
def guide() -> Guide:
    """The guide of this installation. Raises GuideError when the pack has a mistake."""
    return load_guide(settings.load().guide)
