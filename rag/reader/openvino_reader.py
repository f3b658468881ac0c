"""The reader run by OpenVINO."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.batches import batches
from index.bert_graph import BertGraph, compile_graph
from index.checkpoint import map_checkpoint, read_folder
from rag.reader.pairs import PairTokenizer, padded
from rag.reader.spans import Span, best_span

if TYPE_CHECKING:
    from openvino import CompiledModel, Node


class OpenVinoReader:
    """Reads passages with the encoder of a folder and the trained layers of a file."""

    def __init__(self, encoder: Path, weights: Path) -> None:
        self._folder = read_folder(encoder)
        self._weights = weights
        self._tokenizer = PairTokenizer(self._folder.tokenizer)
        self._lock = threading.Lock()
        self._compiled: CompiledModel | None = None

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Span]:
        """The best span of each passage, given with its title."""
        if not passages:
            return []
        rows = self._tokenizer.rows(question, passages)
        request = self._load().create_infer_request()
        found: dict[int, Span] = {}
        for batch in batches([len(row.ids) for row in rows]):
            ids, mask = padded([rows[place] for place in batch])
            results = request.infer({0: ids, 1: mask})
            for number, place in enumerate(batch):
                row, logits = rows[place], results[0][number]
                inside = logits[row.first : row.first + len(row.spans)]
                found[place] = best_span(
                    passages[place][1],
                    row.spans,
                    inside[:, 0],
                    inside[:, 1],
                    float(logits[0].sum()),
                    float(results[1][number, 0]),
                )
        return [found[place] for place in range(len(passages))]

    def _load(self) -> CompiledModel:
        with self._lock:
            if self._compiled is None:
                tensors = map_checkpoint(self._folder.weights) | map_checkpoint(self._weights)
                self._compiled = compile_graph(self._folder, tensors, _heads)
            return self._compiled


def _heads(graph: BertGraph) -> list[Node]:
    return [graph.head("span", graph.states), graph.head("relevance", graph.first_state())]
