"""A text as the WeChat app shows it: plain words, tappable options, links, phone numbers.

Everything that isn't one of the forms below stays text, markup included.
"""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import msgspec


class Words(msgspec.Struct, frozen=True, tag="words"):
    """Plain text."""

    text: str


class Tap(msgspec.Struct, frozen=True, tag="tap"):
    """An option: ``menu_id`` and ``content`` are sent when it is tapped, ``number`` stands before it."""

    menu_id: str
    content: str
    label: str
    number: str = ""


class Link(msgspec.Struct, frozen=True, tag="link"):
    """A web page or, with ``tel:``, a phone number."""

    href: str
    label: str


Piece = Words | Tap | Link

_ANCHOR = re.compile(r"""<a\s+href\s*=\s*(["'])(.*?)\1[^>]*>(.*?)</a>""", re.S | re.I)
_NUMBER = re.compile(r"(?:\A|\n)([ \t]*\d{1,2}\s*[.．、)）][ \t]*)\Z")
_PHONE = re.compile(r"(?<![\d-])(0\d{2,3}-\d{7,8}|1[3-9]\d{9})(?![\d-])")


def _anchor(href: str, label: str) -> Piece | None:
    """The piece for an anchor, or None when the app wouldn't make a link of it."""
    href = html.unescape(href)
    parts = urlsplit(href)
    if parts.scheme == "weixin" and parts.netloc == "bizmsgmenu":
        query = parse_qs(parts.query)
        content, menu_id = query.get("msgmenucontent", [""])[0], query.get("msgmenuid", [""])[0]
        return Tap(menu_id, content, label) if content and menu_id else None
    if parts.scheme in {"http", "https"} and parts.netloc:
        return Link(href, label)
    return None


def _words(text: str) -> list[Piece]:
    """Text with the phone numbers in it made tappable, as the app does."""
    found: list[Piece] = []
    for index, part in enumerate(_PHONE.split(text)):
        if index % 2:
            found.append(Link(f"tel:{part}", part))
        elif part:
            found.append(Words(part))
    return found


def read(text: str) -> tuple[Piece, ...]:
    """The pieces of a text message. A number that leads a line belongs to the option behind it."""
    found: list[Piece] = []
    start = 0
    for match in _ANCHOR.finditer(text):
        piece = _anchor(match[2], match[3])
        if piece is None:
            continue
        before = text[start : match.start()]
        number = _NUMBER.search(before)
        if isinstance(piece, Tap) and number:
            before = before[: number.start(1)]
            piece = Tap(piece.menu_id, piece.content, piece.label, number[1].strip())
        found += _words(before)
        found.append(piece)
        start = match.end()
    found += _words(text[start:])
    return tuple(found)


def plain(pieces: tuple[Piece, ...]) -> str:
    """The same as a reader sees it, without markup."""
    shown = []
    for piece in pieces:
        if isinstance(piece, Words):
            shown.append(piece.text)
        else:
            shown.append(f"{piece.number} {piece.label}".strip() if isinstance(piece, Tap) else piece.label)
    return "".join(shown)
