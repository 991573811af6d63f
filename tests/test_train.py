"""The model's name follows its data; it is trained once, and never half there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bot.dialogue import train
from bot.errors import ModelError
from bot.settings import Settings

FILES = {
    "config.yml": """
recipe: default.v1
assistant_id: test
language: zh
pipeline:
- name: KeywordIntentClassifier
policies:
- name: RulePolicy
  core_fallback_action_name: action_default_fallback
""",
    "domain.yml": """
version: "3.1"
intents: [greet, thanks]
responses:
  utter_greet:
  - text: 您好
""",
    "data/nlu/chat.yml": """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - 你好
    - 您好
- intent: thanks
  examples: |
    - 谢谢
    - 多谢
""",
    "data/rules/chat.yml": """
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
""",
    "data/stories/.gitkeep": "",
    "bot/nlu/part.py": "X = 1\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two intents and one rule."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "project"


@pytest.fixture
def its_settings(settings: Settings, root: Path) -> Settings:
    return msgspec.structs.replace(settings, models=root / "models")


@pytest.mark.parametrize("name", FILES)
def test_each_input_changes_the_name(root: Path, name: str) -> None:
    before = train.fingerprint(root)
    assert train.fingerprint(root) == before
    with (root / name).open("a") as file:
        file.write("\n")
    assert train.fingerprint(root) != before


def test_a_moved_or_new_file_changes_the_name_and_others_do_not(root: Path) -> None:
    before = train.fingerprint(root)
    for other in ("data/guide/topics.yml", "bot/guide/model.py", "bot/nlu/__pycache__/part.pyc", "README.md"):
        (root / other).parent.mkdir(parents=True, exist_ok=True)
        (root / other).write_text("other")
    assert train.fingerprint(root) == before
    (root / "data/nlu/chat.yml").rename(root / "data/nlu/talk.yml")
    assert train.fingerprint(root) != before


def test_no_other_model_is_taken_for_the_right_one(its_settings: Settings, root: Path) -> None:
    its_settings.models.mkdir()
    (its_settings.models / "newest.tar.gz").touch()
    with pytest.raises(ModelError, match="make train"):
        train.model_path(its_settings, root)


def test_trains_once_and_keeps_the_newest_few(
    its_settings: Settings, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    its_settings.models.mkdir()
    for age in range(4):
        (its_settings.models / f"old{age}.tar.gz").touch()
    (its_settings.models / ".training-1").mkdir()
    said: list[str] = []
    path = train.ensure(its_settings, root, said.append)
    assert path == train.model_path(its_settings, root)
    assert any("训练 RulePolicy" in line for line in said)
    assert len(list(its_settings.models.glob("*.tar.gz"))) == train.KEEP
    assert not list(its_settings.models.glob(".training-*"))
    made, said = path.stat(), []
    assert train.ensure(its_settings, root, said.append) == path
    assert (path.stat().st_mtime_ns, said) == (made.st_mtime_ns, [])


def test_wrong_data_leaves_no_model_and_says_why(its_settings: Settings, root: Path) -> None:
    (root / "config.yml").write_text(FILES["config.yml"].replace("KeywordIntentClassifier", "NoSuchPart"))
    with pytest.raises(ModelError, match="NoSuchPart"):
        train.ensure(its_settings, root, lambda line: None)
    assert not list(its_settings.models.glob("*.tar.gz"))
    assert not list(its_settings.models.glob(".training-*"))
