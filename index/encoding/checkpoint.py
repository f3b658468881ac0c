"""A sentence-transformers folder is read without torch and transformers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

_TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
_KINDS = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])


@dataclass(frozen=True, slots=True)
class BertFolder:
    """What is needed of a sentence-transformers folder whose model is a BERT encoder with pooling.

    ``first_position`` is 0 for BERT and the padding id + 1 for XLM-RoBERTa; ``pad`` is the padding id.
    """

    path: Path
    heads: int
    hidden: int
    layers: int
    epsilon: float
    first_position: int
    pad: int
    pooling: Literal["mean", "cls"]
    max_tokens: int
    query_prompt: str
    passage_prompt: str

    @property
    def weights(self) -> Path:
        """The checkpoint."""
        return self.path / "model.safetensors"

    @property
    def tokenizer(self) -> Path:
        """The tokenizer of the ``tokenizers`` library."""
        return self.path / "tokenizer.json"


def read_folder(path: Path) -> BertFolder:
    """Read the settings of a sentence-transformers folder.

    Raises ModelError when its model is of another kind or a file is missing.
    """
    try:
        config = _json(path / "config.json")
        lengths = _optional(path / "sentence_bert_config.json")
        _check_kind(config, lengths, _json(path / "modules.json"))
        pooling = _pooling(_json(path / "1_Pooling" / "config.json"))
        prompts = _optional(path / "config_sentence_transformers.json").get("prompts", {})
        first = int(config["pad_token_id"]) + 1 if config["model_type"] == "xlm-roberta" else 0
        folder = BertFolder(
            path,
            heads=int(config["num_attention_heads"]),
            hidden=int(config["hidden_size"]),
            layers=int(config["num_hidden_layers"]),
            epsilon=float(config["layer_norm_eps"]),
            first_position=first,
            pad=int(config["pad_token_id"]),
            pooling=pooling,
            max_tokens=int(lengths.get("max_seq_length") or config["max_position_embeddings"] - first),
            query_prompt=str(prompts.get("query", "")),
            passage_prompt=str(prompts.get("passage") or prompts.get("document", "")),
        )
        for file in (folder.weights, folder.tokenizer):
            if not file.is_file():
                raise ValueError(f"it has no {file.name}")
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{path} cannot be run by OpenVINO ({error}); choose the backend torch") from error
    return folder


def map_checkpoint(path: Path) -> dict[str, NDArray[Any]]:
    """The tensors of a ``.safetensors`` file, mapped, not read; raises ModelError for other than f16 and f32."""
    try:
        with path.open("rb") as source:
            length = int.from_bytes(source.read(8), "little")
            if length > path.stat().st_size:
                raise ValueError("its header is longer than the file")
            header = json.loads(source.read(length))
        # OpenVINO takes writable arrays alone: "c" lets it write to memory, never to the file.
        data = np.memmap(path, np.uint8, "c", offset=8 + length)
        tensors = {}
        for name, about in header.items():
            if name != "__metadata__" and about["dtype"] in _TYPES:
                start, end = about["data_offsets"]
                tensors[name] = data[start:end].view(_TYPES[about["dtype"]]).reshape(about["shape"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(
            f"{path} is not a whole safetensors file ({error}); fetch the model again"
        ) from error
    return tensors


def _check_kind(config: dict[str, Any], lengths: dict[str, Any], modules: list[dict[str, str]]) -> None:
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    if kinds not in _KINDS:
        raise ValueError("its modules are " + ", ".join(kinds))
    if config["model_type"] not in ("bert", "xlm-roberta"):
        raise ValueError(f"its model is of type {config['model_type']}")
    if config.get("hidden_act") != "gelu" or config.get("position_embedding_type", "absolute") != "absolute":
        raise ValueError("its activation or its positions are unusual")
    if lengths.get("do_lower_case"):
        raise ValueError("its texts are made lower case first")


def _pooling(config: dict[str, Any]) -> Literal["mean", "cls"]:
    """The one way of pooling, in the older spelling (a flag each) or the newer (a name)."""
    names = [name for name, value in config.items() if name.startswith("pooling_mode_") and value is True]
    chosen = config.get("pooling_mode", " and ".join(names))
    if chosen in ("mean", "pooling_mode_mean_tokens"):
        return "mean"
    if chosen in ("cls", "pooling_mode_cls_token"):
        return "cls"
    raise ValueError(f"its pooling is {chosen}")


def _optional(path: Path) -> dict[str, Any]:
    """The object of a JSON file, empty when there is no such file."""
    return dict(_json(path)) if path.is_file() else {}


def _json(path: Path) -> Any:  # noqa: ANN401  (the callers check what they take out)
    return json.loads(path.read_text(encoding="utf-8"))
