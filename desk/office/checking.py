"""Checks files before anybody can publish them, with the guide's own checker."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.errors import GuideError, SettingsError
from bot.guide import editions as kept
from bot.guide import source
from bot.guide.load import load_guide
from bot.guide.model import Guide
from desk import hours
from desk.editions import current


class Checked(NamedTuple):
    """The guide of some files, or what is wrong with them, each a sentence that begins with file and line."""

    guide: Guide | None
    problems: tuple[str, ...]


def check(files: dict[str, str]) -> Checked:
    """Check files as a worker would read them."""
    return _check(tuple(sorted(files.items())))


@lru_cache(maxsize=16)
def _check(files: tuple[tuple[str, str], ...]) -> Checked:
    problems: list[str] = []
    guide: Guide | None = None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            folder = kept.keep(Path(scratch), dict(files))
            guide = load_guide(folder)
            source.load(folder)
            problems += _missing(guide)
            hours.parse(dict(files)[kept.HOURS])
        except GuideError as error:
            problems += error.problems
        except SettingsError as error:
            problems.append(f"{kept.HOURS}:1 {error}")
    return Checked(None if problems else guide, tuple(problems))


def _missing(guide: Guide) -> list[str]:
    """What the model can hear and the guide no longer answers: a turn about it would fail."""
    base = current.base_guide()
    topics = {topic.id for topic in base.topics} - {topic.id for topic in guide.topics}
    projects = {project.id for project in base.projects} - {project.id for project in guide.projects}
    return [
        *(f"topics.yml:1 少了话题“{id}”，模型还会听到它，请保留。" for id in sorted(topics)),
        *(f"project-{id}.yml:1 少了项目“{id}”，请保留。" for id in sorted(projects)),
    ]


def now() -> Checked:
    """The guide in use, checked."""
    return check(current.files())
