"""A summary as a choice of an article's own sentences, in their order.

The sentences nearest to the mean of all tell best what an article is about (Radev et al., "Centroid-based summarization
of multiple documents", 2004); one that repeats a chosen one counts less (Carbonell and Goldstein's maximal marginal
relevance, 1998).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoding.encoder import Encoder
from index.schema import Article, FloatMatrix
from index.text.normalise import sentence_spans, syllables
from rag.collection.matching import is_whole
from rag.proof.injection import injected_spans

_LONGEST = 90
"""Syllables of a sentence that is chosen."""
_MOST = 80
"""Sentences that are considered, from the beginning: there an article says what it is about."""
_REPETITION = 1.0
_OPENING = 0.03
"""How much the first sentences gain, where an article says its point."""


def quotable_sentences(article: Article) -> list[tuple[int, int]]:
    """Spans of the sentences that can be quoted alone: no title, table row or injected instruction."""
    left_out = [(table.start, table.end) for table in article.tables] + list(injected_spans(article.text))
    spans = []
    for start, end in sentence_spans(article.text):
        text = article.text[start:end]
        if text.strip() == article.title or not is_whole(text) or len(syllables(text)) > _LONGEST:
            continue
        if not any(start < last and first < end for first, last in left_out):
            spans.append((start, end))
    return spans[:_MOST]


def summary_sentences(encoder: Encoder, article: Article, count: int) -> list[tuple[int, int]]:
    """Spans of the ``count`` sentences that together summarise an article best, in text order."""
    spans = quotable_sentences(article)
    if count == 1:
        return spans[:1]  # the first sentence of an article is the best single one
    if len(spans) <= count:
        return spans
    vectors = encoder.encode_passages([article.text[start:end] for start, end in spans])
    return [spans[place] for place in most_central(vectors, count)]


def most_central(vectors: FloatMatrix, count: int) -> list[int]:
    """The places of ``count`` vectors, shape (n, dimension), near to their mean and unlike each other; ascending."""
    mean = vectors.mean(axis=0)
    central = vectors @ (mean / (np.linalg.norm(mean) + 1e-9))
    central[:2] += _OPENING
    taken: list[int] = []
    while len(taken) < min(count, len(vectors)):
        repeated = (vectors @ vectors[taken].T).max(axis=1) if taken else np.zeros(len(vectors))
        worth = central - _REPETITION * repeated
        worth[taken] = -np.inf
        taken.append(int(worth.argmax()))
    return sorted(taken)


def in_single_lines(article: Article, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Sentences in one line each."""
    return [" ".join(article.text[start:end].split()) for start, end in spans]
