"""The classifier's mathematics on small made-up data."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from bot.nlu import kernel, scope
from bot.nlu.decision import Decider, Limits
from bot.nlu.likeness import AXES, Rows, among, axes, kernel_among, likeness
from bot.nlu.ranker import Ranker
from bot.nlu.vocabulary import Vocabulary

LIMITS = Limits(outside=0.35, inside=0.6, sure=0.3)
CLASSES = ["a", "b", "out_of_scope"]


def unit(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows of length 1."""
    rows: NDArray[np.float32] = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
    return rows


def rows(count: int, seed: int, spread: float = 0.35) -> tuple[Rows, list[str]]:
    """Texts around one point for each class."""
    random = np.random.default_rng(seed)
    labels = [CLASSES[i % 3] for i in range(count)]
    centres = np.eye(3, 8)[[CLASSES.index(label) for label in labels]]

    meaning = unit(centres + spread * random.normal(size=(count, 8)))
    grams = unit(np.abs(centres + spread * random.normal(size=(count, 8))))
    return Rows(sparse.csr_matrix(grams), meaning), labels


@pytest.fixture(scope="module")
def trained() -> kernel.Trained:
    return kernel.train(*rows(60, seed=1))


def test_unseen_texts_are_classified(trained: kernel.Trained) -> None:
    asked, labels = rows(60, seed=2)
    scores = trained.model.scores(trained.model.compare(asked))
    heard = [trained.model.classes[i] for i in scores.argmax(axis=1)]
    assert np.mean([h == label for h, label in zip(heard, labels, strict=True)]) > 0.9
    confidences = trained.model.confidences(scores)
    assert confidences.sum(axis=1) == pytest.approx(np.ones(60), abs=1e-4)


def test_the_shortcut_is_the_same_as_training_without_the_group(trained: kernel.Trained) -> None:
    everything, labels = rows(60, seed=1)
    group = np.flatnonzero(trained.groups == trained.groups[5])
    rest = np.setdiff1d(np.arange(60), group)
    kept = Rows(everything.grams[rest], everything.meaning[rest])
    again = kernel.train(kept, [labels[i] for i in rest])
    left_out = Rows(everything.grams[group], everything.meaning[group])
    scores = again.model.scores(again.model.compare(left_out))
    assert scores == pytest.approx(trained.unseen[group], abs=1e-3)


def test_groups_stay_within_a_class(trained: kernel.Trained) -> None:
    for number in np.unique(trained.groups):
        assert len(set(trained.model.labels[trained.groups == number])) == 1


def test_what_is_far_from_everything_is_less_likely_in_scope(trained: kernel.Trained) -> None:
    judge = scope.fit(trained)
    asked, labels = rows(60, seed=3)
    alike = trained.model.compare(asked)
    inside = judge.in_scope(scope.evidence(trained.model, trained.model.scores(alike), alike))
    outside = np.array([label == "out_of_scope" for label in labels])
    assert inside[~outside].mean() > 0.9
    assert inside[outside].mean() < 0.2


def test_decisions_survive_storage(trained: kernel.Trained) -> None:
    decider = Decider(trained.model, scope.fit(trained), LIMITS)
    again = Decider.unpack(*decider.pack(), LIMITS)
    asked, _ = rows(12, seed=4)
    for i in range(12):
        one = Rows(asked.grams[i], asked.meaning[i : i + 1])
        before, after = decider.decide(one), again.decide(one)
        assert before.ranking[0][0] == after.ranking[0][0]
        assert before.inside == pytest.approx(after.inside, abs=1e-4)


@pytest.mark.parametrize(
    ("limits", "heard"),
    [
        (Limits(0.0, 0.0, 0.0), "a"),
        (Limits(1.1, 1.1, 0.0), "out_of_scope"),
        (Limits(0.0, 1.1, 0.0), "nlu_fallback"),
        (Limits(0.0, 0.0, 1.1), "nlu_fallback"),
    ],
)
def test_limits(trained: kernel.Trained, limits: Limits, heard: str) -> None:
    asked, _ = rows(3, seed=5, spread=0.01)
    one = Rows(asked.grams[0], asked.meaning[:1])
    ranking = Decider(trained.model, scope.fit(trained), limits).decide(one).ranking
    assert ranking[0][0] == heard
    assert [name for name, _ in ranking if name in ("a", "b")] == ["a", "b"]


def test_every_text_with_every_other_is_the_same_either_way() -> None:
    one, _ = rows(60, seed=6)
    grams = sparse.hstack([one.grams, sparse.random(60, 500, density=0.01, random_state=6)])
    every = Rows(grams.tocsr().astype(np.float32), one.meaning)
    quick, plain = among(every), likeness(every, every.ready())
    assert quick.grams == pytest.approx(plain.grams, abs=1e-5)
    assert quick.meaning == pytest.approx(plain.meaning, abs=1e-6)
    assert np.tril(kernel_among(every)) == pytest.approx(np.tril(plain.kernel()), abs=1e-5)


def test_few_axes_keep_distances() -> None:
    """Embeddings that differ along 100 axes and hardly along the others."""
    random = np.random.default_rng(7)
    meaning = unit(random.normal(size=(400, 512)) * np.r_[np.ones(100), np.full(412, 0.01)])
    turned = meaning @ axes(meaning)
    assert turned.shape == (400, AXES)
    assert turned @ turned.T == pytest.approx(meaning @ meaning.T, abs=0.01)


def test_fitting_gives_the_weights_of_training(trained: kernel.Trained) -> None:
    model, part = kernel.fit(*rows(60, seed=1), every=2)
    assert model.weights == pytest.approx(trained.model.weights, abs=1e-3)
    assert model.sharpness == part.model.sharpness
    assert len(part.model.labels) == 30


def test_a_ranker_scores_as_its_model_does() -> None:
    """Summed beforehand or compared text by text, n-grams add the same to a class."""
    one, labels = rows(30, seed=8)
    documents = [[f"{label}{n % 4}", label, f"t{n % 7}"] for n, label in enumerate(labels)]
    ranker = Ranker.fit(documents, one.meaning, labels)
    asked, _ = rows(5, seed=9)
    for document, meaning in zip(documents[:5], asked.meaning, strict=True):
        row = Rows(ranker.vocabulary.table([document]), meaning[None, :])
        scores = ranker.model.scores(ranker.model.compare(row))
        wanted = ranker.model.confidences(scores)[0]
        ranked = dict(ranker.rank(document, meaning[None, :]))
        assert [ranked[name] for name in ranker.model.classes] == pytest.approx(wanted, abs=1e-4)


def test_vocabulary() -> None:
    vocabulary = Vocabulary.fit([["报", "名"], ["报", "表"]])
    row = vocabulary.table([["报", "名", "新"]]).toarray()[0]
    assert np.linalg.norm(row) == pytest.approx(1.0)
    assert row[vocabulary.terms.index("名")] > row[vocabulary.terms.index("报")] > 0
    assert vocabulary.table([["新"]]).nnz == 0
    assert vocabulary.row(["新"]).nnz == 0
    for document in (["报", "名", "新"], ["表", "报", "报", "表", "表"]):
        assert vocabulary.row(document).toarray() == pytest.approx(vocabulary.table([document]).toarray())
    assert Vocabulary.fit([]).table([["报"]]).shape == (1, 0)
