"""The trained reader: which sentences of passages tell what is asked, and how likely it is told at all."""

__all__ = [
    "calibrated_reader",
    "calibration",
    "decode",
    "model",
    "network",
    "openvino_network",
    "pairs",
    "table_rows",
]
