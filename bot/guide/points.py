"""Which points of the guide a question asks for by themselves, by the keywords of ``data/guide/points*.yml``.

People rarely ask for "the conditions": they ask whether eight patents are enough, or what becomes of them if
the town has no fund. The list of all conditions answers that too, but not first.
"""

from __future__ import annotations

from functools import lru_cache

from bot.guide.asks import Ask, parse
from bot.guide.keywords import normalise
from bot.guide.model import Guide, Point

MOST = 2
"""Points answered in one reply."""


def find(guide: Guide, text: str, topic: str | None, project: str | None = None) -> tuple[Point, ...]:
    """The points that a question asks for, the plainest first, at most `MOST`, and those of one topic.

    Args:
        topic: the topic that it was heard as: its points count by any of their keywords, those of other
            topics only by a keyword that tells by itself. None where it was heard as no topic.
        project: the project that the question names, or None.
    """
    asked = normalise(text)
    found: list[tuple[int, Point]] = []
    for point, asks in _known(guide.points):
        if project is not None and point.project not in (None, project):
            continue
        if any(each.bars and each.telling(asked) for each in asks):
            continue
        counted = (each for each in asks if each.alone or point.topic == topic)
        telling = max((each.telling(asked) for each in counted if not each.bars), default=0)
        if telling:
            found.append((telling, point))
    found.sort(key=lambda each: -each[0])
    # A word of another topic beside the plainest is the story around the question.
    return tuple(point for _, point in found if point.topic == found[0][1].topic)[:MOST]


@lru_cache(maxsize=4)
def _known(points: tuple[Point, ...]) -> list[tuple[Point, tuple[Ask, ...]]]:
    """The points with their keywords read."""
    return [(point, tuple(map(parse, point.asks))) for point in points]
