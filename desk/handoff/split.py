"""Cuts a long text into messages that the platforms take. Pure."""

from __future__ import annotations

LIMIT = 1_800
"""Bytes of UTF-8 a message: the platforms' limit is 2,048, and they cut or refuse beyond it."""

_ENDS = ("\n\n", "\n", "。", "！", "？", "；", "，", " ")


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def split(text: str, limit: int = LIMIT, reserve: int = 0) -> list[str]:
    """The text in pieces of at most ``limit`` bytes each, cut where a reader would pause.

    Args:
        reserve: bytes kept free in each piece.
    """
    room = limit - reserve
    rest, pieces = text.strip(), []
    while size(rest) > room:
        fits = rest.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
        cut = _pause(fits)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _pause(text: str) -> int:
    """Where to cut: after the strongest pause in the last half, else at the very end."""
    for end in _ENDS:
        at = text.rfind(end, len(text) // 2)
        if at > 0:
            return at + len(end)
    return len(text)
