"""The reader's network in torch: what is trained, and the reference for the faster engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


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
