"""Language models out of GGUF files, and adapters into them.

llama.cpp's names and layouts stand on one side, those of transformers' Qwen2 on the other.  Weights are read as they
were quantised: an adapter learns to work with just these.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.platform import replace
from rag.errors import AnsweringError
from rag.writer.llama_engine import ADAPTER_BASE_KEY

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

_LAYER_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
_OTHER_NAMES = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


class WeightsError(AnsweringError):
    """A GGUF file is no model that can be trained here."""


def read_qwen2(path: Path) -> torch.nn.Module:
    """The Qwen2 model of a GGUF file in bfloat16, dequantised tensor by tensor.  Raises WeightsError."""
    try:
        from gguf import GGUFReader
        from gguf.quants import dequantize
    except ImportError as error:
        raise WeightsError("Training needs the package gguf; run pip install 'hoidap[train]'") from error
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    reader = GGUFReader(path)
    fields = {name: field for name, field in reader.fields.items() if name.startswith("qwen2.")}
    if not fields:
        raise WeightsError(f"{path.name} is no Qwen2 model; name a GGUF file of Qwen2 or Qwen2.5.")
    shapes = {tensor.name: tensor.shape for tensor in reader.tensors}
    tied = "output.weight" not in shapes

    def number(name: str) -> Any:  # noqa: ANN401 - an int or a float, as the field was written
        return fields[f"qwen2.{name}"].contents()

    config = Qwen2Config(
        vocab_size=int(shapes["token_embd.weight"][1]),
        hidden_size=number("embedding_length"),
        intermediate_size=number("feed_forward_length"),
        num_hidden_layers=number("block_count"),
        num_attention_heads=number("attention.head_count"),
        num_key_value_heads=number("attention.head_count_kv"),
        max_position_embeddings=number("context_length"),
        rms_norm_eps=number("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": number("rope.freq_base")},
        tie_word_embeddings=tied,
    )
    # The fused attention of torch is ten times slower on a processor in bfloat16.
    config._attn_implementation = "eager"
    weights = {
        model_name(tensor.name): torch.tensor(
            dequantize(tensor.data, tensor.tensor_type), dtype=torch.bfloat16
        )
        for tensor in reader.tensors
    }
    with torch.device("meta"):
        model = Qwen2ForCausalLM(config)
    missing, _ = model.load_state_dict(weights, strict=False, assign=True)
    if set(missing) - ({"lm_head.weight"} if tied else set()):
        raise WeightsError(f"{path.name} lacks {', '.join(sorted(missing))}; fetch the model again.")
    model.tie_weights()
    # Made on no device, it is there by name only.
    model.model.rotary_emb = type(model.model.rotary_emb)(config)
    return model


def model_name(name: str) -> str:
    """A tensor's name in transformers' Qwen2."""
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{_LAYER_NAMES[part]}.{kind}"


def file_name(name: str) -> str:
    """The inverse of ``model_name`` for the linear layers, without ``.weight``."""
    parts = {theirs: ours for ours, theirs in _LAYER_NAMES.items()}
    _, _, layer, part = name.split(".", 3)
    return f"blk.{layer}.{parts[part]}"


def write_adapter(
    path: Path, pairs: Mapping[str, tuple[NDArray[Any], NDArray[Any]]], *, alpha: float, base_sha256: str
) -> None:
    """Write low-rank pairs (rank×in, out×rank), by the names of their layers, as an adapter of llama.cpp in float16."""
    from gguf import GGUFWriter

    new = path.with_suffix(".new")
    writer = GGUFWriter(new, "qwen2")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_string(ADAPTER_BASE_KEY, base_sha256)
    for name, (down, up) in pairs.items():
        writer.add_tensor(f"{file_name(name)}.weight.lora_a", down.astype(np.float16))
        writer.add_tensor(f"{file_name(name)}.weight.lora_b", up.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    replace(new, path)
