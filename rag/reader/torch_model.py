"""The reader's network in torch: what is trained, and the reference for the faster engine."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    import torch


class TorchNetwork:
    """The encoder of a folder with the trained layers of a file in the place of its own.

    It is loaded when it is first called.
    """

    def __init__(self, encoder: Path, weights: Path) -> None:
        self._encoder = encoder
        self._weights = weights
        self._lock = threading.Lock()
        self._network: torch.nn.Module | None = None

    def __call__(
        self, ids: NDArray[np.int64], mask: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Span logits (n, length, 2) and relevance logits (n)."""
        import torch

        with torch.inference_mode():
            spans, relevance = self._load()(torch.from_numpy(ids), torch.from_numpy(mask))
        return spans.numpy(), relevance.numpy()

    def _load(self) -> torch.nn.Module:
        with self._lock:
            if self._network is None:
                self._network = build_network(self._encoder, 0).eval()
                load_trained(self._network, self._weights)
            return self._network


def load_trained(network: torch.nn.Module, path: Path) -> None:
    """Put the trained layers of a file into a network; raises ModelError when they do not belong to it."""
    from safetensors.torch import load_file

    trained = {_inner(name): tensor.float() for name, tensor in load_file(path).items()}
    unknown = network.load_state_dict(trained, strict=False).unexpected_keys
    if unknown:
        raise ModelError(f"{path} was not trained for this encoder: {', '.join(unknown[:3])}")


def _inner(name: str) -> str:
    """The name inside the network, which holds the encoder, of a tensor of the encoder's own checkpoint."""
    return f"encoder.{name}" if name.startswith("encoder.") else name


def build_network(encoder_folder: Path, frozen_layers: int) -> torch.nn.Module:
    """The encoder with two heads; its embeddings and its first layers stay as they are.

    Called with ids and mask, int64 (n, length), it gives float32 span logits (n, length, 2) for start and end,
    where the first token stands for "not told", and relevance logits (n,).
    """
    import torch
    from transformers import AutoModel

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(
                str(encoder_folder), add_pooling_layer=False, local_files_only=True
            )
            hidden = self.encoder.config.hidden_size
            self.span = torch.nn.Linear(hidden, 2)
            self.relevance = torch.nn.Linear(hidden, 1)

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            return self.span(states).float(), self.relevance(states[:, 0]).float().squeeze(1)

    network = Network()
    for parameter in network.encoder.embeddings.parameters():
        parameter.requires_grad = False
    for layer in network.encoder.encoder.layer[:frozen_layers]:
        for parameter in layer.parameters():
            parameter.requires_grad = False
    return network
