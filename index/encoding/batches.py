"""Texts of like length are computed together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_TOKENS = 2048  # measured: larger batches leave the processor's cache, smaller ones do not fill its cores


def batches(lengths: Sequence[int], tokens: int = _TOKENS) -> Iterator[list[int]]:
    """Groups of positions, shortest texts first, of at most ``tokens`` with padding, or one longer text."""
    group: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and (len(group) + 1) * lengths[number] > tokens:
            yield group
            group = []
        group.append(number)
    if group:
        yield group
