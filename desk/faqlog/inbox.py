"""What comes into the inbox of the unanswered."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from desk.faqlog.models import Fate, Question, Turn, Why

LOW_CONFIDENCE = 0.5
"""An answer given with less than this was a guess that somebody should look at."""
_NOISE = re.compile(r"[\W_]+")
_RANK = {Why.NOT_UNDERSTOOD: 0, Why.LOW: 0, Why.UNSOLVED: 1, Why.CORRECTED: 2}


def digest(text: str) -> str:
    """The same for the same words, whatever their width, case and punctuation."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def why(turn: Turn) -> Why | None:
    """Why a turn belongs into the inbox by itself; None when it doesn't."""
    if not turn.text.strip():
        return None
    if turn.outcome == "not_understood":
        return Why.NOT_UNDERSTOOD
    guessed = turn.confidence is not None and turn.confidence < LOW_CONFIDENCE
    return Why.LOW if guessed and turn.topic else None


def consider(turn: Turn) -> None:
    """Take a turn in if it belongs there."""
    reason = why(turn)
    if reason is not None:
        put(turn, reason)


def put(turn: Turn, reason: Why) -> Question:
    """Take a turn in. One that is there keeps the weightier reason, and is open again if it is given one."""
    found, made = Question.objects.get_or_create(
        turn=turn,
        defaults={"conversation_id": turn.conversation_id, "why": reason, "digest": digest(turn.text)},
    )
    if not made and _RANK[reason] > _RANK[Why(found.why)]:
        Question.objects.filter(pk=found.pk).update(why=reason, fate=Fate.OPEN, settled_at=None)
    return found
