"""A 4-bit e5 file becomes an ordinary sentence-transformers folder, with neither torch nor transformers.

The file is little-endian: a header with the shape of the model, a tokenizer that is not used here, and a
directory of named tensors.  A 4-bit tensor is a row of blocks of 32 values: a float16 scale ``d`` and 16
bytes whose low nibbles are values 0–15 and whose high nibbles are values 16–31, each ``(nibble − 8) · d``.
"""

from __future__ import annotations

import json
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
_FLOAT, _FOUR_BIT = 0, 1

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder, in the order of the file's header."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float

    def of(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor by its name in the file; a weight is (out, in)."""
        part = name.rpartition(".")[0].rpartition(".")[2]
        if name in ("emb.word", "emb.pos", "emb.type"):
            rows = {"emb.word": self.vocabulary, "emb.pos": self.positions, "emb.type": self.types}[name]
            return (rows, self.hidden)
        rows = self.inner if part == "fi" else self.hidden
        if name.endswith(".b") or part in ("ln", "aln", "oln"):
            return (rows,)
        return (rows, self.inner if part == "fo" else self.hidden)

    def names(self) -> dict[str, str]:
        """Every tensor: its name in the file and in a BERT checkpoint."""
        names = dict(_EMBEDDING_NAMES)
        for layer in range(self.layers):
            for short, long in _LAYER_NAMES.items():
                names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
                names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
        return names


def write_encoder_folder(weights: Path, tokenizer: Path, folder: Path) -> None:
    """Write the sentence-transformers folder of a 4-bit e5 file and its ``tokenizer.json``.

    Weights are kept as float16, half the size of float32: every vector stays within a cosine of 0.99999.
    Raises ModelError when the file is damaged.
    """
    from safetensors.numpy import save_file

    shape, tensors = read_tensors(weights)
    folder.mkdir(parents=True, exist_ok=True)
    half = {name: tensor.astype(np.float16) for name, tensor in tensors.items()}
    half |= _unused_pooler(shape.hidden)
    save_file(half, folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    for name, content in _settings(shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_tensors(path: Path) -> tuple[Shape, dict[str, NDArray[np.float32]]]:
    """Read all tensors of a 4-bit e5 file, named as in a BERT checkpoint; raises ModelError when damaged."""
    data = path.read_bytes()
    try:
        shape, directory = _read_directory(data)
        tensors = {
            long: _read_tensor(data, directory[short], shape.of(short))
            for short, long in shape.names().items()
        }
    except (struct.error, KeyError, ValueError) as error:
        raise ModelError(f"{path.name} is damaged; run 'hoidap models fetch' again") from error
    return shape, tensors


def _read_directory(data: bytes) -> tuple[Shape, dict[str, tuple[int, int, int, int]]]:
    """The model's shape and each tensor's (type, elements, offset, bytes)."""
    if data[:4] != _MAGIC:
        raise ValueError("not an e5 file")
    hidden, layers, heads, inner, vocabulary, positions, types, epsilon, block = struct.unpack_from(
        "<7ifi", data, 8
    )
    if block != _BLOCK:
        raise ValueError(f"blocks of {block}")
    at = 8 + 9 * 4
    (pieces,) = struct.unpack_from("<i", data, at)
    (blob,) = struct.unpack_from("<Q", data, at + 5 * 4)
    at += 5 * 4 + 8 + (pieces + 1) * 4 + pieces * 4 + blob
    at += 4  # the count of normalisation rules
    (size,) = struct.unpack_from("<I", data, at)
    at += 4 + size
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    directory = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        directory[name] = struct.unpack_from("<BIQQ", data, at)
        at += struct.calcsize("<BIQQ")
    return Shape(hidden, layers, heads, inner, vocabulary, positions, types, epsilon), directory


def _read_tensor(
    data: bytes, entry: tuple[int, int, int, int], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """One tensor in float32; raises ValueError when its size is not that of its shape."""
    kind, elements, offset, size = entry
    if elements != int(np.prod(shape)) or offset + size > len(data):
        raise ValueError("sizes do not agree")
    if kind == _FLOAT:
        return np.frombuffer(data, "<f4", elements, offset).reshape(shape)
    if kind != _FOUR_BIT or size != elements // _BLOCK * _BLOCK_TYPE.itemsize:
        raise ValueError(f"tensor of type {kind}")
    return _dequantise(np.frombuffer(data, _BLOCK_TYPE, elements // _BLOCK, offset)).reshape(shape)


def _dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    return (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]


def _unused_pooler(hidden: int) -> dict[str, NDArray[np.float16]]:
    """Zeros for the layer that the file leaves out and no vector uses, else loaders warn and invent it."""
    zeros = np.zeros((hidden, hidden), np.float16)
    return {"pooler.dense.weight": zeros, "pooler.dense.bias": zeros[0]}


def _settings(shape: Shape) -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    """The JSON files of the folder; ``dtype`` makes the loaders widen the float16 weights again."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "position_embedding_type": "absolute",
            "pad_token_id": 0,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
