"""What kind of message somebody typed, and whether it leans on what was said before: two small linear models.

Both read the same features: the vector that the search makes of the message anyway, its syllables and pairs without
accents, and how long it is.  ``python -m rag.training.messages`` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Encoder
from index.text.normalise import syllables
from index.text.terms import pairs, terms
from rag.errors import ConfigError
from rag.schema import Kind

BUCKETS = 2048
"""Into which the hashes of syllables and pairs fall."""
_WORDS = 1.5
"""How much the syllables weigh against the vector."""
_LONG = 40
_SHAPES = 5
_MOST_CHARACTERS = 1500
"""What is read of a message; a pasted text is known by its beginning."""


class MessageClassifier(Protocol):
    """Tells messages apart; the text is a normalised message with its typing errors put right."""

    def kind(self, text: str) -> Kind:
        """What is wanted; ``question`` wherever it is not surely something else."""
        ...

    def leans(self, text: str) -> bool:
        """Whether a message of a conversation cannot be understood without the earlier ones."""
        ...


@dataclass(frozen=True, slots=True)
class Weights:
    """Both models: ``mean`` (dimension,), ``kinds`` (features, n) with ``kind_bias`` (n,), ``leans`` (features,).

    ``least`` is the least probability that a message is no question at which it counts as none.
    """

    names: tuple[Kind, ...]
    mean: NDArray[np.float32]
    kinds: NDArray[np.float32]
    kind_bias: NDArray[np.float32]
    leans: NDArray[np.float32]
    lean_bias: float
    least: float
    encoder: str


class TrainedMessageClassifier:
    """The two models over the vectors of the encoder that they were fitted to."""

    def __init__(self, encoder: Encoder, weights: Weights) -> None:
        self._encoder = encoder
        self._weights = weights

    def kind(self, text: str) -> Kind:
        """What is wanted; ``question`` wherever it is not surely something else."""
        weights = self._weights
        return choose(
            probabilities(self._features(text) @ weights.kinds + weights.kind_bias),
            weights.names,
            weights.least,
        )

    def leans(self, text: str) -> bool:
        """Whether a message of a conversation cannot be understood without the earlier ones."""
        weights = self._weights
        return bool(self._features(text) @ weights.leans + weights.lean_bias > 0)

    def _features(self, text: str) -> NDArray[np.float32]:
        vector = self._encoder.encode_queries([text[:_MOST_CHARACTERS]])
        [values] = features([text], vector, self._weights.mean)
        return np.asarray(values, dtype=np.float32)


def features(
    texts: Sequence[str], vectors: NDArray[np.float32], mean: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the models read: shape (n, dimension + BUCKETS + 5)."""
    centred = vectors - mean
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
    return np.hstack([centred, np.stack([_worded(text) for text in texts])]).astype(np.float32)


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shares that sum to 1 in the last dimension."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float32)


def choose(shares: NDArray[np.float32], names: Sequence[Kind], least: float) -> Kind:
    """The likeliest kind that is no question, where together they are likely enough."""
    question = names.index("question")
    if 1 - shares[question] < least:
        return "question"
    others = shares.copy()
    others[question] = -1
    return names[int(others.argmax())]


def load_weights(path: Path | None = None) -> Weights:
    """Read the weights that come with the package; raises ConfigError where they cannot be read."""
    from safetensors import SafetensorError, safe_open

    path = path or Path(__file__).parent / "messages.safetensors"
    try:
        with safe_open(path, framework="numpy") as file:
            told = json.loads(file.metadata()["models"])
            parts = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"The weights {path} cannot be read ({error}); install the program again."
        ) from error
    unknown = set(told["names"]) - set(get_args(Kind))
    if unknown:
        raise ConfigError(f"The weights {path} know kinds that the program does not: {sorted(unknown)}.")
    return Weights(
        tuple(told["names"]),
        lean_bias=told["lean_bias"],
        least=told["least"],
        encoder=told["encoder"],
        **parts,
    )


def save_weights(weights: Weights, path: Path) -> None:
    """Write the weights in half precision."""
    from safetensors.numpy import save_file

    parts = {
        name: getattr(weights, name).astype(np.float16) for name in ("mean", "kinds", "kind_bias", "leans")
    }
    told = {name: getattr(weights, name) for name in ("names", "lean_bias", "least", "encoder")}
    save_file(parts, path, {"models": json.dumps(told)})


def _worded(text: str) -> NDArray[np.float32]:
    """Syllables and pairs as a unit vector, then how long a text is and how it asks."""
    words = np.zeros(BUCKETS + _SHAPES, dtype=np.float32)
    folded = terms(text).folded
    words[np.concatenate([folded, pairs(folded)]) % BUCKETS] = 1
    words *= _WORDS / (np.linalg.norm(words) + 1e-9)
    count = len(syllables(text))
    words[BUCKETS:] = (
        math.log1p(count) / 5, min(3, text.count("?")) / 3, "\n" in text.strip(), count > _LONG, count <= 3,
    )  # fmt: skip
    return words
