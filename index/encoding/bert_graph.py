"""A BERT encoder's checkpoint becomes an OpenVINO graph, with neither torch nor transformers.

The checkpoint is mapped into memory, so that building takes a fraction of a second and nothing converted
has to be kept on the disk.  The weights of the layers become 8-bit numbers with a scale for each group of
inputs, and where the processor multiplies 8-bit numbers the states do so too, group by group, while a
layer runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from index.encoding.checkpoint import BertFolder, map_checkpoint
from index.errors import ModelError

if TYPE_CHECKING:
    from openvino import CompiledModel, Node

_FAR = np.float32(-1e4)  # added to the attention score of padding
_GROUP = 128  # inputs that share a scale; measured: 384 halves the precision, 32 costs the speed
_SETTINGS = {
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": "NO",  # the cores are shared with the LLM
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(_GROUP),
}


def import_openvino() -> ModuleType:
    """Import openvino with its telemetry package out of reach, so that its own silent stand-in is used.

    Otherwise the import alone reports to a statistics server unless somebody opted out.
    """
    sys.modules["openvino_telemetry"] = cast(ModuleType, None)  # how Python is told that a module is absent
    import openvino

    return cast(ModuleType, openvino)


def compile_encoder(folder: BertFolder, threads: int = 0) -> CompiledModel:
    """A compiled model from token ids and mask, int64 (n, length), to unit vectors, float32 (n, hidden).

    It runs on so many ``threads`` (0: all cores).  Raises ModelError when a tensor is missing.
    """
    return compile_graph(folder, map_checkpoint(folder.weights), lambda graph: [graph.vectors()], threads)


def compile_graph(
    folder: BertFolder,
    tensors: Mapping[str, NDArray[Any]],
    outputs: Callable[[BertGraph], list[Node]],
    threads: int = 0,
) -> CompiledModel:
    """A compiled model from token ids and mask, int64 (n, length), to what ``outputs`` makes of the graph.

    Raises ModelError when a tensor is missing.
    """
    openvino = import_openvino()
    try:
        graph = BertGraph(folder, tensors)
        results = [graph.op.result(output) for output in outputs(graph)]
    except KeyError as error:
        raise ModelError(f"{folder.weights} has no tensor {error}; choose the backend torch") from error
    model = openvino.Model(results, [graph.ids, graph.mask], "encoder")
    settings = _SETTINGS | ({"INFERENCE_NUM_THREADS": str(threads)} if threads else {})
    return openvino.Core().compile_model(model, "CPU", settings)


class BertGraph:
    """The graph of one checkpoint: ``states`` (n, length, hidden) of the last layer, and heads on them."""

    def __init__(self, folder: BertFolder, tensors: Mapping[str, NDArray[Any]]) -> None:
        from openvino import opset13

        self.op: Any = opset13
        self._folder = folder
        self._tensors = tensors
        self.ids: Node = self.op.parameter([-1, -1], np.int64, name="input_ids")
        self.mask: Node = self.op.parameter([-1, -1], np.int64, name="attention_mask")
        self._present = self.op.convert(self.mask, "f32")
        self.states = self._embed(self.ids)
        absent = self.op.subtract(
            self.op.constant(np.float32(1)), self.op.unsqueeze(self._present, _axes(1, 2))
        )
        distance = self.op.multiply(absent, self.op.constant(_FAR))
        for layer in range(folder.layers):
            self.states = self._layer(f"encoder.layer.{layer}", self.states, distance)

    def vectors(self) -> Node:
        """The pooled states as unit vectors, (n, hidden)."""
        return self.op.normalize_l2(self._pool(self.states, self._present), _axes(1), 1e-12, "max")

    def head(self, name: str, states: Node) -> Node:
        """A linear layer with weights as they are."""
        product = self.op.matmul(states, self._constant(f"{name}.weight"), False, True)
        return self.op.add(product, self._constant(f"{name}.bias"))

    def first_state(self) -> Node:
        """The state of the first token, (n, hidden)."""
        return self.op.gather(self.states, self.op.constant(np.int64(0)), self.op.constant(np.int64(1)))

    def _embed(self, ids: Node) -> Node:
        op, first = self.op, self._folder.first_position
        length = op.gather(op.shape_of(ids), op.constant(np.int64(1)), op.constant(np.int64(0)))
        stop = op.add(length, op.constant(np.int64(first)))
        positions = op.range(op.constant(np.int64(first)), stop, op.constant(np.int64(1)), "i64")
        words = self._rows("embeddings.word_embeddings.weight", ids)
        places = self._rows("embeddings.position_embeddings.weight", positions)
        kind = op.constant(self._tensors["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
        return self._norm("embeddings.LayerNorm", op.add(op.add(words, places), kind))

    def _layer(self, name: str, states: Node, distance: Node) -> Node:
        op, heads = self.op, self._folder.heads
        split = _axes(0, 0, heads, self._folder.hidden // heads)
        swap, join = _axes(0, 2, 1, 3), _axes(0, 0, self._folder.hidden)
        query, key, value = (
            op.transpose(op.reshape(self._linear(f"{name}.attention.self.{part}", states), split, True), swap)
            for part in ("query", "key", "value")
        )
        seen = op.scaled_dot_product_attention(query, key, value, distance)
        seen = op.reshape(op.transpose(seen, swap), join, True)
        seen = self._linear(f"{name}.attention.output.dense", seen)
        states = self._norm(f"{name}.attention.output.LayerNorm", op.add(seen, states))
        inner = op.gelu(self._linear(f"{name}.intermediate.dense", states), "erf")
        return self._norm(
            f"{name}.output.LayerNorm", op.add(self._linear(f"{name}.output.dense", inner), states)
        )

    def _pool(self, states: Node, present: Node) -> Node:
        op = self.op
        if self._folder.pooling == "cls":
            return self.first_state()
        # The length of the vector is made 1 afterwards: the sum serves as the mean.
        return op.reduce_sum(op.multiply(states, op.unsqueeze(present, _axes(2))), _axes(1), False)

    def _linear(self, name: str, states: Node) -> Node:
        product = self.op.matmul(states, self._quantised(f"{name}.weight"), False, True)
        return self.op.add(product, self._constant(f"{name}.bias"))

    def _norm(self, name: str, states: Node) -> Node:
        op = self.op
        scaled = op.mvn(states, _axes(-1), True, self._folder.epsilon, "inside_sqrt")
        return op.add(op.multiply(scaled, self._constant(f"{name}.weight")), self._constant(f"{name}.bias"))

    def _rows(self, name: str, numbers: Node) -> Node:
        return self.op.gather(self._constant(name), numbers, self.op.constant(np.int64(0)))

    def _quantised(self, name: str) -> Node:
        """A weight matrix, shape (outputs, inputs), as OpenVINO recognises a compressed one."""
        op, weights = self.op, self._tensors[name].astype(np.float32)
        outputs, inputs = weights.shape
        groups = weights.reshape(outputs, -1, _GROUP if inputs % _GROUP == 0 else inputs)
        scales = np.maximum(np.abs(groups).max(axis=2, keepdims=True) / 127, np.finfo(np.float32).tiny)
        numbers = op.convert(op.constant(np.rint(groups / scales).astype(np.int8)), "f32")
        widened = op.multiply(numbers, op.constant(scales))
        return op.reshape(widened, op.constant(np.array([outputs, inputs], np.int64)), False)

    def _constant(self, name: str) -> Node:
        """A tensor in float32, widened by the graph so that a float16 file is not copied."""
        constant = self.op.constant(self._tensors[name], shared_memory=True)
        return self.op.convert(constant, "f32") if self._tensors[name].dtype == np.float16 else constant


def _axes(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, np.int64)
