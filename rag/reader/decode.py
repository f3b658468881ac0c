"""Decodes the logits of the reader's network into answer spans, sentence scores and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.text.normalise import sentence_spans
from rag.reader.pairs import Row

_LONGEST = 60
"""Tokens of the longest answer span that is considered."""


@dataclass(frozen=True, slots=True)
class Span:
    """An answer span ``passage[start:end]`` in characters; ``margin`` is its score less the null score, in logits."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence ``passage[start:end]``, the logit that it answers, and the best answer span in it."""

    start: int
    end: int
    supporting: float
    span: Span


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What was read in one passage for one question.

    ``answerable`` is the logit that the passage answers the question, ``span`` the best answer in it.
    """

    answerable: float
    span: Span
    sentences: tuple[SentenceReading, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probabilities that sentences support an answer, contradict it, or are neutral to it; they sum to 1."""

    supported: float
    contradicted: float
    neutral: float


NOTHING_READ = PassageReading(-np.inf, Span(0, 0, -np.inf), ())


def decode(text: str, row: Row, tokens: NDArray[np.float32], answerable: float) -> PassageReading:
    """Decode the logits of one row: ``tokens`` (length, 4) in the order of ``network.TOKEN_HEADS``.

    ``answerable`` is passed through.  The null score is the sum of the start and end logits of the first token.
    """
    offsets = row.spans
    if not offsets:
        return PassageReading(answerable, Span(0, 0, -np.inf), ())
    null = float(tokens[0, 0] + tokens[0, 1])
    inside = tokens[row.first : row.first + len(offsets)]
    count = len(offsets)
    scores = inside[:, 0][:, None] + inside[:, 1][None, :] - null
    square = np.ones((count, count), bool)
    scores = np.where(np.triu(square) & ~np.triu(square, _LONGEST), scores, -np.inf)
    sentences = []
    for start, end in sentence_spans(text):
        inside_sentence = [
            place for place, (begin, stop) in enumerate(offsets) if begin < end and stop > start
        ]
        if not inside_sentence:
            continue
        first, last = inside_sentence[0], inside_sentence[-1] + 1
        span = _best(text, offsets, scores[first:last, first:last], first)
        sentences.append(SentenceReading(start, end, float(inside[first:last, 2].mean()), span))
    return PassageReading(answerable, _best(text, offsets, scores, 0), tuple(sentences))


def merge(one: PassageReading, other: PassageReading) -> PassageReading:
    """Merge the readings of two overlapping parts of a passage: the higher logits of both, sentence by sentence."""
    better = max(one, other, key=lambda reading: reading.answerable)
    sentences: dict[tuple[int, int], SentenceReading] = {}
    for sentence in (*one.sentences, *other.sentences):
        place = (sentence.start, sentence.end)
        if place not in sentences or sentence.supporting > sentences[place].supporting:
            sentences[place] = sentence
    span = max(one.span, other.span, key=lambda found: found.margin)
    return PassageReading(better.answerable, span, tuple(sentences[place] for place in sorted(sentences)))


def average(one: PassageReading, other: PassageReading) -> PassageReading:
    """The mean logits of two readings of a passage; each span is the one with the larger margin."""
    others = {(sentence.start, sentence.end): sentence for sentence in other.sentences}
    return replace(
        one,
        answerable=(one.answerable + other.answerable) / 2,
        sentences=tuple(
            _mean(sentence, others.get((sentence.start, sentence.end), sentence))
            for sentence in one.sentences
        ),
    )


def _mean(one: SentenceReading, other: SentenceReading) -> SentenceReading:
    better = max(one.span, other.span, key=lambda span: span.margin)
    span = replace(better, margin=(one.span.margin + other.span.margin) / 2)
    return replace(one, supporting=(one.supporting + other.supporting) / 2, span=span)


def judgement(logits: NDArray[np.float32]) -> Judgement:
    """The softmax of the three verdict logits, shape (3,)."""
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    return Judgement(*(float(one) for one in probabilities))


def _best(text: str, offsets: Sequence[tuple[int, int]], scores: NDArray[np.float32], first: int) -> Span:
    begin, stop = divmod(int(scores.argmax()), scores.shape[1])
    start, end = whole_words(text, offsets[first + begin][0], offsets[first + stop][1])
    return Span(start, end, float(scores[begin, stop]))


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen to whole words and numbers, then leave out white space and punctuation at both ends."""
    while 0 < start < len(text) and _is_inside(text, start):
        start -= 1
    while 0 < end < len(text) and _is_inside(text, end):
        end += 1
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or _may_end(text, start, end)):
        end -= 1
    return start, end


def _is_inside(text: str, place: int) -> bool:
    """Whether a word, or a number such as ``3.772``, goes on across a place."""
    before, after = text[place - 1], text[place]
    if before.isalnum() and after.isalnum():
        return True
    point = place if after in ".," else place - 1 if before in ".," else 0
    return 0 < point < len(text) - 1 and text[point - 1].isdigit() and text[point + 1].isdigit()


def _may_end(text: str, start: int, end: int) -> bool:
    """Whether a sign may end the span: a unit, or a bracket that was opened in it."""
    return text[end - 1] in "%²³" or (text[end - 1] == ")" and "(" in text[start : end - 1])
