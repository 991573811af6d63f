"""Masks phone, identity card and bank numbers in text, however they were typed. Pure.

A number may be in ASCII, full-width or other Unicode digits or in Chinese numerals (一三八…), and may be
cut by spaces, dashes, dots, brackets or zero-width marks. The guide's own phone is left alone.
"""

from __future__ import annotations

import re
import unicodedata

GUIDE_PHONES = ("09318533556",)
"""Numbers that the guide itself prints: digits only."""

_CHINESE = str.maketrans("零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖○幺", "0123456789012345678901")
_MARKS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"
_GAPS = set(" \t\n\r\u00a0\u3000-‐‑‒–—―－.．·()（）+＋" + _MARKS)
_LONGEST_GAP = 4

_MOBILE = re.compile(r"(?:0?0?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0?0?86)?0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_DATES = re.compile(r"(?:(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])\s*[-–—]*\s*)+")
_LONG = 15
"""From this many digits on it is an identity card, an account or a card, whatever it looks like."""


def _digit(sign: str) -> str:
    """The digit that a sign stands for, or an empty string."""
    value = unicodedata.digit(sign.translate(_CHINESE), None)
    return "" if value is None else str(value)


def _runs(text: str) -> list[list[tuple[int, str]]]:
    """The runs of digits: lists of (place, digit), gaps left out. An X may end a run of 17."""
    runs: list[list[tuple[int, str]]] = [[]]
    for place, sign in enumerate(text):
        run = runs[-1]
        digit = _digit(sign)
        if not digit and len(run) == 17 and unicodedata.normalize("NFKC", sign).upper() == "X":
            digit = "X"
        if digit:
            run.append((place, digit))
        elif run and (sign not in _GAPS or place - run[-1][0] > _LONGEST_GAP):
            runs.append([])
    return [run for run in runs if len(run) >= 10]


def _without_kept(run: list[tuple[int, str]], keep: tuple[str, ...]) -> list[list[tuple[int, str]]]:
    """The parts of a run around the numbers that stay, where those stand on their own."""
    digits = "".join(digit for _, digit in run)
    for number in keep:
        start = digits.find(number)
        end = start + len(number)
        if start < 0 or not (_apart(run, start) and _apart(run, end)):
            continue
        return [part for rest in (run[:start], run[end:]) for part in _without_kept(rest, keep)]
    return [run] if run else []


def _apart(run: list[tuple[int, str]], at: int) -> bool:
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


def mask(text: str, keep: tuple[str, ...] = GUIDE_PHONES) -> str:
    """The text with the middle of each personal number as ``*``; as long as it was.

    Args:
        keep: numbers that aren't personal, digits only.
    """
    signs = list(text)
    for whole in _runs(text):
        if _DATES.fullmatch(text[whole[0][0] : whole[-1][0] + 1]):
            continue
        for run in _without_kept(whole, keep):
            for start, end in _hidden("".join(digit for _, digit in run)):
                for place, _ in run[start:end]:
                    signs[place] = "*"
    return "".join(signs)


def has_personal(text: str, keep: tuple[str, ...] = GUIDE_PHONES) -> bool:
    """Whether `mask` would hide anything."""
    return mask(text, keep) != text
