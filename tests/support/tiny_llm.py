"""A language model of Qwen2's kind with random weights and a token for each byte, as a GGUF file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

WIDTH, INNER, LAYERS, HEADS, KEY_HEADS = 32, 64, 2, 4, 2
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def write_tiny_llm(path: Path, seed: int = 1) -> Path:
    """Write the model; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    tokens = [*byte_letters(), "th", *CONTROL]
    writer = GGUFWriter(path, "qwen2")
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.NORMAL] * 257 + [TokenType.CONTROL] * len(CONTROL))
    writer.add_token_merges(["t h"])
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_bos_token_id(len(tokens) - 3)
    writer.add_add_bos_token(False)

    def add(name: str, *shape: int, mean: float = 0.0) -> None:
        writer.add_tensor(name, rng.normal(mean, 0.2, shape).astype(np.float32))

    keys = WIDTH // HEADS * KEY_HEADS
    add("token_embd.weight", len(tokens), WIDTH)
    add("output.weight", len(tokens), WIDTH)
    add("output_norm.weight", WIDTH, mean=1.0)
    for layer in range(LAYERS):
        for name, out, inner in (
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", keys, WIDTH),
            ("attn_v", keys, WIDTH),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", INNER, WIDTH),
            ("ffn_up", INNER, WIDTH),
            ("ffn_down", WIDTH, INNER),
        ):
            add(f"blk.{layer}.{name}.weight", out, inner)
            if name in ("attn_q", "attn_k", "attn_v"):
                add(f"blk.{layer}.{name}.bias", out)
        add(f"blk.{layer}.attn_norm.weight", WIDTH, mean=1.0)
        add(f"blk.{layer}.ffn_norm.weight", WIDTH, mean=1.0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def byte_letters() -> list[str]:
    """The letters that stand for the 256 bytes in a vocabulary of GPT-2's kind, in the order of the bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]
