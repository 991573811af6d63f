"""Arrays and names in Rasa's model storage. No pickle: a model file can carry numbers, never code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from bot.errors import ModelError

Arrays = Mapping[str, NDArray[Any]]


def write(storage: ModelStorage, resource: Resource, arrays: Arrays, names: Mapping[str, Any]) -> None:
    """Store arrays by name, and what JSON can hold."""
    with storage.write_to(resource) as folder:
        np.savez(folder / "arrays.npz", **arrays)
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


def read(storage: ModelStorage, resource: Resource) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """What `write` stored.

    Raises:
        ModelError: this part of the model is missing or can't be read.
    """
    try:
        with storage.read_from(resource) as folder:
            with np.load(folder / "arrays.npz", allow_pickle=False) as file:
                arrays = dict(file.items())
            names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise ModelError(f"模型缺少“{resource.name}”这一部分，请重新训练（make train）。") from error
    return arrays, names
