"""Reading the fields of a decrypted callback, each checked for its shape."""

from __future__ import annotations

import re

from bot.channels.common.text import clean
from bot.errors import EnvelopeError

TEXT_LIMIT = 2_000
"""Characters; longer text is cut. The platforms' own limit on what one can type is lower."""

ID = re.compile(r"[A-Za-z0-9_@.\-]{1,64}")
NUMBER = re.compile(r"[0-9]{1,20}")
SECONDS = re.compile(r"[0-9]{1,11}")
TYPE = re.compile(r"[a-z_]{1,32}")
TAP = re.compile(r"[A-Za-z0-9_:.\-]{1,128}")

Fields = dict[str, object]


def text(found: Fields, name: str) -> str:
    """A field's text, "" when it is empty or absent. Raises EnvelopeError when it is doubled or nested."""
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EnvelopeError(f"{name} is not a text")
    return value


def matching(pattern: re.Pattern[str], found: Fields, name: str) -> str:
    """A field's text if it has the shape, else EnvelopeError."""
    value = text(found, name)
    if not pattern.fullmatch(value):
        raise EnvelopeError(f"{name} is missing or malformed")
    return value


def kind(found: Fields, name: str) -> str:
    """The name of a type of message or event, in small letters. Raises EnvelopeError."""
    value = text(found, name).lower()
    if not TYPE.fullmatch(value):
        raise EnvelopeError(f"{name} is missing or malformed")
    return value


def typed(value: str) -> str:
    """What somebody typed or said, as it goes on."""
    return clean(value).strip()[:TEXT_LIMIT]
