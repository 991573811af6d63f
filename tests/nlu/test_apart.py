"""Training and held-out questions are apart: no question of the one set nearly stands in the other."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np
from scipy import sparse

from bot.nlu.text import grams, normalise
from tests.nlu import questions

# Below this a text is a word or two: yes, thanks, hello. There only equality is a fault.
SHORT = 4
MOST_SHARED = 0.65
MOST_ALIKE = 0.9
_WORTH_COMPARING = 0.35


def _which(texts: list[str], columns: dict[str, int]) -> sparse.csr_matrix:
    """Shape (texts, pairs of characters): 1 where a text has the pair."""
    places = [
        (row, columns[pair]) for row, text in enumerate(texts) for pair in sorted(set(grams(text, 2, 2)))
    ]
    rows, found = zip(*places, strict=True)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, found)), shape=(len(texts), len(columns)))


def near(held_out: list[str], training: list[str]) -> list[tuple[str, str]]:
    """Pairs of held-out and training text that share most of their character pairs, or are nearly equal."""
    asked, known = [normalise(text) for text in held_out], [normalise(text) for text in training]
    columns = {pair: i for i, pair in enumerate(sorted({p for t in asked + known for p in grams(t, 2, 2)}))}
    left, right = _which(asked, columns), _which(known, columns)
    both = (left @ right.T).tocoo()
    either = np.asarray(left.sum(axis=1)).ravel()[both.row] + np.asarray(right.sum(axis=1)).ravel()[both.col]
    shared = both.data / (either - both.data)
    worth = shared >= _WORTH_COMPARING
    return [
        (held_out[row], training[column])
        for row, column, share in zip(both.row[worth], both.col[worth], shared[worth], strict=True)
        if _too_near(asked[row], known[column], share)
    ]


def _too_near(left: str, right: str, shared: float) -> bool:
    if min(len(left), len(right)) < SHORT:
        return left == right
    return shared > MOST_SHARED or SequenceMatcher(None, left, right).ratio() > MOST_ALIKE


def test_the_measure_finds_what_is_near() -> None:
    assert near(["请问申报条件有哪些？"], ["申报条件有哪些"])
    assert near(["示范县什么时候截止申报"], ["示范县什么时候截止申报呀"])
    assert not near(["最晚哪天得交上去"], ["什么时候截止"])


def test_held_out_questions_are_apart_from_training() -> None:
    asked = questions.held_out() + questions.blind()
    training = [each.text for each in questions.training()]
    assert near([each.text for each in asked], training) == []


def test_no_text_has_two_intents() -> None:
    for group in (questions.training(), questions.held_out() + questions.blind()):
        intents: dict[str, set[str]] = {}
        for each in group:
            intents.setdefault(normalise(each.text), set()).add(each.intent)
        assert {text: names for text, names in intents.items() if len(names) > 1} == {}
