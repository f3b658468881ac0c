"""Low-rank adapters: a few trainable numbers beside weights that stay as they are (Hu et al. 2021)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LowRankLinear(nn.Module):
    """A linear layer that is not trained, plus ``up @ down`` times alpha / rank, which is: nothing at first.

    The trained weights are kept in float32, since small steps would be lost in bfloat16, and used in the type of the
    input.
    """

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.empty(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        self._scale = alpha / rank
        nn.init.kaiming_uniform_(self.down, a=5**0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Both parts together."""
        inner = functional.linear(x, self.down.to(x.dtype))
        added = functional.linear(inner, (self.up * self._scale).to(x.dtype))
        return self.base(x) + added  # type: ignore[no-any-return]


def add_adapter(model: nn.Module, rank: int, alpha: float) -> None:
    """Put an adapter beside every linear layer of the transformer's layers; nothing else of the model is trained."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    linear = [
        (name, layer)
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and ".layers." in name
    ]
    for name, layer in linear:
        parent, _, own = name.rpartition(".")
        setattr(model.get_submodule(parent), own, LowRankLinear(layer, rank, alpha))


def adapter_weights(model: nn.Module) -> dict[str, nn.Parameter]:
    """The trained weights by their names."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def adapter_pairs(model: nn.Module) -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
    """``down`` and ``up`` of every layer, by its name in the model without an adapter."""
    return {
        name: (layer.down.detach().numpy(), layer.up.detach().numpy())
        for name, layer in model.named_modules()
        if isinstance(layer, LowRankLinear)
    }
