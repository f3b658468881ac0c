"""A question becomes the passages worth reading."""

from __future__ import annotations

from dataclasses import replace

from index.encoder import Encoder
from index.lexical import terms
from index.schema import Chunk, Filters, Hit
from index.search import search, search_words
from index.store import Store
from index.text import has_accents, normalise
from rag.accents import restore_accents
from rag.language import answer_language

_REPEATED = 0.8
"""Two passages that share this part of their syllables (Jaccard) tell the same."""


_PASSAGES_FOR_ACCENTS = 8


class Retriever:
    """Searches one store with the encoder that built it."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self.store = store
        self.encoder = encoder

    def read(self, question: str, filters: Filters = Filters()) -> str:
        """Give the question as it is searched: normalised, and with its accents where it was typed without."""
        asked = normalise(question)
        if has_accents(asked) or answer_language(asked) != "vi":
            return asked
        hits = search_words(self.store, asked, _PASSAGES_FOR_ACCENTS, filters)
        return restore_accents(asked, [f"{hit.chunk.article.title}\n{hit.chunk.text}" for hit in hits])

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages: no two tell the same, and neighbours in an article are one passage."""
        asked = self.read(question, filters)
        vector = self.encoder.encode_queries([asked])[0]
        hits = search(self.store, asked, vector, 3 * k, filters)
        return _ranked(_joined(_distinct(hits, k)))


def _distinct(hits: list[Hit], k: int) -> list[Hit]:
    """Take the ``k`` best hits of which none repeats a better one."""
    kept: list[tuple[Hit, set[int]]] = []
    for hit in hits:
        if len(kept) == k:
            break
        words = set(terms(hit.chunk.text).folded.tolist())
        if all(len(words & other) < _REPEATED * len(words | other) for _, other in kept):
            kept.append((hit, words))
    return [hit for hit, _ in kept]


def _joined(hits: list[Hit]) -> list[Hit]:
    """Make one hit of neighbouring chunks, in the place and with the scores of the better one."""
    joined: list[Hit] = []
    for hit in hits:
        for place, better in enumerate(joined):
            if _adjacent(better.chunk, hit.chunk):
                joined[place] = replace(better, chunk=_union(better.chunk, hit.chunk))
                break
        else:
            joined.append(hit)
    return joined


def _adjacent(first: Chunk, second: Chunk) -> bool:
    if first.article.id != second.article.id:
        return False
    left, right = sorted((first, second), key=lambda chunk: chunk.start)
    return not first.article.text[left.end : right.start].strip()


def _union(first: Chunk, second: Chunk) -> Chunk:
    return Chunk(
        first.article,
        min(first.position, second.position),
        min(first.start, second.start),
        max(first.end, second.end),
    )


def _ranked(hits: list[Hit]) -> tuple[Hit, ...]:
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))
