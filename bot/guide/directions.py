"""Which research direction a topic fits, by ``data/guide/directions.yml``: keywords first, examples second.

A keyword counts more the fewer directions share it and the longer it is. Examples catch what no keyword
names, but only in a topic that is plainly about intellectual property. Nothing beyond the standard library.

A caller who knows by other means how likely each direction is gives that as a prior: it is added to the
score, and both together decide whether any direction fits.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from bot.guide.keywords import Keyword, normalise, parse
from bot.guide.model import Direction, Guide
from bot.guide.similar import Sounds, overlap, pairs

SOUND_WEIGHT = 0.3
"""What the examples count against the keywords, whose weights start at about 1."""

THRESHOLD = 1.0
"""The least score of the best direction; below it none is named."""

SOUND_ALONE = 1.5
"""The same where no keyword was met."""

NEAR = 0.7
"""From this overlap on, a topic is taken for the example that it resembles, trade words or not."""

NEAR_WEIGHT = 8.0

SHARE = 0.25
"""A direction with less than this share of the best score isn't worth naming beside it."""

PRIOR_WEIGHT = 8.0
"""What a prior of 1 adds to the score."""

PLAIN = 0.45
"""From this sum of the prior on, a topic is taken to be about the trade though no word of it says so."""

LEAST_EVIDENCE = 1.0
"""With a prior a direction is named from this `_evidence` on."""

SECOND = 0.02
"""The least prior of a direction that the words don't speak for."""

_IP = re.compile(
    "知识产权|知识产全|知产|专利|商标|版权|著作权|地理标志|地标产品|商业秘密|技术秘密|植物新品种|品种权|育种者"
    "|无形资产|布图设计|盗版|正版|侵权|抄袭|抢注|仿冒|假冒|冒牌|冒名|山寨|贴牌|傍名牌|秘方|发明|确权|授权|产权归"
)
_COMMON = re.compile(
    "知识产权|我们|咱们|研究|课题|题目|选题|方向|哪个|哪一个|属于|申报|项目|关于|方面|请问|打算|准备|问题|怎么|怎样|如何"
    "|甘肃|我省|全省"
)
"""What topics of every direction say: no evidence for any."""


_ALIKE = "和这个方向的常见题目说法相近"
_MEANT = "意思和这个方向的常见题目相近"


class Match(msgspec.Struct, frozen=True):
    """A direction that fits, how well (no fixed scale), and why in a few Chinese words."""

    direction: Direction
    score: float
    reason: str


class _Profile(msgspec.Struct, frozen=True):
    direction: Direction
    keywords: tuple[tuple[Keyword, float], ...]
    barred: tuple[Keyword, ...]
    examples: tuple[frozenset[str], ...]

    def nearness(self, topic: str) -> float:
        """The overlap with the closest example; 0 below `NEAR`."""
        own = pairs(topic)
        best = max((overlap(own, example) for example in self.examples), default=0.0)
        return best if best >= NEAR else 0.0


def find(guide: Guide, text: str, prior: Mapping[int, float] | None = None) -> tuple[Match, ...]:
    """The directions that fit a topic in anybody's words, best first; empty when none does.

    Args:
        prior: how likely each direction is, number to 0..1. What is missing to 1 in all is how likely
            none fits. None where nobody knows.
    """
    topic = normalise(text)
    prior_of = prior or {}
    about_ip = bool(_IP.search(topic)) or sum(prior_of.values()) >= PLAIN
    profiles, sounds = _model(tuple(each for project in guide.projects for each in project.directions))
    heard = sounds.scores(_COMMON.sub("", topic))
    found = [_match(profile, topic, about_ip, score) for profile, score in zip(profiles, heard, strict=True)]
    matches = _ranked([match for match in found if match])
    # What a barring word ruled out isn't among the matches, and its prior doesn't count.
    likely = None if prior is None else sum(prior_of.get(match.direction.number, 0.0) for match in matches)
    if not matches or not _fits(matches[0], likely):
        return ()
    matches = _ranked([_added(match, prior_of.get(match.direction.number, 0.0)) for match in matches])
    best = matches[0].score
    return tuple(
        match
        for match in matches
        if match.score >= SHARE * best or prior_of.get(match.direction.number, 0.0) >= SECOND
    )


def names(guide: Guide, text: str) -> bool:
    """Whether a text names what one of the directions is about, by a keyword."""
    return any(match.reason != _ALIKE for match in find(guide, text)[:1])


def _ranked(matches: Sequence[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: (-match.score, match.direction.number))


def _fits(best: Match, likely: float | None) -> bool:
    """Whether the best by words, and how likely any fits by the prior, are good enough to name one."""
    if likely is None:
        return best.score >= (SOUND_ALONE if best.reason == _ALIKE else THRESHOLD)
    return _evidence(best.score, likely) >= LEAST_EVIDENCE


def _evidence(score: float, likely: float) -> float:
    """The log-odds that any direction fits, and the score of the best by words, which counts up to 6."""
    inside = min(max(likely, 0.001), 0.999)
    return math.log(inside / (1 - inside)) + 0.5 * min(score, 6.0)


def _added(match: Match, prior: float) -> Match:
    """The match with its prior; one that no words led to says so."""
    score = match.score + PRIOR_WEIGHT * prior
    reason = _MEANT if match.reason == _ALIKE and prior >= SECOND else match.reason
    return Match(match.direction, score, reason)


def _match(profile: _Profile, topic: str, about_ip: bool, heard: float) -> Match | None:
    near = profile.nearness(topic)
    if any(word.within(topic) for word in profile.barred) and not near:
        return None
    about_ip = about_ip or near > 0
    hits = [hit for hit in profile.keywords if (about_ip or hit[0].alone) and hit[0].within(topic)]
    if not hits and not about_ip:
        return None
    hits = [hit for hit in hits if not any(hit[0].says_less_than(other) for other, _ in hits)]
    score = sum(weight for _, weight in hits) + SOUND_WEIGHT * heard + NEAR_WEIGHT * near
    hits.sort(key=lambda hit: -hit[1])
    words = list(dict.fromkeys(part for word, _ in hits for part in word.parts))[:4]
    named = "".join(f"“{word}”" for word in words)
    return Match(profile.direction, score, f"您提到了{named}" if named else _ALIKE)


@lru_cache(maxsize=4)
def _model(directions: tuple[Direction, ...]) -> tuple[tuple[_Profile, ...], Sounds]:
    """The keywords of each direction, weighed among all of them, and what its texts sound like."""
    count = len(directions)
    parsed = {each: [parse(word) for word in each.keywords] for each in directions}
    named = {each: [word for word in words if not word.bars] for each, words in parsed.items()}
    owners = Counter(parts for words in named.values() for parts in {word.parts for word in words})
    profiles = tuple(
        _Profile(
            each,
            tuple((word, word.weight(owners[word.parts], count)) for word in named[each]),
            tuple(word for word in parsed[each] if word.bars),
            tuple(pairs(normalise(example)) for example in (each.about, *each.examples)),
        )
        for each in directions
    )
    return profiles, Sounds([_texts(each, named[each]) for each in directions])


def _texts(direction: Direction, words: list[Keyword]) -> list[str]:
    keywords = [part for word in words for part in word.parts]
    sentences = (direction.name, direction.about, *direction.examples)
    return keywords + [_COMMON.sub("", normalise(sentence)) for sentence in sentences]
