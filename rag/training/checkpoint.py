"""Training that goes on where it was stopped: what is kept of it, and how fast it learns at which moment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.platform import replace

if TYPE_CHECKING:
    import torch

SAVE_SECONDS = 60
"""Between two times at which the state is kept."""


def schedule(progress: float, warm_up: float) -> float:
    """The part of the learning rate at a share of the way: linear up, then half a cosine down."""
    if progress < warm_up:
        return progress / warm_up + 0.01
    return max(0.01, 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up))))


def copy_weights(source: Mapping[str, torch.Tensor], target: Mapping[str, torch.Tensor]) -> None:
    """Put weights into others of the same names, whose type may be another."""
    import torch

    with torch.no_grad():
        for name, weight in target.items():
            weight.copy_(source[name])


def save(
    path: Path, weights: Mapping[str, torch.Tensor], optimiser: torch.optim.Optimizer, done: int
) -> None:
    """Keep the state after ``done`` rows; never a half of it."""
    import torch

    new = path.with_suffix(".new")
    torch.save({"weights": dict(weights), "optimiser": optimiser.state_dict(), "done": done}, new)
    replace(new, path)


def resume(path: Path, weights: Mapping[str, torch.Tensor], optimiser: torch.optim.Optimizer) -> int:
    """Take up a kept state, if there is one; how many rows were learnt by then."""
    import torch

    if not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, weights_only=True)
    copy_weights(state["weights"], weights)
    optimiser.load_state_dict(state["optimiser"])
    return int(state["done"])
