"""What the reader says of the passages: how to order them, and which words are the likeliest answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.schema import Chunk, Hit
from rag.abstain import Logistic
from rag.reader.reader import Reader
from rag.reader.spans import Span
from rag.schema import Extract

_RELEVANCE_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Reading:
    """A hit, and the best span of its passage; ``None`` where it was not read."""

    hit: Hit
    span: Span | None = None

    def span_in(self, chunk: Chunk) -> Span | None:
        """The span as one of a chunk that holds this hit's."""
        if self.span is None:
            return None
        shift = self.hit.chunk.start - chunk.start
        return replace(self.span, start=self.span.start + shift, end=self.span.end + shift)


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> list[Reading]:
    """Read every hit and put those first that the reader finds relevant."""
    spans = reader.read(question, [(hit.chunk.article.title, hit.chunk.text) for hit in hits])
    return sorted(map(Reading, hits, spans), key=_worth, reverse=True)


def surest(spans: Iterable[Span | None]) -> Span | None:
    """The span that the reader is surest of; ``None`` where nothing was read."""
    return max((span for span in spans if span), key=lambda span: span.certainty, default=None)


def extracts(readings: Sequence[Reading], model: Logistic) -> tuple[Extract, ...]:
    """The spans of all passages that were read, the likeliest answer first."""
    best = max((reading.hit.score for reading in readings), default=0.0)
    found = [
        Extract(
            reading.hit,
            reading.hit.chunk.start + reading.span.start,
            reading.hit.chunk.start + reading.span.end,
            model.probability(span_features(reading.hit, reading.span, best)),
        )
        for reading in readings
        if reading.span is not None and reading.span.end > reading.span.start
    ]
    return tuple(sorted(found, key=lambda extract: -extract.confidence))


def span_features(hit: Hit, span: Span, best_score: float) -> dict[str, float]:
    """Describe a span; ``behind`` is how far the search puts its passage behind the best one."""
    return {
        "margin": span.margin,
        "relevance": span.relevance,
        "lexical": hit.lexical,
        "behind": best_score - hit.score,
    }


def _worth(reading: Reading) -> float:
    relevance = reading.span.relevance if reading.span else -math.inf
    return reading.hit.score + _RELEVANCE_WEIGHT / (1 + math.exp(-relevance))
