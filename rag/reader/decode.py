"""What the reader's network says of a passage becomes sentences, words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.text.normalise import sentence_spans
from rag.reader.pairs import Row

_LONGEST = 60
"""Tokens of the longest answer that is looked for."""


@dataclass(frozen=True, slots=True)
class Words:
    """The likeliest answer ``passage[start:end]``, and how far its logits stand above those of "not told"."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence ``passage[start:end]``: the logit that it tells what is asked, and the likeliest words in it."""

    start: int
    end: int
    telling: float
    words: Words


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What was read in one passage for one question.

    ``told`` is the logit that the passage tells what is asked, ``words`` the likeliest answer in it.
    """

    told: float
    words: Words
    sentences: tuple[SentenceReading, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probabilities that sentences support an answer, contradict it, or do not tell of it; they sum to 1."""

    supported: float
    contradicted: float
    not_told: float


NOTHING_READ = PassageReading(-np.inf, Words(0, 0, -np.inf), ())


def decode(text: str, row: Row, tokens: NDArray[np.float32], told: float) -> PassageReading:
    """Read the logits of one row: ``tokens`` (length, 4) in the order of ``network.TOKEN_HEADS``."""
    offsets = row.spans
    if not offsets:
        return PassageReading(told, Words(0, 0, -np.inf), ())
    null = float(tokens[0, 0] + tokens[0, 1])
    inside = tokens[row.first : row.first + len(offsets)]
    count = len(offsets)
    sums = inside[:, 0][:, None] + inside[:, 1][None, :] - null
    square = np.ones((count, count), bool)
    sums = np.where(np.triu(square) & ~np.triu(square, _LONGEST), sums, -np.inf)
    sentences = []
    for start, end in sentence_spans(text):
        held = [place for place, (begin, stop) in enumerate(offsets) if begin < end and stop > start]
        if not held:
            continue
        first, last = held[0], held[-1] + 1
        words = _best(text, offsets, sums[first:last, first:last], first)
        sentences.append(SentenceReading(start, end, float(inside[first:last, 2].mean()), words))
    return PassageReading(told, _best(text, offsets, sums, 0), tuple(sentences))


def merged(one: PassageReading, other: PassageReading) -> PassageReading:
    """What was read in two overlapping parts of a passage: the surer of both, sentence by sentence."""
    surer = max(one, other, key=lambda reading: reading.told)
    sentences: dict[tuple[int, int], SentenceReading] = {}
    for sentence in (*one.sentences, *other.sentences):
        place = (sentence.start, sentence.end)
        if place not in sentences or sentence.telling > sentences[place].telling:
            sentences[place] = sentence
    words = max(one.words, other.words, key=lambda found: found.margin)
    return PassageReading(surer.told, words, tuple(sentences[place] for place in sorted(sentences)))


def averaged(one: PassageReading, other: PassageReading) -> PassageReading:
    """The mean of two readings of a passage for two wordings of a question; the words are the surer ones of both."""
    others = {(sentence.start, sentence.end): sentence for sentence in other.sentences}
    return replace(
        one,
        told=(one.told + other.told) / 2,
        sentences=tuple(
            _mean(sentence, others.get((sentence.start, sentence.end), sentence))
            for sentence in one.sentences
        ),
    )


def _mean(one: SentenceReading, other: SentenceReading) -> SentenceReading:
    surer = max(one.words, other.words, key=lambda words: words.margin)
    words = replace(surer, margin=(one.words.margin + other.words.margin) / 2)
    return replace(one, telling=(one.telling + other.telling) / 2, words=words)


def judgement(logits: NDArray[np.float32]) -> Judgement:
    """The three verdict logits as probabilities."""
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    return Judgement(*(float(share) for share in shares))


def _best(text: str, offsets: Sequence[tuple[int, int]], sums: NDArray[np.float32], first: int) -> Words:
    begin, stop = divmod(int(sums.argmax()), sums.shape[1])
    start, end = whole_words(text, offsets[first + begin][0], offsets[first + stop][1])
    return Words(start, end, float(sums[begin, stop]))


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
    """Whether a sign may end the words: a unit, or a bracket that was opened in them."""
    return text[end - 1] in "%²³" or (text[end - 1] == ")" and "(" in text[start : end - 1])
