"""Which points of the guide a question asks for by themselves, by the keywords of ``data/guide/points.yml``.

People rarely ask for "the conditions": they ask whether eight patents are enough, or what becomes of them if
the town has no fund. The list of all conditions answers that too, but not first.
"""

from __future__ import annotations

from functools import lru_cache

from bot.guide.keywords import Keyword, expand, normalise, parse
from bot.guide.model import Guide, Point

MOST = 2
"""Points answered in one reply."""


def find(guide: Guide, text: str, topic: str | None, project: str | None = None) -> tuple[Point, ...]:
    """The points that a question asks for, the plainest first, at most `MOST`.

    Args:
        topic: the topic that it was heard as: its points count by any of their keywords, those of other
            topics only by a keyword that tells by itself. None where it was heard as no topic.
        project: the project that the question names, or None.
    """
    asked = normalise(text)
    found: list[tuple[int, Point]] = []
    for point, words in _known(guide.points):
        if project is not None and point.project not in (None, project):
            continue
        met = [word for word in words if word.within(asked)]
        if any(word.bars for word in met):
            continue
        telling = [word.length for word in met if word.alone or point.topic == topic]
        if telling:
            found.append((max(telling), point))
    found.sort(key=lambda each: -each[0])
    return tuple(point for _, point in found[:MOST])


@lru_cache(maxsize=4)
def _known(points: tuple[Point, ...]) -> list[tuple[Point, tuple[Keyword, ...]]]:
    """The points with their keywords read."""
    return [(point, tuple(parse(each) for word in point.asks for each in expand(word))) for point in points]
