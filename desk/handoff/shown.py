"""How a text of an applicant is shown: masked, its invisible marks made visible, long ones folded. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.privacy import mask

FOLD = 1_500
"""Characters before the rest is folded away."""
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]"
)


class Shown(NamedTuple):
    """The beginning, the folded rest, and whether anything is masked."""

    head: str
    rest: str
    masked: bool


def plain(text: str) -> str:
    """Marks that turn the direction or can't be seen, as ‹202E›."""
    return _INVISIBLE.sub(lambda found: f"‹{ord(found.group()):04X}›", text)


def shown(text: str, unmasked: bool = False) -> Shown:
    """A text ready for a page; the template escapes it."""
    hidden = text if unmasked else mask(text)
    clear = plain(hidden)
    return Shown(clear[:FOLD], clear[FOLD:], hidden != text)
