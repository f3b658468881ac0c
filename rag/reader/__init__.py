"""The trained reader: finds the sentences and spans that answer a question, and how likely it is answerable."""

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
