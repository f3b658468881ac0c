"""What a store asks of a search engine; the articles themselves, and what they are filtered by, are in the database.

Everything an engine holds is derived from the database and can be made again from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.schema import Filters


@dataclass(frozen=True, slots=True)
class Candidates:
    """n chunks found for a question, by ascending number, and the article that each belongs to, by number.

    ``dense`` (n) is the cosine with the question, ``lexical`` (n) the share of its weighted terms, in [0, 1).
    """

    numbers: NDArray[np.int64]
    articles: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]


class Engine(Protocol):
    """Finds chunks by their numbers."""

    @property
    def is_current(self) -> bool:
        """Whether it holds the database's present state."""
        ...

    @property
    def is_built(self) -> bool:
        """Whether there is a finished state to search, of whichever age."""
        ...

    def candidates(
        self, question: str, vector: NDArray[np.float32], filters: Filters, count: int
    ) -> Candidates:
        """Find the ``count`` best by meaning and the ``count`` best by words, each with both scores."""
        ...

    def candidates_by_words(self, question: str, filters: Filters, count: int) -> Candidates:
        """Find the ``count`` best by words alone; ``dense`` is 0."""
        ...

    def is_written(self, word: str) -> bool:
        """Whether a chunk holds a word as it stands, capitals aside."""
        ...

    def refresh(self, rebuild: bool = False) -> None:
        """Take over what has changed in the database, or all of it anew; the caller holds the store for writing.

        Cut short, it is finished by the next call.
        """
        ...

    def check(self) -> str:
        """Prove that it holds what the database holds, and tell what was seen; raises StoreError with the fault."""
        ...

    def settle(self) -> None:
        """Wait until what goes on in the background has ended."""
        ...

    def close(self) -> None:
        """Let go of what it holds open."""
        ...
