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

TOKEN_HEADS = ("start", "end", "sentence", "inside")
"""The logits of each token: start or end of the answer span, in a supporting sentence, inside the answer."""


class TorchNetwork:
    """The encoder of a folder with the trained layers of a file in the place of its own; loaded when first called."""

    def __init__(self, encoder: Path, weights: Path) -> None:
        self._encoder = encoder
        self._weights = weights
        self._lock = threading.Lock()
        self._network: torch.nn.Module | None = None

    def __call__(
        self, ids: NDArray[np.int64], mask: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Token logits (n, length, 4) and passage logits (n, 4)."""
        import torch

        with torch.inference_mode():
            tokens, passage = self._load()(torch.from_numpy(ids), torch.from_numpy(mask))
        return tokens.numpy(), passage.numpy()

    def _load(self) -> torch.nn.Module:
        with self._lock:
            if self._network is None:
                self._network = build_network(self._encoder).eval()
                load_trained(self._network, self._weights)
            return self._network


def build_network(encoder_folder: Path, dropout: float = 0.0) -> torch.nn.Module:
    """The encoder with heads; its word embeddings stay as they are.

    Called with ids and mask, int64 (n, length), it gives float32 token logits (n, length, 4) in the order of
    ``TOKEN_HEADS``, of which start and end of the first token are the null score, and logits (n, 4) of the first token:
    whether the passage answers the question, and the three verdicts.
    """
    import torch
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(str(encoder_folder), local_files_only=True)
    # Attention without dropout is three times as fast in torch.
    config.attention_probs_dropout_prob = 0.0
    config.hidden_dropout_prob = dropout

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(
                str(encoder_folder), config=config, add_pooling_layer=False, local_files_only=True,
                dtype=torch.float32, attn_implementation="eager",
            )  # fmt: skip
            self.token = torch.nn.Linear(config.hidden_size, len(TOKEN_HEADS))
            self.passage = torch.nn.Linear(config.hidden_size, 4)

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            return self.token(states).float(), self.passage(states[:, 0]).float()

    network = Network()
    for parameter in network.encoder.embeddings.parameters():
        parameter.requires_grad = False
    return network


def load_trained(network: torch.nn.Module, path: Path) -> None:
    """Put the trained layers of a file into a network; raises ModelError when they do not belong to it."""
    from safetensors.torch import load_file

    trained = {inner_name(name): tensor.float() for name, tensor in load_file(path).items()}
    unknown = network.load_state_dict(trained, strict=False).unexpected_keys
    if unknown:
        raise ModelError(f"{path} was not trained for this encoder: {', '.join(unknown[:3])}")


def inner_name(name: str) -> str:
    """The name inside the network, which holds the encoder, of a tensor of the encoder's own checkpoint."""
    return f"encoder.{name}" if name.startswith("encoder.") else name
