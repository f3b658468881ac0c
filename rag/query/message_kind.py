"""The kind of a message, and whether it is a follow-up of what was said before: two small linear models.

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
from rag.schema import MessageKind

BUCKETS = 2048
"""Into which the hashes of syllables and pairs fall."""
_WORDS = 1.5
"""How much the syllables weigh against the vector."""
_LONG = 40
_SHAPES = 5
_MOST_CHARACTERS = 1500
"""What is read of a message; a pasted text is known by its beginning."""
_TENSORS = {"mean": "mean", "kinds": "kinds", "kind_bias": "kind_bias", "follow_up": "leans"}
"""Fields of ``ClassifierWeights`` and the names of their tensors in the file, which keeps the older names."""


class MessageClassifier(Protocol):
    """Classifies messages; the text is a normalised message with its typing errors corrected."""

    def kind(self, text: str) -> MessageKind:
        """The kind of a message; ``question`` wherever it is not surely something else."""
        ...

    def is_follow_up(self, text: str) -> bool:
        """Whether a message of a conversation cannot be understood without the earlier ones."""
        ...


@dataclass(frozen=True, slots=True)
class ClassifierWeights:
    """The weights of both models.

    ``kinds`` (features, n) and ``kind_bias`` (n,) score the n kinds in ``names``; ``follow_up`` (features,) and its
    bias score whether a message is a follow-up.  ``mean`` (dimension,) is subtracted from every vector of the encoder
    that is named ``encoder``.  A message counts as no question where its probability to be none is at least ``least``.
    """

    names: tuple[MessageKind, ...]
    mean: NDArray[np.float32]
    kinds: NDArray[np.float32]
    kind_bias: NDArray[np.float32]
    follow_up: NDArray[np.float32]
    follow_up_bias: float
    least: float
    encoder: str


class TrainedMessageClassifier:
    """The two models over the vectors of the encoder that they were fitted to."""

    def __init__(self, encoder: Encoder, weights: ClassifierWeights) -> None:
        self._encoder = encoder
        self._weights = weights

    def kind(self, text: str) -> MessageKind:
        """The kind of a message; ``question`` wherever it is not surely something else."""
        weights = self._weights
        return most_likely_kind(
            probabilities(self._features(text) @ weights.kinds + weights.kind_bias),
            weights.names,
            weights.least,
        )

    def is_follow_up(self, text: str) -> bool:
        """Whether a message of a conversation cannot be understood without the earlier ones."""
        weights = self._weights
        return bool(self._features(text) @ weights.follow_up + weights.follow_up_bias > 0)

    def _features(self, text: str) -> NDArray[np.float32]:
        vector = self._encoder.encode_queries([text[:_MOST_CHARACTERS]])
        [values] = features([text], vector, self._weights.mean)
        return np.asarray(values, dtype=np.float32)


def features(
    texts: Sequence[str], vectors: NDArray[np.float32], mean: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The features of the models, shape (n, dimension + BUCKETS + 5): centred unit vectors, then words and shape."""
    centred = vectors - mean
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
    return np.hstack([centred, np.stack([_worded(text) for text in texts])]).astype(np.float32)


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The softmax over the last dimension."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float32)


def most_likely_kind(shares: NDArray[np.float32], names: Sequence[MessageKind], least: float) -> MessageKind:
    """The likeliest kind other than ``question``, if all of these together have a probability of at least ``least``."""
    question = names.index("question")
    if 1 - shares[question] < least:
        return "question"
    others = shares.copy()
    others[question] = -1
    return names[int(others.argmax())]


def load_weights(path: Path | None = None) -> ClassifierWeights:
    """Read the weights that come with the package; raises ConfigError where they cannot be read."""
    from safetensors import SafetensorError, safe_open

    path = path or Path(__file__).parent / "messages.safetensors"
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = json.loads(file.metadata()["models"])
            tensors = {name: file.get_tensor(key).astype(np.float32) for name, key in _TENSORS.items()}
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"The weights {path} cannot be read ({error}); install the program again."
        ) from error
    unknown = set(metadata["names"]) - set(get_args(MessageKind))
    if unknown:
        raise ConfigError(f"The weights {path} know kinds that the program does not: {sorted(unknown)}.")
    return ClassifierWeights(
        tuple(metadata["names"]),
        follow_up_bias=metadata["lean_bias"],
        least=metadata["least"],
        encoder=metadata["encoder"],
        **tensors,
    )


def save_weights(weights: ClassifierWeights, path: Path) -> None:
    """Write the weights in half precision."""
    from safetensors.numpy import save_file

    tensors = {key: getattr(weights, name).astype(np.float16) for name, key in _TENSORS.items()}
    metadata = {
        "names": weights.names,
        "lean_bias": weights.follow_up_bias,
        "least": weights.least,
        "encoder": weights.encoder,
    }
    save_file(tensors, path, {"models": json.dumps(metadata)})


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
