"""The reader's network run by OpenVINO."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoding.bert_graph import BertGraph, compile_graph
from index.encoding.checkpoint import map_checkpoint, read_folder

if TYPE_CHECKING:
    from openvino import CompiledModel, Node


class OpenVinoNetwork:
    """The encoder of a folder with the trained layers of a file in the place of its own.

    It is compiled when it is first called.
    """

    def __init__(self, encoder: Path, weights: Path) -> None:
        self._encoder = encoder
        self._weights = weights
        self._lock = threading.Lock()
        self._compiled: CompiledModel | None = None

    def __call__(
        self, ids: NDArray[np.int64], mask: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Token logits (n, length, 4) and passage logits (n, 4)."""
        results = self._load().create_infer_request().infer({0: ids, 1: mask})
        return np.array(results[0]), np.array(results[1])

    def _load(self) -> CompiledModel:
        with self._lock:
            if self._compiled is None:
                folder = read_folder(self._encoder)
                tensors = map_checkpoint(folder.weights) | map_checkpoint(self._weights)
                self._compiled = compile_graph(folder, tensors, _heads)
            return self._compiled


def _heads(graph: BertGraph) -> list[Node]:
    return [graph.head("token", graph.states), graph.head("passage", graph.first_state())]
