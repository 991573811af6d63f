"""Texts as pairs of characters, the way they are indexed. Pure.

No database here knows where Chinese words begin, so every pair of neighbouring characters is a token, and
the last character of a run one more: a word of two characters or more is a row of tokens, a single one the
beginning of a token. Words in Latin letters and numbers are tokens whole.
"""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[a-z0-9*]+")
_MOST = 400
"""Runs of one text that are indexed; nobody asks a question that long."""


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).lower())[:_MOST]


def _tokens(run: str) -> list[str]:
    if run[0].isascii():
        return [run.replace("*", "x")]
    return [run[at : at + 2] for at in range(len(run))]


def grams(text: str) -> str:
    """The tokens of a text, parted by spaces."""
    return " ".join(token for run in _runs(text) for token in _tokens(run))


def phrases(query: str) -> list[list[str]]:
    """What to look for: each phrase a row of tokens that must stand side by side.

    The last token of a phrase stands for every token that begins with it.
    """
    return [_tokens(run)[:-1] or _tokens(run) for run in _runs(query)]
