"""The interface of a reader and the one over a trained network: reads passages for a question, judges answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.encoding.batches import batches
from index.encoding.tokens import padded
from rag.reader.decode import NOTHING_READ, Judgement, PassageReading, decode, judgement, merge
from rag.reader.pairs import PAD, PairTokenizer, Row

Network: TypeAlias = Callable[
    [NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.float32], NDArray[np.float32]]
]
"""Maps ids and mask (n, length) to token logits (n, length, 4) and passage logits (n, 4): see ``network``."""


class Reader(Protocol):
    """Finds what a question asks for in passages, and judges answers."""

    @property
    def name(self) -> str:
        """What was trained, and the first digits of its hash."""
        ...

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageReading]:
        """Read (heading, text) passages, one reading for each, in their order; a heading is title, place and day."""
        ...

    def judge(self, claims: Sequence[tuple[str, str, str, str]]) -> list[Judgement]:
        """Judge each (question, answer, heading, cited text): does the text support the answer?"""
        ...


class NetworkReader:
    """Reads with a trained network; safe to share between threads when the network is."""

    def __init__(self, name: str, tokenizer: Path, network: Network) -> None:
        self.name = name
        self._tokenizer = PairTokenizer(tokenizer)
        self._network = network

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageReading]:
        """Read each passage; a long one in parts that overlap."""
        rows = self._tokenizer.rows(question, passages)
        found: dict[int, PassageReading] = {}
        for row, tokens, logits in self._run(rows):
            reading = decode(passages[row.passage][1], row, tokens, float(logits[0]))
            earlier = found.get(row.passage)
            found[row.passage] = reading if earlier is None else merge(earlier, reading)
        return [found.get(place, NOTHING_READ) for place in range(len(passages))]

    def judge(self, claims: Sequence[tuple[str, str, str, str]]) -> list[Judgement]:
        """Judge each (question, answer, heading, cited text): does the text support the answer?"""
        rows = [self._tokenizer.verdict_row(*claim, number=place) for place, claim in enumerate(claims)]
        found = {row.passage: judgement(logits[1:]) for row, _, logits in self._run(rows)}
        return [found[place] for place in range(len(claims))]

    def _run(self, rows: Sequence[Row]) -> list[tuple[Row, NDArray[np.float32], NDArray[np.float32]]]:
        """Every row with its token logits and its passage logits, in batches of like length."""
        results = []
        for batch in batches([len(row.ids) for row in rows]):
            group = [rows[place] for place in batch]
            tokens, passage = self._network(*padded([row.ids for row in group], PAD))
            results += list(zip(group, tokens, passage, strict=True))
        return results
