"""Prove that a store is whole, and that what was removed is gone."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.chunking import encoder_text, lexical_text
from index.encoding.encoder import Encoder
from index.errors import IndexingError, StoreError
from index.store.store import Store
from index.text.terms import terms

SAMPLE = 64
_SAME_VECTOR = 0.995
"""Cosine of a stored vector (16 bits, perhaps made by another backend) with the one made now."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: what was seen, or the fault that was found."""

    name: str
    told: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """All checks of a store."""

    checks: tuple[Check, ...]

    @property
    def whole(self) -> bool:
        """Whether no check found a fault."""
        return all(check.fault is None for check in self.checks)


class _Fault(Exception):
    """What a check found to be wrong."""


def verify_store(store: Store, encoder: Encoder | None = None) -> VerifyReport:
    """Check the database, the search files, and a sample of chunks; vectors only where ``encoder`` is given.

    What is not yet there because a process writes to the store just now is no fault, and is told.
    """
    sample = _sample(store)
    steps: list[tuple[str, Callable[[], str]]] = [
        ("database", lambda: _database(store)),
        ("chunks", lambda: _offsets(store, sample)),
        ("terms", lambda: _terms(store, sample)),
        ("search", lambda: _search(store)),
    ]
    if encoder is not None:
        steps.append(("vectors", lambda: _vectors(store, encoder, sample)))
    return VerifyReport(tuple(_run(name, step) for name, step in steps))


def repair(store: Store) -> None:
    """Build the search files again from the database."""
    with store.writing():
        store.refresh(rebuild=True)


def _run(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(name, step())
    except (_Fault, IndexingError, sqlite3.Error) as error:
        return Check(name, "", str(error))


def _sample(store: Store) -> list[int]:
    numbers = store.database.chunk_numbers()
    return random.Random(0).sample(numbers, min(SAMPLE, len(numbers)))


def _database(store: Store) -> str:
    fault = store.database.integrity_fault()
    if fault is not None:
        raise _Fault(fault)
    unfinished = store.database.unfinished_files()
    if unfinished and store.writer() is None:
        raise _Fault(f"the reading of {', '.join(unfinished[:3])} was cut short; run 'hoidap sync FOLDER'")
    counts = store.database.counts()
    return f"{counts.files} files, {counts.articles} articles, {counts.chunks} chunks, nothing left of removed ones"


def _search(store: Store) -> str:
    """Prove the search engine, which is behind the database as long as somebody writes to it."""
    try:
        return store.check_engine()
    except StoreError:
        if store.is_current or (writer := store.writer()) is None:
            raise
        return f"not proved: {writer}"


def _offsets(store: Store, sample: Sequence[int]) -> str:
    for number, chunk in store.database.chunks(sample).items():
        text = chunk.text
        if not (0 <= chunk.start < chunk.end <= len(chunk.article.text)) or text != text.strip():
            raise _Fault(f"chunk {number} of {chunk.article.id} is not a passage of its article")
    return f"{len(sample)} passages lie where they should"


def _terms(store: Store, sample: Sequence[int]) -> str:
    stored = store.database.chunk_terms(sample)
    for number, chunk in store.database.chunks(sample).items():
        made = terms(lexical_text(chunk))
        if not np.array_equal(made.folded, stored[number].folded):
            raise _Fault(f"the terms of chunk {number} of {chunk.article.id} are not those of its text")
    return f"{len(sample)} passages have the terms of their text"


def _vectors(store: Store, encoder: Encoder, sample: Sequence[int]) -> str:
    stored = store.database.chunk_vectors(sample)
    chunks = store.database.chunks(sample)
    numbers = list(chunks)
    if not numbers:
        return "no vectors"
    made = encoder.encode_passages([encoder_text(chunks[number]) for number in numbers])
    cosines = np.array([made[row] @ stored[number] for row, number in enumerate(numbers)])
    if cosines.min() < _SAME_VECTOR:
        worst = numbers[int(cosines.argmin())]
        raise _Fault(f"the vector of chunk {worst} is not that of its text (cosine {cosines.min():.3f})")
    return f"{len(numbers)} vectors are those of their text (cosine at least {cosines.min():.4f})"
