"""Traditional characters to simplified ones, each in its place; for the guide and the language side."""

from __future__ import annotations

from functools import lru_cache

from opencc import OpenCC

_TO_SIMPLIFIED = OpenCC("t2s")


@lru_cache(maxsize=65536)
def _one(character: str) -> str:
    simple = str(_TO_SIMPLIFIED.convert(character)) if "\u3400" <= character <= "\u9fff" else character
    return simple if len(simple) == 1 else character


def simplified(text: str) -> str:
    """The text in simplified characters, as long as it was."""
    return "".join(map(_one, text))
