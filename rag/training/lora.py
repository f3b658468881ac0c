"""Low-rank adapters: a few trainable numbers beside weights that stay as they are (Hu et al. 2021)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray


def add_adapter(model: torch.nn.Module, rank: int, alpha: float) -> None:
    """Give every linear layer of the transformer's layers a ``down`` and an ``up``; nothing else is trained.

    A layer's result has ``up @ down @ input`` times alpha / rank added, which is nothing at first.  Both are kept in
    float32, since small steps would be lost in bfloat16, and used in the type of the input.
    """
    import torch
    from torch.nn import functional

    def added(layer: torch.nn.Module, inputs: tuple[torch.Tensor, ...], result: torch.Tensor) -> torch.Tensor:
        own: Any = layer
        inner = functional.linear(inputs[0], own.down.to(inputs[0].dtype))
        return result + functional.linear(inner, (own.up * (alpha / rank)).to(inner.dtype))

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear) and ".layers." in name:
            down = torch.empty(rank, layer.in_features)
            torch.nn.init.kaiming_uniform_(down, a=5**0.5)
            layer.register_parameter("down", torch.nn.Parameter(down))
            layer.register_parameter("up", torch.nn.Parameter(torch.zeros(layer.out_features, rank)))
            layer.register_forward_hook(added)


def adapter_weights(model: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """The trained weights by their names."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def adapter_pairs(model: torch.nn.Module) -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
    """``down`` and ``up`` of every layer, by its name."""
    weights = {name: weight.detach().numpy() for name, weight in adapter_weights(model).items()}
    layers = [name.removesuffix(".down") for name in weights if name.endswith(".down")]
    return {name: (weights[f"{name}.down"], weights[f"{name}.up"]) for name in layers}
