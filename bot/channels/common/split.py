"""Cutting text into pieces of a size: at the ends of lines and sentences, never inside a link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LINK = r"<a href=[^>]*>[^<]*</a>|https?://[\x21-\x7e]+"
_SENTENCE = re.compile(rf"(?:{_LINK}|[^。！？!?；;…\n])*(?:[。！？!?；;…]+[”’」』）)》]*|\n+|$)")
_CLAUSE = re.compile(rf"(?:{_LINK}|[^，,、：:\s])*(?:[，,、：:\s]+|$)")
# Marks, skin tones and joiners stay with the character before them.
_JOINED = "[\u0300-\u036f\u20d0-\u20ff\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d."
_ATOM = re.compile(rf"{_LINK}|.(?:{_JOINED}){{0,20}}", re.DOTALL)


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode())


def _smaller(text: str, limit: int, patterns: Iterable[re.Pattern[str]]) -> Iterator[str]:
    """Pieces of at most ``limit`` bytes, each cut no finer than needed."""
    if size(text) <= limit:
        yield text
        return
    pattern, *finer = patterns
    for match in pattern.finditer(text):
        piece = match.group()
        if finer or pattern is not _ATOM:
            yield from _smaller(piece, limit, finer)
        elif size(piece) <= limit:
            yield piece
        else:
            # An address longer than a whole message: there is no way to keep it in one.
            yield from piece


def split(text: str, limit: int) -> list[str]:
    """Texts of at most ``limit`` bytes each; white space at the cuts is dropped, nothing else is."""
    chunks: list[str] = []
    chunk = ""
    for piece in _smaller(text, limit, (_SENTENCE, _CLAUSE, _ATOM)):
        if size((chunk + piece).strip()) > limit:
            chunks.append(chunk.strip())
            chunk = ""
        chunk += piece
    return [found for found in (*chunks, chunk.strip()) if found]
