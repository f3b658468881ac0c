"""The search engine of one computer: the search files in the store's folder."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.schema import Filters
from index.store.database.database import Database
from index.store.engine import Candidates
from index.store.local.compaction import compact, is_due
from index.store.local.refresh import publish
from index.store.local.segment import holds
from index.store.local.snapshot import SearchFiles, Snapshot


class LocalEngine:
    """Searches files that are mapped into memory; every change adds a segment, and few are kept in the background."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._files = SearchFiles(folder)
        self._loading = threading.Lock()
        self._compaction: threading.Thread | None = None

    @property
    def is_current(self) -> bool:
        """Whether the search files are those of the database's present state."""
        state = self._files.latest()
        return (
            state is not None
            and state.token in self._database.search_tokens
            and state.generation == self._database.generation
        )

    @property
    def is_built(self) -> bool:
        """Whether there are search files."""
        return self._files.latest() is not None

    def snapshot(self) -> Snapshot:
        """Open the newest search files, of which there must be some."""
        with self._loading:
            return self._files.snapshot()

    def candidates(
        self, question: str, vector: NDArray[np.float32], filters: Filters, count: int
    ) -> Candidates:
        """Find the ``count`` best by meaning and the ``count`` best by words, each with both scores."""
        snapshot = self.snapshot()
        allowed = self._allowed(snapshot, filters)
        positions = np.union1d(
            snapshot.vectors.search(vector, count, allowed),
            snapshot.lexical.candidates(question, count, allowed),
        ).astype(np.int64)
        return _scored(snapshot, question, positions, snapshot.vectors.cosines(vector, positions))

    def candidates_by_words(self, question: str, filters: Filters, count: int) -> Candidates:
        """Find the ``count`` best by words alone."""
        snapshot = self.snapshot()
        found = snapshot.lexical.candidates(question, count, self._allowed(snapshot, filters))
        return _scored(snapshot, question, np.sort(found), np.zeros(len(found), dtype=np.float32))

    def is_written(self, word: str) -> bool:
        """Whether a chunk holds a word as it stands."""
        return self.snapshot().lexical.holds(word)

    def refresh(self, rebuild: bool = False) -> None:
        """Add a segment of what is new; what the segments cost in the long run is put right in the background."""
        publish(self._files, self._database, rebuild)
        busy = self._compaction is not None and self._compaction.is_alive()
        if not busy and is_due(self._files.latest()):
            self._compaction = threading.Thread(target=compact, args=(self._files,), name="compaction")
            self._compaction.start()

    def check(self) -> str:
        """Prove every byte of the search files, and that they hold the chunks of the database."""
        if not self.is_current:
            raise StoreError(
                "they are not those of the database's present state; run 'hoidap verify --repair'"
            )
        snapshot = SearchFiles(self.folder, prove_anew=True).snapshot()
        if snapshot.chunks.tolist() != self._database.chunk_numbers():
            raise StoreError("the search files hold other chunks than the database")
        if not (snapshot.vectors.size == snapshot.lexical.size == len(snapshot.numbers)):
            raise StoreError("the search files differ in the number of chunks")
        parts = len(snapshot.segments)
        return f"{len(snapshot.chunks)} chunks in {parts} parts, hashes as promised, the same chunks as in the database"

    def settle(self) -> None:
        """Wait until the segments are few."""
        if self._compaction is not None:
            self._compaction.join()

    def close(self) -> None:
        """Wait until the segments are few."""
        self.settle()

    def _allowed(self, snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_] | None:
        if filters == Filters():
            return snapshot.alive
        passing = holds(self._database.article_numbers(filters), snapshot.articles)
        return passing if snapshot.alive is None else passing & snapshot.alive


def _scored(
    snapshot: Snapshot, question: str, positions: NDArray[np.int64], dense: NDArray[np.float32]
) -> Candidates:
    return Candidates(
        snapshot.numbers[positions],
        snapshot.articles[positions],
        dense,
        snapshot.lexical.score(question, positions),
    )
