"""Rasa's training reads the sentences through our importer, and once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter

from tests.nlu.measure import CANDIDATE

SENTENCES = """version: "3.1"
nlu:
- intent: duration
  examples: |
    - 做几年
    - 执行期多长
"""


def test_sentences_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nlu.yml").write_text(SENTENCES, encoding="utf-8")
    (tmp_path / "domain.yml").write_text('version: "3.1"\n', encoding="utf-8")
    read = utils.training_data_from_paths
    times: list[object] = []

    def counted(*args: object) -> object:
        times.append(args)
        return read(*args)

    monkeypatch.setattr(utils, "training_data_from_paths", counted)
    importer = TrainingDataImporter.load_from_config(
        str(CANDIDATE), str(tmp_path / "domain.yml"), [str(tmp_path)], None
    )
    texts = [
        [each.get("text") for each in importer.get_nlu_data(**language).intent_examples]
        for language in ({}, {"language": "zh"})
    ]
    assert texts[0] == texts[1] == ["做几年", "执行期多长"]
    assert len(times) == 1
