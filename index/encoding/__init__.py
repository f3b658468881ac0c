"""Passages and questions become vectors: the encoders, their tokens, and what a store keeps of a passage."""

__all__ = [
    "batches",
    "bert_graph",
    "checkpoint",
    "encoded_passages",
    "encoder",
    "openvino_encoder",
    "tokens",
    "torch_encoder",
]
