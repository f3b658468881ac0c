"""Removes passages that repeat a better one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.schema import Chunk, Hit
from index.text.normalise import fold, syllables
from index.text.terms import terms

_REPEATED = 0.8
"""Two passages whose syllables have this Jaccard similarity are repetitions, unless they differ in a mark."""


@dataclass(frozen=True, slots=True)
class _Content:
    words: frozenset[int]
    marks: frozenset[str]


def deduplicate(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The ``k`` best hits of which none repeats a better one, in their order.

    Passages that differ in a number, a name, a place or a day, in the text or in the metadata of the article, are no
    repetition, however much else they share: reports of the same form over several villages and years.
    """
    kept: list[tuple[Hit, _Content]] = []
    for hit in hits:
        if len(kept) == k:
            break
        content = _content(hit.chunk)
        if not any(_repeats(content, other) for _, other in kept):
            kept.append((hit, content))
    return [hit for hit, _ in kept]


def _repeats(one: _Content, other: _Content) -> bool:
    shared, joined = len(one.words & other.words), len(one.words | other.words)
    return shared >= _REPEATED * joined and one.marks == other.marks


def _content(chunk: Chunk) -> _Content:
    article = chunk.article
    return _Content(
        frozenset(terms(chunk.text).folded.tolist()),
        frozenset(_marks(chunk.text)) | {f"= {part}" for part in _marks(article.title)} | _described(chunk),
    )


def _described(chunk: Chunk) -> set[str]:
    article = chunk.article
    return {
        f"day {article.date}" if article.date else "",
        f"place {fold(article.place or '')}",
        article.number or "",
    }


def _marks(text: str) -> set[str]:
    """Give the numbers and the words with a capital that begin no sentence: what names one thing and no other."""
    marks = {token for token in syllables(text) if any(char.isdigit() for char in token)}
    before = "."
    for word in text.split():
        bare = word.strip("\"'“”‘’()[],.;:!?…-–|")
        if bare[:1].isupper() and before[-1] not in ".!?…:|":
            marks.add(fold(bare))
        before = word
    return marks
