"""Compares a claim with the sentences of an article: which values and persons differ, which are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.text.normalise import fold, syllables
from rag.proof.comparable_parts import (
    ComparablePart,
    comparable_parts,
    context_similarity,
    inverse_document_frequencies,
)

MIN_SIMILARITY = 0.2
"""Least similarity of context at which another value counts as standing in the place of the claimed one."""
SIMILARITY_MARGIN = 0.2
"""How much more similar another value must be than the same one elsewhere, to say that the claim confuses them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the claim, and the different one that is ``stated`` in its place in the sentence of that number."""

    claimed: ComparablePart
    stated: ComparablePart
    sentence: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, and the ``unsupported`` parts: those that the article neither has nor contradicts."""

    differences: tuple[Difference, ...]
    unsupported: tuple[ComparablePart, ...]


def compare(claim: str, heading: str, sentences: Sequence[str]) -> Comparison:
    """Compare each value and person of a normalised claim with the sentences and the heading of an article."""
    weights = inverse_document_frequencies([claim, *sentences])
    stated = [
        (piece, number) for number, sentence in enumerate(sentences) for piece in comparable_parts(sentence)
    ]
    related = [weighted_overlap(claim, sentence, weights) for sentence in sentences]
    in_heading = comparable_parts(heading)
    # A number in words is not known for one wherever it stands: “Hai thí sinh” begins a sentence.
    claimed = [
        one
        for one in comparable_parts(claim)
        if one.value is None or any(char.isdigit() for char in one.words)
    ]
    differences, unsupported = [], []
    for one in claimed:
        rated = [(context_similarity(one, other, weights) * (1 + related[number]) / 2, other, number)
                 for other, number in stated if one.same(other) or one.comparable(other)]  # fmt: skip
        same = max((rate for rate, other, _ in rated if one.same(other)), default=None)
        if same is None and any(one.same(other) for other in in_heading):
            continue
        # What the claim says elsewhere stands in the place of this one only where both are mixed up.
        others = [
            entry for entry in rated
            if not one.same(entry[1]) and (same is not None or not any(each.same(entry[1]) for each in claimed))
        ]  # fmt: skip
        best = max(others, key=lambda entry: entry[0], default=None)
        if best is not None and best[0] >= (MIN_SIMILARITY if same is None else same + SIMILARITY_MARGIN):
            differences.append(Difference(one, *best[1:]))
        elif same is None:
            unsupported.append(one)
    return Comparison(tuple(differences), tuple(unsupported))


def weighted_overlap(claim: str, text: str, weights: Mapping[str, float]) -> float:
    """The share, in [0, 1], of the claim's words that a text has, accents aside, weighted by ``weights``."""
    wanted = set(map(fold, syllables(claim)))
    held = set(map(fold, syllables(text)))
    whole = sum(weights.get(word, 1.0) for word in wanted)
    return sum(weights.get(word, 1.0) for word in wanted & held) / whole if whole else 0.0
