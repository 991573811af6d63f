"""Which points of the guide a question asks for by themselves.

People rarely ask for "the conditions": they ask whether eight patents are enough, or what becomes of them if
the town has no fund. The list of all conditions answers that too, but not first. What a question asks for is
ranked by `bot.nlu.points`; here it is decided what use is made of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.guide.model import Guide, Point

MOST = 2
"""Points answered in one reply."""

_SURE = 0.5
"""From this confidence on, the best of a ranking says what a question asks for."""

_LIKELY = 0.25
"""From here on the best point of the topic that was heard is answered."""

_PLAIN = 0.9
"""From here on a point of another project than the one named is answered all the same."""

_CLEAR = 0.75
"""The same for another project than the one talked about, which this question doesn't name."""

_AS_WELL = 0.35
"""From here on a second point is answered as well."""

OTHER = "other"
"""What the ranking calls a question that the guide has nothing to do with."""

Ranking = Sequence[Mapping[str, Any]]
"""Ids of points and topics under ``name``, each with its ``confidence``, best first."""


def topic(guide: Guide, ranking: Ranking) -> str | None:
    """The topic that a question asks for, by a point of it or as a whole; `OTHER` for nothing of the guide.

    None where the ranking isn't sure.
    """
    if not ranking or ranking[0]["confidence"] < _SURE:
        return None
    return _topic_of(guide, ranking[0]["name"])


def likelihood(guide: Guide, ranking: Ranking, topic: str) -> float:
    """How likely a question asks for a topic, by whichever point of it or as a whole; 0 to 1."""
    return float(sum(each["confidence"] for each in ranking if _topic_of(guide, each["name"]) == topic))


def _topic_of(guide: Guide, name: str) -> str:
    return next((point.topic for point in guide.points if point.id == name), name)


def find(
    guide: Guide, ranking: Ranking, topic: str, project: str | None = None, talked: str | None = None
) -> tuple[Point, ...]:
    """The points of a topic that a question asks for, the likeliest first, at most `MOST`.

    Empty where it asks for the topic as a whole.

    Args:
        topic: the topic that is answered.
        project: the project that the question names, or None.
        talked: the project that is being talked about: it chooses between readings, and rules out what isn't
            plain.
    """
    of_topic = {point.id: point for point in guide.points if point.topic == topic}
    ranked = _of_project(guide, ranking, project)
    likely = [(name, sure) for name, sure in ranked if name in of_topic or name == topic]
    if not likely or likely[0][0] == topic or likely[0][1] < _LIKELY:
        return ()
    found = [of_topic[name] for name, sure in likely[1:] if name in of_topic and sure >= _AS_WELL]
    found = [of_topic[likely[0][0]], *found]
    if project is None and talked is not None and likely[0][1] < _CLEAR:
        # 那如果两家一起报呢 is about the project that is talked about.
        found = [point for point in found if point.project in (None, talked)]
    return tuple(found[:MOST])


def _of_project(guide: Guide, ranking: Ranking, project: str | None) -> list[tuple[str, float]]:
    """The ranking without the points of other projects than the one named, which share out what these had;
    but one that is asked for beyond doubt stays where nothing else is left.
    """
    others = {point.id for point in guide.points if point.project not in (None, project)}
    kept = [each for each in ranking if project is None or each["name"] not in others]
    left = sum(each["confidence"] for each in kept)
    if left < _LIKELY:
        # Plainly asked of a project that has no such point: 报课题也要有特色产业吗.
        return [(each["name"], each["confidence"]) for each in ranking[:1] if each["confidence"] >= _PLAIN]
    whole = sum(each["confidence"] for each in ranking)
    return [(each["name"], each["confidence"] * whole / left) for each in kept]
