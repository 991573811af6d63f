"""Text that may come in and go out: without what XML can't hold and screens shouldn't show."""

from __future__ import annotations

import re
import unicodedata

# Control characters but for line feed and tab, lone surrogates, and the two non-characters that XML
# refuses; the marks that turn the writing direction round and could disguise a text; the BOM.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069\ufeff]"
)
_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")


def printable(text: str) -> str:
    """The text without anything unwanted, lines ended by line feeds."""
    return _UNWANTED.sub("", _BREAKS.sub("\n", text))


def clean(text: str) -> str:
    """The same in Unicode's composed form (NFC). Not for text with tags: a mark after ``>`` joins it."""
    return unicodedata.normalize("NFC", printable(text))
