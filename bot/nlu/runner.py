"""Runs a trained model's graph without planning it anew for each message."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from rasa.engine import loader
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name


class InOrder(DaskGraphRunner):
    """Node after node, in an order found once for each set of targets.

    Rasa's own runner copies the graph, sorts it and hands it to dask at every run, for a dozen nodes of which
    each waits for the one before; docs/decisions/0059 has what that costs.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: dict[tuple[str, ...], list[str]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The output of each target."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted)
        outputs = dict(inputs or {})
        for name in self._orders[wanted]:
            needs = self._graph_schema.nodes[name].needs.values()
            # A node is told what it lacks by the bare name, and says so itself.
            given = [(need, outputs[need]) if need in outputs else need for need in needs]
            _, outputs[name] = self._instantiated_nodes[name](*given)
        return {name: outputs[name] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[str]:
        needed = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        before = {name: set(node.needs.values()) & needed.keys() for name, node in needed.items()}
        return list(TopologicalSorter(before).static_order())


def load(model: Path) -> tuple[ModelMetadata, InOrder]:
    """What a model file says of itself, and its graph, ready to run. The file must exist."""
    with TempDirectoryPath(get_temp_dir_name()) as folder:
        metadata, runner = loader.load_predict_graph_runner(Path(folder), model, LocalModelStorage, InOrder)
    return metadata, runner
