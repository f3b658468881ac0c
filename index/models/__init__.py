"""Models on this computer: fetched, checked, converted and run."""

__all__ = [
    "batches",
    "bert_graph",
    "cache",
    "catalogue",
    "checkpoint",
    "conversion",
    "encoder",
    "fingerprint",
    "openvino_encoder",
    "tokens",
    "torch_encoder",
]
