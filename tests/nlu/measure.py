"""Trains a pipeline to measure it; what asks it questions and counts is in `bot.nlu.evaluate`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.dialogue.train import unfingerprinted
from bot.nlu.evaluate import FALLBACK, OUT_OF_SCOPE, REJECTED, Ears, Figures, Heard, figures, right
from tests.nlu.questions import ROOT, TRAINING

__all__ = [
    "CANDIDATE",
    "FALLBACK",
    "OUT_OF_SCOPE",
    "REJECTED",
    "Ears",
    "Figures",
    "Heard",
    "figures",
    "right",
    "train",
]


def train(config: Path, folder: Path, name: str = "model") -> Path:
    """Train only the language side of a configuration; returns the model's path."""
    import rasa.model_training

    names = sorted({path.stem for path in TRAINING.glob("*.yml")})
    if not names:
        raise FileNotFoundError(TRAINING)
    with tempfile.TemporaryDirectory() as scratch, unfingerprinted():
        domain = Path(scratch) / "domain.yml"
        domain.write_text('version: "3.1"\n', encoding="utf-8")
        made = rasa.model_training.train(
            str(domain), str(config), [str(TRAINING)], str(folder), force_training=True, fixed_model_name=name
        )
    return Path(made.model)


CANDIDATE = ROOT / "config.yml"
