"""Texts become vectors."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from index.encoding.checkpoint import read_folder
from index.errors import ModelError
from index.schema import FloatMatrix


class Encoder(Protocol):
    """A text embedding model with separate roles for questions and passages.

    ``name`` identifies the weights: two encoders with one name give the same vectors.
    """

    @property
    def name(self) -> str:
        """Model id and the first digits of its hash."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Encode questions, shape (n, dimension)."""
        ...

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        """Encode passages, shape (n, dimension), in the order given; report how many more are done."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's tokens, without special tokens and prompt."""
        ...


def choose_backend(
    wanted: Literal["auto", "openvino", "torch"], folder: Path | None
) -> Literal["openvino", "torch"]:
    """The engine for the model of a folder (``None``: a model of the Hub, which only torch runs).

    ``auto`` is OpenVINO where it is installed and knows the kind of model.  Raises ModelError when
    OpenVINO is wanted and not installed.
    """
    installed = importlib.util.find_spec("openvino") is not None
    if wanted == "openvino":
        if not installed:
            raise ModelError(
                "OpenVINO is not installed; run pip install 'hoidap[fast]', or choose the backend torch"
            )
        return "openvino"
    if wanted == "torch" or not installed or folder is None:
        return "torch"
    try:
        read_folder(folder)
    except ModelError:  # torch will say what is wrong, if anything is
        return "torch"
    return "openvino"
