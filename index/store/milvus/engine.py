"""Milvus as the search engine of a store.

It finds the candidates; both of their exact scores are made here from the terms and vectors in the database, as on
one computer, so that a question finds the same passages whichever engine searches.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.schema import Filters
from index.store.bm25 import asked_terms, average_length, count_terms, norms, shares, weigh
from index.store.database.database import Database
from index.store.engine import Candidates
from index.store.milvus.collection import Collection, EngineState, chunk_entries, sparse
from index.store.milvus.connection import Connection, MilvusAt
from index.store.milvus.expression import expression
from index.store.milvus.refresh import CURRENT, is_current, refresh
from index.text.normalise import has_accents
from index.text.terms import Tokens, terms

Found = TypeVar("Found")
_SAMPLE = 64
_KNOWN = 200_000
"""Terms whose holders are remembered until something changes."""


class MilvusEngine:
    """Asks Milvus for numbers of chunks; reached when it is first needed."""

    def __init__(self, at: MilvusAt, database: Database) -> None:
        self._connection = Connection(at)
        self._database = database
        self._seen: tuple[str, EngineState] | None = None
        self._known: tuple[EngineState | None, dict[int, tuple[int, int]]] = (None, {})

    @property
    def is_current(self) -> bool:
        """Whether Milvus holds the database's present state."""
        self._connection.reach()
        collection = self._collection()
        state = collection.state()
        self._seen = (collection.name, state) if state else None
        return state is not None and is_current(state, self._database)

    @property
    def is_built(self) -> bool:
        """Whether there is a collection to search."""
        return self._collection().state() is not None

    def candidates(
        self, question: str, vector: NDArray[np.float32], filters: Filters, count: int
    ) -> Candidates:
        """Find the ``count`` best by meaning and in each field of words, each with both scores."""
        condition = expression(filters)

        def find(asked: _Asked) -> Candidates:
            near = asked.collection.nearest("dense", vector.astype(np.float32), condition, count)
            return asked.scored(near | asked.by_words(question, condition, count), question, vector)

        return self._ask(find)

    def candidates_by_words(self, question: str, filters: Filters, count: int) -> Candidates:
        """Find the ``count`` best in each field of words."""
        condition = expression(filters)
        return self._ask(lambda asked: asked.scored(asked.by_words(question, condition, count), question))

    def is_written(self, word: str) -> bool:
        """Whether a chunk holds a word as it stands."""
        wanted = np.unique(terms(word).exact)
        return self._ask(lambda asked: bool(asked.holders(wanted, as_written=True).any()))

    def refresh(self, rebuild: bool = False) -> None:
        """Write what is new, remove what is gone."""
        self._seen = None
        refresh(self._connection, self._database, rebuild)

    def check(self) -> str:
        """Prove that Milvus holds the chunks of the database, and of a sample what is to be kept of them."""
        collection = self._collection()
        state = collection.state(newest=True)
        if state is None or not is_current(state, self._database):
            raise StoreError("Milvus is not at the database's present state; run 'hoidap verify --repair'")
        numbers = self._database.chunk_numbers()
        if not np.array_equal(collection.numbers(), numbers):
            raise StoreError("Milvus holds other chunks than the database; run 'hoidap verify --repair'")
        sample = random.Random(state.token).sample(numbers, min(_SAMPLE, len(numbers)))
        for number in sample:
            self._check_chunk(collection, number, state)
        return (
            f"{len(numbers)} chunks in collection {collection.name}, the same as in the database; "
            f"{len(sample)} have the vectors, terms and metadata that they should"
        )

    def settle(self) -> None:
        """Wait for nothing: Milvus does what it does in the background by itself."""

    def close(self) -> None:
        """Let go of the line."""
        self._connection.close()

    def _collection(self) -> Collection:
        return Collection(self._connection, self._database.setting(CURRENT) or "")

    def _ask(self, find: Callable[[_Asked], Found]) -> Found:
        """Search the present collection in the state last seen; where another takes its place, search that."""
        while True:
            collection = self._collection()
            try:
                seen = self._seen
                state = seen[1] if seen and seen[0] == collection.name else collection.state()
                if state is None:
                    raise StoreError("Milvus holds nothing of this store; run 'hoidap verify --repair'")
                if self._known[0] != state or len(self._known[1]) > _KNOWN:
                    self._known = (state, {})
                return find(_Asked(collection, state, self._database, self._known[1]))
            except StoreError:
                self._seen = None
                if self._database.setting(CURRENT) in ("", collection.name):
                    raise

    def _check_chunk(self, collection: Collection, number: int, state: EngineState) -> None:
        rows = self._database.chunk_rows(number - 1, 1)
        metadata = self._database.article_metadata(rows.articles.tolist())
        (wanted,) = chunk_entries(rows, metadata, state.average)
        held = collection.read(number)
        wrong = [field for field, value in wanted.items() if not _same(value, held[field])]
        if wrong:
            raise StoreError(
                f"Milvus holds another {', '.join(wrong)} of chunk {number}; run 'hoidap verify --repair'"
            )
        counted = collection.holders(list(wanted["exact"]), newest=True)
        if not all(counted.get(term, (0, 0))[0] for term in np.unique(rows.terms[0].exact).tolist()):
            raise StoreError(
                f"Milvus has not counted the terms of chunk {number}; run 'hoidap verify --repair'"
            )


class _Asked:
    """One state of Milvus while it is asked; ``known`` are the holders of terms that were asked for before."""

    def __init__(
        self,
        collection: Collection,
        state: EngineState,
        database: Database,
        known: dict[int, tuple[int, int]],
    ) -> None:
        self.collection = collection
        self._state, self._database, self._known = state, database, known

    def holders(self, wanted: Tokens, as_written: bool) -> NDArray[np.int64]:
        """Count the chunks that hold each term, accents counting or not."""
        names = wanted.tolist()
        new = [term for term in names if term not in self._known]
        if new:
            self._known |= dict.fromkeys(new, (0, 0)) | self.collection.holders(new)
        return np.array([self._known[term][0 if as_written else 1] for term in names], dtype=np.int64)

    def by_words(self, question: str, condition: str, count: int) -> dict[int, int]:
        """Find the chunks that share the most weighted terms, and where accents were typed, those as written too."""
        found: dict[int, int] = {}
        for field in ("folded", "exact") if has_accents(question) else ("folded",):
            wanted, weights = self._weights(question, field == "exact")
            if len(wanted):
                vector = sparse(wanted, weights.tolist())
                found |= self.collection.nearest(field, vector, condition, count)
        return found

    def scored(
        self, found: dict[int, int], question: str, vector: NDArray[np.float32] | None = None
    ) -> Candidates:
        """Give both scores of chunks as the database holds them; one that has been removed meanwhile is left out."""
        held = self._database.chunk_terms(list(found))
        numbers = sorted(held)
        dense = np.zeros(len(numbers), dtype=np.float32)
        if vector is not None and numbers:
            vectors = self._database.chunk_vectors(numbers)
            numbers = [number for number in numbers if number in vectors]
            dense = np.stack([vectors[number] for number in numbers]) @ vector
        as_written = has_accents(question)
        fields = [held[number].exact if as_written else held[number].folded for number in numbers]
        return Candidates(
            np.array(numbers, dtype=np.int64),
            np.array([found[number] for number in numbers], dtype=np.int64),
            dense,
            self._shares(question, fields, as_written),
        )

    def _shares(self, question: str, fields: Sequence[Tokens], as_written: bool) -> NDArray[np.float32]:
        wanted, weights = self._weights(question, as_written)
        if not len(wanted) or not fields:
            return np.zeros(len(fields), dtype=np.float32)
        lengths = np.array([len(field) for field in fields], dtype=np.int64)
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        counts = count_terms(np.concatenate(fields), offsets, wanted, np.arange(len(fields)))
        average = average_length(self._state.tokens, self._state.chunks)
        return shares(counts, norms(lengths, average), weights)

    def _weights(self, question: str, as_written: bool) -> tuple[Tokens, NDArray[np.float64]]:
        wanted, singles = asked_terms(
            question, as_written, lambda tokens: bool(self.holders(tokens, as_written=False).all())
        )
        return wanted, weigh(self.holders(wanted, as_written), self._state.chunks, wanted, singles)


def _same(wanted: object, held: object) -> bool:
    """Whether Milvus, which keeps numbers in single precision, holds what it was given."""
    if isinstance(wanted, dict) and isinstance(held, dict):
        return wanted.keys() == held.keys() and all(abs(wanted[key] - held[key]) < 1e-5 for key in wanted)
    if isinstance(wanted, np.ndarray):
        return bool(np.allclose(wanted, np.asarray(held), atol=1e-5))
    return bool(wanted == held)
