"""A question is read together with passages: where the answer stands, and whether it stands there at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.batches import batches
from index.schema import FloatMatrix
from index.text import fold, has_accents, syllables
from rag.reader.kinds import values_asked_for
from rag.reader.pairs import PairTokenizer, Row, padded
from rag.reader.spans import Span, best_span

Network: TypeAlias = Callable[
    [NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.float32], NDArray[np.float32]]
]
"""Ids and mask (n, length) become span logits (n, length, 2), for start and end, and relevance logits (n)."""


class Reader(Protocol):
    """Finds the likeliest answer in each passage."""

    @property
    def name(self) -> str:
        """What was trained, and the first digits of its hash."""
        ...

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        """The best span of each passage, which is given after its title.

        ``replies`` to the question repeat words of it, which are seldom the answer.
        """
        ...


class NetworkReader:
    """Reads with a trained network; safe to share between threads when the network is."""

    def __init__(self, name: str, tokenizer: Path, network: Network) -> None:
        self.name = name
        self._tokenizer = PairTokenizer(tokenizer)
        self._network = network

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        """The best span of each passage; of a long one, that of its best part."""
        is_repeated = _words_of(question) if replies else None
        rows = self._tokenizer.rows(question, passages)
        candidates = [values_asked_for(question, text) for _, text in passages]
        found: dict[int, Span] = {}
        for batch in batches([len(row.ids) for row in rows]):
            group = [rows[place] for place in batch]
            spans, relevance = self._network(*padded(group))
            for row, logits, about in zip(group, spans, relevance.tolist(), strict=True):
                span = _span(
                    row, passages[row.passage][1], candidates[row.passage], is_repeated, logits, about
                )
                if best := found.get(row.passage):
                    places = best.places + span.places
                    span = replace(max(best, span, key=lambda one: one.certainty), places=places)
                found[row.passage] = span
        return [found[place] for place in range(len(passages))]


def _words_of(question: str) -> Callable[[str], bool]:
    """Tell whether a word is one of a question's, but no number; accents count where the question has them."""
    plain: Callable[[str], str] = str.lower if has_accents(question) else fold
    words = {plain(word) for word in syllables(question) if not word[0].isdigit()}
    return lambda word: plain(word) in words


def _span(
    row: Row,
    text: str,
    candidates: Sequence[tuple[int, int]],
    is_repeated: Callable[[str], bool] | None,
    logits: FloatMatrix,
    relevance: float,
) -> Span:
    inside = logits[row.first : row.first + len(row.spans)]
    not_told = float(logits[0].sum())
    return best_span(
        text, row.spans, inside[:, 0], inside[:, 1], not_told, relevance, candidates, is_repeated
    )
