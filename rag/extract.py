"""What the reader says: how to order the passages, and which words of theirs and of an answer are the likeliest."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.schema import Chunk, Hit
from index.text import fold, syllables
from rag.abstain import Logistic
from rag.cite import Attribution
from rag.reader.reader import Reader
from rag.reader.spans import Span
from rag.schema import Extract

_MARK = re.compile(r"\s*\[\d+\]$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A hit, and the best span of its passage; ``None`` where it was not read."""

    hit: Hit
    span: Span | None = None

    def span_in(self, chunk: Chunk) -> Span | None:
        """The span as one of a chunk that holds this hit's."""
        if self.span is None:
            return None
        return _shifted(self.span, self.hit.chunk.start - chunk.start)


@dataclass(frozen=True, slots=True)
class Clue:
    """A likely answer, ``text[start:end]`` of an article; clues of one question compare by ``certainty``."""

    article: str
    start: int
    end: int
    certainty: float


def read_hits(reader: Reader, question: str, hits: Sequence[Hit], relevance_weight: float) -> list[Reading]:
    """Read every hit; the order is that of the scores with so much of the relevance in [0, 1] that the reader gives.

    A title is context, never an answer: headlines tell what exceeds a plan where people ask for the whole.
    """
    titles = [_title_end(hit.chunk) for hit in hits]
    passages = [
        (hit.chunk.article.title, hit.chunk.text[end:]) for hit, end in zip(hits, titles, strict=True)
    ]
    spans = [_shifted(span, end) for span, end in zip(reader.read(question, passages), titles, strict=True)]
    return sorted(
        map(Reading, hits, spans), key=lambda reading: _worth(reading, relevance_weight), reverse=True
    )


def _shifted(span: Span, by: int) -> Span:
    places = tuple(replace(place, start=place.start + by, end=place.end + by) for place in span.places)
    return replace(span, start=span.start + by, end=span.end + by, places=places)


def _title_end(chunk: Chunk) -> int:
    """Where the text of a chunk goes on after the title that it may begin with."""
    title = chunk.article.title
    return len(title) if chunk.start == 0 and chunk.text.startswith(title) else 0


def find_clues(readings: Sequence[Reading]) -> tuple[Clue, ...]:
    """The likeliest answers of all sentences that were read."""
    return tuple(
        Clue(
            reading.hit.chunk.article.id,
            reading.hit.chunk.start + place.start,
            reading.hit.chunk.start + place.end,
            place.certainty,
        )
        for reading in readings
        if reading.span is not None
        for place in reading.span.places
    )


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


def find_short(reader: Reader, question: str, checked: Attribution) -> tuple[int, int] | None:
    """Where the short answer stands in a checked text: in a supported sentence if any, and not only in the question."""
    told = [statement for statement in checked.statements if statement.marks] or checked.statements
    bare = [_MARK.sub("", checked.text[statement.start : statement.end]) for statement in told]
    spans = reader.read(question, [("", sentence) for sentence in bare], replies=True)
    asked = _spoken(question)
    found = [
        (span.certainty, (statement.start + span.start, statement.start + span.end))
        for statement, sentence, span in zip(told, bare, spans, strict=True)
        if span.end > span.start and _spoken(sentence[span.start : span.end]) not in asked
    ]
    return max(found, default=(0.0, None))[1]


def _spoken(text: str) -> str:
    """The words without accents, each between blanks."""
    return f" {' '.join(syllables(fold(text)))} "


def agreement(short: str, found: Sequence[Extract]) -> float:
    """The confidence of the likeliest extract that says what the short answer says, 0 where none does.

    One of the two has all syllables of the other.
    """
    said = set(syllables(short))
    return max(
        (extract.confidence for extract in found if _nested(said, set(syllables(extract.text)))), default=0.0
    )


def _nested(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


def span_features(hit: Hit, span: Span, best_score: float) -> dict[str, float]:
    """Describe a span; ``behind`` is how far the search puts its passage behind the best one."""
    return {
        "margin": span.margin,
        "relevance": span.relevance,
        "lexical": hit.lexical,
        "behind": best_score - hit.score,
    }


def _worth(reading: Reading, relevance_weight: float) -> float:
    relevance = reading.span.relevance if reading.span else -math.inf
    return reading.hit.score + relevance_weight / (1 + math.exp(-relevance))
