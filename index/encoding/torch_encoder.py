"""Any sentence-transformers model, run by torch: the reference that other engines are tested against."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.batches import batches
from index.errors import ModelError
from index.schema import FloatMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEncoder:
    """The model of a folder or of the Hugging Face Hub, loaded at the first use, in float32.

    A folder is read without any request; weights are read from safetensors alone.  ``name`` is the model's id and the
    first digits of its hash.
    """

    def __init__(self, model: str | Path, name: str) -> None:
        self._source = model
        self.name = name
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._load().encode([""], show_progress_bar=False).shape[1])

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Encode questions, shape (n, dimension)."""
        return self._encode(texts, self._prompt("query"), None)

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        """Encode passages, shape (n, dimension), in the order given; report how many more are done."""
        return self._encode(texts, self._prompt("passage", "document"), on_progress)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's tokens, without special tokens and prompt."""
        if not texts:
            return []
        rows = self._load().tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
        return [len(row) for row in rows]

    def _prompt(self, *kinds: str) -> str:
        """What the model wants before a text of the first of these kinds that it knows."""
        prompts = self._load().prompts
        return next((prompt for kind in kinds if (prompt := prompts.get(kind))), "")

    def _encode(
        self, texts: Sequence[str], prompt: str, on_progress: Callable[[int], None] | None
    ) -> FloatMatrix:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for batch in batches(self.count_tokens(texts)):
            vectors[batch] = self._load().encode(
                [texts[number] for number in batch],
                prompt=prompt,
                batch_size=len(batch),
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            if on_progress is not None:
                on_progress(len(batch))
        return vectors

    def _load(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = _open(self._source)
            return self._model


def _open(source: str | Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            str(source),
            local_files_only=Path(source).is_dir(),
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(
            f"the encoder {source} cannot be loaded ({reason}); name a sentence-transformers folder or a model "
            "of the Hub with safetensors"
        ) from error
    return model.float().eval()
