"""What the reader's network says of a passage becomes a span and two numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.text import sentence_spans

_LONGEST = 40
"""Tokens of the longest answer that is looked for."""
_REPEATED = 4.0
"""What a logit loses where a reply only repeats its question; measured in docs/notes.md."""


@dataclass(frozen=True, slots=True)
class Place:
    """The likeliest answer in one sentence of a passage; its certainty compares as that of a ``Span`` does."""

    start: int
    end: int
    certainty: float


@dataclass(frozen=True, slots=True)
class Span:
    """The likeliest answer in a passage, ``passage[start:end]``, empty when no letter or digit is in it.

    ``margin`` is how much its logits stand above those of "not told"; ``relevance`` is the logit of the
    head that judges the passage as a whole.  ``places`` are the likeliest answers of all sentences that were read.
    """

    start: int
    end: int
    margin: float
    relevance: float
    places: tuple[Place, ...] = ()

    @property
    def certainty(self) -> float:
        """Both heads together, by which spans of one question are compared."""
        return self.margin + self.relevance


def best_span(
    text: str,
    offsets: Sequence[tuple[int, int]],
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    not_told: float,
    relevance: float,
    candidates: Sequence[tuple[int, int]] = (),
    is_repeated: Callable[[str], bool] | None = None,
) -> Span:
    """The span with the highest sum of its start's and its end's logit, widened to whole words.

    Where any of the ``candidates``, begin and end in characters, lies in the row, it is one of them; the places in
    the other sentences may be any words.  Words that are repeated seldom begin or end a span.

    ``starts`` and ``ends`` (n) belong to the passage's tokens, which lie at ``offsets`` in ``text``;
    ``not_told`` is the sum of both logits of the first token of the row.
    """
    count = len(offsets)
    if not count:
        return Span(0, 0, -np.inf, relevance)
    if is_repeated:
        loss = np.array([_REPEATED * is_repeated(_word_at(text, *place)) for place in offsets], np.float32)
        starts, ends = starts - loss, ends - loss
    sums = starts[:, None] + ends[None, :] - not_told
    allowed = np.triu(np.ones((count, count), bool)) & ~np.triu(np.ones((count, count), bool), _LONGEST)
    places = tuple(_places(text, offsets, np.where(allowed, sums + relevance, -np.inf)))
    if candidates:
        chosen = np.zeros((count, count), bool)
        for start, end in candidates:
            inside = [place for place, (begin, stop) in enumerate(offsets) if begin < end and stop > start]
            if inside:
                chosen[inside[0], inside[-1]] = True
        allowed = chosen if chosen.any() else allowed
    sums = np.where(allowed, sums, -np.inf)
    first, last = divmod(int(sums.argmax()), count)
    start, end = _whole_words(text, offsets[first][0], offsets[last][1])
    return Span(start, end, float(sums[first, last]), relevance, places)


def _places(text: str, offsets: Sequence[tuple[int, int]], sums: NDArray[np.float32]) -> Iterator[Place]:
    """The best span of each sentence that lies in the row, by its tokens."""
    for start, end in sentence_spans(text):
        inside = [place for place, (begin, stop) in enumerate(offsets) if begin < end and stop > start]
        if inside:
            first, last = inside[0], inside[-1] + 1
            within = sums[first:last, first:last]
            begin, stop = divmod(int(within.argmax()), last - first)
            yield Place(offsets[first + begin][0], offsets[first + stop][1], float(within[begin, stop]))


def _word_at(text: str, start: int, end: int) -> str:
    """The word, or the last of the words, of which ``text[start:end]`` is a part."""
    start, end = _whole_words(text, start, end)
    return text[start:end].rpartition(" ")[2]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen to whole words, then leave out white space and punctuation at both ends."""
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and end > 0 and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and not (text[start].isalnum()):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "%"):
        end -= 1
    return start, end
