"""What the reader's network says of a passage becomes a span and two numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LONGEST = 40
"""Tokens of the longest answer that is looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """The likeliest answer in a passage, ``passage[start:end]``, empty when no letter or digit is in it.

    ``margin`` is how much its logits stand above those of "not told"; ``relevance`` is the logit of the
    head that judges the passage as a whole.
    """

    start: int
    end: int
    margin: float
    relevance: float

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
) -> Span:
    """The span with the highest sum of its start's and its end's logit, widened to whole words.

    Where any of the ``candidates``, begin and end in characters, lies in the row, it is one of them.

    ``starts`` and ``ends`` (n) belong to the passage's tokens, which lie at ``offsets`` in ``text``;
    ``not_told`` is the sum of both logits of the first token of the row.
    """
    count = len(offsets)
    if not count:
        return Span(0, 0, -np.inf, relevance)
    sums = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones((count, count), bool)) & ~np.triu(np.ones((count, count), bool), _LONGEST)
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
    return Span(start, end, float(sums[first, last]) - not_told, relevance)


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
