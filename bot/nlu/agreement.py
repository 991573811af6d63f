"""Two opinions on one question made one, without Rasa: which intent it is, and which point it asks for.

The classifier has learned the intents, whole topics among them; the ranker a hundred points, each from some
dozens of questions. Either is often sure and wrong where the other is right, so their likelihoods are
multiplied. The weights were chosen on questions that neither had learned; docs/nlu.md has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from bot.nlu.scope import FALLBACK, OUT_OF_SCOPE

REJECTED = {OUT_OF_SCOPE, FALLBACK}

_INTENT = 0.7
"""How much the classifier's opinion counts beside the ranker's."""
_FLOOR = 0.003
"""What isn't in a ranking is held for as likely as this."""
_INSIDE = 1.0
"""How much less, as a logarithm, a question counts as another matter than both think: to refuse what the
guide answers costs an applicant more than an answer too many.
"""

Likely = Mapping[str, float]


class Agreed(NamedTuple):
    """What both say: topics and points with their likelihood, best first; each sums to 1 at most."""

    topics: list[tuple[str, float]]
    points: list[tuple[str, float]]


def agree(intents: Likely, inside: float, points: Likely, topics: Mapping[str, str]) -> Agreed:
    """Weigh what the classifier and the ranker say of one text.

    Args:
        intents: the likelihood of the nearest in-scope intents.
        inside: how likely the text is in scope, 0 to 1.
        points: the likelihood of the nearest points.
        topics: the topic of each point; `OUT_OF_SCOPE` of what the guide has nothing to do with.
    """
    heard = [point for point, topic in topics.items() if topic in intents]
    names = sorted({*points, *heard, *(point for point, topic in topics.items() if topic == OUT_OF_SCOPE)})
    sums = [_score(points.get(name, 0.0), topics[name], intents, inside) for name in names]
    likely = softmax(np.array(sums))
    order = np.argsort(-likely, kind="stable")
    ranked = [(names[place], float(likely[place])) for place in order]
    together: dict[str, float] = {}
    for name, sure in ranked:
        together[topics[name]] = together.get(topics[name], 0.0) + sure
    return Agreed(sorted(together.items(), key=lambda each: -each[1]), ranked)


def _score(ranked: float, topic: str, intents: Likely, inside: float) -> float:
    other = topic == OUT_OF_SCOPE
    heard = 1.0 - inside if other else max(intents.get(topic, 0.0), _FLOOR) * inside
    weighed = math.log(max(ranked, _FLOOR)) + _INTENT * math.log(max(heard, 1e-4))
    return weighed - (_INSIDE if other else 0.0)
