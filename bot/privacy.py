"""Masks phone, identity card and bank numbers in text, however they were typed. Pure.

A number may be in ASCII, full-width or other Unicode digits or in Chinese numerals (一三八…), and may be
cut by spaces, dashes, dots, brackets, zero-width marks, or by commas and the like into pieces of three
digits and more. The guide's own phone, its clauses, dates and lists of years are left alone.
"""

from __future__ import annotations

import re
import unicodedata

GUIDE_PHONES = ("09318533556",)
"""Numbers that the guide itself prints: digits only."""

_CHINESE = str.maketrans("零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖○幺", "0123456789012345678901")
_MARKS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"
_GAPS = set(" \t\n\r\u00a0\u3000-‐‑‒–—―－ー~～_＿.．·•()（）+＋" + _MARKS)
"""Signs with which people cut one number."""
_LISTS = set(",，、:：/／|｜")
"""Signs that part a list of numbers as well: they cut one number only where every piece has three digits."""
_LONGEST_GAP = 4
_SHORTEST_PIECE = 3

_CLAUSE = re.compile(
    r"[一二三四五六七八九十]+[（(][一二三四五六七八九十]+[)）](?:[①-⑳]|[1-9][0-9]?(?![0-9]))?"
)
"""A clause of the guide: its numerals are no digits of a number."""
_MOBILE = re.compile(r"(?:0?0?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0?0?86)?0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_DATE = r"(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])"
_DATES = re.compile(rf"(?:{_DATE}[\s\-–—~,，、;；/|]*)+")
_YEARS = re.compile(r"(?:19|20)\d{2}")
_LONG = 15
"""From this many digits on it is an identity card, an account or a card, whatever it looks like."""


def _digit(sign: str) -> str:
    """The digit that a sign stands for, or an empty string."""
    value = unicodedata.digit(sign.translate(_CHINESE), None)
    return "" if value is None else str(value)


Run = list["tuple[int, str]"]
"""Digits with their places in the text, gaps left out."""


def _runs(text: str) -> list[Run]:
    """The runs of digits long enough to be a number. An X may end a run of 17."""
    clauses = {place for match in _CLAUSE.finditer(text) for place in range(*match.span())}
    runs: list[Run] = [[]]
    for place, sign in enumerate(text):
        run = runs[-1]
        digit = "" if place in clauses else _digit(sign)
        if not digit and len(run) == 17 and unicodedata.normalize("NFKC", sign).upper() == "X":
            digit = "X"
        if digit:
            run.append((place, digit))
        elif run and (place in clauses or sign not in _GAPS | _LISTS or place - run[-1][0] > _LONGEST_GAP):
            runs.append([])
    return [part for run in runs for part in _parted(text, run) if len(part) >= 10]


def _parted(text: str, run: Run) -> list[Run]:
    """A run cut where a list's sign stands, unless all its pieces are as long as those of one number."""
    pieces: list[Run] = []
    for before, (place, digit) in zip([None, *run], run):  # noqa: B905 - the last has none after it
        between = text[before[0] + 1 : place] if before else ""
        if before is None or _LISTS.intersection(between):
            pieces.append([])
        pieces[-1].append((place, digit))
    whole = len(pieces) == len(_pieces(run)) and all(len(piece) >= _SHORTEST_PIECE for piece in pieces)
    return [run] if whole or len(pieces) == 1 else pieces


def _pieces(run: Run) -> list[str]:
    """The digits of a run as they stand together."""
    found: list[str] = []
    for before, (place, digit) in zip([None, *run], run):  # noqa: B905 - the last has none after it
        if before is None or place - before[0] > 1:
            found.append("")
        found[-1] += digit
    return found


def _without_kept(run: Run, keep: tuple[str, ...]) -> list[Run]:
    """The parts of a run around the numbers that stay, where those stand on their own."""
    digits = "".join(digit for _, digit in run)
    for number in keep:
        start = digits.find(number)
        end = start + len(number)
        if start < 0 or not (_apart(run, start) and _apart(run, end)):
            continue
        return [part for rest in (run[:start], run[end:]) for part in _without_kept(rest, keep)]
    return [run] if run else []


def _apart(run: Run, at: int) -> bool:
    """Whether a number may begin or end before digit ``at``: at an edge, or where there is a gap."""
    return at in (0, len(run)) or run[at][0] - run[at - 1][0] > 1


def _hidden(digits: str) -> list[tuple[int, int]]:
    """Which digits to hide, as (from, to)."""
    if len(digits) >= _LONG:
        inside = _IDENTITY.fullmatch(digits)
        return [(2, len(digits) - 2)] if inside else [(0, len(digits) - 4)]
    found = [(match.end() - 8, match.end() - 4) for match in _MOBILE.finditer(digits)]
    if not found and (match := _LANDLINE.fullmatch(digits)):
        found = [(match.end() - 6, match.end() - 2)]
    return found


def _only_dates(text: str, run: Run) -> bool:
    """Whether a run is a list of years, or of dates."""
    years = all(_YEARS.fullmatch(piece) for piece in _pieces(run))
    return years or _DATES.fullmatch(text[run[0][0] : run[-1][0] + 1]) is not None


def mask(text: str, keep: tuple[str, ...] = GUIDE_PHONES) -> str:
    """The text with the middle of each personal number as ``*``; as long as it was.

    Args:
        keep: numbers that aren't personal, digits only.
    """
    signs = list(text)
    for whole in _runs(text):
        for run in _without_kept(whole, keep):
            if _only_dates(text, run):
                continue
            for start, end in _hidden("".join(digit for _, digit in run)):
                for place, _ in run[start:end]:
                    signs[place] = "*"
    return "".join(signs)


def has_personal(text: str, keep: tuple[str, ...] = GUIDE_PHONES) -> bool:
    """Whether `mask` would hide anything."""
    return mask(text, keep) != text
