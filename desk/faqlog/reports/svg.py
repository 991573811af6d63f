"""Small charts as SVG, made on the server: they print, and need no script. Presentation is in attributes,
since a page may carry no style of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BLUE, ORANGE, GREY, INK = "#1d5fa8", "#c46a1b", "#d9e0e8", "#1b2733"
_LABELS = 12
"""Labels under a row of columns; more would run into one another."""


def columns(
    title: str,
    names: Sequence[str],
    first: Sequence[int],
    second: Sequence[int],
    width: int = 720,
    height: int = 190,
) -> SafeString:
    """Columns of ``first``, with ``second`` (a part of it) in orange at their feet."""
    most = max([*first, 1])
    foot, room = height - 24, height - 44
    step = (width - 46) / max(len(names), 1)
    thick = min(step * 0.7, 34)
    every = -(-len(names) // _LABELS) or 1

    def column(at: int, value: int, color: str) -> tuple[str, str, str, str, str]:
        tall = value / most * room
        return (
            f"{40 + at * step + (step - thick) / 2:.1f}",
            f"{foot - tall:.1f}",
            f"{thick:.1f}",
            f"{tall:.1f}",
            color,
        )

    bars = [column(at, value, BLUE) for at, value in enumerate(first)]
    bars += [column(at, value, ORANGE) for at, value in enumerate(second)]
    labels = [
        (f"{40 + at * step + step / 2:.1f}", height - 8, name)
        for at, name in enumerate(names)
        if at % every == 0
    ]
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="11" fill="{}">{}{}{}{}</svg>',
        width,
        height,
        title,
        INK,
        format_html_join(
            "",
            '<line x1="40" x2="{}" y1="{}" y2="{}" stroke="{}"></line>',
            [
                (width - 6, f"{foot - room * part:.1f}", f"{foot - room * part:.1f}", GREY)
                for part in (0, 0.5, 1)
            ],
        ),
        format_html_join(
            "",
            '<text x="34" y="{}" text-anchor="end">{}</text>',
            [(f"{foot - room * part + 4:.1f}", f"{most * part:,.0f}") for part in (0, 0.5, 1)],
        ),
        format_html_join(
            "",
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>',
            [bar for bar in bars if bar[3] != "0.0"],
        ),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', labels),
    )


def bars(
    title: str, names: Sequence[str], values: Sequence[int], width: int = 360, row: int = 22
) -> SafeString:
    """Lying bars with their names before and their numbers behind."""
    most, before = max([*values, 1]), 118
    height = row * max(len(names), 1)
    lines = [
        (
            before - 8,
            at * row + 15,
            name,
            before,
            at * row + 4,
            f"{value / most * (width - before - 54):.1f}",
            row - 8,
            BLUE,
            f"{before + value / most * (width - before - 54) + 6:.1f}",
            at * row + 15,
            f"{value:,}",
        )
        for at, (name, value) in enumerate(zip(names, values, strict=True))
    ]
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="12" fill="{}">{}</svg>',
        width,
        height,
        title,
        INK,
        format_html_join(
            "",
            '<text x="{}" y="{}" text-anchor="end">{}</text>'
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect><text x="{}" y="{}">{}</text>',
            lines,
        ),
    )
