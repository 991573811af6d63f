"""The guide that the actions ask, and the official text by clause. Read once, and swapped when published."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from bot import settings
from bot.guide import source
from bot.guide.load import load_guide
from bot.guide.model import Guide
from bot.guide.plan import plan_of


class _Pack:
    """What is in use in this process."""

    guide: Guide | None = None
    source: source.Clauses | None = None


def guide() -> Guide:
    """The guide in use: the checkout's until `use` was called. Raises GuideError for a mistake in it."""
    if _Pack.guide is None:
        _Pack.guide = load_guide(settings.load().guide)
    return _Pack.guide


def original() -> source.Clauses:
    """The official text by clause; empty as long as the office has loaded none."""
    return _Pack.source or {}


class Edition(NamedTuple):
    """A guide that is ready to be used, with its official text."""

    guide: Guide
    source: source.Clauses


def read(folder: Path) -> Edition:
    """Read an edition and work out what its conditions imply, which takes a moment.

    Raises:
        GuideError: it has a mistake.
    """
    edition = Edition(load_guide(folder), source.load(folder))
    for project in edition.guide.projects:
        plan_of(project)
    return edition


def use(edition: Edition) -> None:
    """Use an edition from here on. Only between two turns: no turn sees two guides."""
    _Pack.guide, _Pack.source = edition
